"""Listens to sACN and Art-Net on an asyncio loop; all judgement is the hearers'."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from lumad.input.arbiter import Arbiter
from lumad.input.sockets import Sockets, waiting
from lumad.protocols import artnet, e131

CHECK_S = 1.0  # how often the interface is looked up again

Hear = Callable[[bytes, str, float], None]
"""(datagram, IPv4 address it came from, time)."""


class Receiver:
    """Listens for `universes` (their multicast groups and unicast) and for all ArtDmx; needs a running loop.

    `interface`: where to listen and join, found by index, awaited when it is not there; None = every
    interface, groups where routing says. `hear`: who else is told of each datagram. `deaf_to`: a CID whose
    sACN the kernel drops for us: our own. `discovery`: hear sACN universe discovery too.
    """

    def __init__(
        self,
        universes: Iterable[int],
        interface: str | None = None,
        *,
        hear: Sequence[Hear] | None = None,
        deaf_to: bytes | None = None,
        discovery: bool = False,
        sacn_port: int = e131.PORT,
        artnet_port: int = artnet.PORT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.arbiter = Arbiter()
        self._hear = tuple(hear) if hear is not None else (self.arbiter.hear,)
        self._interface, self._clock = interface, clock
        self._new_sockets = partial(
            Sockets,
            universes,
            interface,
            deaf_to=deaf_to,
            discovery=discovery,
            sacn_port=sacn_port,
            artnet_port=artnet_port,
        )
        self._sockets: Sockets | None = None
        self._read: list[socket.socket] = []  # the ones the loop watches
        self._check: asyncio.TimerHandle | None = None

    @property
    def warnings(self) -> list[str]:
        """What cannot be heard, and why."""
        return self._sockets.warnings if self._sockets else []

    def start(self) -> list[str]:
        """Opens what can be opened; returns a warning for each port or group that cannot be had."""
        self._sockets = self._new_sockets()
        self._watch(self._sockets)
        if self._interface is not None:
            self._check = asyncio.get_running_loop().call_later(CHECK_S, self._look_again)
        return self.warnings

    def join(self, universes: Iterable[int]) -> list[str]:
        """Listens for more universes; returns what stands in the way of new ones."""
        if self._sockets is None:
            return []
        had = len(self.warnings)
        self._sockets.join(universes)
        self._watch(self._sockets)
        return self.warnings[had:]

    def close(self) -> None:
        """Stops listening."""
        if self._check:
            self._check.cancel()
        if self._sockets:
            self._unwatch()
            self._sockets.close()

    def addresses(self) -> list[tuple[str, int]]:
        """Where it listens, one entry a socket."""
        return [listener.getsockname() for listener in self._read]

    def _look_again(self) -> None:
        if self._sockets:
            self._unwatch()
            self._sockets.look_again()
            self._watch(self._sockets)
        self._check = asyncio.get_running_loop().call_later(CHECK_S, self._look_again)

    def _watch(self, sockets: Sockets) -> None:
        loop = asyncio.get_running_loop()
        for listener in sockets.open[len(self._read) :]:
            loop.add_reader(listener, self._drain, listener)
        self._read = list(sockets.open)

    def _unwatch(self) -> None:
        loop = asyncio.get_running_loop()
        for listener in self._read:
            loop.remove_reader(listener)
        self._read = []

    def _drain(self, listener: socket.socket) -> None:
        for data, address in waiting(listener):
            now = self._clock()
            for hear in self._hear:
                hear(data, address, now)
