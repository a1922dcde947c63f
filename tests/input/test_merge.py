"""What several sources of one universe make together."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.input.arbiter import MAX_SOURCES, PER_ADDRESS_PRIORITY, Arbiter
from lumad.input.complaints import Complaints
from lumad.input.merge import Merged
from lumad.protocols import artnet, e131

US, THEM = bytes(15) + b"\1", bytes(15) + b"\2"
PACKET = e131.DataPacket(US, 7, b"\1\2\3")


class Wire:
    """Sources that number their packets as they should."""

    def __init__(self, **options: object) -> None:
        self.arbiter = Arbiter(**options)  # type: ignore[arg-type]
        self.sequences: dict[bytes, int] = {}

    def say(self, now: float, slots: bytes, cid: bytes = US, **fields: object) -> None:
        self.sequences[cid] = (self.sequences.get(cid, -1) + 1) % 256
        said = {"cid": cid, "slots": slots, "sequence": self.sequences[cid]} | fields
        self.arbiter.hear(e131.encode(dataclasses.replace(PACKET, **said)), "10.0.0.9", now)

    def priorities(self, now: float, slots: bytes, cid: bytes = US) -> None:
        self.say(now, slots, cid, start_code=PER_ADDRESS_PRIORITY)

    def show(self, now: float, address: str, levels: bytes, sequence: int = 0) -> None:
        self.arbiter.hear(artnet.encode(artnet.ArtDmx(7, levels, sequence)), address, now)

    def levels(self, now: float, protocol: str = "sacn", slots: int = 4) -> bytes | None:
        merged = self.arbiter.levels(protocol, 7, now)
        return merged and merged.levels[:slots].tobytes()

    def merged(self, now: float) -> Merged:
        merged = self.arbiter.levels("sacn", 7, now)
        assert merged is not None
        return merged


def test_a_new_source_counts_when_it_had_time_for_its_priorities():
    wire = Wire()
    wire.say(0.0, b"\1\2\3\4")
    wire.say(1.0, b"\1\2\3\5")
    assert wire.levels(1.4) is None
    assert wire.levels(1.5) == b"\1\2\3\5"


def test_a_new_source_that_brings_its_priorities_counts_at_once():
    wire = Wire()
    wire.say(0.0, b"\1\2\3\4")
    wire.priorities(0.1, bytes([0, 50, 200, 255]))
    merged = wire.merged(0.1)
    assert merged.levels[:5].tobytes() == b"\0\2\3\4\0"
    assert merged.priorities[:5].tolist() == [0, 50, 200, 200, 0]  # 200 is the highest there is


def test_the_highest_priority_of_each_slot_counts_and_equals_take_the_highest_level():
    wire = Wire()
    wire.say(0.0, b"\x10\x20\x30\x40")
    wire.say(0.0, b"\x15\x15\x15\x15", THEM)
    wire.priorities(0.0, bytes([100, 100, 0, 101]))
    wire.priorities(0.0, bytes([100, 101, 1, 100]), THEM)
    assert wire.levels(0.0) == b"\x15\x15\x15\x40"
    assert [stream.source for stream in wire.merged(0.0).sources] == [US.hex(), THEM.hex()]


def test_lost_priorities_give_way_to_the_priority_of_the_source():
    wire = Wire()
    wire.say(0.0, b"\1\2\3\4", priority=90)
    wire.priorities(0.0, bytes([1, 2, 3, 0]))
    for now in (1.0, 2.0, 2.6):
        wire.say(now, b"\1\2\3\4", priority=90)
    assert wire.merged(2.4).priorities[:5].tolist() == [1, 2, 3, 0, 0]
    assert wire.merged(2.6).priorities[:5].tolist() == [90, 90, 90, 90, 0]


def test_a_source_of_priority_0_lights_what_nobody_else_does():
    wire = Wire()
    wire.say(0.0, b"\1\2\3\4", priority=0)
    wire.say(0.0, b"\5\5", THEM, priority=1)
    assert wire.levels(1.5) == b"\5\5\3\4"


def test_slots_that_a_source_does_not_send_are_not_its_own():
    wire = Wire()
    wire.say(0.0, b"\1\2\3\4", priority=50)
    wire.say(0.0, b"\0\0", THEM)
    assert wire.levels(1.5) == b"\0\0\3\4"


def test_the_last_that_moved_takes_a_slot_where_that_is_the_rule():
    wire = Wire(takes="ltp")
    wire.show(0.0, "10.0.0.1", b"\x50\x50\x50\x50")
    wire.show(0.1, "10.0.0.2", b"\x10\x20\x30\x40")
    wire.show(0.2, "10.0.0.1", b"\x50\x01\x50\x50")
    wire.show(0.3, "10.0.0.2", b"\x10\x20\x30\x40")  # again, but nothing moved
    assert wire.levels(0.3, "artnet") == b"\x10\x01\x30\x40"


def test_two_artnet_sources_are_merged_and_a_third_waits_for_ten_seconds_of_silence():
    wire = Wire()
    wire.show(0.0, "10.0.0.3", b"\1\1\1\1")
    for now in (0.0, 5.0, 9.9):
        wire.show(now, "10.0.0.1", b"\5\0\0\0")
        wire.show(now, "10.0.0.2", b"\7\7\7\7")
    assert wire.levels(9.9, "artnet") == b"\5\1\1\1"
    assert wire.levels(10.0, "artnet") == b"\7\7\7\7"


def test_artnet_packets_out_of_order_are_dropped_where_they_are_numbered():
    wire = Wire()
    for sequence, level in ((255, 1), (1, 2), (255, 9), (1, 3), (0, 4)):  # 1 follows 255; one number twice
        wire.show(0.0, "10.0.0.1", bytes([level, 0, 0, 0]), sequence)
        assert wire.levels(0.0, "artnet") == bytes([level if level < 9 else 2, 0, 0, 0])
    assert wire.arbiter.counts["late"] == 1


def test_preview_counts_only_for_who_asks():
    for preview, levels in ((False, None), (True, b"\1\2\3\4")):
        wire = Wire(preview=preview)
        wire.say(0.0, b"\1\2\3\4", preview=True)
        assert wire.levels(1.5) == levels


def test_a_universe_holds_so_many_sources_and_the_rest_is_refused_until_one_is_silent():
    wire = Wire()
    for number in range(MAX_SOURCES + 1):
        wire.say(0.0, b"\1", bytes([number]) * 16)
    assert wire.arbiter.counts["refused"] == 1
    wire.say(2.5, b"\1", bytes([MAX_SOURCES]) * 16)
    assert len(wire.arbiter.streams(2.5)) == 1


def test_what_nobody_wants_is_not_kept():
    wire = Wire(only={("sacn", 8), ("artnet", 7)})
    wire.say(0.0, b"\1")
    wire.show(0.0, "10.0.0.1", b"\1\2")
    assert [stream.protocol for stream in wire.arbiter.streams(0.0)] == ["artnet"]


def test_a_stream_tells_its_rate_and_what_it_missed():
    wire = Wire()
    for frame in range(80):
        wire.say(frame * 0.025, b"\1", sequence=(frame + (frame > 40)) % 256)
    (stream,) = wire.arbiter.streams(2.0)
    assert (stream.rate, stream.packets, stream.errors) == (pytest.approx(40), 80, 1)


@given(st.lists(st.tuples(st.integers(0, 200), st.binary(min_size=4, max_size=4)), min_size=1, max_size=5))
def test_each_slot_is_the_highest_level_of_the_highest_priority(sources: list[tuple[int, bytes]]):
    wire = Wire()
    for number, (priority, slots) in enumerate(sources):
        wire.say(0.0, slots, bytes([number]) * 16, priority=priority)
    highest = max(max(priority, 1) for priority, _ in sources)
    winners = [slots for priority, slots in sources if max(priority, 1) == highest]
    assert wire.levels(1.5) == bytes(max(levels) for levels in zip(*winners, strict=True))


def test_names_from_the_network_obey_no_terminal():
    wire = Wire()
    wire.say(0.0, b"\1", source_name="\x1b[2Jdesk\u202e")
    assert wire.arbiter.streams(0.0)[0].name == "\N{REPLACEMENT CHARACTER}[2Jdesk\N{REPLACEMENT CHARACTER}"


def test_a_flood_of_bad_packets_is_two_lines_a_flood_later(caplog: pytest.LogCaptureFixture):
    arbiter = Arbiter()
    for now in range(11):
        arbiter.hear(b"noise", "10.0.0.9", float(now))
    assert [record.message[-31:] for record in caplog.records] == [
        "too short for an E1.31 data packet"[-31:],
        "packet (and 9 more like it before)"[-31:],
    ]
    assert arbiter.counts["bad"] == 11
    assert isinstance(arbiter._complaints, Complaints)
