"""Sockets that listen to sACN and Art-Net for an `Arbiter`; all judgement is the arbiter's."""

import asyncio
import contextlib
import errno
import socket
import struct
import time
from collections.abc import Callable, Iterable, Sequence

from lumad.input.arbiter import Arbiter
from lumad.protocols import artnet, e131

GROUPS_PER_SOCKET = 20  # ip(7): Linux lets a socket join so many (igmp_max_memberships)
RECEIVE_BUFFER = 1 << 20  # bytes; a burst of 1024 universes fits, as far as the system grants it
DATAGRAMS_AT_ONCE = 512  # taken from one socket before the loop gets its turn again
LONGEST = 2048  # bytes; the longest packet, universe discovery, has 1144

_IP_MULTICAST_ALL = 49  # linux/in.h: only the groups this socket joined


class Receiver:
    """Listens for `universes` (their multicast groups and unicast) and for all ArtDmx; needs a running loop.

    `interface`: where to listen and join, found by index; None = every interface, groups where routing says.
    """

    def __init__(
        self,
        universes: Iterable[int],
        interface: str | None = None,
        *,
        sacn_port: int = e131.PORT,
        artnet_port: int = artnet.PORT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.arbiter = Arbiter()
        self._universes = sorted(set(universes))
        self._interface = interface
        self._ports = (sacn_port, artnet_port)
        self._clock = clock
        self._sockets: list[socket.socket] = []

    def start(self) -> list[str]:
        """Opens what can be opened; returns a warning for each port or group that cannot be had."""
        sacn_port, artnet_port = self._ports
        warnings = []
        for first in range(0, max(len(self._universes), 1), GROUPS_PER_SOCKET):
            warnings += self._listen("sACN", sacn_port, self._universes[first : first + GROUPS_PER_SOCKET])
        warnings += self._listen("Art-Net", artnet_port, [])
        return list(dict.fromkeys(warnings))

    def close(self) -> None:
        """Stops listening."""
        for listener in self._sockets:
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
        self._sockets.clear()

    def addresses(self) -> list[tuple[str, int]]:
        """Where it listens, one entry a socket."""
        return [listener.getsockname() for listener in self._sockets]

    def _listen(self, name: str, port: int, universes: Sequence[int]) -> list[str]:
        """Opens one socket for `port` and the groups of up to 20 universes; returns warnings."""
        try:
            listener = _open(port, self._interface)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return [f"{name} is not received: another program holds UDP port {port}"]
            return [f"{name} is not received by {self._interface or 'any interface'}: {error.strerror}"]
        self._sockets.append(listener)
        asyncio.get_running_loop().add_reader(listener, self._drain, listener)
        return [warning for universe in universes if (warning := _join(listener, universe, self._interface))]

    def _drain(self, listener: socket.socket) -> None:
        now = self._clock()
        for _ in range(DATAGRAMS_AT_ONCE):
            try:
                data, address = listener.recvfrom(LONGEST)
            except OSError:  # EAGAIN: all taken; anything else concerns one datagram and is asked for again
                return
            self.arbiter.receive(data, address, now)


def _open(port: int, interface: str | None) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # monitors share the port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        listener.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
        if interface is not None:
            with contextlib.suppress(
                PermissionError
            ):  # before Linux 5.7; more is heard then, nothing is lost
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        listener.bind(("", port))
    except OSError:
        listener.close()
        raise
    return listener


def _join(listener: socket.socket, universe: int, interface: str | None) -> str:
    """Joins a universe's group; returns why not, or ""."""
    try:
        index = socket.if_nametoindex(interface) if interface else 0
        group = socket.inet_aton(e131.multicast_group(universe))
        listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("=4s4xi", group, index))
    except OSError as error:
        return f"multicast on {interface or 'the default interface'}: {error.strerror or error}"
    return ""
