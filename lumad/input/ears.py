"""Sockets that overhear groups and broadcasts, and never take a datagram away from another program.

On Linux a second socket on a port takes unicast away from the first, unless it is bound to another address.
So each of these is bound to what it overhears: one multicast group, or one broadcast address. Unicast never
reaches them.
"""

import asyncio
import contextlib
import errno
import fcntl
import resource
import socket
import struct
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from lumad.input.deaf import deaf_to_senders, deaf_to_source
from lumad.protocols import artnet, e131

MOST_GROUPS = 512  # a socket each; a descriptor above 1023 is more than select(2) takes
DATAGRAMS_AT_ONCE = 64  # taken from one socket before the loop gets its turn again
LONGEST = 2048  # bytes; the longest packet, universe discovery, has 1144
EVERYWHERE = "255.255.255.255"

# linux/in.h, in6.h, sockios.h, if.h; asm-generic/socket.h
_IP_MULTICAST_ALL, _IPV6_MULTICAST_ALL = 49, 29
_SO_BINDTOIFINDEX = 62
_SIOCGIFFLAGS, _SIOCGIFADDR, _SIOCGIFBRDADDR = 0x8913, 0x8915, 0x8919
_IFF_UP, _IFF_LOOPBACK, _IFF_MULTICAST = 0x1, 0x8, 0x1000

Hear = Callable[[bytes, str, float], None]
"""(datagram, IP address it came from, time)."""


class Link(NamedTuple):
    """An interface to listen on; its IPv4 address and its broadcast address, "" where it has none."""

    number: int
    address: str
    broadcast: str


class Place(NamedTuple):
    """What one socket is bound to; `number`: the interface of a broadcast address, 0 = none in particular."""

    address: str
    port: int
    number: int = 0


class Ears:
    """Overhears what it is told to, by the interfaces it is told; needs a running loop.

    `deaf_to`: the CID whose sACN the kernel drops for us, as it does with Art-Net of this machine.
    """

    def __init__(self, hear: Hear, deaf_to: bytes, clock: Callable[[], float] = time.monotonic) -> None:
        self.warnings: list[str] = []
        self._hear, self._deaf_to, self._clock = hear, deaf_to, clock
        self._sockets: dict[Place, socket.socket] = {}
        self._links: tuple[Link, ...] = ()
        self._indices: dict[str | None, int] = {}  # that names had: a renamed interface is still meant
        self._refused: set[Place] = set()

    @property
    def addresses(self) -> list[str]:
        """IPv4 addresses of the interfaces it listens on."""
        return [link.address for link in self._links if link.address]

    def listen(self, groups: Iterable[str], interfaces: Iterable[str | None], *, artnet_too: bool) -> None:
        """Overhears these multicast groups, IPv4 or IPv6, and with `artnet_too` Art-Net's broadcasts.

        `interfaces`: by name; None among them = every one that can multicast, loopback aside. What is
        overheard already stays open, unless an interface came, went or was renumbered.
        """
        links = self._links_of(set(interfaces))
        if links != self._links:
            self.close()
            self._links = links
        wanted = [Place(group, e131.PORT) for group in dict.fromkeys(groups)]
        self.warnings = []
        if len(wanted) > (most := _most_groups()):
            self.warnings.append(f"{len(wanted) - most} universes are not overheard: {most} are the most")
        places = dict.fromkeys(wanted[:most])
        if artnet_too:
            places |= {
                Place(address, artnet.PORT, link.number): None
                for link in links
                for address in (EVERYWHERE, link.broadcast)
                if address
            }
        for gone in self._sockets.keys() - places.keys():
            self._shut(gone)
        self._refused &= places.keys()
        for place in places.keys() - self._sockets.keys() if links else ():
            self._open(place)
        self.warnings += sorted({_why(place.port) for place in self._refused})

    def close(self) -> None:
        """Overhears nothing any more."""
        for place in list(self._sockets):
            self._shut(place)
        self._links, self._refused = (), set()

    def _links_of(self, names: set[str | None]) -> tuple[Link, ...]:
        """The interfaces that are meant and there, in the order of their numbers."""
        self._indices |= {name: index for index, name in socket.if_nameindex() if name in names}
        meant = {self._indices[name] for name in names & self._indices.keys()}
        return _links_of(meant, all_of_them=None in names)

    def _open(self, place: Place) -> None:
        try:
            ear = _bound(place, self._links)
            if place.number:
                deaf_to_senders(ear, self.addresses)
            else:
                deaf_to_source(ear, self._deaf_to)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                self._refused.add(place)
            return  # an interface without IPv6, say; it is tried again with the next call
        self._refused.discard(place)
        self._sockets[place] = ear
        asyncio.get_running_loop().add_reader(ear, self._drain, ear)

    def _shut(self, place: Place) -> None:
        ear = self._sockets.pop(place)
        asyncio.get_running_loop().remove_reader(ear)
        ear.close()

    def _drain(self, ear: socket.socket) -> None:
        for _ in range(DATAGRAMS_AT_ONCE):
            try:
                data, (address, *_) = ear.recvfrom(LONGEST)
            except OSError:  # EAGAIN: all taken; anything else concerns one datagram and is asked for again
                return
            self._hear(data, address.partition("%")[0], self._clock())


def _why(port: int) -> str:
    name = "sACN" if port == e131.PORT else "Art-Net"
    return f"who else sends {name} is not overheard: another program holds UDP port {port}"


def _most_groups() -> int:
    """A socket each, as far as half of this process's descriptors goes."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(MOST_GROUPS, soft // 2) if soft > 0 else MOST_GROUPS


def _links_of(indices: set[int], *, all_of_them: bool) -> tuple[Link, ...]:
    """Those of the interfaces that are there, in the order of their numbers."""
    links: list[Link] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for index, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # it went since it was listed
                (flags,) = struct.unpack_from("=16xH", _asked(asking, _SIOCGIFFLAGS, name))
                usable = flags & _IFF_UP and flags & _IFF_MULTICAST and not flags & _IFF_LOOPBACK
                if index in indices or (all_of_them and usable):
                    around = _address(asking, _SIOCGIFBRDADDR, name)
                    links.append(Link(index, _address(asking, _SIOCGIFADDR, name), around))
    return tuple(links)


def _asked(asking: socket.socket, request: int, name: str) -> bytes:
    """The kernel's answer about an interface (netdevice(7))."""
    return fcntl.ioctl(asking, request, struct.pack("16s16x", name.encode()))


def _address(asking: socket.socket, request: int, name: str) -> str:
    with contextlib.suppress(OSError):
        address = socket.inet_ntoa(_asked(asking, request, name)[20:24])
        return "" if address == "0.0.0.0" else address  # noqa: S104 - it means "none", nothing is bound to it
    return ""


def _bound(place: Place, links: Sequence[Link]) -> socket.socket:
    """A socket that gets what is sent to this address and nothing else; OSError if none is to be had."""
    ipv6 = ":" in place.address
    family = socket.AF_INET6 if ipv6 else socket.AF_INET
    ear = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # others may listen there as well
        if place.number:
            ear.setsockopt(socket.SOL_SOCKET, _SO_BINDTOIFINDEX, place.number)
        ear.bind((place.address, place.port))
        if not place.number:
            _join(ear, place.address, links)
    except OSError:
        ear.close()
        raise
    return ear


def _join(ear: socket.socket, group: str, links: Sequence[Link]) -> None:
    """Takes the group by those of the interfaces that have it; nothing comes in by the others."""
    refusals: list[OSError] = []
    for link in links:
        try:
            if ":" in group:
                ear.setsockopt(socket.IPPROTO_IPV6, _IPV6_MULTICAST_ALL, 0)
                membership = socket.inet_pton(socket.AF_INET6, group) + struct.pack("=I", link.number)
                ear.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
            else:
                ear.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
                membership = struct.pack("=4s4xi", socket.inet_aton(group), link.number)
                ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        except OSError as error:
            refusals.append(error)
    if refusals and len(refusals) == len(links):
        raise refusals[0]
