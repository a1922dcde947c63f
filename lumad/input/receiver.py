"""Sockets that listen to sACN and Art-Net; all judgement is the hearers'."""

import asyncio
import contextlib
import ctypes
import errno
import socket
import struct
import time
from collections.abc import Callable, Iterable, Sequence

from lumad.input.arbiter import Arbiter
from lumad.protocols import artnet, e131, e131_extended

GROUPS_PER_SOCKET = 20  # ip(7): Linux lets a socket join so many (igmp_max_memberships)
MAX_GROUPS = 1280  # 64 sockets; who wants more universes than a big stage has is told
RECEIVE_BUFFER = 1 << 20  # bytes; a burst of 1024 universes fits, as far as the system grants it
DATAGRAMS_AT_ONCE = 512  # taken from one socket before the loop gets its turn again
LONGEST = 2048  # bytes; the longest packet, universe discovery, has 1144
CHECK_S = 1.0  # how often the interface is looked up again

# linux/in.h: only the groups this socket joined; asm-generic/socket.h; linux/bpf_common.h, linux/filter.h
_IP_MULTICAST_ALL = 49
_SO_ATTACH_FILTER = 26
_LOAD_WORD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_UDP_HEADER = 8  # a filter sees the datagram from its UDP header on
_CID_AT = 22  # E1.31 5.6

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
        self.warnings: list[str] = []
        self._hear = tuple(hear) if hear is not None else (self.arbiter.hear,)
        self._groups = [e131.multicast_group(universe) for universe in sorted(set(universes))]
        if discovery:
            self._groups.insert(0, e131_extended.DISCOVERY_GROUP)
        self._interface, self._deaf_to = interface, deaf_to
        self._ports = (sacn_port, artnet_port)
        self._clock = clock
        self._sockets: list[socket.socket] = []
        self._joining: tuple[socket.socket, int] | None = None  # the sACN socket with room, its groups
        self._index = 0
        self._check: asyncio.TimerHandle | None = None

    def start(self) -> list[str]:
        """Opens what can be opened; returns a warning for each port or group that cannot be had."""
        self._index = _index_of(self._interface)
        self._open_all()
        if self._interface is not None:
            self._check = asyncio.get_running_loop().call_later(CHECK_S, self._look_again)
        return self.warnings

    def join(self, universes: Iterable[int]) -> list[str]:
        """Listens for more universes; returns what stands in the way of new ones."""
        known = set(self._groups)
        more = [group for u in sorted(set(universes)) if (group := e131.multicast_group(u)) not in known]
        self._groups += more
        had = len(self.warnings)
        self._join_all(more)
        return self.warnings[had:]

    def close(self) -> None:
        """Stops listening."""
        if self._check:
            self._check.cancel()
        self._close_all()

    def addresses(self) -> list[tuple[str, int]]:
        """Where it listens, one entry a socket."""
        return [listener.getsockname() for listener in self._sockets]

    def _look_again(self) -> None:
        """Opens all anew when the interface came, went or changed its number; a pulled cable is none."""
        index = _index_of(self._interface)
        if index != self._index:
            self._index = index
            self._close_all()
            self._open_all()
        self._check = asyncio.get_running_loop().call_later(CHECK_S, self._look_again)

    def _open_all(self) -> None:
        self.warnings = []
        self._join_all(self._groups)
        if self._joining is None:
            self._listen("sACN", self._ports[0])
        self._listen("Art-Net", self._ports[1])

    def _close_all(self) -> None:
        for listener in self._sockets:
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
        self._sockets.clear()
        self._joining = None

    def _join_all(self, groups: Sequence[str]) -> None:
        for group in groups:
            if self._joining is None or self._joining[1] >= GROUPS_PER_SOCKET:
                if len(self._sockets) * GROUPS_PER_SOCKET >= MAX_GROUPS:
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
                _drop_source(listener, self._deaf_to)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                self._warn(f"{name} is not received: another program holds UDP port {port}")
            else:
                self._warn(
                    f"{name} is not received by {self._interface or 'any interface'}: {error.strerror}"
                )
            return None
        self._sockets.append(listener)
        asyncio.get_running_loop().add_reader(listener, self._drain, listener)
        return listener

    def _warn(self, text: str) -> None:
        if text and text not in self.warnings:
            self.warnings.append(text)

    def _drain(self, listener: socket.socket) -> None:
        for _ in range(DATAGRAMS_AT_ONCE):
            try:
                data, (address, _port) = listener.recvfrom(LONGEST)
            except OSError:  # EAGAIN: all taken; anything else concerns one datagram and is asked for again
                return
            now = self._clock()
            for hear in self._hear:
                hear(data, address, now)


def _index_of(interface: str | None) -> int:
    with contextlib.suppress(OSError):
        return socket.if_nametoindex(interface) if interface else 0
    return 0


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


def _drop_source(listener: socket.socket, cid: bytes) -> None:
    """Has the kernel drop sACN of this CID: on our own stage that is most of what arrives (socket(7))."""
    words = struct.unpack("!4I", cid)
    program = b""
    for at, word in enumerate(words):  # any word that differs jumps to the end: accept
        program += struct.pack("=HBBI", _LOAD_WORD, 0, 0, _UDP_HEADER + _CID_AT + 4 * at)
        program += struct.pack("=HBBI", _JUMP_EQUAL, 0, 2 * (3 - at) + 1, word)
    program += struct.pack("=HBBI", _RETURN, 0, 0, 0)
    program += struct.pack("=HBBI", _RETURN, 0, 0, 0xFFFFFFFF)
    held = ctypes.create_string_buffer(program, len(program))
    listener.setsockopt(
        socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("HP", len(program) // 8, ctypes.addressof(held))
    )
