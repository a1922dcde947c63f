"""The rules of E1.31 (ANSI E1.31-2018, clauses beside each), on octets read here and nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from itertools import groupby, pairwise

from captured import Datagram
from rulebook import JITTER_S, Rulebook, streams, too_quick

RULES = Rulebook()

_PREAMBLE = bytes.fromhex("0010 0000 4153432d45312e3137000000")
_DISCOVERY = 64214
_PREVIEW, _TERMINATED, _FORCE, _RESERVED = 0x80, 0x40, 0x20, 0x1F
_SUPPRESSED_S = 0.25  # a longer gap between equal packets is suppression


@dataclass(frozen=True, kw_only=True)
class Sacn:
    """What an output was told; the capture must begin before it sends. None is not judged."""

    universes: frozenset[int] | None = None  # only these are this output's
    cid: bytes | None = None
    name: str | None = None
    priority: int = 100
    preview: bool = False
    sync: int = 0
    per_address_priority: bool = False
    rate_hz: float = 44
    suppress: bool = False
    ended: frozenset[int] = frozenset()  # universes that were released or removed
    announced: tuple[int, ...] | None = None  # what discovery lists
    to: tuple[str, ...] = ()  # () = multicast
    ipv6: bool = False
    source: str | None = None
    ttl: int | None = None


class Packet:
    """One E1.31 packet by its octets (table 4-1); only `kind` looks before it reads."""

    def __init__(self, datagram: Datagram) -> None:
        self.time, self.source, self.to, self.ttl, self.octets, self.port = datagram

    @cached_property
    def kind(self) -> str:
        root, framing = self.octets[18:22], self.octets[40:44]
        if root == b"\0\0\0\4" and len(self.octets) >= 126:
            return "data"
        if (root, framing) == (b"\0\0\0\x08", b"\0\0\0\1") and len(self.octets) >= 49:
            return "sync"
        if (root, framing) == (b"\0\0\0\x08", b"\0\0\0\2") and len(self.octets) >= 120:
            return "discovery"
        return "stray"

    def word(self, at: int) -> int:
        return int.from_bytes(self.octets[at : at + 2])

    @property
    def cid(self) -> bytes:
        return self.octets[22:38]

    @property
    def sequence(self) -> int:
        return self.octets[111 if self.kind == "data" else 44]

    @property
    def universe(self) -> int:
        return self.word(113)

    @property
    def sync(self) -> int:
        return self.word(109 if self.kind == "data" else 45)

    @property
    def options(self) -> int:
        return self.octets[112]

    @property
    def terminated(self) -> bool:
        return bool(self.options & _TERMINATED)

    @property
    def start_code(self) -> int:
        return self.octets[125]

    @property
    def slots(self) -> bytes:
        return self.octets[126:]

    def __str__(self) -> str:
        """Its name in a violation."""
        what = f"universe {self.universe}" if self.kind == "data" else self.kind
        return f"{what} to {self.to} at {self.time:.3f} s"


class SacnCapture:
    """The E1.31 packets of a capture that belong to one output."""

    def __init__(self, datagrams: list[Datagram], told: Sacn) -> None:
        self.told = told
        self.end = max((datagram.time for datagram in datagrams), default=0.0)
        found = [Packet(one) for one in datagrams if one.payload[4:13] == b"ASC-E1.17" or one.port == 5568]
        kinds = streams(found, lambda packet: packet.kind)
        self.strays, self.discoveries = kinds.get("stray", []), kinds.get("discovery", [])
        ours = told.universes
        self.data = [p for p in kinds.get("data", []) if ours is None or p.universe in ours]
        self.syncs = [p for p in kinds.get("sync", []) if ours is None or p.sync == told.sync]

    @cached_property
    def all(self) -> list[Packet]:
        return sorted([*self.data, *self.syncs, *self.discoveries], key=lambda packet: packet.time)

    @cached_property
    def universes(self) -> list[list[Packet]]:
        """Per universe, source and destination: what one sequence counts."""
        return list(streams(self.data, lambda p: (p.cid, p.universe, p.source, p.to)).values())

    @cached_property
    def lanes(self) -> list[list[Packet]]:
        """The same, levels and priorities apart, without the packets that end it: what a rate is asked of."""
        found = streams(self.data, lambda p: (p.cid, p.universe, p.source, p.to, p.start_code))
        return [[p for p in lane if not p.terminated] for lane in found.values()]


def _wrong(packet: Packet, fixed: dict[int, bytes], lengths: tuple[int, ...]) -> Iterator[str]:
    """Octets that are not what every packet of this kind has."""
    octets = packet.octets
    fixed = fixed | {at: (0x7000 | len(octets) - at).to_bytes(2) for at in lengths}
    for at, right in {0: _PREAMBLE, **fixed}.items():
        found = octets[at : at + len(right)]
        if found != right:
            yield f"{packet}: octets {at}.. are {found.hex()}, not {right.hex()}"


def _group(universe: int, *, ipv6: bool) -> str:
    last = universe.to_bytes(2)
    octets = bytes.fromhex("ff18 00000000000000000000 8300") + last if ipv6 else bytes([239, 255]) + last
    return str(ip_address(octets))


@RULES("5.5")
def only_three_kinds_of_packet(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.strays:
        yield f"{packet}: neither data nor synchronisation nor discovery: {packet.octets[:44].hex()}"


@RULES("5.1-5.5, 6.1, 6.2, 7.1-7.6")
def layout_of_data(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.data:
        count = (len(packet.octets) - 125).to_bytes(2)
        fixed = {40: bytes.fromhex("00000002"), 117: bytes.fromhex("02a100000001"), 123: count}
        yield from _wrong(packet, fixed, (16, 38, 115))


@RULES("6.3")
def layout_of_synchronisation(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.syncs:
        yield from _wrong(packet, {47: bytes(2)}, (16, 38))
        if len(packet.octets) != 49:
            yield f"{packet}: {len(packet.octets)} octets, not 49"


@RULES("6.4, 8.1-8.2")
def layout_of_discovery(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.discoveries:
        yield from _wrong(packet, {108: bytes(4), 114: bytes.fromhex("00000001")}, (16, 38, 112))


@RULES("house contract: packets carry 512 slots")
def full_universes(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.data:
        if len(packet.slots) != 512:
            yield f"{packet}: {len(packet.slots)} slots, not 512"


@RULES("6.2.7, 9.3, appendix A")
def group_of_the_universe(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.all:
        universe = {"data": packet.word(113), "sync": packet.word(45)}.get(packet.kind, _DISCOVERY)
        group = _group(universe, ipv6=seen.told.ipv6)
        right = (packet.kind != "discovery" and seen.told.to) or (group,)
        if packet.to not in right:
            yield f"{packet}: not to {' or '.join(right)}"
        if packet.kind == "data" and not 1 <= packet.universe <= 63999:
            yield f"{packet}: no universe"


@RULES("appendix A: ACN_SDT_MULTICAST_PORT")
def port_5568(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.all:
        if packet.port not in {0, 5568}:
            yield f"{packet}: to port {packet.port}"


@RULES("9.1: the interface that was chosen")
def source_address_of_the_interface(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.all:
        if seen.told.source not in {None, packet.source}:
            yield f"{packet}: from {packet.source}, not {seen.told.source}"


@RULES("house: ttl as told")
def time_to_live(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.all:
        if seen.told.ttl not in {None, packet.ttl}:
            yield f"{packet}: TTL {packet.ttl}, not {seen.told.ttl}"


@RULES("5.6: one for ever; RFC 4122")
def one_cid(seen: SacnCapture) -> Iterator[str]:
    told = seen.told.cid
    for cid in {packet.cid for packet in seen.all} - {told}:
        if told is not None:
            yield f"CID {cid.hex()}, not {told.hex()}"
        elif cid[8] >> 6 != 0b10:
            yield f"CID {cid.hex()} is no UUID"
    if told is None and len({packet.cid for packet in seen.all}) > 1:
        yield "more than one CID"


@RULES("6.2.2")
def name_cut_at_a_character(seen: SacnCapture) -> Iterator[str]:
    told = seen.told.name
    fitting = None if told is None else told.encode()[:63].decode(errors="ignore")
    for field in {packet.octets[44:108] for packet in seen.data + seen.discoveries}:
        name, nul, rest = field.partition(b"\0")
        if not nul or rest.strip(b"\0"):
            yield f"name {field!r} is not filled with NUL, one at least"
        elif name.decode(errors="replace").encode() != name:
            yield f"name {name!r} is no UTF-8"
        elif fitting not in {None, name.decode()}:
            yield f"name {name.decode()!r}, not {fitting!r}"


@RULES("6.2.3")
def priority_as_told(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.data:
        if packet.octets[108] != seen.told.priority:
            yield f"{packet}: priority {packet.octets[108]}, not {seen.told.priority}"


@RULES("6.2.5, 6.7.2")
def sequence_counts_every_packet_of_a_universe(seen: SacnCapture) -> Iterator[str]:
    for stream in seen.universes:
        for last, new in pairwise(stream):
            if new.sequence != (last.sequence + 1) % 256:
                yield f"{new}: sequence {new.sequence} after {last.sequence}"


@RULES("6.2.6")
def preview_and_reserved_options(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.data:
        right = _PREVIEW * seen.told.preview | _FORCE * bool(seen.told.sync)
        if packet.options & ~_TERMINATED != right:
            yield f"{packet}: options {packet.options:#04x}, not {right:#04x}"


@RULES("6.2.6")
def three_packets_end_a_stream(seen: SacnCapture) -> Iterator[str]:
    for stream in seen.universes:
        universe = stream[0].universe
        ends = [len(list(run)) for ended, run in groupby(stream, lambda packet: packet.terminated) if ended]
        if universe not in seen.told.ended and ends:
            yield f"{stream[0]}: ended, but nobody ended it"
        elif universe in seen.told.ended and (not ends or set(ends) != {3}):
            yield f"{stream[0]}: ended by {ends or 'no'} packets, not by 3"


@RULES("6.2.4, 6.3.3")
def synchronisation_address(seen: SacnCapture) -> Iterator[str]:
    for packet in seen.data + seen.syncs:
        if packet.sync != seen.told.sync:
            yield f"{packet}: synchronisation address {packet.sync}, not {seen.told.sync}"
    if not seen.told.sync and seen.syncs:
        yield "synchronisation packets without an address"


@RULES("6.3.2; house: the first may leave twice, half a circle apart")
def synchronisation_has_a_sequence_of_its_own(seen: SacnCapture) -> Iterator[str]:
    for stream in streams(seen.syncs, lambda p: (p.cid, p.sync, p.source, p.to)).values():
        for last, new in pairwise(stream):
            steps = {1, 128} if last is stream[0] else {1}
            if (new.sequence - last.sequence) % 256 not in steps:
                yield f"{new}: sequence {new.sequence} after {last.sequence}"


@RULES("6.3, 11.1")
def synchronisation_after_the_last_data(seen: SacnCapture) -> Iterator[str]:
    waiting: dict[tuple[int, int, str, str], Packet] = {}
    for packet in sorted(seen.data + seen.syncs, key=lambda packet: packet.time):
        if packet.kind == "sync":
            everybody = packet.to == _group(packet.sync, ipv6=seen.told.ipv6)
            waiting = {key: one for key, one in waiting.items() if not everybody and one.to != packet.to}
            continue
        key = (packet.universe, packet.start_code, packet.source, packet.to)
        if key in waiting:
            yield f"{packet}: no synchronisation since the last one"
        if packet.sync and not packet.terminated:
            waiting[key] = packet
    for packet in waiting.values():
        yield f"{packet}: no synchronisation after it"


@RULES("6.6.1")
def no_quicker_than_the_rate(seen: SacnCapture) -> Iterator[str]:
    for lane in seen.lanes:
        for when in too_quick([packet.time for packet in lane], seen.told.rate_hz):
            yield f"{lane[0]}: more than {seen.told.rate_hz} Hz up to {when:.3f} s"


@RULES("6.6.2")
def never_silent_for_more_than_a_second(seen: SacnCapture) -> Iterator[str]:
    for stream in seen.universes:
        for lane in streams(stream, lambda packet: packet.start_code).values():
            times = [packet.time for packet in lane] + [seen.end] * (not stream[-1].terminated)
            for packet, (last, new) in zip(lane, pairwise(times), strict=False):
                if new - last > 1.0 + JITTER_S and not packet.terminated:
                    yield f"{packet}: then silent for {new - last:.3f} s"


@RULES("6.6.2")
def three_packets_then_one_each_800_to_1000_ms(seen: SacnCapture) -> Iterator[str]:
    for lane in seen.lanes if seen.told.suppress else []:
        for _, run in groupby(lane, lambda packet: packet.slots):
            equal = list(run)
            gaps = [new.time - last.time for last, new in pairwise(equal)]
            quick = next((i for i, gap in enumerate(gaps) if gap > _SUPPRESSED_S), len(gaps)) + 1
            if quick > 4 or (quick < 3 and quick <= len(gaps)):
                yield f"{equal[0]}: {quick} equal packets before suppression, not 3 or 4"
            for packet, gap in zip(equal[quick:], gaps[quick - 1 :], strict=True):
                if not 0.8 - JITTER_S <= gap <= 1.0 + JITTER_S:
                    yield f"{packet}: {gap:.3f} s after the last one"


@RULES("ETC per-address priority, start code 0xDD")
def priority_of_each_address(seen: SacnCapture) -> Iterator[str]:
    for stream in seen.universes:
        kinds = {packet.start_code for packet in stream}
        if kinds - {0, 0xDD} or (0xDD in kinds) != seen.told.per_address_priority:
            yield f"{stream[0]}: start codes {sorted(kinds)}"
        owned = b"\1" * 512
        for packet in stream:
            if packet.start_code == 0xDD:
                owned = packet.slots
                if max(owned, default=0) > 200:
                    yield f"{packet}: a priority of {max(owned)}"
            elif any(level for level, mine in zip(packet.slots, owned, strict=False) if not mine):
                yield f"{packet}: a level where the priority is 0"


def _rounds(seen: SacnCapture) -> Iterator[list[Packet]]:
    """The pages of one announcement each."""
    for stream in streams(seen.discoveries, lambda p: (p.cid, p.source, p.to)).values():
        pages: list[Packet] = []
        for packet in stream:
            if packet.octets[118] == 0 and pages:
                yield pages
                pages = []
            pages.append(packet)
        yield pages


def _listed(packet: Packet) -> list[int]:
    return [packet.word(at) for at in range(120, len(packet.octets) - 1, 2)]


@RULES("4.3, appendix A: E131_UNIVERSE_DISCOVERY_INTERVAL")
def discovery_every_ten_seconds(seen: SacnCapture) -> Iterator[str]:
    for stream in streams(seen.discoveries, lambda p: (p.cid, p.source, p.to)).values():
        starts = [packet for packet in stream if packet.octets[118] == 0]
        for last, new in pairwise(starts):
            if not 9.5 <= new.time - last.time <= 10.5:
                yield f"{new}: {new.time - last.time:.3f} s after the last one"
    begun = seen.data[0].time if seen.data else seen.end
    last_seen = max((packet.time for packet in seen.discoveries), default=begun)
    if seen.told.announced is not None and seen.end - last_seen > 10.5:
        yield f"no discovery for {seen.end - last_seen:.1f} s"


@RULES("6.4, 8.3-8.5")
def discovery_pages_of_512_sorted_universes(seen: SacnCapture) -> Iterator[str]:
    for pages in _rounds(seen):
        numbers = [(packet.octets[118], packet.octets[119]) for packet in pages]
        if numbers != [(page, len(pages) - 1) for page in range(len(pages))]:
            yield f"{pages[0]}: pages {numbers}"
        if any(len(_listed(packet)) != 512 for packet in pages[:-1]) or len(_listed(pages[-1])) > 512:
            yield f"{pages[0]}: a page is not full, or holds more than 512 universes"
        universes = [universe for packet in pages for universe in _listed(packet)]
        if universes != sorted(set(universes)):
            yield f"{pages[0]}: universes not sorted, or twice"
        if seen.told.announced is not None and universes != sorted(seen.told.announced):
            yield f"{pages[0]}: lists {universes}, not {sorted(seen.told.announced)}"
