"""E1.31 packets without levels: synchronisation and universe discovery (ANSI E1.31-2018, 6.3, 6.4, 8)."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from lumad.errors import PacketError
from lumad.protocols import e131

SYNC_SEQUENCE_AT = 44  # table 6-3: octet of a synchronisation packet's sequence number

DISCOVERY_UNIVERSE = 64214  # appendix A: E131_DISCOVERY_UNIVERSE
DISCOVERY_GROUP = "239.255.250.214"  # 9.3.1: the same way as a universe's
DISCOVERY_GROUP6 = "ff18::8300:fad6"  # 9.3.2
DISCOVERY_INTERVAL_S = 10.0  # appendix A: E131_UNIVERSE_DISCOVERY_INTERVAL
PAGE_UNIVERSES = 512  # 8.5: most universes on one page

_SYNC_VECTOR = 0x00000001  # 6.3.1: VECTOR_E131_EXTENDED_SYNCHRONIZATION, octets 40-43
_DISCOVERY_VECTOR = 0x00000002  # 6.4.1: VECTOR_E131_EXTENDED_DISCOVERY, octets 40-43
_LIST_VECTOR = 0x00000001  # 8.2: VECTOR_UNIVERSE_DISCOVERY_UNIVERSE_LIST, octets 114-117
_LIST_LENGTH_FROM = 112  # 8.1

# Octets 0-15 preamble, 16-17 length, 18-21 vector, 22-37 CID | 38-39 length, 40-43 vector
_ROOT = struct.Struct("!16sHI16s HI")
# Octet 44 sequence, 45-46 synchronisation address, 47-48 reserved
_SYNC = struct.Struct("!BHH")
# Octets 44-107 source name, 108-111 reserved | 112-113 length, 114-117 vector, 118 page, 119 last page
_DISCOVERY = struct.Struct("!64sI HIBB")
_SYNC_BYTES = _ROOT.size + _SYNC.size
_DISCOVERY_BYTES = _ROOT.size + _DISCOVERY.size
assert (_SYNC_BYTES, _DISCOVERY_BYTES) == (49, 120)


@dataclass(frozen=True, slots=True)
class SyncPacket:
    """Receivers show what came with this synchronisation address; PacketError outside a clause's range."""

    cid: bytes
    sync_address: int
    sequence: int = 0

    def __post_init__(self) -> None:
        e131.within("CID length", len(self.cid), 16, 16)
        e131.within("synchronisation address", self.sync_address, 1, e131.MAX_UNIVERSE)
        e131.within("sequence", self.sequence, 0, 255)


@dataclass(frozen=True, slots=True)
class DiscoveryPacket:
    """One page of the universes that a source sends; PacketError outside a clause's range.

    A list that is not sorted, as 8.5 has it, is no fault: it is only shown.
    """

    cid: bytes
    source_name: str
    page: int
    last_page: int
    universes: tuple[int, ...]

    def __post_init__(self) -> None:
        e131.within("CID length", len(self.cid), 16, 16)
        e131.within("last page", self.last_page, 0, 255)
        e131.within("page", self.page, 0, self.last_page)
        e131.within("universes on a page", len(self.universes), 0, PAGE_UNIVERSES)
        for universe in self.universes:
            e131.within("universe", universe, 1, e131.MAX_UNIVERSE)


def discovery_pages(cid: bytes, source_name: str, universes: Iterable[int]) -> list[DiscoveryPacket]:
    """The pages that announce these universes: sorted, each once, up to 512 a page, one page for none (8)."""
    listed = tuple(sorted(set(universes)))
    last = max(len(listed) - 1, 0) // PAGE_UNIVERSES
    return [
        DiscoveryPacket(cid, source_name, page, last, listed[page * PAGE_UNIVERSES :][:PAGE_UNIVERSES])
        for page in range(last + 1)
    ]


def encode(packet: SyncPacket | DiscoveryPacket) -> bytes:
    """The packet's bytes: 49 of a synchronisation packet, 120 and two per universe of a discovery packet."""
    if isinstance(packet, SyncPacket):
        body = _SYNC.pack(packet.sequence, packet.sync_address, 0)
        return _root(packet.cid, _SYNC_VECTOR, len(body)) + body
    count = len(packet.universes)
    body = _DISCOVERY.pack(
        e131.fit_name(packet.source_name).encode(),
        0,
        e131.FLAGS | _DISCOVERY_BYTES + 2 * count - _LIST_LENGTH_FROM,
        _LIST_VECTOR,
        packet.page,
        packet.last_page,
    ) + struct.pack(f"!{count}H", *packet.universes)
    return _root(packet.cid, _DISCOVERY_VECTOR, len(body)) + body


def decode(data: bytes) -> SyncPacket | DiscoveryPacket:
    """What one datagram carries; PacketError unless every layer agrees with E1.31."""
    if len(data) < _SYNC_BYTES:
        raise PacketError(f"{len(data)} bytes are too short for E1.31 synchronisation or discovery")
    preamble, root_length, root_vector, cid, framing_length, vector = _ROOT.unpack_from(data)
    e131.same("preamble", preamble, e131.PREAMBLE)
    e131.same("root vector", root_vector, e131.EXTENDED_VECTOR)
    starts = (e131.ROOT_LENGTH_FROM, e131.FRAMING_LENGTH_FROM)
    e131.same("flags and lengths", (root_length, framing_length), _lengths(len(data), *starts))
    if vector == _SYNC_VECTOR:
        return _sync_in(data, cid)
    e131.same("framing vector", vector, _DISCOVERY_VECTOR)
    return _discovery_in(data, cid)


def _root(cid: bytes, vector: int, body_bytes: int) -> bytes:
    lengths = _lengths(_ROOT.size + body_bytes, e131.ROOT_LENGTH_FROM, e131.FRAMING_LENGTH_FROM)
    return _ROOT.pack(e131.PREAMBLE, lengths[0], e131.EXTENDED_VECTOR, cid, lengths[1], vector)


def _lengths(end: int, *starts: int) -> tuple[int, ...]:
    return tuple(e131.FLAGS | end - start & 0x0FFF for start in starts)


def _sync_in(data: bytes, cid: bytes) -> SyncPacket:
    e131.same("length of a synchronisation packet", len(data), _SYNC_BYTES)
    sequence, sync_address, _reserved = _SYNC.unpack_from(data, _ROOT.size)
    return SyncPacket(cid, sync_address, sequence)


def _discovery_in(data: bytes, cid: bytes) -> DiscoveryPacket:
    if len(data) < _DISCOVERY_BYTES or len(data) % 2:
        raise PacketError(f"{len(data)} bytes are no E1.31 discovery packet")
    name, _reserved, length, vector, page, last_page = _DISCOVERY.unpack_from(data, _ROOT.size)
    e131.same("list vector", vector, _LIST_VECTOR)
    e131.same("list length", length, *_lengths(len(data), _LIST_LENGTH_FROM))
    count = (len(data) - _DISCOVERY_BYTES) // 2
    universes = struct.unpack_from(f"!{count}H", data, _DISCOVERY_BYTES)
    return DiscoveryPacket(cid, e131.name_in(name), page, last_page, universes)
