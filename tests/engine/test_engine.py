"""One frame's way, with time as an argument and a network that only remembers."""

import os
from typing import Any

import numpy as np
import pytest
from fake_network import FakeNetwork
from shows import FORMAT, PROFILES, fixture, show

from lumad.engine.engine import FIRST_FRAME_NS, Engine
from lumad.engine.pace import SECOND_NS
from lumad.frames.frame import Format
from lumad.frames.ring import RingReader, RingWriter
from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.model.show import Show
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.map import PixelMap
from lumad.protocols import e131

MS = 1_000_000
PERIOD = SECOND_NS // 30


class Bench:
    """An engine with a ring to draw into and a network to read from."""

    def __init__(self, the_show: Show | None = None, block: LevelsBlock | None = None) -> None:
        self.network = FakeNetwork()
        self.block = block or LevelsBlock.create(os.urandom(16))
        self.writer = RingWriter.create(FORMAT)
        self.engine = Engine(self.block, "lumad test", lambda: self.network, 0)
        self.engine.resume(0)
        self.use(the_show or show(fixtures={"key": fixture("rgb8")}))
        self.engine.follow(RingReader(self.writer.fd), 0)

    def use(self, the_show: Show, now: int = 0) -> None:
        self.engine.use(compiled(the_show), now)

    def draw(self, code: int, now: int) -> None:
        self.writer.begin()[:] = code
        self.writer.publish(now, now)

    def run(self, until: int, start: int = 0, step: int = MS) -> list[Any]:
        """Steps the engine; (time, packet of universe 1) of everything that left."""
        left = []
        for now in range(start, until, step):
            self.engine.step(now)
            packets = [e131.decode(data) for _, _, data in self.network.take()]
            left += [(now, packet) for packet in packets if packet.universe == 1]
        return left


def compiled(the_show: Show) -> PixelMap:
    return compile_show(the_show, PROFILES, FORMAT).pixel_map


def key(packet: e131.DataPacket) -> int:
    """The first level."""
    return packet.slots[0]


def test_light_follows_each_frame_in_the_same_step():
    bench = Bench()
    bench.draw(255, 0)
    assert [(now, key(packet)) for now, packet in bench.run(1)] == [(0, 255)]
    bench.draw(0, PERIOD)
    assert [key(packet) for _, packet in bench.run(PERIOD + 1, PERIOD)] == [0]


def test_step_returns_the_frame_that_light_follows_first():
    bench = Bench()
    bench.draw(1, 0)
    frame = bench.engine.step(0)
    assert frame is not None
    assert frame.number == 1
    assert bench.engine.step(PERIOD * 3) is None


def test_a_cold_start_sends_nothing_dark_while_it_waits_for_the_first_frame():
    bench = Bench()
    assert bench.run(FIRST_FRAME_NS - 50 * MS, step=10 * MS) == []
    assert len(bench.run(FIRST_FRAME_NS + 200 * MS, FIRST_FRAME_NS, step=10 * MS)) > 2


def test_a_show_that_follows_nothing_is_lit_at_once():
    bench = Bench(show(fixtures={"key": fixture("rgb8", control="manual")}))
    assert [key(packet) for _, packet in bench.run(1)] == [255]


def test_a_stalled_feed_leaves_the_last_light_on_for_ever():
    bench = Bench()
    bench.draw(255, 0)
    left = bench.run(2 * SECOND_NS, step=5 * MS)
    assert len(left) >= 55
    assert {key(packet) for _, packet in left} == {255}
    assert bench.engine.feed.lost


def test_a_lost_feed_is_known_after_a_quarter_of_a_second():
    bench = Bench(show(fixtures={"key": fixture("rgb8", on_loss="blackout")}))
    bench.draw(255, 0)
    lit = [now for now, packet in bench.run(SECOND_NS, step=5 * MS) if key(packet)]
    assert 200 * MS <= max(lit) <= 285 * MS


def test_a_successor_goes_on_with_the_same_light_and_leaves_out_the_number_that_may_have_left():
    first = Bench()
    first.draw(200, 0)
    before = first.run(500 * MS)
    second = Bench(block=LevelsBlock(os.dup(first.block.fd)))
    after = second.run(100 * MS)
    assert after[0][1].slots == before[-1][1].slots
    assert after[0][1].sequence == (before[-1][1].sequence + 2) % 256  # a 0xDD packet may have had the next
    assert after[0][1].cid == before[-1][1].cid


def test_a_successor_that_waited_goes_on_after_what_left_meanwhile():
    first = Bench()
    waiting = Engine(LevelsBlock(os.dup(first.block.fd)), "x", FakeNetwork, 0)
    first.draw(200, 0)
    first.run(500 * MS)
    waiting.resume(500 * MS)
    waiting.use(compiled(show(fixtures={"key": fixture("rgb8")})), 500 * MS)
    waiting.step(500 * MS)
    light = first.block.read()
    assert light.counters.tolist() == [17]
    assert light.of(1)[:3] == bytes([147, 147, 147])


def test_blackout_is_on_the_wire_within_one_packet_of_44_hz():
    bench = Bench()
    bench.draw(255, 0)
    bench.run(1)
    bench.engine.steer(Live(blackout=True), 2 * MS)
    left = bench.run(30 * MS, 2 * MS)
    assert [key(packet) for _, packet in left] == [0]


def test_blackout_wins_before_any_frame_came():
    bench = Bench()
    bench.engine.steer(Live(blackout=True), 0)
    assert [key(packet) for _, packet in bench.run(1)] == [0]


def test_freeze_holds_the_light_and_the_master_still_works():
    bench = Bench()
    bench.draw(255, 0)
    bench.run(1)
    bench.engine.steer(Live(freeze=True), 1)
    bench.draw(0, PERIOD)
    assert {key(packet) for _, packet in bench.run(100 * MS, PERIOD)} == {255}
    bench.engine.steer(Live(freeze=True, master=0.25), 100 * MS)
    assert key(bench.run(130 * MS, 100 * MS)[-1][1]) == 64


def test_a_fixture_added_while_frozen_takes_its_light_once():
    bench = Bench()
    bench.draw(255, 0)
    bench.run(1)
    bench.engine.steer(Live(freeze=True), 1)
    bench.draw(0, PERIOD)
    bench.use(show(fixtures={"key": fixture("rgb8"), "new": fixture("rgb8", address=4)}), PERIOD)
    last = bench.run(100 * MS, PERIOD)[-1][1]
    assert (last.slots[0], last.slots[3]) == (255, 0)


def test_an_edit_of_one_fixture_leaves_the_light_of_the_others_untouched():
    bench = Bench()
    bench.draw(200, 0)
    before = bench.run(1)[0][1]
    bench.use(show(fixtures={"key": fixture("rgb8"), "dim": fixture("dimmer", address=9)}), 5 * MS)
    after = bench.run(40 * MS, 5 * MS)[0][1]
    assert after.slots[:3] == before.slots[:3]
    assert after.sequence == before.sequence + 1


def test_frames_of_another_format_are_counted_and_the_light_holds():
    bench = Bench()
    bench.draw(255, 0)
    bench.run(1)
    other = RingWriter.create(Format(32, 18, rate=FORMAT.rate))
    bench.engine.follow(RingReader(other.fd), PERIOD)
    other.begin()[:] = 0
    other.publish(PERIOD, PERIOD)
    assert {key(packet) for _, packet in bench.run(200 * MS, PERIOD)} == {255}
    assert bench.engine.counts.misfits > 0


def test_release_ends_every_stream_with_three_terminated_packets():
    bench = Bench()
    bench.draw(255, 0)
    last = bench.run(100 * MS)[-1][1]
    bench.engine.release(100 * MS)
    ends = [e131.decode(data) for _, _, data in bench.network.take()]
    assert [packet.terminated for packet in ends] == [True] * 3
    assert [packet.sequence for packet in ends] == [last.sequence + step for step in (1, 2, 3)]


def test_the_levels_block_holds_what_left():
    bench = Bench()
    bench.draw(255, 0)
    packet = bench.run(1)[0][1]
    assert bench.block.read().of(1) == packet.slots
    assert bench.block.cid == packet.cid


def test_an_engine_without_a_map_sends_nothing():
    engine = Engine(LevelsBlock.create(bytes(16)), "x", FakeNetwork, 0)
    assert engine.step(5) is None
    assert engine.health() == []
    engine.release(5)


@pytest.mark.parametrize(("address", "changed"), [("127.0.0.1", False), ("127.0.0.2", True)])
def test_changed_outputs_get_new_sockets(address, changed):
    bench = Bench()
    bench.draw(9, 0)
    bench.run(1)
    outputs = [{"protocol": "sacn", "universes": "1-2", "to": [address]}]
    bench.use(show(fixtures={"key": fixture("rgb8")}, outputs=outputs), PERIOD)
    assert bench.network.closed == changed


def test_counters_of_universes_survive_a_show_that_does_not_use_them():
    bench = Bench()
    bench.draw(9, 0)
    bench.run(200 * MS)
    sent = int(bench.block.read().counters[0])
    bench.use(show(fixtures={"key": fixture("rgb8") | {"universe": 2}}), 200 * MS)
    bench.run(300 * MS, 200 * MS)
    bench.use(show(fixtures={"key": fixture("rgb8")}), 300 * MS)
    bench.run(301 * MS, 300 * MS)
    assert np.isin(sent + 1 + e131.TERMINATED_PACKETS, bench.block.read().counters)


def test_a_universe_that_an_edit_leaves_empty_is_ended_and_no_other():
    both = {"a": fixture("rgb8"), "b": fixture("rgb8") | {"universe": 2}}
    bench = Bench(show(fixtures=both))
    bench.draw(9, 0)
    bench.run(100 * MS)
    last = bench.block.read().counters.tolist()
    bench.use(show(fixtures={"a": fixture("rgb8")}), 100 * MS)
    ending = [e131.decode(data) for _, _, data in bench.network.take()]
    assert [(one.universe, one.terminated) for one in ending] == [(2, True)] * 3
    assert [one.sequence for one in ending] == [last[1] + 1, last[1] + 2, last[1] + 3]
    assert not any(packet.terminated for _, packet in bench.run(200 * MS, 100 * MS))


def test_per_address_priority_claims_the_slots_of_fixtures_alone():
    outputs = [{"protocol": "sacn", "universes": "1", "to": ["127.0.0.1"], "per_address_priority": True}]
    bench = Bench(show(fixtures={"a": fixture("rgb8", address=4)}, outputs=outputs))
    bench.draw(9, 0)
    bench.engine.step(0)
    levels, priorities = (e131.decode(data) for _, _, data in bench.network.take())
    assert (levels.start_code, priorities.start_code) == (e131.LEVELS, e131.PRIORITIES)
    assert priorities.slots[:8] == bytes([0, 0, 0, 100, 100, 100, 0, 0])
    assert priorities.sequence == levels.sequence + 1


def test_the_last_light_can_go_on_when_no_new_light_can_be_made():
    bench = Bench()
    bench.draw(200, MS)
    before = bench.run(2 * MS, MS)[-1][1]
    bench.engine.repeat(40 * MS)
    (data,) = [data for _, _, data in bench.network.take()]
    again = e131.decode(data)
    assert (again.slots, again.sequence) == (before.slots, before.sequence + 1)
    assert bench.run(80 * MS, 41 * MS)[0][1].sequence == again.sequence + 1


def test_a_successor_in_a_freeze_keeps_the_light_that_left():
    first = Bench()
    first.draw(200, MS)
    before = first.run(2 * MS, MS)[-1][1]
    second = Bench(block=LevelsBlock(os.dup(first.block.fd)))
    second.engine.steer(Live(freeze=True), 0)
    second.draw(0, 3 * MS)
    assert {packet.slots for _, packet in second.run(100 * MS, 3 * MS)} == {before.slots}
    second.engine.steer(Live(), 100 * MS)
    assert key(second.run(150 * MS, 100 * MS)[-1][1]) == 0
