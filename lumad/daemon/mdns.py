"""The name on the network: `lumad.local` by multicast DNS (RFC 6762), the page as a service (RFC 6763)."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from zeroconf import AddressResolver, DNSQuestionType, Error, IPVersion  # type: ignore[attr-defined] # public, left out of __all__
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

STOP_S = 1.5
RETRY_S = 5.0  # the daemon may start before the network does
_PROBE_MS = 1200  # who has just answered stays silent for a second, RFC 6762 clause 6
_MOST_NAMES = 20

log = logging.getLogger(__name__)


class Announcement:
    """Finds a free host name and announces the page under it; a failure is a warning, never more.

    `addresses()`: those of this machine, empty until it has one; `found(name)`: the name is ours.
    """

    def __init__(
        self,
        addresses: Callable[[], Sequence[str]],
        port: int,
        found: Callable[[str], None],
        *,
        tls: bool = False,
    ) -> None:
        self._addresses, self._port, self._found = addresses, port, found
        self._service = "_https._tcp.local." if tls else "_http._tcp.local."
        self._zeroconf: AsyncZeroconf | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins; the name is found within seconds."""
        self._task = asyncio.create_task(self._announce(), name="mdns")

    async def stop(self) -> None:
        """Says good-bye, within two seconds."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._zeroconf is None:
            return
        try:
            async with asyncio.timeout(STOP_S):
                await self._zeroconf.async_close()
        except (OSError, Error, TimeoutError) as fault:
            log.debug("no good-bye to the network: %s", fault)

    async def _announce(self) -> None:
        try:
            while not (addresses := list(self._addresses())):  # noqa: ASYNC110 - addresses come without an event
                await asyncio.sleep(RETRY_S)
            only_4 = all(ip_address(one).version == 4 for one in addresses)
            version = IPVersion.V4Only if only_4 else IPVersion.All
            self._zeroconf = AsyncZeroconf(interfaces=list(addresses), ip_version=version)
            await self._zeroconf.zeroconf.async_wait_for_start()
            name = await self._free_name(self._zeroconf)
            registered = await self._zeroconf.async_register_service(
                self._info(name, addresses), allow_name_change=True
            )
            self._found(f"{name}.local")
            await registered
        except (OSError, Error, TimeoutError, RuntimeError) as fault:
            log.warning(
                "lumad has no name on the network (%s); use its address", str(fault) or type(fault).__name__
            )

    async def _free_name(self, zeroconf: AsyncZeroconf) -> str:
        """`lumad`, else `lumad-2` and so on: a service of a new name would still share its host name."""
        for number in range(1, _MOST_NAMES):
            name = "lumad" if number == 1 else f"lumad-{number}"
            resolver = AddressResolver(f"{name}.local.")
            # by multicast: several programs of one machine share port 5353, a direct answer finds one of them
            if not await resolver.async_request(zeroconf.zeroconf, _PROBE_MS, DNSQuestionType.QM):
                return name
        raise TimeoutError("every name from lumad.local on is taken")

    def _info(self, name: str, addresses: list[str]) -> AsyncServiceInfo:
        return AsyncServiceInfo(
            self._service,
            f"{name}.{self._service}",
            port=self._port,
            properties={"path": "/"},
            server=f"{name}.local.",
            parsed_addresses=addresses,
        )
