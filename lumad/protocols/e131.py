"""E1.31 (sACN) data packets: ANSI E1.31-2018, clauses and byte offsets beside each constant."""

import struct
from dataclasses import dataclass

from lumad.errors import PacketError

PORT = 5568  # appendix A: ACN_SDT_MULTICAST_PORT
MAX_UNIVERSE = 63999  # 6.2.7: 1..63999; the rest is reserved
MAX_PRIORITY = 200  # 6.2.3
DEFAULT_PRIORITY = 100  # 6.2.3
MAX_SLOTS = 512  # 7.6: property count 1..513 counts the start code
NAME_BYTES = 64  # 6.2.2: UTF-8, NUL-terminated, so 63 bytes of name
LOSS_S = 2.5  # 6.7.1: E131_NETWORK_DATA_LOSS_TIMEOUT
TERMINATED_PACKETS = 3  # 6.2.6: a stream ends with three packets
UNCHANGED_PACKETS = 3  # 6.6.2: sent of unchanged data before the rest is suppressed
KEEP_ALIVE_S = (0.8, 1.0)  # 6.6.2: and one in this time after that

LEVELS = 0x00  # start code of levels (E1.11 NULL START code)
PRIORITIES = 0xDD  # start code of ETC's per-address priority: a slot is 0..200, 0 = the level is none of mine

SEQUENCE_AT = 111  # table 4-1: octet of the sequence number
OPTIONS_AT = 112  # table 4-1: octet of the options
SLOTS_AT = 126  # table 4-1: first slot, after the start code at 125

PREVIEW = 0x80  # 6.2.6 bit 7: not for live output
TERMINATED = 0x40  # 6.2.6 bit 6: the source ends this universe
FORCE_SYNC = 0x20  # 6.2.6 bit 5: go on without a synchronisation that is lost; 0: hold until it is back

PREAMBLE = bytes.fromhex("0010 0000") + b"ASC-E1.17\0\0\0"  # 5.1-5.3, octets 0-15
FLAGS = 0x7000  # 5.4, 6.1, 7.1: top four bits of each flags-and-length word
EXTENDED_VECTOR = 0x00000008  # 5.5: VECTOR_ROOT_E131_EXTENDED (synchronisation, discovery), octets 18-21
_ROOT_VECTOR = 0x00000004  # 5.5: VECTOR_ROOT_E131_DATA, octets 18-21
_FRAMING_VECTOR = 0x00000002  # 6.2.1: VECTOR_E131_DATA_PACKET, octets 40-43
_DMP_VECTOR = 0x02  # 7.2: VECTOR_DMP_SET_PROPERTY, octet 117
_DMP_TYPE = 0xA1  # 7.3: address type and data type, octet 118
_FIRST_ADDRESS = 0x0000  # 7.4, octets 119-120
_INCREMENT = 0x0001  # 7.5, octets 121-122

ROOT_LENGTH_FROM = 16  # 5.4: the root PDU starts at its flags and length
FRAMING_LENGTH_FROM = 38  # 6.1
_DMP_LENGTH_FROM = 115  # 7.1

# Octets 0..125 in the order of table 4-1: root layer | framing layer | DMP layer up to the start code.
_HEADER = struct.Struct("!16sHI16s HI64sBHBBH HBBHHHB")
assert _HEADER.size == SLOTS_AT


@dataclass(frozen=True, slots=True)
class DataPacket:
    """One E1.31 data packet; a field outside its clause's range raises PacketError."""

    cid: bytes
    universe: int
    slots: bytes
    sequence: int = 0
    priority: int = DEFAULT_PRIORITY
    source_name: str = ""
    sync_address: int = 0
    start_code: int = 0
    preview: bool = False
    terminated: bool = False
    force_sync: bool = False

    def __post_init__(self) -> None:
        within("CID length", len(self.cid), 16, 16)
        within("universe", self.universe, 1, MAX_UNIVERSE)
        within("slot count", len(self.slots), 0, MAX_SLOTS)
        within("sequence", self.sequence, 0, 255)
        within("priority", self.priority, 0, MAX_PRIORITY)
        within("synchronisation address", self.sync_address, 0, MAX_UNIVERSE)
        within("start code", self.start_code, 0, 255)

    @property
    def options(self) -> int:
        """Octet 112."""
        return PREVIEW * self.preview | TERMINATED * self.terminated | FORCE_SYNC * self.force_sync


def encode(packet: DataPacket) -> bytes:
    """The packet's bytes: 126 and one per slot."""
    end = SLOTS_AT + len(packet.slots)
    header = _HEADER.pack(
        PREAMBLE,
        FLAGS | end - ROOT_LENGTH_FROM,
        _ROOT_VECTOR,
        packet.cid,
        FLAGS | end - FRAMING_LENGTH_FROM,
        _FRAMING_VECTOR,
        fit_name(packet.source_name).encode(),
        packet.priority,
        packet.sync_address,
        packet.sequence,
        packet.options,
        packet.universe,
        FLAGS | end - _DMP_LENGTH_FROM,
        _DMP_VECTOR,
        _DMP_TYPE,
        _FIRST_ADDRESS,
        _INCREMENT,
        len(packet.slots) + 1,
        packet.start_code,
    )
    return header + packet.slots


def decode(data: bytes) -> DataPacket:
    """The data packet in one datagram; PacketError unless every layer agrees with E1.31.

    Only the name is read leniently: a maker's odd spelling must not cost a universe its light.
    """
    if len(data) < SLOTS_AT:
        raise PacketError(f"{len(data)} bytes are too short for an E1.31 data packet")
    (preamble, root_length, root_vector, cid,
     framing_length, framing_vector, name, priority, sync_address, sequence, options, universe,
     dmp_length, dmp_vector, dmp_type, first, increment, count, start_code,
    ) = _HEADER.unpack_from(data)  # fmt: skip
    same("preamble", preamble, PREAMBLE)
    same("vectors", (root_vector, framing_vector, dmp_vector), (_ROOT_VECTOR, _FRAMING_VECTOR, _DMP_VECTOR))
    same("DMP addressing", (dmp_type, first, increment), (_DMP_TYPE, _FIRST_ADDRESS, _INCREMENT))
    starts = (ROOT_LENGTH_FROM, FRAMING_LENGTH_FROM, _DMP_LENGTH_FROM)
    lengths = tuple(FLAGS | len(data) - start & 0x0FFF for start in starts)
    same("flags and lengths", (root_length, framing_length, dmp_length), lengths)
    same("property count", count, len(data) - SLOTS_AT + 1)
    return DataPacket(
        cid=cid,
        universe=universe,
        slots=bytes(data[SLOTS_AT:]),
        sequence=sequence,
        priority=priority,
        source_name=name_in(name),
        sync_address=sync_address,
        start_code=start_code,
        preview=bool(options & PREVIEW),
        terminated=bool(options & TERMINATED),
        force_sync=bool(options & FORCE_SYNC),
    )


def is_extended(data: bytes) -> bool:
    """Whether a datagram claims to be E1.31 synchronisation or discovery (5.5): no data, but no fault."""
    return data[:16] == PREAMBLE and data[18:22] == EXTENDED_VECTOR.to_bytes(4)


def multicast_group(universe: int) -> str:
    """The IPv4 group of a universe, 239.255.high.low (9.3.1); PacketError outside 1..63999."""
    within("universe", universe, 1, MAX_UNIVERSE)
    return f"239.255.{universe >> 8}.{universe & 255}"


def multicast_group6(universe: int) -> str:
    """The IPv6 group of a universe, ff18::83:00:high:low (9.3.2); PacketError outside 1..63999."""
    within("universe", universe, 1, MAX_UNIVERSE)
    return f"ff18::8300:{universe:x}"


def fit_name(name: str) -> str:
    """The longest start of `name` that fits: 63 bytes of UTF-8, cut at a character, no NUL (6.2.2)."""
    encoded = name.partition("\0")[0].encode(errors="replace")
    return encoded[: NAME_BYTES - 1].decode(errors="ignore")


def name_in(field: bytes) -> str:
    """The name in its field on the wire, whatever its maker made of it: up to the NUL, read leniently."""
    return field.partition(b"\0")[0].decode(errors="replace")


def is_out_of_order(last: int, new: int) -> bool:
    """Whether `new` after `last` is discarded: their signed 8-bit difference is in (-20, 0] (6.7.2)."""
    return -20 < (new - last + 128) % 256 - 128 <= 0


def within(what: str, value: int, low: int, high: int) -> None:
    """Raises PacketError unless the field is in its clause's range."""
    if not low <= value <= high:
        raise PacketError(f"E1.31 {what} {value} is outside {low}..{high}")


def same(what: str, found: object, expected: object) -> None:
    """Raises PacketError unless a field that the standard fixes is what it must be."""
    if found != expected:
        raise PacketError(f"E1.31 {what}: {found!r} where {expected!r} belongs")
