"""The rules of Art-Net 4 (the page of its text beside each), on octets read here and nowhere else."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from itertools import pairwise

from captured import Datagram
from rulebook import JITTER_S, Rulebook, streams, too_quick

RULES = Rulebook()

_DMX, _SYNC, _POLL, _REPLY = 0x5000, 0x5200, 0x2000, 0x2100
_NAMES = {_DMX: "ArtDmx", _SYNC: "ArtSync", _POLL: "ArtPoll", _REPLY: "ArtPollReply"}
_TARGETED = 0x20
_CONTROLLER = 0x01


@dataclass(frozen=True, kw_only=True)
class ArtNet:
    """What an output was told; the capture must begin before it sends. None is not judged."""

    source: str  # our own address: tells our polls and replies from theirs
    broadcast: str  # the directed broadcast address of that interface
    port_addresses: frozenset[int] | None = None  # only these are this output's
    to: tuple[str, ...] = ()  # () = to those who subscribe
    sync: bool = False
    rate_hz: float = 44
    ttl: int | None = None
    answers: bool = False  # whether polls of others must be answered


class Packet:
    """One Art-Net packet by its octets."""

    def __init__(self, datagram: Datagram) -> None:
        self.time, self.source, self.to, self.ttl, self.octets, self.port = datagram

    @property
    def opcode(self) -> int:
        return int.from_bytes(self.octets[8:10], "little")

    @property
    def port_address(self) -> int:
        """Of ArtDmx."""
        return int.from_bytes(self.octets[14:16], "little")

    @cached_property
    def outputs(self) -> set[int]:
        """Of ArtPollReply: the port-addresses it asks for."""
        base = self.octets[18] << 8 | self.octets[19] << 4
        ports = range(min(self.octets[173], 4))
        return {base | self.octets[190 + i] & 15 for i in ports if self.octets[174 + i] & 0x80}

    def __str__(self) -> str:
        """Its name in a violation."""
        what = _NAMES.get(self.opcode, f"opcode {self.opcode:#06x}")
        what += f" {self.port_address}" * (self.opcode == _DMX)
        return f"{what} to {self.to} at {self.time:.3f} s"


class ArtNetCapture:
    """The Art-Net packets of a capture that belong to one output, and those of the nodes."""

    def __init__(self, datagrams: list[Datagram], told: ArtNet) -> None:
        self.told = told
        self.end = max((datagram.time for datagram in datagrams), default=0.0)
        found = [Packet(one) for one in datagrams if one.payload[:8] == b"Art-Net\0"]
        kinds = streams(found, lambda packet: packet.opcode)
        ours = told.port_addresses
        self.dmx = [p for p in kinds.get(_DMX, []) if ours is None or p.port_address in ours]
        self.syncs = kinds.get(_SYNC, [])
        self.polls = [p for p in kinds.get(_POLL, []) if p.source == told.source]
        self.their_polls = [p for p in kinds.get(_POLL, []) if p.source != told.source]
        self.replies = [p for p in kinds.get(_REPLY, []) if p.source == told.source]
        self.their_replies = [p for p in kinds.get(_REPLY, []) if p.source != told.source]
        self.strays = [p for p in found if p.opcode not in _NAMES and p.source == told.source]

    @cached_property
    def ours(self) -> list[Packet]:
        return self.dmx + self.syncs + self.polls + self.replies

    @cached_property
    def lanes(self) -> list[list[Packet]]:
        """Per port-address, source and destination."""
        return list(streams(self.dmx, lambda p: (p.port_address, p.source, p.to)).values())


def _starts(packet: Packet, right: bytes, length: int) -> Iterator[str]:
    if packet.octets[: len(right)] != right:
        yield f"{packet}: begins {packet.octets[: len(right)].hex()}, not {right.hex()}"
    if len(packet.octets) != length:
        yield f"{packet}: {len(packet.octets)} octets, not {length}"


@RULES("ArtDmx; house contract: 512 levels")
def layout_of_artdmx(seen: ArtNetCapture) -> Iterator[str]:
    for packet in seen.dmx:
        yield from _starts(packet, b"Art-Net\0" + bytes.fromhex("0050 000e"), 530)
        length = int.from_bytes(packet.octets[16:18])
        if length % 2 or not 2 <= length <= 512 or length != len(packet.octets) - 18:
            yield f"{packet}: length {length} before {len(packet.octets) - 18} levels"
        if packet.port_address > 0x7FFF:
            yield f"{packet}: no port-address"


@RULES("ArtSync")
def layout_of_artsync(seen: ArtNetCapture) -> Iterator[str]:
    for packet in seen.syncs:
        yield from _starts(packet, b"Art-Net\0" + bytes.fromhex("0052 000e 0000"), 14)


@RULES("ArtPoll")
def layout_of_artpoll(seen: ArtNetCapture) -> Iterator[str]:
    for packet in seen.polls:
        yield from _starts(packet, b"Art-Net\0" + bytes.fromhex("0020 000e"), 22)
        if packet.octets[12] & 0b11000001:
            yield f"{packet}: flags {packet.octets[12]:#04x} use bits that mean nothing"


@RULES("ArtPollReply")
def layout_of_artpollreply(seen: ArtNetCapture) -> Iterator[str]:
    for packet in seen.replies:
        address = ip_address(seen.told.source).packed
        yield from _starts(packet, b"Art-Net\0" + bytes.fromhex("0021") + address + b"\x36\x19", 239)
        for at, length in ((26, 18), (44, 64), (108, 64)):
            if b"\0" not in packet.octets[at : at + length]:
                yield f"{packet}: the name at octet {at} has no end"
        if packet.octets[200:201] != bytes([_CONTROLLER]):
            yield f"{packet}: style {packet.octets[200:201].hex()}, not a controller's"


@RULES("opcodes: nothing but light and discovery leaves")
def only_four_kinds_of_packet(seen: ArtNetCapture) -> Iterator[str]:
    for packet in seen.strays:
        yield f"{packet}: what is that?"


@RULES("UDP port 0x1936")
def port_6454(seen: ArtNetCapture) -> Iterator[str]:
    for packet in seen.ours:
        if packet.port not in {0, 6454}:
            yield f"{packet}: to port {packet.port}"


@RULES("house: the interface that was chosen")
def source_address_of_the_interface(seen: ArtNetCapture) -> Iterator[str]:
    for packet in seen.dmx + seen.syncs:
        if packet.source != seen.told.source:
            yield f"{packet}: from {packet.source}, not {seen.told.source}"


@RULES("house: ttl as told")
def time_to_live(seen: ArtNetCapture) -> Iterator[str]:
    for packet in seen.dmx:
        if seen.told.ttl not in {None, packet.ttl}:
            yield f"{packet}: TTL {packet.ttl}, not {seen.told.ttl}"


@RULES("ArtDmx: Sequence")
def sequence_1_to_255_per_port_address(seen: ArtNetCapture) -> Iterator[str]:
    for lane in seen.lanes:
        for packet in lane:
            if packet.octets[12] == 0:
                yield f"{packet}: sequence 0"
        for last, new in pairwise(lane):
            if new.octets[12] != last.octets[12] % 255 + 1:
                yield f"{new}: sequence {new.octets[12]} after {last.octets[12]}"


@RULES("Subscription: no ArtDmx without a subscriber, broadcast only if asked")
def artdmx_only_to_subscribers(seen: ArtNetCapture) -> Iterator[str]:
    for lane in seen.lanes:
        first = lane[0]
        asked = [
            reply.time for reply in seen.their_replies
            if reply.source == first.to and first.port_address in reply.outputs
        ]  # fmt: skip
        subscribed = bool(asked) and min(asked) <= first.time
        if first.to not in seen.told.to and (seen.told.to or not subscribed):
            yield f"{first}: {first.to} never asked for it"


@RULES("Subscription: ArtDmx to every subscriber")
def artdmx_to_every_subscriber(seen: ArtNetCapture) -> Iterator[str]:
    served = {(packet.port_address, packet.to) for packet in seen.dmx}
    wanted = {packet.port_address for packet in seen.dmx} | (seen.told.port_addresses or set())
    asked = {
        (port_address, reply.source)
        for reply in seen.their_replies
        for port_address in reply.outputs & wanted
        if not seen.told.to and reply.time < seen.end - 1.0
    }
    for port_address, node in sorted(asked - served):
        yield f"{node} asks for port-address {port_address} and gets nothing"


@RULES("DMX512 (E1.11): 44 Hz")
def no_quicker_than_the_rate(seen: ArtNetCapture) -> Iterator[str]:
    for lane in seen.lanes:
        for when in too_quick([packet.time for packet in lane], seen.told.rate_hz):
            yield f"{lane[0]}: more than {seen.told.rate_hz} Hz up to {when:.3f} s"


@RULES("ArtDmx: repeated every 4 s")
def never_silent_for_more_than_four_seconds(seen: ArtNetCapture) -> Iterator[str]:
    for lane in seen.lanes:
        times = [packet.time for packet in lane] + [seen.end]
        for packet, (last, new) in zip(lane, pairwise(times), strict=True):
            if new - last > 4.0 + JITTER_S:
                yield f"{packet}: then silent for {new - last:.3f} s"


@RULES("ArtSync: after the ArtDmx of a frame")
def artsync_after_the_last_artdmx(seen: ArtNetCapture) -> Iterator[str]:
    if not seen.told.sync:
        yield from (f"{packet}: nobody asked for it" for packet in seen.syncs)
        return
    waiting: dict[tuple[int, str, str], Packet] = {}
    for packet in sorted(seen.dmx + seen.syncs, key=lambda packet: packet.time):
        if packet.opcode == _SYNC:
            everybody = packet.to in {seen.told.broadcast, "255.255.255.255"}
            waiting = {key: one for key, one in waiting.items() if not everybody and one.to != packet.to}
            continue
        key = (packet.port_address, packet.source, packet.to)
        if key in waiting:
            yield f"{packet}: no ArtSync since the last one"
        waiting[key] = packet
    for packet in waiting.values():
        yield f"{packet}: no ArtSync after it"


@RULES("ArtPoll: to the directed broadcast every 2.5 to 3 s")
def polls_every_three_seconds(seen: ArtNetCapture) -> Iterator[str]:
    for packet in seen.polls:
        if packet.to != seen.told.broadcast:
            yield f"{packet}: not to {seen.told.broadcast}"
    for last, new in pairwise(seen.polls):
        if not 2.5 - JITTER_S <= new.time - last.time <= 3.0 + JITTER_S:
            yield f"{new}: {new.time - last.time:.3f} s after the last one"
    if not seen.told.to and not seen.polls:
        yield "no ArtPoll, though the output discovers its nodes"


@RULES("ArtPollReply: unicast within 3 s")
def every_poll_is_answered(seen: ArtNetCapture) -> Iterator[str]:
    for reply in seen.replies:
        if not any(poll.source == reply.to and poll.time <= reply.time for poll in seen.their_polls):
            yield f"{reply}: {reply.to} never polled"
    for poll in seen.their_polls if seen.told.answers else []:
        late = poll.time + 3.0 + JITTER_S
        answers = [r for r in seen.replies if r.to == poll.source and poll.time <= r.time <= late]
        if not answers and not poll.octets[12] & _TARGETED and late <= seen.end:
            yield f"ArtPoll of {poll.source} at {poll.time:.3f} s: no answer"
