"""Many messages in one system call: Linux sendmmsg(2) through ctypes, over structures built once."""

import ctypes
from collections.abc import Sequence
from ipaddress import IPv4Address

from lumad.output.senders import Datagram

_AF_INET = 2  # linux/socket.h
SOL_UDP, UDP_SEGMENT = 17, 103  # linux/socket.h, linux/udp.h


class _Name(ctypes.Structure):  # struct sockaddr_in, ip(7); port and address in network byte order
    _fields_ = (
        ("family", ctypes.c_uint16),
        ("port", ctypes.c_uint8 * 2),
        ("address", ctypes.c_uint8 * 4),
        ("zero", ctypes.c_uint8 * 8),
    )


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

    def __init__(self, messages: Sequence[Sequence[Datagram]]) -> None:
        """Each message is one datagram, or several of equal size for one target, to be cut by the kernel."""
        self._packets = [datagram.packet for message in messages for datagram in message]  # keeps the memory
        self._names = (_Name * len(messages))()
        self._pieces = (_Piece * len(self._packets))()
        self._cuts = (_Cut * len(messages))()
        self._messages = (_Message * len(messages))()
        used = 0
        for index, message in enumerate(messages):
            packet, address, port = message[0]
            name, header = self._names[index], self._messages[index].header
            name.family = _AF_INET
            name.port[:] = port.to_bytes(2)
            name.address[:] = IPv4Address(address).packed
            header.name, header.name_length = ctypes.addressof(name), ctypes.sizeof(name)
            header.pieces = ctypes.addressof(self._pieces) + used * ctypes.sizeof(_Piece)
            header.piece_count = self._fill(used, message)
            used += header.piece_count
            if len(message) > 1:
                cut = self._cuts[index]
                cut.length, cut.level, cut.kind = _CUT_LENGTH, SOL_UDP, UDP_SEGMENT
                cut.size = packet.nbytes
                header.control, header.control_length = ctypes.addressof(cut), ctypes.sizeof(cut)

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

    def send(self, descriptor: int, start: int) -> int:
        """Sends from the start-th message on: how many left, or minus the errno that met that first one."""
        at = ctypes.byref(self._messages, start * ctypes.sizeof(_Message))
        sent = int(_libc.sendmmsg(descriptor, at, len(self._messages) - start, 0))
        return sent if sent >= 0 else -ctypes.get_errno()
