"""ArtDmx packets: Art-Net 4, byte offsets beside each constant."""

import struct
from dataclasses import dataclass

from lumad.errors import PacketError

PORT = 6454  # 0x1936
OP_DMX = 0x5000  # OpDmx, octets 8-9, low byte first
MAX_PORT_ADDRESS = 0x7FFF  # Net 7 bits | Sub-Net 4 bits | Universe 4 bits
MAX_LEVELS = 512  # ArtDmx Length: an even number, 2..512

SEQUENCE_AT = 12  # octet of the sequence: 1..255, 0 switches re-ordering off
LEVELS_AT = 18  # first level

_IDENTIFIER = b"Art-Net\0"  # octets 0-7
_PROTOCOL_VERSION = 14  # octets 10-11, high byte first; receivers take newer ones too

# Octets 8-9 opcode | 10-11 version, 12 sequence, 13 physical port, 14 SubUni, 15 Net, 16-17 length.
_OPCODE = struct.Struct("<H")
_DMX = struct.Struct("!HBBBBH")


@dataclass(frozen=True, slots=True)
class ArtDmx:
    """One ArtDmx packet; a field outside its range raises PacketError."""

    port_address: int
    levels: bytes
    sequence: int = 0
    physical: int = 0

    def __post_init__(self) -> None:
        _within("port-address", self.port_address, 0, MAX_PORT_ADDRESS)
        _within("length", len(self.levels), 2, MAX_LEVELS)
        _within("length modulo 2", len(self.levels) % 2, 0, 0)
        _within("sequence", self.sequence, 0, 255)
        _within("physical port", self.physical, 0, 255)


def encode(packet: ArtDmx) -> bytes:
    """The packet's bytes: 18 and one per level."""
    net, sub_uni = divmod(packet.port_address, 256)
    fields = (_PROTOCOL_VERSION, packet.sequence, packet.physical, sub_uni, net, len(packet.levels))
    return _IDENTIFIER + _OPCODE.pack(OP_DMX) + _DMX.pack(*fields) + packet.levels


def decode(data: bytes) -> ArtDmx:
    """The ArtDmx packet in one datagram, else PacketError. Bytes after the levels are no fault."""
    if opcode(data) != OP_DMX:
        raise PacketError(f"Art-Net opcode {opcode(data):#06x} where {OP_DMX:#06x} (ArtDmx) belongs")
    if len(data) < LEVELS_AT:
        raise PacketError(f"{len(data)} bytes are too short for ArtDmx")
    version, sequence, physical, sub_uni, net, length = _DMX.unpack_from(data, 10)
    if version < _PROTOCOL_VERSION:
        raise PacketError(f"Art-Net protocol version {version} is older than {_PROTOCOL_VERSION}")
    if len(data) < LEVELS_AT + length:
        raise PacketError(f"ArtDmx of {length} levels carries only {len(data) - LEVELS_AT}")
    return ArtDmx(net << 8 | sub_uni, bytes(data[LEVELS_AT : LEVELS_AT + length]), sequence, physical)


def opcode(data: bytes) -> int:
    """What kind of Art-Net packet a datagram is; PacketError when it is none."""
    if len(data) < 10 or data[:8] != _IDENTIFIER:
        raise PacketError("not an Art-Net packet")
    (code,) = _OPCODE.unpack_from(data, 8)
    return int(code)


def is_artnet(data: bytes) -> bool:
    """Whether a datagram begins as every Art-Net packet does."""
    return data[:8] == _IDENTIFIER


def _within(what: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise PacketError(f"Art-Net {what} {value} is outside {low}..{high}")
