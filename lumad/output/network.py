"""Sockets that send, one for each exit; the only file of this room that has any."""

import contextlib
import errno
import fcntl
import os
import select
import socket
import struct
from collections.abc import Callable, Mapping, Sequence

from lumad.output import segments, sendmmsg
from lumad.output.route import Exit
from lumad.output.senders import Datagram, Failure, Refusal

CHECK_S = 1.0  # how often interfaces are looked up again,
TROUBLED_CHECK_S = 0.25  # and while one is missing
SEND_BUFFER = (
    4 << 20
)  # bytes; a burst of 1024 universes on a 100 Mbit/s link needs more than the kernel's 208 KiB
WAITS = 2  # of 1 ms each, per frame and for all sockets together, when a send buffer is full
LATE_ERRORS = 64  # taken from one socket per frame

# linux/in.h, asm-generic/socket.h, linux/sockios.h, linux/if.h: what the socket module does not name
_IP_RECVERR = 11
_IP_UNICAST_IF = 50
_SO_SNDBUFFORCE = 32
_SIOCGIFFLAGS = 0x8913
_IFF_UP, _IFF_LOOPBACK, _IFF_RUNNING, _IFF_MULTICAST = 0x1, 0x8, 0x40, 0x1000

Send = Callable[[int, int], int]
"""(descriptor, first message) -> how many left, or minus an errno of that first one."""


class UdpNetwork:
    """The machine's IPv4 network; a missing or ambiguous interface is a trouble, checked each second."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """LUMAD_SEND in `environ`: sendmmsg does without UDP_SEGMENT, sendto without sendmmsg as well."""
        way = environ.get("LUMAD_SEND", "gso")
        self._at_once = sendmmsg.AVAILABLE and way != "sendto"
        self._segments = self._at_once and way != "sendmmsg"
        self._outlets: dict[Exit, _Outlet] = {}
        self._check_at = float("-inf")
        self._waits = WAITS

    def begin(self, now: float) -> list[Refusal]:
        """A new frame: fresh patience, interfaces when due, and what ICMP said since the last frame."""
        self._waits = WAITS
        if now >= self._check_at:
            for outlet in self._outlets.values():
                outlet.check()
            troubled = any(outlet.trouble for outlet in self._outlets.values())
            self._check_at = now + (TROUBLED_CHECK_S if troubled else CHECK_S)
        return [refusal for outlet in self._outlets.values() for refusal in outlet.late_errors()]

    def batch(self, exit_: Exit, datagrams: Sequence[Datagram]) -> "UdpBatch":
        """Datagrams laid out for sending by the socket of `exit_`."""
        outlet = self._outlets.get(exit_)
        if outlet is None:
            outlet = self._outlets[exit_] = _Outlet(exit_, segments=self._segments)
            outlet.check()
        return UdpBatch(self, outlet, datagrams, at_once=self._at_once)

    def wait(self, sender: socket.socket) -> bool:
        """Waits up to 1 ms for room in a send buffer; False when this frame's patience is used up."""
        if not self._waits:
            return False
        self._waits -= 1
        poll = select.poll()
        poll.register(sender, select.POLLOUT)
        poll.poll(1)
        return True

    def close(self) -> None:
        """Closes all sockets."""
        for outlet in self._outlets.values():
            outlet.close()
        self._outlets.clear()


class UdpBatch:
    """Datagrams that leave by one socket in as few system calls as the kernel allows."""

    def __init__(
        self, network: UdpNetwork, outlet: "_Outlet", datagrams: Sequence[Datagram], *, at_once: bool
    ) -> None:
        self._network, self._outlet, self._at_once = network, outlet, at_once
        self._datagrams = datagrams
        together = segments.together(datagrams)
        self._lay_out(together if outlet.segments else segments.apart(together))

    @property
    def trouble(self) -> str:
        """Why nothing can leave now; "" when it can."""
        return self._outlet.trouble

    def send(self) -> list[Failure]:
        """Sends all, skips exactly those that fail; never raises or outwaits the network's patience."""
        if self._outlet.socket is None:
            return [Failure(at, self.trouble) for at in range(len(self._datagrams))]
        if self._joined and not self._outlet.segments:
            self._take_apart(0)
        descriptor = self._outlet.socket.fileno()
        failures: list[Failure] = []
        index, retried = 0, -1
        while index < len(self._messages):
            sent = self._send(descriptor, index)
            if sent > 0:
                index += sent
            elif sent == -errno.EAGAIN and self._network.wait(self._outlet.socket):
                continue
            elif sent != -errno.EAGAIN and retried != index:
                retried = index  # an ICMP error about another datagram is reported here once, and only once
            elif -sent in segments.REFUSALS and len(self._messages[index]) > 1:
                self._outlet.segments = False
                self._take_apart(index)
            else:
                failures += [Failure(at, os.strerror(-sent)) for at in self._messages[index]]
                index += 1
        return failures

    def _take_apart(self, index: int) -> None:
        """From the index-th message on, one datagram a message: what already left is not sent again."""
        self._lay_out(self._messages[:index] + segments.apart(self._messages[index:]))

    def _lay_out(self, messages: list[segments.Message]) -> None:
        self._messages = messages
        self._joined = any(len(message) > 1 for message in messages)
        datagrams = [[self._datagrams[at] for at in message] for message in messages]
        self._send = (
            sendmmsg.Messages(datagrams).send if self._at_once else self._outlet.one_by_one(datagrams)
        )


class _Outlet:
    """One exit's socket, and its trouble while it has no interface to send by."""

    def __init__(self, exit_: Exit, *, segments: bool) -> None:
        """`segments`: whether to try UDP_SEGMENT; False for good once the kernel has refused it."""
        self.exit = exit_
        self.segments = segments
        self.socket: socket.socket | None = None
        self.trouble = ""
        self._index = 0

    def check(self) -> None:
        """Opens the socket if need be and points it at its interface as that is numbered now."""
        try:
            if self.socket is None:
                self.socket = _open(self.exit)
                self.segments = self.segments and _can_cut(self.socket)
            index, self.trouble = _find(self.exit, self.socket)
            if index and index != self._index:
                _point(self.socket, self.exit, index)
            self._index = index
        except OSError as error:
            self.trouble = f"{self.exit.interface or 'network'}: {error.strerror or error}"

    def late_errors(self) -> list[Refusal]:
        """What ICMP reported about datagrams already sent (ip(7), IP_RECVERR)."""
        refusals: list[Refusal] = []
        with contextlib.suppress(OSError):  # EAGAIN: there are no more
            while self.socket is not None and len(refusals) < LATE_ERRORS:
                _, notes, _, (address, port, *_) = self.socket.recvmsg(0, 256, socket.MSG_ERRQUEUE)
                number = next(
                    (struct.unpack_from("=I", data)[0] for _, kind, data in notes if kind == _IP_RECVERR), 0
                )
                refusals.append(Refusal(address, port, os.strerror(number)))
        return refusals

    def one_by_one(self, messages: Sequence[Sequence[Datagram]]) -> Send:
        """The same as `sendmmsg.Messages.send`, for messages of one datagram each, where that is missing."""
        targets = [(packet.data, (address, port)) for ((packet, address, port),) in messages]

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
        if self.socket is not None:
            self.socket.close()
        self.socket, self.trouble = None, "closed"


def _open(exit_: Exit) -> socket.socket:
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        sender.setsockopt(socket.SOL_SOCKET, _SO_SNDBUFFORCE, SEND_BUFFER)
    except PermissionError:
        sender.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    sender.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
    if exit_.multicast:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, exit_.ttl)
    else:
        sender.setsockopt(
            socket.SOL_SOCKET, socket.SO_BROADCAST, 1
        )  # an Art-Net route may say 10.255.255.255
    return sender


def _can_cut(sender: socket.socket) -> bool:
    """Whether this kernel knows UDP_SEGMENT (Linux 4.18)."""
    try:
        sender.setsockopt(sendmmsg.SOL_UDP, sendmmsg.UDP_SEGMENT, 0)
    except OSError:
        return False
    return True


def _find(exit_: Exit, sender: socket.socket) -> tuple[int, str]:
    """(interface index, "") or (0, trouble); index 0 alone leaves the choice to the routing table."""
    if exit_.interface is not None:
        try:
            return socket.if_nametoindex(exit_.interface), ""
        except OSError:
            return 0, f"there is no interface {exit_.interface} now"
    if not exit_.multicast:
        return 0, ""
    choices = [(index, name) for index, name in socket.if_nameindex() if _can_multicast(name, sender)]
    if len(choices) == 1:
        return choices[0][0], ""
    if not choices:
        return 0, "no network interface is up for multicast; name one with interface:"
    names = ", ".join(sorted(name for _, name in choices))
    return 0, f"several interfaces are up ({names}); choose one with interface:"


def _can_multicast(name: str, sender: socket.socket) -> bool:
    """Whether an interface other than loopback is up and running (netdevice(7))."""
    try:
        answer = fcntl.ioctl(sender, _SIOCGIFFLAGS, struct.pack("16s16x", name.encode()))
    except OSError:  # gone since it was listed
        return False
    (flags,) = struct.unpack_from("=16xH", answer)
    wanted = _IFF_UP | _IFF_RUNNING | _IFF_MULTICAST
    return bool(flags & (wanted | _IFF_LOOPBACK) == wanted)


def _point(sender: socket.socket, exit_: Exit, index: int) -> None:
    if exit_.multicast:
        sender.setsockopt(
            socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("=8xi", index)
        )  # struct ip_mreqn
    else:
        sender.setsockopt(socket.IPPROTO_IP, _IP_UNICAST_IF, struct.pack("!I", index))
