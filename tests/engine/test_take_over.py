"""A standby's light: made all the time, sent only when it is ours, and never dark on the way."""

from typing import Any

import numpy as np
from engine.test_engine import MS, PERIOD, Bench
from shows import fixture, show

from lumad.engine.handover import FADE_NS
from lumad.engine.relief import light_of
from lumad.protocols import e131

SACN = {"protocol": "sacn", "universes": "1", "to": ["127.0.0.1"], "priority": 90}
ARTNET = {"protocol": "artnet", "universes": "1", "port_address": 0, "to": ["127.0.0.2"]}


def standing_by(**parts: Any) -> Bench:
    """A standby whose own light is mid grey."""
    bench = Bench(show(fixtures={"key": fixture("rgb8")}, **parts))
    bench.engine.passive = True
    bench.draw(188, 0)
    return bench


def take(bench: Bench, level: int, now: int, priority: int = 100) -> None:
    """Takes over from a primary that showed this level."""
    bench.engine.take(light_of({1: bytes([level] * 8)}, now), {1: priority}, now)


def test_nothing_leaves_while_it_watches():
    bench = standing_by(outputs=[SACN, ARTNET])
    assert bench.run(200 * MS) == []
    bench.engine.repeat(200 * MS)
    bench.engine.release(200 * MS)
    bench.engine.use(bench.engine.pixel_map, 200 * MS)
    assert (bench.network.take(), bench.block.read().time_ns) == ([], 0)


def test_the_first_packet_is_the_primarys_last_look_one_priority_above_it():
    bench = standing_by()
    bench.run(200 * MS)
    take(bench, 77, 200 * MS)
    (_, _, data), *_ = bench.network.take()
    packet = e131.decode(data)
    assert (packet.slots[:9], packet.priority, packet.cid) == (bytes([77] * 8 + [0]), 101, bench.block.cid)


def test_art_net_goes_with_it():
    bench = standing_by(outputs=[SACN, ARTNET])
    bench.run(200 * MS)
    take(bench, 77, 200 * MS)
    sent = [(address, data[-512:][:1]) for address, _, data in bench.network.take()]
    assert sent == [("127.0.0.1", b"M"), ("127.0.0.2", b"M")]


def test_the_priority_is_200_at_most_and_stays_in_an_edit():
    bench = standing_by(outputs=[SACN])
    take(bench, 77, MS, priority=200)
    bench.network.take()
    bench.use(show(fixtures={"key": fixture("rgb8")}, outputs=[SACN | {"universes": "1-2"}]), 2 * MS)
    assert [packet.priority for _, packet in bench.run(50 * MS, 2 * MS)][-1:] == [200]


def test_priorities_of_each_address_are_raised_alike():
    bench = standing_by(outputs=[SACN | {"per_address_priority": True}])
    take(bench, 77, MS, priority=150)
    packets = [e131.decode(data) for _, _, data in bench.network.take()]
    bench.run(50 * MS, MS)
    sent = {packet.start_code: packet.slots[:4] for packet in packets} | {
        packet.start_code: packet.slots[:4] for _, packet in bench.run(100 * MS, 50 * MS)
    }
    assert sent[e131.PRIORITIES] == bytes([151, 151, 151, 0])


def test_the_light_moves_from_the_last_look_to_ours_without_a_step_back():
    bench = standing_by()
    bench.run(100 * MS)
    take(bench, 255, 100 * MS)
    bench.network.take()
    levels = []
    for start in range(100, 1000, 30):
        bench.draw(188, start * MS)
        levels += [packet.slots[0] for _, packet in bench.run((start + 30) * MS, start * MS)]
    assert levels == sorted(levels, reverse=True)
    assert (levels[0] > 240, levels[-1]) == (True, bench.block.read().of(1)[0])
    assert 120 < levels[-1] < 140  # code 188 in linear light


def test_the_last_look_is_held_until_our_own_feed_runs():
    bench = Bench()
    bench.engine.passive = True
    bench.run(100 * MS)
    take(bench, 77, 100 * MS)
    held = bench.run(5_000 * MS, 100 * MS, step=5 * MS)
    assert {packet.slots[0] for _, packet in held} == {77}
    bench.draw(255, 5_000 * MS)
    assert bench.run(5_000 * MS + PERIOD, 5_000 * MS)[-1][1].slots[0] in range(77, 120)


def test_a_blackout_of_ours_goes_before_what_is_held():
    bench = standing_by()
    take(bench, 77, 100 * MS)
    bench.network.take()
    bench.engine.live = type(bench.engine.live)(blackout=True)
    assert {packet.slots[0] for _, packet in bench.run(300 * MS, 100 * MS)} == {0}


def test_handing_back_ends_the_streams_and_sends_no_more():
    bench = standing_by()
    take(bench, 77, 100 * MS)
    before = e131.decode(bench.network.take()[0][2]).sequence
    bench.engine.hand_back(200 * MS)
    packets = [e131.decode(data) for _, _, data in bench.network.take()]
    assert [packet.terminated for packet in packets if packet.universe == 1] == [True] * 3
    assert bench.run(500 * MS, 200 * MS) == []
    take(bench, 77, 500 * MS)
    assert e131.decode(bench.network.take()[0][2]).sequence == (before + 4) % 256


def test_fine_slots_move_with_their_coarse_ones():
    wide = {"profile": "test/rgbw", "mode": "wide", "universe": 1, "address": 1, "control": "manual"}
    bench = Bench(show(fixtures={"key": wide}))
    bench.engine.passive = True
    bench.engine.take(light_of({1: bytes([0, 0] * 5)}, 0), {}, 0)
    bench.network.take()
    left = bench.run(FADE_NS, step=5 * MS)
    dimmers = [packet.slots[0] << 8 | packet.slots[1] for _, packet in left]
    assert dimmers == sorted(dimmers)
    assert max(np.diff(dimmers)) < 65535 * 1.2 * PERIOD / FADE_NS


def test_slots_that_no_lamp_is_driven_by_are_ours_at_once():
    bench = standing_by()
    bench.run(100 * MS)
    take(bench, 77, 100 * MS)
    bench.network.take()
    bench.draw(188, 120 * MS)
    packet = bench.run(160 * MS, 120 * MS)[-1][1]
    assert (packet.slots[3], packet.slots[0] > 76) == (0, True)
