"""The referee is judged first: each rule passes a right capture and catches a broken one. No network here."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conformance import ArtNet, Checker, Datagram, Sacn, datagrams_in

from lumad.protocols import artnet, artnet_poll, e131, e131_extended
from lumad.protocols.artnet_poll import ArtPoll, ArtPollReply, Port

CID = uuid.UUID("6c756d61-642d-4465-b374-2d6369642d31").bytes
NAME = "lumad für die Bühne"
US, NODE, OTHER, EVERYBODY = "10.77.0.1", "10.77.0.2", "10.77.0.3", "10.77.0.255"
UNIVERSES = (1, 255, 256, 63999)
SYNC = 7999
Capture = list[Datagram]
Told = Sacn | ArtNet

SACN = Sacn(
    cid=CID, name=NAME, priority=120, sync=SYNC, per_address_priority=True,
    ended=frozenset({256}), announced=UNIVERSES, source=US, ttl=8,
)  # fmt: skip
QUIET = Sacn(priority=120, suppress=True)
ART = ArtNet(source=US, broadcast=EVERYBODY, sync=True, ttl=64, answers=True)


class Wire:
    """A capture in the making: counts sequences as a right sender does."""

    def __init__(self) -> None:
        self.capture: Capture = []
        self._sequences: dict[Any, int] = {}

    def sent(self, time: float, to: str, payload: bytes, source: str = US, ttl: int = 8) -> None:
        port = 5568 if payload[4:7] == b"ASC" else 6454
        self.capture.append(Datagram(time, source, to, ttl, payload, port))

    def count(self, stream: Any, wrap: int = 256) -> int:
        self._sequences[stream] = self._sequences.get(stream, wrap - 7) + 1
        return self._sequences[stream] % wrap

    def data(self, time: float, universe: int, slots: bytes, **fields: Any) -> None:
        told = {"sync_address": SYNC, **fields}
        told["force_sync"] = bool(told["sync_address"])
        packet = e131.DataPacket(CID, universe, slots, self.count(universe), 120, NAME, **told)
        self.sent(time, e131.multicast_group(universe), e131.encode(packet))

    def sync(self, time: float) -> None:
        packet = e131_extended.SyncPacket(CID, SYNC, self.count("sync"))
        self.sent(time, e131.multicast_group(SYNC), e131_extended.encode(packet))

    def dmx(self, time: float, port_address: int, to: str) -> None:
        packet = artnet.ArtDmx(port_address, bytes(512), self.count((port_address, to), 255) + 1)
        self.sent(time, to, artnet.encode(packet), ttl=64)


@cache
def sacn() -> Capture:
    """Twelve seconds at ten frames: levels, priorities, synchronisation; universe 256 ends after six."""
    wire = Wire()
    for counter in range(120):
        time = counter / 10
        if counter in {0, 100}:
            for page in e131_extended.discovery_pages(CID, NAME, UNIVERSES):
                wire.sent(time, e131_extended.DISCOVERY_GROUP, e131_extended.encode(page))
        for universe in UNIVERSES:
            if universe == 256 and counter >= 60:
                continue
            wire.data(time, universe, bytes([counter] * 256 + [0] * 256))
            wire.data(time, universe, bytes([120] * 256 + [0] * 256), start_code=e131.PRIORITIES)
        wire.sync(time + 0.001)
        for _ in range(3 * (counter == 60)):
            wire.data(time + 0.001, 256, bytes(512), terminated=True)
    return wire.capture


@cache
def quiet() -> Capture:
    """One universe that changes twice, its packets suppressed in between."""
    wire = Wire()
    for start in (0.0, 4.1):
        for after in (0.0, 0.025, 0.05, 0.9, 1.8, 2.7, 3.6):
            wire.data(start + after, 1, bytes([int(start)] * 512), sync_address=0)
    return wire.capture


@cache
def art() -> Capture:
    """Six seconds: polls, a node's answers, ArtDmx to it alone, ArtSync, and another controller's poll."""
    wire = Wire()
    asks = ArtPollReply(
        NODE, ports=(Port(artnet_poll.PORT_OUTPUT, output=5), Port(0xC0, 3, 6)), net=1, sub_net=2
    )
    for time in (0.0, 2.7, 5.5):
        wire.sent(time, EVERYBODY, artnet_poll.encode(ArtPoll(artnet_poll.REPLY_ON_CHANGE)))
        wire.sent(time + 0.3, US, artnet_poll.encode(asks), source=NODE)
    wire.sent(1.0, EVERYBODY, artnet_poll.encode(ArtPoll()), source=OTHER)
    wire.sent(1.9, OTHER, artnet_poll.encode(artnet_poll.controller_reply(US, NAME, bytes(6))))
    for counter in range(56):
        for port_address in (0x125, 0x126):
            wire.dmx(0.4 + counter / 10, port_address, NODE)
        wire.sent(0.401 + counter / 10, EVERYBODY, artnet.encode(artnet.ArtSync()))
    return sorted(wire.capture)


RIGHT: dict[str, tuple[Told, Callable[[], Capture]]] = {
    "sacn": (SACN, sacn), "quiet": (QUIET, quiet), "art": (ART, art)
}  # fmt: skip


def is_data(one: Datagram) -> bool:
    return one.payload[18:22] == b"\0\0\0\4"


def is_sync(one: Datagram) -> bool:
    return len(one.payload) == 49


def is_discovery(one: Datagram) -> bool:
    return one.payload[40:44] == b"\0\0\0\2" and one.payload[18:22] == b"\0\0\0\x08"


def is_op(code: int, source: str = US) -> Callable[[Datagram], bool]:
    return lambda one: one.payload[8:10] == code.to_bytes(2, "little") and one.source == source


is_dmx, is_artsync = is_op(artnet.OP_DMX), is_op(artnet.OP_SYNC)
is_poll, is_reply = is_op(artnet_poll.OP_POLL), is_op(artnet_poll.OP_POLL_REPLY)
asks = is_op(artnet_poll.OP_POLL_REPLY, NODE)

Damage = Callable[[Capture], Capture]


def nth(
    which: Callable[[Datagram], bool], number: int, change: Callable[[Datagram], Datagram | None]
) -> Damage:
    """Changes one packet of a kind; None takes it away."""

    def damage(capture: Capture) -> Capture:
        at = [i for i, one in enumerate(capture) if which(one)][number]
        changed = change(capture[at])
        return [*capture[:at], *([] if changed is None else [changed]), *capture[at + 1 :]]

    return damage


def octets(at: int, right: bytes) -> Callable[[Datagram], Datagram]:
    return lambda one: one._replace(payload=one.payload[:at] + right + one.payload[at + len(right) :])


def field(**fields: Any) -> Callable[[Datagram], Datagram]:
    return lambda one: one._replace(**fields)


def gone(_: Datagram) -> None:
    return None


def without(which: Callable[[Datagram], bool]) -> Damage:
    return lambda capture: [one for one in capture if not which(one)]


def squeezed(factor: float) -> Damage:
    return lambda capture: [one._replace(time=one.time * factor) for one in capture]


def shorter(one: Datagram) -> Datagram:
    return one._replace(payload=one.payload[:-1])


def listed(*universes: int) -> Damage:
    page = e131_extended.DiscoveryPacket(CID, NAME, 0, 0, universes)
    return nth(is_discovery, 0, lambda one: one._replace(payload=e131_extended.encode(page)))


def later(seconds: float) -> Callable[[Datagram], Datagram]:
    return lambda one: one._replace(time=one.time + seconds)


def ended(one: Datagram) -> bool:
    return is_data(one) and bool(one.payload[e131.OPTIONS_AT] & e131.TERMINATED)


BROKEN: list[tuple[str, str, Damage]] = [
    ("sacn", "only_three_kinds_of_packet", nth(is_data, 5, octets(18, b"\0\0\0\5"))),
    ("sacn", "layout_of_data", nth(is_data, 5, octets(16, b"\x72\x6d"))),
    ("sacn", "layout_of_data", nth(is_data, 5, octets(118, b"\xa2"))),
    ("sacn", "layout_of_data", nth(is_data, 5, octets(123, b"\x02\x00"))),
    ("sacn", "layout_of_synchronisation", nth(is_sync, 5, octets(47, b"\1"))),
    ("sacn", "layout_of_discovery", nth(is_discovery, 0, octets(117, b"\2"))),
    ("sacn", "full_universes", nth(is_data, 5, shorter)),
    ("sacn", "group_of_the_universe", nth(is_data, 2, field(destination="239.255.1.0"))),  # 255 by // 255
    ("sacn", "group_of_the_universe", nth(is_sync, 2, field(destination="239.255.0.1"))),
    ("sacn", "group_of_the_universe", nth(is_discovery, 0, field(destination="255.255.255.255"))),
    ("sacn", "port_5568", nth(is_data, 5, field(port=6454))),
    ("sacn", "source_address_of_the_interface", nth(is_sync, 5, field(source="192.168.0.1"))),
    ("sacn", "time_to_live", nth(is_data, 5, field(ttl=1))),
    ("sacn", "one_cid", nth(is_data, 5, octets(22, b"another source"))),
    ("sacn", "name_cut_at_a_character", nth(is_data, 5, octets(44, b"x" * 62 + b"\xc3\0"))),
    ("sacn", "name_cut_at_a_character", nth(is_data, 5, octets(44, b"x" * 64))),
    ("sacn", "name_cut_at_a_character", nth(is_discovery, 0, octets(44, b"other\0"))),
    ("sacn", "priority_as_told", nth(is_data, 5, octets(108, b"\x64"))),
    ("sacn", "sequence_counts_every_packet_of_a_universe", nth(is_data, 60, gone)),
    ("sacn", "sequence_counts_every_packet_of_a_universe", nth(is_data, 61, octets(111, b"\0"))),  # of 0xDD
    ("sacn", "preview_and_reserved_options", nth(is_data, 5, octets(112, b"\xa0"))),
    ("sacn", "preview_and_reserved_options", nth(is_data, 5, octets(112, b"\0"))),
    ("sacn", "preview_and_reserved_options", nth(is_data, 5, octets(112, b"\x21"))),
    ("sacn", "three_packets_end_a_stream", nth(ended, -1, gone)),
    ("sacn", "three_packets_end_a_stream", without(ended)),
    ("sacn", "three_packets_end_a_stream", nth(is_data, -1, octets(112, b"\x40"))),
    ("sacn", "synchronisation_address", nth(is_data, 5, octets(109, b"\0\0"))),
    ("sacn", "synchronisation_address", nth(is_sync, 5, octets(45, b"\0\1"))),
    ("sacn", "synchronisation_has_a_sequence_of_its_own", nth(is_sync, 5, octets(44, b"\x50"))),
    ("sacn", "synchronisation_after_the_last_data", nth(is_sync, 5, gone)),
    ("sacn", "synchronisation_after_the_last_data", nth(is_sync, -1, later(-0.05))),
    ("sacn", "no_quicker_than_the_rate", squeezed(0.2)),
    ("sacn", "never_silent_for_more_than_a_second", squeezed(11)),
    ("sacn", "never_silent_for_more_than_a_second", without(lambda one: is_data(one) and 3 < one.time < 4.2)),
    ("quiet", "never_silent_for_more_than_a_second", lambda capture: capture[:4] + capture[6:]),
    ("quiet", "three_packets_then_one_each_800_to_1000_ms", nth(is_data, 4, later(-0.3))),
    ("quiet", "three_packets_then_one_each_800_to_1000_ms", nth(is_data, 1, gone)),
    ("sacn", "priority_of_each_address", nth(is_data, 5, octets(126, b"\xc9"))),
    ("sacn", "priority_of_each_address", nth(is_data, 8, octets(637, b"\x01"))),
    ("sacn", "priority_of_each_address", without(lambda one: is_data(one) and one.payload[125] == 0xDD)),
    ("sacn", "discovery_every_ten_seconds", nth(is_discovery, 1, later(0.7))),
    ("sacn", "discovery_every_ten_seconds", without(is_discovery)),
    ("sacn", "discovery_pages_of_512_sorted_universes", listed(255, 1, 256, 63999)),
    ("sacn", "discovery_pages_of_512_sorted_universes", listed(1, 255)),
    ("sacn", "discovery_pages_of_512_sorted_universes", nth(is_discovery, 0, octets(119, b"\1"))),
    ("art", "layout_of_artdmx", nth(is_dmx, 5, octets(11, b"\x0d"))),
    ("art", "layout_of_artdmx", nth(is_dmx, 5, octets(16, b"\x01\xff"))),
    ("art", "layout_of_artdmx", nth(is_dmx, 5, octets(15, b"\x81"))),
    ("art", "layout_of_artsync", nth(is_artsync, 5, octets(12, b"\1"))),
    ("art", "layout_of_artpoll", nth(is_poll, 0, shorter)),
    ("art", "layout_of_artpoll", nth(is_poll, 0, octets(12, b"\x80"))),
    ("art", "layout_of_artpollreply", nth(is_reply, 0, octets(10, b"\0\0\0\0"))),
    ("art", "layout_of_artpollreply", nth(is_reply, 0, octets(200, b"\0"))),
    ("art", "layout_of_artpollreply", nth(is_reply, 0, octets(26, b"x" * 18))),
    ("art", "only_four_kinds_of_packet", nth(is_dmx, 5, octets(8, b"\x00\x60"))),  # ArtAddress
    ("art", "port_6454", nth(is_dmx, 5, field(port=5568))),
    ("art", "source_address_of_the_interface", nth(is_dmx, 5, field(source="192.168.0.1"))),
    ("art", "time_to_live", nth(is_dmx, 5, field(ttl=1))),
    ("art", "sequence_1_to_255_per_port_address", nth(is_dmx, 20, gone)),
    ("art", "sequence_1_to_255_per_port_address", nth(is_dmx, 20, octets(12, b"\0"))),
    ("art", "artdmx_only_to_subscribers", nth(is_dmx, 5, field(destination=OTHER))),
    ("art", "artdmx_only_to_subscribers", nth(is_dmx, 5, field(destination=EVERYBODY))),
    ("art", "artdmx_only_to_subscribers", nth(is_dmx, 0, later(-0.2))),
    ("art", "artdmx_only_to_subscribers", without(asks)),
    ("art", "artdmx_to_every_subscriber", nth(asks, 0, field(source=OTHER))),
    ("art", "no_quicker_than_the_rate", squeezed(0.2)),
    ("art", "never_silent_for_more_than_four_seconds", lambda capture: [*capture, later(11)(capture[0])]),
    ("art", "artsync_after_the_last_artdmx", nth(is_artsync, 5, gone)),
    ("art", "artsync_after_the_last_artdmx", nth(is_artsync, -1, gone)),
    ("art", "polls_every_three_seconds", nth(is_poll, 1, later(0.4))),
    ("art", "polls_every_three_seconds", nth(is_poll, 1, field(destination="255.255.255.255"))),
    ("art", "polls_every_three_seconds", without(is_poll)),
    ("art", "every_poll_is_answered", nth(is_reply, 0, gone)),
    ("art", "every_poll_is_answered", nth(is_reply, 0, later(2.5))),
    ("art", "every_poll_is_answered", nth(is_reply, 0, field(destination=NODE))),
]  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_capture_keeps_every_rule(name: str):
    told, capture = RIGHT[name]
    Checker(told).check(capture())


@pytest.mark.parametrize(
    ("name", "rule", "damage"), BROKEN, ids=[f"{i}-{rule}" for i, (_, rule, _) in enumerate(BROKEN)]
)
def test_a_broken_capture_breaks_its_rule(name: str, rule: str, damage: Damage):
    told, capture = RIGHT[name]
    assert rule in Checker(told).violations(damage(capture()))


@pytest.mark.parametrize("told", [SACN, ART])
def test_every_rule_has_a_capture_that_breaks_it(told: Told):
    kind = type(told)
    broken = {rule for name, rule, _ in BROKEN if isinstance(RIGHT[name][0], kind)}
    assert broken == {rule.name for rule in Checker(told).rules}


def test_a_violation_names_rule_clause_packet_and_what_is_wrong():
    capture = nth(is_data, 5, octets(108, b"\x64"))(sacn())
    with pytest.raises(AssertionError) as failed:
        Checker(SACN).check(capture)
    assert str(failed.value) == (
        "priority_as_told (6.2.3): universe 256 to 239.255.1.0 at 0.000 s: priority 100, not 120"
    )


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        (replace(SACN, sync=0), "synchronisation_address"),
        (replace(SACN, preview=True), "preview_and_reserved_options"),
        (replace(SACN, ended=frozenset()), "three_packets_end_a_stream"),
        (replace(SACN, per_address_priority=False), "priority_of_each_address"),
        (replace(SACN, suppress=True), "three_packets_then_one_each_800_to_1000_ms"),
        (replace(SACN, name="other"), "name_cut_at_a_character"),
        (replace(SACN, to=(NODE,)), "group_of_the_universe"),
        (replace(SACN, ipv6=True), "group_of_the_universe"),
        (replace(SACN, rate_hz=8), "no_quicker_than_the_rate"),
    ],
)
def test_what_nobody_told_the_output_is_a_violation(told: Sacn, rule: str):
    assert rule in Checker(told).violations(sacn())


def test_what_nobody_told_an_art_net_output_is_a_violation():
    assert "artsync_after_the_last_artdmx" in Checker(replace(ART, sync=False)).violations(art())
    assert "artdmx_only_to_subscribers" in Checker(replace(ART, to=(OTHER,))).violations(art())
    Checker(replace(ART, to=(NODE,))).check(art())


def test_a_unicast_list_counts_each_node_for_itself():
    nodes = (NODE, OTHER)
    capture = [
        packet._replace(destination=to)
        for packet in sacn()
        for to in ((packet.destination,) if is_discovery(packet) else nodes)
    ]
    Checker(replace(SACN, to=nodes)).check(capture)


def test_a_cid_that_is_no_uuid_is_told_where_none_is_given():
    told = replace(SACN, cid=None)
    Checker(told).check(sacn())
    assert "one_cid" in Checker(told).violations([octets(30, b"\0")(packet) for packet in sacn()])


def test_a_first_synchronisation_may_leave_twice_half_a_circle_apart():
    first = next(packet for packet in sacn() if is_sync(packet))
    number = first.payload[e131_extended.SYNC_SEQUENCE_AT]
    doubled = octets(e131_extended.SYNC_SEQUENCE_AT, bytes([(number + 128) % 256]))(first)
    Checker(SACN).check(sorted([doubled, *sacn()], key=lambda packet: packet.time))


def test_groups_of_ipv6_are_known():
    def over_ipv6() -> Iterator[Datagram]:
        for packet in quiet():
            yield packet._replace(destination=e131.multicast_group6(1))

    Checker(replace(QUIET, ipv6=True)).check(over_ipv6())


def test_512_universes_a_page_and_the_rest_on_the_next():
    universes = range(1, 514)
    pages = e131_extended.discovery_pages(CID, NAME, universes)
    told = Sacn(announced=tuple(universes))
    capture = [
        Datagram(0.0, US, e131_extended.DISCOVERY_GROUP, 8, e131_extended.encode(page), 5568)
        for page in pages
    ]
    Checker(told).check(capture)
    assert "discovery_pages_of_512_sorted_universes" in Checker(told).violations(capture[:1])
    assert "discovery_pages_of_512_sorted_universes" in Checker(told).violations(capture[1:])


def test_the_packets_of_other_outputs_and_protocols_do_not_matter():
    other = [octets(113, b"\0\2")(octets(108, b"\x64")(packet)) for packet in quiet()]
    everything = sorted([*sacn(), *other, *art()], key=lambda packet: packet.time)
    Checker(replace(SACN, universes=frozenset(UNIVERSES))).check(everything)
    Checker(ART).check(packet for packet in everything if packet.time < 6)
    assert "priority_as_told" in Checker(SACN).violations(everything)


def ethernet(datagram: Datagram, kind: bytes, network: bytes) -> bytes:
    udp = (5568).to_bytes(2) + datagram.port.to_bytes(2) + (len(datagram.payload) + 8).to_bytes(2) + bytes(2)
    return bytes(12) + kind + network + udp + datagram.payload + b"padding"


def test_a_capture_file_is_read_as_datagrams(tmp_path: Path):
    four = Datagram(1.5, US, "239.255.0.1", 8, b"levels", 5568)
    six = Datagram(2.25, "fe80::1", "ff18::8300:1", 9, b"levels", 5568)
    addresses = bytes.fromhex("fe80" + "00" * 13 + "01 ff18" + "00" * 10 + "83000001")
    frames = [
        ethernet(four, b"\x08\0", bytes.fromhex("45 00 0000 0000 0000 08 11 0000 0a4d0001 efff0001")),
        ethernet(six, b"\x86\xdd", bytes.fromhex("60000000 0000 11 09") + addresses),
        bytes(12) + b"\x08\x06" + bytes(28),  # ARP
    ]  # fmt: skip
    file = tmp_path / "wire.pcap"
    times = [(1, 500_000), (2, 250_000), (3, 0)]
    records = [
        b"".join(number.to_bytes(4, "little") for number in (*time, len(frame), len(frame))) + frame
        for time, frame in zip(times, frames, strict=True)
    ]
    file.write_bytes(bytes(24) + b"".join(records))
    assert list(datagrams_in(str(file))) == [four, six]
