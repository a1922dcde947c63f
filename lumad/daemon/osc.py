"""OSC in: the faders and buttons of a tablet or a console, from addresses that the settings allow."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from lumad.errors import EditError, Fault, LumadError, PacketError, UnknownNameError
from lumad.input.complaints import Complaints
from lumad.protocols.osc import Argument, Message, decode
from lumad.settings import OscIn
from lumad.show.edits import merge
from lumad.show.saver import Later
from lumad.show.store import Store

WINDOW_S: Final = 0.02  # a fader that sends faster is taken at this pace, the newest value each
MOST_WAITING: Final = 256  # addresses within one window
_AT_ONCE: Final = "/lumad/blackout"

log = logging.getLogger(__name__)

Networks = Sequence[IPv4Network | IPv6Network]


class Osc(asyncio.DatagramProtocol):
    """Turns datagrams of allowed senders into edits and live values; `clock()` in seconds."""

    def __init__(
        self, store: Store, allow: Networks, later: Later, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._allow = tuple(allow)
        self._later = later
        self._clock = clock
        self._complaints = Complaints(log)
        self._waiting: dict[str, tuple[Message, str]] = {}
        self._open = False  # a window is open: what comes now waits for its end

    def datagram_received(self, data: bytes, address: Any) -> None:
        """One packet; whatever is wrong with it costs a line of log, and few of those."""
        source = _plain(address[0])
        if not any(source in network for network in self._allow):
            self._complain("stranger", f"OSC from {source}, which the settings do not allow")
            return
        try:
            messages = decode(data)
        except PacketError as error:
            self._complain("packet", f"OSC from {source}: {error}")
            return
        for message in messages:
            self._take(message, str(source))

    def _take(self, message: Message, source: str) -> None:
        """Does it now, or as soon as the window closes; the newest of an address is the one."""
        if not self._open or _is_blackout(message):
            self._waiting.pop(message.address, None)
            self._do(message, source)
            self._open_window()
        elif message.address in self._waiting or len(self._waiting) < MOST_WAITING:
            self._waiting.pop(message.address, None)
            self._waiting[message.address] = message, source
        else:
            self._complain("flood", f"OSC from {source}: more than {MOST_WAITING} addresses at once")

    def _open_window(self) -> None:
        if not self._open:
            self._open = True
            self._later(WINDOW_S, self._close_window)

    def _close_window(self) -> None:
        self._open = False
        waiting, self._waiting = self._waiting, {}
        for message, source in waiting.values():
            self._do(message, source)
        if waiting:
            self._open_window()

    def _do(self, message: Message, source: str) -> None:
        try:
            act(self._store, message, f"osc {source}")
        except LumadError as error:
            self._complain("refused", f"OSC {message.address[:80]} from {source}: {error}")

    def _complain(self, kind: str, text: str) -> None:
        self._complaints.say(kind, text, self._clock())


def act(store: Store, message: Message, by: str) -> None:
    """What an address asks for; LumadError where there is no such thing or its argument is none.

    While a take is rolling that is refused as to an operator's page.
    """
    steps = message.address.split("/")[1:]
    if store.live.take.rolling and not _is_free_in_takes(steps, store.live.take.ride):
        raise EditError([Fault((), f"{store.live.take.slate} is rolling")])
    match steps:
        case ["lumad", "master"]:
            store.set_live(master=_fader(message), by=by)
        case ["lumad", "blackout" | "freeze" as name]:
            store.set_live(**{name: _is_on(message)}, by=by)
        case ["lumad", "look", name, "go"]:
            store.play.go(name, _number(message) if message.arguments else None, by=by)
        case ["lumad", "look", name, "release"]:
            store.play.release(name, _number(message) if message.arguments else None, by=by)
        case ["lumad", "fixture", name, "intensity"]:
            store.apply(merge(f"fixtures/{name}", {"level": _fader(message)}), gesture=f"osc {name}", by=by)
        case ["lumad", "cue", "go"]:
            store.play.cue(_number(message), by=by)
        case ["lumad", "cue", "next"]:
            store.play.cue(by=by)
        case ["lumad", "cue", "back"]:
            store.play.back(by=by)
        case _:
            raise UnknownNameError("no such address")


@contextlib.asynccontextmanager
async def hearing_osc(settings: OscIn | None, store: Store) -> AsyncIterator[None]:
    """Listens while inside, if the settings want it; a port that is taken is logged and costs no light."""
    transport = None
    if settings is not None:
        loop, wanted = asyncio.get_running_loop(), settings
        try:
            transport, _ = await loop.create_datagram_endpoint(
                lambda: Osc(store, wanted.allow, loop.call_later),
                local_addr=(host_for(wanted.allow), wanted.port),
            )
        except OSError as error:
            log.error("OSC cannot be heard on UDP port %d: %s", wanted.port, error.strerror)  # noqa: TRY400 - one line says it
    try:
        yield
    finally:
        if transport is not None:
            transport.close()


def host_for(allow: Networks) -> str:
    """Where to listen so that all who are allowed are heard, and nobody who need not be."""
    if all(network.is_loopback for network in allow):
        return "::1" if any(network.version == 6 for network in allow) else "127.0.0.1"
    return "::" if any(network.version == 6 for network in allow) else "0.0.0.0"  # noqa: S104 - the list guards


def _is_free_in_takes(steps: Sequence[str], ride: Sequence[str]) -> bool:
    """Whether a take leaves it in hand: blackout, master, and the intensity of armed lamps."""
    match steps:
        case ["lumad", "master" | "blackout"]:
            return True
        case ["lumad", "fixture", name, "intensity"]:
            return name in ride
    return False


def _is_blackout(message: Message) -> bool:
    """Whether it makes dark; that waits for nothing, the light's return can."""
    with contextlib.suppress(PacketError):
        return message.address == _AT_ONCE and _is_on(message)
    return False


def _plain(host: str) -> Any:
    """The address of a sender; IPv4 by an IPv6 socket is IPv4."""
    address = ip_address(host.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _first(message: Message) -> Argument:
    if not message.arguments:
        raise PacketError("an argument is missing")
    return message.arguments[0]


def _number(message: Message) -> float:
    value = _first(message)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PacketError("its argument is no number")
    return value


def _fader(message: Message) -> float:
    """Linear light of a fader's position, 0 to 1: its square, as on the page."""
    position = _number(message)
    if not 0 <= position <= 1:
        raise PacketError(f"{position} is not between 0 and 1")
    return position * position


def _is_on(message: Message) -> bool:
    """1, 1.0 and true are on."""
    value = _first(message)
    return value if isinstance(value, bool) else _number(message) >= 0.5
