"""Art-Net 4 packets that carry light: ArtDmx and ArtSync, byte offsets beside each constant."""

import struct
from dataclasses import dataclass

from lumad.errors import PacketError

PORT = 6454  # 0x1936
OP_DMX = 0x5000  # OpDmx, octets 8-9, low byte first
OP_SYNC = 0x5200  # OpSync
MAX_PORT_ADDRESS = 0x7FFF  # Net 7 bits | Sub-Net 4 bits | Universe 4 bits
MAX_LEVELS = 512  # ArtDmx Length: an even number, 2..512
KEEP_ALIVE_S = 4.0  # unchanged levels are repeated at least as often; Art-Net asks for E1.31's 0.8..1.0 s

SEQUENCE_AT = 12  # octet of the sequence: 1..255, 0 switches re-ordering off
LEVELS_AT = 18  # first level

_IDENTIFIER = b"Art-Net\0"  # octets 0-7
_PROTOCOL_VERSION = 14  # octets 10-11, high byte first; receivers take newer ones too

# Octets 8-9 opcode | 10-11 version, 12 sequence, 13 physical port, 14 SubUni, 15 Net, 16-17 length.
_OPCODE = struct.Struct("<H")
_VERSION = struct.Struct("!H")
_DMX = struct.Struct("!HBBBBH")
_SYNC_BYTES = 14  # octets 10-11 version, 12-13 Aux1 and Aux2: sent as zero, never tested


@dataclass(frozen=True, slots=True)
class ArtDmx:
    """One ArtDmx packet; a field outside its range raises PacketError."""

    port_address: int
    levels: bytes
    sequence: int = 0
    physical: int = 0

    def __post_init__(self) -> None:
        within("port-address", self.port_address, 0, MAX_PORT_ADDRESS)
        within("length", len(self.levels), 2, MAX_LEVELS)
        within("length modulo 2", len(self.levels) % 2, 0, 0)
        within("sequence", self.sequence, 0, 255)
        within("physical port", self.physical, 0, 255)


@dataclass(frozen=True, slots=True)
class ArtSync:
    """Nodes show now what ArtDmx brought since the last one."""


def encode(packet: ArtDmx | ArtSync) -> bytes:
    """The packet's bytes: 18 and one per level of ArtDmx, 14 of ArtSync."""
    if isinstance(packet, ArtSync):
        return (header(OP_SYNC) + version()).ljust(_SYNC_BYTES, b"\0")
    net, sub_uni = divmod(packet.port_address, 256)
    fields = (_PROTOCOL_VERSION, packet.sequence, packet.physical, sub_uni, net, len(packet.levels))
    return header(OP_DMX) + _DMX.pack(*fields) + packet.levels


def decode(data: bytes) -> ArtDmx:
    """The ArtDmx packet in one datagram, else PacketError. Bytes after the levels are no fault."""
    if opcode(data) != OP_DMX:
        raise PacketError(f"Art-Net opcode {opcode(data):#06x} where {OP_DMX:#06x} (ArtDmx) belongs")
    if len(data) < LEVELS_AT:
        raise PacketError(f"{len(data)} bytes are too short for ArtDmx")
    check_version(data)
    _, sequence, physical, sub_uni, net, length = _DMX.unpack_from(data, 10)
    if len(data) < LEVELS_AT + length:
        raise PacketError(f"ArtDmx of {length} levels carries only {len(data) - LEVELS_AT}")
    return ArtDmx(net << 8 | sub_uni, bytes(data[LEVELS_AT : LEVELS_AT + length]), sequence, physical)


def decode_sync(data: bytes) -> ArtSync:
    """The ArtSync packet in one datagram, else PacketError."""
    if opcode(data) != OP_SYNC or len(data) < _SYNC_BYTES:
        raise PacketError(f"{len(data)} bytes of Art-Net opcode {opcode(data):#06x} are no ArtSync")
    check_version(data)
    return ArtSync()


def parts(port_address: int) -> tuple[int, int, int]:
    """Net, Sub-Net and Universe of a flat port-address, all from 0; PacketError outside 0..32767."""
    within("port-address", port_address, 0, MAX_PORT_ADDRESS)
    return port_address >> 8, port_address >> 4 & 15, port_address & 15


def header(code: int) -> bytes:
    """Octets 0-9 of every Art-Net packet."""
    return _IDENTIFIER + _OPCODE.pack(code)


def version() -> bytes:
    """Octets 10-11 of every Art-Net packet but ArtPollReply."""
    return _VERSION.pack(_PROTOCOL_VERSION)


def check_version(data: bytes) -> None:
    """Raises PacketError for a packet that speaks an older Art-Net than anybody made; newer ones pass."""
    (found,) = _VERSION.unpack_from(data, 10)
    if found < _PROTOCOL_VERSION:
        raise PacketError(f"Art-Net protocol version {found} is older than {_PROTOCOL_VERSION}")


def opcode(data: bytes) -> int:
    """What kind of Art-Net packet a datagram is; PacketError when it is none."""
    if len(data) < 10 or data[:8] != _IDENTIFIER:
        raise PacketError("not an Art-Net packet")
    (code,) = _OPCODE.unpack_from(data, 8)
    return int(code)


def is_artnet(data: bytes) -> bool:
    """Whether a datagram begins as every Art-Net packet does."""
    return data[:8] == _IDENTIFIER


def within(what: str, value: int, low: int, high: int) -> None:
    """Raises PacketError unless the field is in its range."""
    if not low <= value <= high:
        raise PacketError(f"Art-Net {what} {value} is outside {low}..{high}")
