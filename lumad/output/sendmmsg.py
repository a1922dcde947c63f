"""Many datagrams in one system call: Linux sendmmsg(2) through ctypes, over structures built once."""

import ctypes
from collections.abc import Sequence
from ipaddress import IPv4Address

from lumad.output.senders import Datagram

_AF_INET = 2  # linux/socket.h


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


class _Message(ctypes.Structure):  # struct mmsghdr, sendmmsg(2)
    _fields_ = (("header", _Header), ("sent", ctypes.c_uint))


_libc = ctypes.CDLL(None, use_errno=True)

AVAILABLE = hasattr(_libc, "sendmmsg")
if AVAILABLE:
    _libc.sendmmsg.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int)


class Messages:
    """Datagrams laid out for the kernel; they point at the packets' memory, which must stay where it is."""

    def __init__(self, datagrams: Sequence[Datagram]) -> None:
        count = len(datagrams)
        self._packets = [datagram.packet for datagram in datagrams]  # keeps the memory alive
        self._names = (_Name * count)()
        self._pieces = (_Piece * count)()
        self._messages = (_Message * count)()
        for index, (packet, address, port) in enumerate(datagrams):
            name, piece, header = self._names[index], self._pieces[index], self._messages[index].header
            name.family = _AF_INET
            name.port[:] = port.to_bytes(2)
            name.address[:] = IPv4Address(address).packed
            piece.base, piece.length = packet.ctypes.data, packet.nbytes
            header.name, header.name_length = ctypes.addressof(name), ctypes.sizeof(name)
            header.pieces, header.piece_count = ctypes.addressof(piece), 1
        self._count = count

    def send(self, descriptor: int, start: int) -> int:
        """Sends from the start-th datagram on: how many left, or minus the errno that met that first one."""
        at = ctypes.byref(self._messages, start * ctypes.sizeof(_Message))
        sent = int(_libc.sendmmsg(descriptor, at, self._count - start, 0))
        return sent if sent >= 0 else -ctypes.get_errno()
