"""Open Sound Control 1.0: messages and bundles, bytes to values and back; strict, and never deep.

OSC 1.0 specification (2002): everything is a multiple of four bytes, numbers are big-endian. Of the types
i f s b and the common T F N I h d t S c r m; arrays are refused.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lumad.errors import PacketError

MAX_DEPTH: Final = 4  # bundles in bundles; nobody nests them, and each level costs a call
MAX_MESSAGES: Final = 256  # of one packet
IMMEDIATELY: Final = 1  # time tag

Argument = int | float | str | bytes | bool | None

_BUNDLE: Final = b"#bundle\0"
_NUMBERS: Final = {
    "i": struct.Struct("!i"),
    "f": struct.Struct("!f"),
    "h": struct.Struct("!q"),
    "d": struct.Struct("!d"),
}
_RAW: Final = {"t": 8, "r": 4, "m": 4, "c": 4}  # bytes of a time tag, a colour, MIDI, a character
_WORDS: Final[dict[str, Argument]] = {"T": True, "F": False, "N": None, "I": None}
_SIZE: Final = struct.Struct("!i")


@dataclass(frozen=True, slots=True)
class Message:
    """An address that begins with a slash, and its arguments."""

    address: str
    arguments: tuple[Argument, ...] = ()


def encode(message: Message) -> bytes:
    """Whole numbers as i (h beyond 32 bits), others as f, true and false as T and F; PacketError."""
    if not message.address.startswith("/"):
        raise PacketError(f"an OSC address begins with a slash: {message.address[:40]!r}")
    tags, body = ",", b""
    for argument in message.arguments:
        tag, data = _encoded(argument)
        tags += tag
        body += data
    return _text(message.address) + _text(tags) + body


def bundle(packets: list[bytes], time_tag: int = IMMEDIATELY) -> bytes:
    """Encoded messages and bundles as one packet."""
    parts = (_SIZE.pack(len(packet)) + packet for packet in packets)
    return _BUNDLE + time_tag.to_bytes(8, "big") + b"".join(parts)


def decode(data: bytes) -> list[Message]:
    """The messages of a packet in their order, of bundles too, whatever their time; else PacketError."""
    messages = []
    for message in _messages(data, 0):
        messages.append(message)
        if len(messages) > MAX_MESSAGES:
            raise PacketError(f"more than {MAX_MESSAGES} OSC messages in one packet")
    return messages


def _messages(data: bytes, depth: int) -> Iterator[Message]:
    if len(data) % 4 or not data:
        raise PacketError(f"an OSC packet is a multiple of four bytes, not {len(data)}")
    if data[:1] == b"/":
        yield _message(data)
        return
    if data[:8] != _BUNDLE or len(data) < 16:
        raise PacketError("neither an OSC message nor a bundle")
    if depth >= MAX_DEPTH:
        raise PacketError(f"OSC bundles nested deeper than {MAX_DEPTH}")
    at = 16  # behind the time tag
    while at < len(data):
        size = _SIZE.unpack_from(data, at)[0]
        at += 4
        if size <= 0 or size > len(data) - at:
            raise PacketError(f"an OSC bundle element of {size} bytes, {len(data) - at} are left")
        yield from _messages(data[at : at + size], depth + 1)
        at += size


def _message(data: bytes) -> Message:
    address, at = _text_at(data, 0)
    if at == len(data):
        return Message(address)  # older senders leave the type tags out
    tags, at = _text_at(data, at)
    if tags[:1] != ",":
        raise PacketError("OSC type tags begin with a comma")
    arguments: list[Argument] = []
    for tag in tags[1:]:
        argument, at = _decoded(tag, data, at)
        arguments.append(argument)
    if at != len(data):
        raise PacketError(f"{len(data) - at} bytes behind the arguments of an OSC message")
    return Message(address, tuple(arguments))


def _decoded(tag: str, data: bytes, at: int) -> tuple[Argument, int]:
    """One argument and where the next one begins."""
    if tag in _WORDS:
        return _WORDS[tag], at
    if tag in "sS":
        return _text_at(data, at)
    if tag == "b":
        size = _SIZE.unpack(_taken(data, at, 4))[0]
        if size < 0:
            raise PacketError(f"an OSC blob of {size} bytes")
        return _taken(data, at + 4, size), at + 4 + _padded(size)
    if tag in _NUMBERS:
        form = _NUMBERS[tag]
        value: int | float = form.unpack(_taken(data, at, form.size))[0]
        return value, at + form.size
    if tag in _RAW:
        return _taken(data, at, _RAW[tag]), at + _RAW[tag]
    raise PacketError(f"OSC type {tag!r} is not known")


def _encoded(argument: Argument) -> tuple[str, bytes]:
    """Type tag and bytes of one argument."""
    if argument is None:
        return "N", b""
    if isinstance(argument, bool):
        return "T" if argument else "F", b""
    if isinstance(argument, str):
        return "s", _text(argument)
    if isinstance(argument, bytes):
        return "b", _SIZE.pack(len(argument)) + argument.ljust(_padded(len(argument)), b"\0")
    tag = "f" if isinstance(argument, float) else "i" if -(1 << 31) <= argument < 1 << 31 else "h"
    try:
        return tag, _NUMBERS[tag].pack(argument)
    except (struct.error, OverflowError):
        raise PacketError(f"{argument} does not fit an OSC argument") from None


def _text(text: str) -> bytes:
    """A string, ended by at least one zero byte."""
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise PacketError("half a character is no text") from None
    if b"\0" in data:
        raise PacketError("a zero byte in an OSC string")
    return data.ljust(_padded(len(data) + 1), b"\0")


def _text_at(data: bytes, at: int) -> tuple[str, int]:
    """A string and where the next thing begins; ASCII by the standard, UTF-8 in practice."""
    end = data.find(b"\0", at)
    if end < 0:
        raise PacketError("an OSC string without its end")
    after = at + _padded(end - at + 1)
    if any(data[end:after]):
        raise PacketError("an OSC string is padded with zero bytes")
    try:
        return data[at:end].decode(), after
    except UnicodeDecodeError:
        raise PacketError("an OSC string that is not UTF-8") from None


def _taken(data: bytes, at: int, size: int) -> bytes:
    if at + _padded(size) > len(data):
        raise PacketError(f"an OSC argument of {size} bytes is cut off")
    return data[at : at + size]


def _padded(size: int) -> int:
    return -(-size // 4) * 4
