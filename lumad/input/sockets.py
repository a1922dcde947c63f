"""Sockets that listen to sACN and Art-Net by one interface; whoever waits for them drains them."""

import contextlib
import errno
import socket
import struct
from collections.abc import Collection, Iterable, Iterator, Sequence

from lumad.input.deaf import deaf_to_source
from lumad.input.stream import Protocol
from lumad.protocols import artnet, e131, e131_extended

GROUPS_PER_SOCKET = 20  # ip(7): Linux lets a socket join so many (igmp_max_memberships)
MAX_GROUPS = 1280  # 64 sockets; who wants more universes than a big stage has is told
RECEIVE_BUFFER = 1 << 20  # bytes; a burst of 1024 universes fits, as far as the system grants it
DATAGRAMS_AT_ONCE = 512  # taken from one socket before the others get their turn
LONGEST = 2048  # bytes; the longest packet, universe discovery, has 1144

_IP_MULTICAST_ALL = 49  # linux/in.h: only the groups this socket joined


class Sockets:
    """Listens for `universes` of sACN (their multicast groups and unicast) and for all ArtDmx.

    `interface`: where to listen and join, found by index; None = every interface, groups where routing says.
    `protocols`: which ones. `deaf_to`: a CID whose sACN the kernel drops for us: our own. `discovery`: hear
    sACN universe discovery too. `warnings`: what cannot be had, for people.
    """

    def __init__(
        self,
        universes: Iterable[int],
        interface: str | None = None,
        *,
        protocols: Collection[Protocol] = ("sacn", "artnet"),
        deaf_to: bytes | None = None,
        discovery: bool = False,
        sacn_port: int = e131.PORT,
        artnet_port: int = artnet.PORT,
    ) -> None:
        self.warnings: list[str] = []
        self.open: list[socket.socket] = []
        self._groups = [e131.multicast_group(universe) for universe in sorted(set(universes))]
        if discovery:
            self._groups.insert(0, e131_extended.DISCOVERY_GROUP)
        self._interface, self._deaf_to, self._protocols = interface, deaf_to, protocols
        self._ports = (sacn_port, artnet_port)
        self._joining: tuple[socket.socket, int] | None = None  # the sACN socket with room, its groups
        self._index = _index_of(interface)
        self._open_all()

    def join(self, universes: Iterable[int]) -> None:
        """Listens for more universes."""
        known = set(self._groups)
        more = [group for u in sorted(set(universes)) if (group := e131.multicast_group(u)) not in known]
        self._groups += more
        self._join_all(more)

    def look_again(self) -> bool:
        """Opens all anew, and says so, if the interface came, went or changed its number; a pulled cable is
        none of these.
        """
        index = _index_of(self._interface)
        if index == self._index or (not index and _is_there(self._index)):  # it may have been renamed
            return False
        self._index = index
        self.close()
        self._open_all()
        return True

    def close(self) -> None:
        """Stops listening."""
        for listener in self.open:
            listener.close()
        self.open.clear()
        self._joining = None

    def _open_all(self) -> None:
        self.warnings = []
        if "sacn" in self._protocols:
            self._join_all(self._groups)
            if self._joining is None:
                self._listen("sACN", self._ports[0])
        if "artnet" in self._protocols:
            self._listen("Art-Net", self._ports[1])

    def _join_all(self, groups: Sequence[str]) -> None:
        for group in groups:
            if self._joining is None or self._joining[1] >= GROUPS_PER_SOCKET:
                if len(self.open) * GROUPS_PER_SOCKET >= MAX_GROUPS:
                    self._warn(f"more than {MAX_GROUPS} universes; the rest is not heard by multicast")
                    return
                listener = self._listen("sACN", self._ports[0])
                if listener is None:
                    return
                self._joining = (listener, 0)
            listener, joined = self._joining
            self._warn(_join(listener, group, self._interface))
            self._joining = (listener, joined + 1)

    def _listen(self, name: str, port: int) -> socket.socket | None:
        """Opens one socket for `port`."""
        try:
            listener = _open(port, self._interface)
            if self._deaf_to and name == "sACN":
                deaf_to_source(listener, self._deaf_to)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                self._warn(f"{name} is not received: another program holds UDP port {port}")
            else:
                self._warn(
                    f"{name} is not received by {self._interface or 'any interface'}: {error.strerror}"
                )
            return None
        self.open.append(listener)
        return listener

    def _warn(self, text: str) -> None:
        if text and text not in self.warnings:
            self.warnings.append(text)


def waiting(listener: socket.socket, most: int = DATAGRAMS_AT_ONCE) -> Iterator[tuple[bytes, str]]:
    """Datagrams that wait in a socket, each with the IPv4 address it came from; not too many at once."""
    for _ in range(most):
        try:
            data, (address, _port) = listener.recvfrom(LONGEST)
        except OSError:  # EAGAIN: all taken; anything else concerns one datagram and is asked for again
            return
        yield data, address


def _index_of(interface: str | None) -> int:
    with contextlib.suppress(OSError):
        return socket.if_nametoindex(interface) if interface else 0
    return 0


def _is_there(index: int) -> bool:
    return any(index == known for known, _ in socket.if_nameindex())


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


def _join(listener: socket.socket, group: str, interface: str | None) -> str:
    """Joins a multicast group; returns why not, or ""."""
    try:
        index = socket.if_nametoindex(interface) if interface else 0
        membership = struct.pack("=4s4xi", socket.inet_aton(group), index)
        listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    except OSError as error:
        return f"multicast on {interface or 'the default interface'}: {error.strerror or error}"
    return ""
