"""What the kernel drops before a socket hears it: our own packets, most of what there is on our own stage."""

import ctypes
import socket
import struct
from collections.abc import Iterable, Sequence

# asm-generic/socket.h; linux/bpf_common.h, linux/filter.h
_SO_ATTACH_FILTER = 26
_LOAD_WORD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06
_UDP_HEADER = 8  # a filter sees the datagram from its UDP header on
_CID_AT = 22  # E1.31 5.6
_SENDER_AT = 0xFFF00000 + 12  # SKF_NET_OFF: from the IPv4 header on; RFC 791


def deaf_to_source(listener: socket.socket, cid: bytes) -> None:
    """Has the kernel drop sACN of this CID, and what is too short to have one (socket(7))."""
    words = struct.unpack("!4I", cid)
    at = _UDP_HEADER + _CID_AT
    _attach(listener, _dropping([(at + 4 * number, word) for number, word in enumerate(words)]))


def deaf_to_senders(listener: socket.socket, addresses: Iterable[str]) -> None:
    """Has the kernel drop what comes from these IPv4 addresses."""
    senders = [int.from_bytes(socket.inet_aton(address)) for address in addresses]
    _attach(listener, b"".join(_dropping([(_SENDER_AT, sender)]) for sender in senders))


def _dropping(words: Sequence[tuple[int, int]]) -> bytes:
    """Instructions that drop what has all these words at these places, and go on with the rest."""
    program = b""
    for left, (at, word) in zip(range(len(words) - 1, -1, -1), words, strict=True):
        program += _step(_LOAD_WORD, at) + _step(_JUMP_EQUAL, word, 2 * left + 1)
    return program + _step(_RETURN, 0)


def _step(code: int, value: int, unequal: int = 0) -> bytes:
    """One instruction of a classic packet filter; `unequal`: how many to leave out where the word differs."""
    return struct.pack("=HBBI", code, 0, unequal, value)


def _attach(listener: socket.socket, program: bytes) -> None:
    program += _step(_RETURN, 0xFFFFFFFF)
    held = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HP", len(program) // 8, ctypes.addressof(held))
    listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, described)
