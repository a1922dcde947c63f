"""One exit's socket: opened, pointed at its interface as that is numbered now."""

import contextlib
import errno
import fcntl
import os
import socket
import struct
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address

from lumad.output import sendmmsg
from lumad.output.datagrams import Datagram, Heard, Place, Refusal
from lumad.output.route import BROADCAST, Exit

SEND_BUFFER = (
    4 << 20
)  # bytes; a burst of 1024 universes on a 100 Mbit/s link needs more than the kernel's 208 KiB
LATE_ERRORS = 64  # taken from one socket per frame
HEARD_AT_ONCE = 64  # datagrams taken from one socket per frame
LONGEST = 2048  # bytes of a datagram that is heard
LIMITED_BROADCAST = "255.255.255.255"  # where a network is too small to have an address of its own for all

# what the socket module does not name: linux/in.h, in6.h, sockios.h, if.h, asm-generic/socket.h
_IP_RECVERR, _IPV6_RECVERR, _IP_FREEBIND = 11, 25, 15
_IP_UNICAST_IF, _IPV6_UNICAST_IF = 50, 76
_SO_SNDBUFFORCE, _SO_BINDTOIFINDEX = 32, 62
_SIOCGIFFLAGS, _SIOCGIFADDR, _SIOCGIFNETMASK, _SIOCGIFHWADDR = 0x8913, 0x8915, 0x891B, 0x8927
_IFF_UP, _IFF_LOOPBACK, _IFF_RUNNING, _IFF_MULTICAST = 0x1, 0x8, 0x40, 0x1000
_IFF_USABLE = _IFF_UP | _IFF_LOOPBACK | _IFF_MULTICAST

Send = Callable[[int, int], int]
"""(descriptor, first message) -> how many left, or minus an errno of that first one."""


class Outlet:
    """One exit's socket, and its trouble while it has no interface to send by."""

    def __init__(self, exit_: Exit, *, segments: bool) -> None:
        """`segments`: whether to try UDP_SEGMENT; False for good once the kernel has refused it."""
        self.exit = exit_
        self.segments = segments
        self.socket: socket.socket | None = None
        self.trouble = ""
        self.place: Place | None = None
        self._broadcast = LIMITED_BROADCAST
        self._index = 0
        self._bound = False  # to an interface, which may be gone; or that was tried

    @property
    def stamp(self) -> tuple[str, int]:
        """Datagrams must be laid out anew when this changes: their targets mean something else."""
        return self._broadcast if self.exit.broadcast else "", self._index if self.exit.ipv6 else 0

    def check(self) -> None:
        """Opens the socket if need be and points it at its interface as that is numbered now."""
        try:
            if self.socket is None:
                self.socket = _open(self.exit)
                self.segments = self.segments and _can_cut(self.socket)
            index, self.trouble = _find(self.exit, self.socket, self._index)
            if index and index != self._index:
                self._point(index)
            self._index = index
            if index and (self.exit.multicast or self.exit.broadcast) and not self.exit.ipv6:
                self._look_around(index)
            if self.exit.source and not self.trouble and not is_here(self.exit.source):
                self.trouble = f"the shared address {self.exit.source} is not on this machine now"
        except OSError as error:
            self._index = 0
            self.trouble = f"{self.exit.interface or 'network'}: {error.strerror or error}"
            if error.errno == errno.EADDRINUSE:
                self.trouble = f"another program holds UDP port {self.exit.port}; nodes cannot be heard"

    def hear(self) -> list[Heard]:
        """What came in since the last time; at most so much that a flood does not hold up the light."""
        heard: list[Heard] = []
        with contextlib.suppress(OSError):  # EAGAIN: there is no more
            while self.socket is not None and self.exit.port and len(heard) < HEARD_AT_ONCE:
                data, (address, *_) = self.socket.recvfrom(LONGEST)
                heard.append(Heard(data, address))
        return heard

    def late_errors(self) -> list[Refusal]:
        """What ICMP reported about datagrams already sent (ip(7), IP_RECVERR)."""
        refusals: list[Refusal] = []
        with contextlib.suppress(OSError):  # EAGAIN: there are no more
            while self.socket is not None and len(refusals) < LATE_ERRORS:
                _, notes, _, (address, port, *_) = self.socket.recvmsg(0, 256, socket.MSG_ERRQUEUE)
                number = next(
                    (
                        struct.unpack_from("=I", data)[0]
                        for _, kind, data in notes
                        if kind in {_IP_RECVERR, _IPV6_RECVERR}
                    ),
                    0,
                )
                refusals.append(Refusal(address.partition("%")[0], port, os.strerror(number)))
        return refusals

    def resolved(self, datagram: Datagram) -> Datagram:
        """The same datagram with the address that it has on the wire today."""
        if datagram.address == BROADCAST:
            return datagram._replace(address=self._broadcast)
        return datagram

    def at_once(self, messages: Sequence[Sequence[Datagram]]) -> sendmmsg.Messages:
        """Messages for sendmmsg(2)."""
        resolved = [[self.resolved(datagram) for datagram in message] for message in messages]
        return sendmmsg.Messages(resolved, self._index)

    def one_by_one(self, datagrams: Sequence[Datagram]) -> Send:
        """The same as `sendmmsg.Messages.send` for messages of one datagram each, where that is missing."""
        scope = (0, self._index) if self.exit.ipv6 else ()
        targets = [
            (packet.data, (address, port, *scope))
            for packet, address, port in (self.resolved(datagram) for datagram in datagrams)
        ]

        def send(_: int, start: int) -> int:
            assert self.socket is not None
            sendto = self.socket.sendto
            index = start
            try:
                for index in range(start, len(targets)):
                    packet, target = targets[index]
                    sendto(packet, target)
            except OSError as error:
                return index - start or -(error.errno or errno.EIO)
            return len(targets) - start

        return send

    def close(self) -> None:
        """Gives the socket back."""
        if self.socket is not None:
            self.socket.close()
        self.socket, self.trouble = None, "closed"

    def _point(self, index: int) -> None:
        """Has the socket leave by this interface; one that listens cannot move and is opened anew."""
        assert self.socket is not None
        if self.exit.port and self._bound:
            self.socket.close()
            self.socket, self._bound = None, False  # should the next line fail: check tries again
            self.socket = _open(self.exit)
        self._bound = True
        _point(self.socket, self.exit, index)

    def _look_around(self, index: int) -> None:
        """Learns where the interface stands, which DHCP may say late and change."""
        assert self.socket is not None
        name = socket.if_indextoname(index)
        address = _address_of(name, self.socket, _SIOCGIFADDR)
        mask = _address_of(name, self.socket, _SIOCGIFNETMASK)
        if address is None or mask is None:
            self.place, self.trouble = None, f"{name} has no IPv4 address yet"
            return
        hardware = fcntl.ioctl(self.socket, _SIOCGIFHWADDR, struct.pack("16s16x", name.encode()))
        self.place = Place(name, str(address), hardware[18:24])
        hosts = int(mask) ^ 0xFFFFFFFF
        self._broadcast = str(IPv4Address(int(address) | hosts)) if hosts > 1 else LIMITED_BROADCAST


def is_here(address: str) -> bool:
    """Whether an address is one of this machine's, loopback aside."""
    ipv6 = ":" in address
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_INET6 if ipv6 else socket.AF_INET, socket.SOCK_DGRAM) as probe,
    ):
        probe.bind((address, 0))
        return not address.startswith("127.") and address != "::1"
    return False


def _open(exit_: Exit) -> socket.socket:
    family = socket.AF_INET6 if exit_.ipv6 else socket.AF_INET
    sender = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        sender.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, SEND_BUFFER)
    except PermissionError:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if exit_.ipv6:
        sender.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
        if exit_.multicast:
            sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, exit_.ttl)
        return sender
    sender.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
    if exit_.multicast:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, exit_.ttl)
    else:
        sender.setsockopt(
            socket.SOL_SOCKET, socket.SO_BROADCAST, 1
        )  # a list of addresses may hold 10.255.255.255 as well
    if exit_.source:  # it may come later; while it is not here the kernel refuses to send
        sender.setsockopt(socket.IPPROTO_IP, _IP_FREEBIND, 1)
        sender.bind((exit_.source, 0))
    return sender


def _can_cut(sender: socket.socket) -> bool:
    """Whether this kernel knows UDP_SEGMENT (Linux 4.18)."""
    try:
        sender.setsockopt(sendmmsg.SOL_UDP, sendmmsg.UDP_SEGMENT, 0)
    except OSError:
        return False
    return True


def _find(exit_: Exit, sender: socket.socket, former: int) -> tuple[int, str]:
    """(interface index, "") or (0, trouble); index 0 alone leaves the choice to the routing table.

    An interface that was renamed keeps its index, and its cable: it stays in use until another has the name.
    """
    if exit_.interface is not None:
        with contextlib.suppress(OSError):
            return socket.if_nametoindex(exit_.interface), ""
        known = {index for index, _ in socket.if_nameindex()}
        return (former, "") if former in known else (0, f"there is no interface {exit_.interface} now")
    if not (exit_.multicast or exit_.broadcast):
        return 0, ""
    flags = {(index, name): _flags_of(name, sender) for index, name in socket.if_nameindex()}
    usable = [each for each, held in flags.items() if held & _IFF_USABLE == _IFF_UP | _IFF_MULTICAST]
    # the kernel may be a second late to call a link running that has just come up
    choices = [each for each in usable if flags[each] & _IFF_RUNNING] or usable
    if len(choices) == 1:
        return choices[0][0], ""
    if not choices:
        return 0, "no network interface is up for multicast; name one with interface:"
    names = ", ".join(sorted(name for _, name in choices))
    return 0, f"several interfaces are up ({names}); choose one with interface:"


def _flags_of(name: str, sender: socket.socket) -> int:
    """IFF_UP and the like (netdevice(7)); 0 of an interface that has gone since it was listed."""
    try:
        answer = fcntl.ioctl(sender, _SIOCGIFFLAGS, struct.pack("16s16x", name.encode()))
    except OSError:
        return 0
    (flags,) = struct.unpack_from("=16xH", answer)
    return int(flags)


def _address_of(name: str, sender: socket.socket, request: int) -> IPv4Address | None:
    """The interface's first IPv4 address, or its mask (netdevice(7)); None if it has none."""
    try:
        answer = fcntl.ioctl(sender, request, struct.pack("16s16x", name.encode()))
    except OSError:
        return None
    return IPv4Address(answer[20:24])


def _point(sender: socket.socket, exit_: Exit, index: int) -> None:
    if exit_.port:  # an interface's own listener goes before those that listen everywhere
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sender.setsockopt(socket.SOL_SOCKET, _SO_BINDTOIFINDEX, index)
        sender.bind(("", exit_.port))
    elif exit_.multicast and exit_.ipv6:
        sender.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
    elif exit_.multicast:
        request = struct.pack("=8xi", index)  # struct ip_mreqn
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, request)
    elif exit_.ipv6:
        sender.setsockopt(socket.IPPROTO_IPV6, _IPV6_UNICAST_IF, struct.pack("!I", index))
    else:
        sender.setsockopt(socket.IPPROTO_IP, _IP_UNICAST_IF, struct.pack("!I", index))
