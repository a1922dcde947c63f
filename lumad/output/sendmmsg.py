"""Many messages in one system call: Linux sendmmsg(2) through ctypes, over structures built once."""

import copy
import ctypes
import struct
from collections.abc import Sequence
from ipaddress import ip_address
from typing import Self

import numpy as np

from lumad.output.datagrams import Datagram, Indices

_AF_INET, _AF_INET6 = 2, 10  # linux/socket.h
_NAME_BYTES = 28  # the longer one, struct sockaddr_in6
SOL_UDP, UDP_SEGMENT = 17, 103  # linux/socket.h, linux/udp.h


class _Piece(ctypes.Structure):  # struct iovec
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):  # struct msghdr, sendmsg(2)
    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("pieces", ctypes.c_void_p),
        ("piece_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Cut(ctypes.Structure):  # struct cmsghdr, cmsg(3), and the size of each datagram
    _fields_ = (
        ("length", ctypes.c_size_t),
        ("level", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("size", ctypes.c_uint16),
        ("padding", ctypes.c_uint8 * (ctypes.sizeof(ctypes.c_size_t) - 2)),
    )


class _Message(ctypes.Structure):  # struct mmsghdr, sendmmsg(2)
    _fields_ = (("header", _Header), ("sent", ctypes.c_uint))


_CUT_LENGTH = _Cut.size.offset + _Cut.size.size  # CMSG_LEN

_libc = ctypes.CDLL(None, use_errno=True)

AVAILABLE = hasattr(_libc, "sendmmsg")
if AVAILABLE:
    _libc.sendmmsg.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int)


class Messages:
    """Messages laid out for the kernel; they point at the packets' memory, which must stay where it is."""

    def __init__(self, messages: Sequence[Sequence[Datagram]], scope: int = 0) -> None:
        """Each message is one datagram, or several of equal size for one target, to be cut by the kernel.

        `scope`: the index of the interface, for IPv6 addresses that mean something on one link only.
        """
        self._packets = [datagram.packet for message in messages for datagram in message]  # keeps the memory
        self._names = np.zeros((len(messages), _NAME_BYTES), np.uint8)
        self._pieces = (_Piece * len(self._packets))()
        self._cuts = (_Cut * len(messages))()
        self._messages = (_Message * len(messages))()
        used = 0
        for index, message in enumerate(messages):
            packet, address, port = message[0]
            header = self._messages[index].header
            name = sockaddr(address, port, scope)
            self._names[index, : len(name)] = np.frombuffer(name, np.uint8)
            header.name, header.name_length = self._names[index].ctypes.data, len(name)
            header.pieces = ctypes.addressof(self._pieces) + used * ctypes.sizeof(_Piece)
            header.piece_count = self._fill(used, message)
            used += header.piece_count
            if len(message) > 1:
                cut = self._cuts[index]
                cut.length, cut.level, cut.kind = _CUT_LENGTH, SOL_UDP, UDP_SEGMENT
                cut.size = packet.nbytes
                header.control, header.control_length = ctypes.addressof(cut), ctypes.sizeof(cut)
        self._table = np.frombuffer(memoryview(self._messages).cast("B"), np.uint8)
        self._table = self._table.reshape(len(messages), ctypes.sizeof(_Message))

    def _fill(self, first: int, message: Sequence[Datagram]) -> int:
        """Fills pieces from the first-th on, one for packets that lie side by side; returns how many."""
        count, end = 0, 0
        for packet, *_ in message:
            start = packet.ctypes.data
            if start != end:
                self._pieces[first + count].base = start
                count += 1
            self._pieces[first + count - 1].length += packet.nbytes
            end = start + packet.nbytes
        return count

    def picked(self, which: Indices) -> Self:
        """Some of these messages, over the same memory."""
        part = copy.copy(self)
        part._table = self._table[which]  # noqa: SLF001 - it is our own
        return part

    def send(self, descriptor: int, start: int) -> int:
        """Sends from the start-th message on: how many left, or minus the errno that met that first one."""
        at = self._table.ctypes.data + start * ctypes.sizeof(_Message)
        sent = int(_libc.sendmmsg(descriptor, at, len(self._table) - start, 0))
        return sent if sent >= 0 else -ctypes.get_errno()


def sockaddr(address: str, port: int, scope: int = 0) -> bytes:
    """A sockaddr_in or sockaddr_in6 as ip(7) and ipv6(7) have it; port and address in network byte order."""
    ip = ip_address(address)
    if ip.version == 4:
        return struct.pack("=H", _AF_INET) + port.to_bytes(2) + ip.packed + bytes(8)
    local = ip.is_link_local or ip.is_multicast
    return (
        struct.pack("=H", _AF_INET6)
        + struct.pack("!HI", port, 0)
        + ip.packed
        + struct.pack("=I", scope * local)
    )
