"""Outputs and lamps that follow the wall later, and outputs at a rate of their own."""

import os
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shows import fixture, show
from test_engine import MS, PERIOD, Bench, key

from lumad.engine.history import History
from lumad.engine.pace import SECOND_NS
from lumad.engine.timetable import NEVER, Following, Metronome
from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.protocols import e131

NO_DELAY = np.zeros(1, np.int64)


# ------------------------------------------------------------ timetables
@given(st.floats(1, 200), st.lists(st.integers(0, 40 * MS), min_size=1, max_size=80))
def test_a_fixed_rate_keeps_absolute_deadlines_whatever_comes_late(rate: float, waits: list[int]):
    metronome, now = Metronome(rate, 0), 0
    for wait in waits:
        now = max(now, metronome.deadline_ns) + wait
        metronome.left(now)
    assert metronome.deadline_ns > now
    places = metronome.deadline_ns * rate / SECOND_NS
    assert abs(places - round(places)) < 1e-5
    assert metronome.deadline_ns - now <= SECOND_NS / rate + 1


def test_a_minute_at_44_hz_is_2640_departures():
    metronome, count = Metronome(44, 0), 0
    while metronome.deadline_ns < 60 * SECOND_NS:
        metronome.left(metronome.deadline_ns)
        count += 1
    assert count == 2640


def test_a_thumb_hurries_a_slow_output_and_moves_no_deadline():
    metronome = Metronome(1, 0)
    metronome.left(0)
    metronome.hurry(300 * MS)
    assert metronome.deadline_ns == 300 * MS
    metronome.left(300 * MS)
    assert metronome.deadline_ns == SECOND_NS


def test_what_leaves_late_leaves_exactly_as_much_later():
    later, seen = Following(round(12.3 * MS), 0), []
    for tick in (20 * MS, 40 * MS, 60 * MS):
        later.tick(tick)
    while later.deadline_ns < NEVER:
        seen.append(later.deadline_ns)
        later.left(seen[-1])
    assert seen == [32_300_000, 52_300_000, 72_300_000]


def test_a_new_delayed_output_leaves_with_the_feed_until_its_own_time_has_come():
    later, seen = Following(50 * MS, 0), []
    for tick in range(0, 100 * MS, 20 * MS):
        later.tick(tick)
        while later.deadline_ns <= tick:
            seen.append(later.deadline_ns)
            later.left(tick)
    assert seen[:3] == [0, 20 * MS, 40 * MS]
    assert later.deadline_ns == 90 * MS


# ------------------------------------------------------------ history
def test_history_shows_the_frame_of_a_time_and_lines_between_for_late_lamps():
    history = History()
    for at, level in enumerate([0.0, 1.0, 0.5]):
        history.add(at * 100, np.full((2, 3), level), 1000)
    delays = np.array([0, 50])
    assert history.at(150, delays)[:, 0].tolist() == [1.0, 1.0]
    assert history.at(100, delays)[:, 0].tolist() == [1.0, 0.5]
    assert history.at(275, delays)[:, 0].tolist() == [0.5, 0.5]
    assert history.at(-5, delays)[:, 0].tolist() == [0.0, 0.0]


def test_history_forgets_what_nobody_looks_back_to_and_keeps_what_is_shown_still():
    history = History()
    for at in range(50):
        history.add(at * 10, np.full((1, 3), float(at)), 100)
    assert len(history._moments) == 11
    assert history.at(490 - 100, NO_DELAY)[0, 0] == 39.0


def test_rows_that_history_does_not_know_show_what_is_now():
    history = History()
    history.add(0, np.ones((1, 3)), 1000)
    wider = history.carried(np.array([0, -1]))
    wider.add(100, np.full((2, 3), 0.25), 1000)
    assert wider.at(50, np.zeros(2, np.int64))[:, 0].tolist() == [1.0, 0.25]


# ------------------------------------------------------------ in the engine
def outputs(*more: dict[str, Any]) -> list[dict[str, Any]]:
    base = {"protocol": "sacn", "universes": "1", "to": ["127.0.0.1"]}
    return [base | one for one in more]


def changes(left: list[Any]) -> list[tuple[int, int]]:
    """(time, level) of the first packet of each level."""
    seen = [(now, key(packet)) for now, packet in left]
    return [seen[0], *(after for before, after in pairwise(seen) if before[1] != after[1])]


def stepping(bench: Bench, codes: list[int], until: int) -> list[Any]:
    """What leaves while a frame of each code comes, one a period."""
    left = []
    for at, code in enumerate(codes):
        bench.draw(code, at * PERIOD)
        left += bench.run((at + 1) * PERIOD, at * PERIOD)
    return left + bench.run(until, len(codes) * PERIOD)


def test_a_delayed_output_shows_every_frame_that_much_later():
    bench = Bench(show(fixtures={"key": fixture("rgb8")}, outputs=outputs({"delay_ms": 100})))
    seen = changes(stepping(bench, [0, 255, 0], SECOND_NS))
    times = [now for now, _ in seen[-2:]]
    assert [level for _, level in seen[-2:]] == [255, 0]
    assert times == pytest.approx([PERIOD + 100 * MS, 2 * PERIOD + 100 * MS], abs=MS)


def test_a_delayed_lamp_goes_straight_from_frame_to_frame():
    bench = Bench(show(fixtures={"key": fixture("rgb8", delay_ms=50)}, outputs=outputs({"rate": 100})))
    levels = [key(packet) for _, packet in stepping(bench, [0, 255, 255, 255], 200 * MS)]
    between = [level for level in levels if 0 < level < 255]
    assert between == sorted(between)
    assert len(between) >= 2


@pytest.mark.parametrize("live", [Live(blackout=True), Live(master=0.5)])
def test_master_and_blackout_are_never_delayed(live: Live):
    bench = Bench(show(fixtures={"key": fixture("rgb8")}, outputs=outputs({"delay_ms": 500})))
    stepping(bench, [255] * 20, 20 * PERIOD)
    bench.engine.steer(live, 700 * MS)
    first = bench.run(760 * MS, 700 * MS)[0]
    assert first[0] <= 723 * MS
    assert key(first[1]) == round(255 * live.light)


def test_a_freeze_holds_delayed_light_where_it_is():
    bench = Bench(show(fixtures={"key": fixture("rgb8")}, outputs=outputs({"delay_ms": 200})))
    stepping(bench, [255] * 10 + [0], 11 * PERIOD)
    bench.engine.steer(Live(freeze=True), 11 * PERIOD)
    assert {key(packet) for _, packet in bench.run(SECOND_NS, 11 * PERIOD)} == {255}


def test_outputs_of_different_delays_each_keep_their_own_time():
    both = outputs({}, {"delay_ms": 60, "to": ["127.0.0.2"]})
    bench = Bench(show(fixtures={"key": fixture("rgb8")}, outputs=both))
    left: dict[str, list[int]] = {}
    for at in range(6):
        bench.draw(255 if at >= 2 else 0, at * PERIOD)
        for now in range(at * PERIOD, (at + 1) * PERIOD, MS):
            bench.engine.step(now)
            for address, _, data in bench.network.take():
                left.setdefault(address, []).append(now if data[126] == 255 else -1)
    firsts = {address: min(now for now in times if now >= 0) for address, times in left.items()}
    assert firsts["127.0.0.2"] - firsts["127.0.0.1"] == pytest.approx(60 * MS, abs=MS)


def test_an_edit_keeps_what_is_still_on_its_way():
    the_show = show(fixtures={"key": fixture("rgb8")}, outputs=outputs({"delay_ms": 200}))
    bench = Bench(the_show)
    stepping(bench, [255] * 8 + [0], 9 * PERIOD)
    bench.use(the_show, 9 * PERIOD)
    seen = changes(bench.run(SECOND_NS, 9 * PERIOD))
    assert seen[0][1] == 255
    assert seen[1][0] == pytest.approx(8 * PERIOD + 200 * MS, abs=2 * MS)


def test_an_output_quicker_than_the_pace_shows_every_frame():
    bench = Bench(show(fixtures={"key": fixture("rgb8")}, outputs=outputs({"rate": 60})))
    left = []
    for at in range(30):
        bench.draw(at * 8, round(at * SECOND_NS / 60))
        left += bench.run(round((at + 1) * SECOND_NS / 60), round(at * SECOND_NS / 60))
    assert len({key(packet) for _, packet in left}) >= 25


def test_a_spread_output_wakes_the_engine_for_each_part_of_its_frame():
    lamps = {f"lamp-{at}": fixture("rgb8", universe=at) for at in range(1, 5)}
    bench = Bench(show(fixtures=lamps, outputs=outputs({"universes": "1-4", "spread_ms": 8})))
    bench.draw(255, 0)
    left, now = [], 0
    while now < PERIOD:
        bench.engine.step(now)
        left += [(now, data[114]) for *_, data in bench.network.take()]
        now = bench.engine.deadline_ns
    assert [universe for _, universe in left] == [1, 2, 3, 4]
    assert [at for at, _ in left] == pytest.approx([0, 2 * MS, 4 * MS, 6 * MS], abs=MS // 100)


# ------------------------------------------------------------ what must not go wrong
def three(universe: int, *more: dict[str, Any]) -> Any:
    """Three lamps, the first of them in a universe of its own choice."""
    lamps = {name: fixture("rgb8", address=1 + 3 * at) for at, name in enumerate("abc")}
    lamps["a"]["universe"] = universe
    plain = {"protocol": "sacn", "universes": "1", "to": ["127.0.0.1"]}
    return show(fixtures=lamps, outputs=[plain, *({**plain, "universes": "2"} | one for one in more)])


def test_an_edit_that_makes_a_delayed_output_needed_goes_on_with_the_light():
    bench = Bench(three(1, {"delay_ms": 100}))
    stepping(bench, [200] * 5, 5 * PERIOD)
    bench.use(three(2, {"delay_ms": 100}), 5 * PERIOD)
    bench.draw(200, 5 * PERIOD)
    for now in range(5 * PERIOD, 5 * PERIOD + 60 * MS, MS):
        bench.engine.step(now)
    sent = [e131.decode(data) for _, _, data in bench.network.take()]
    assert {packet.universe for packet in sent} == {1, 2}
    assert {max(packet.slots) for packet in sent} == {147}


def test_a_delay_that_is_dragged_leaves_no_hole():
    bench, left = Bench(show(fixtures={"key": fixture("rgb8")}, outputs=outputs({}))), []
    for at in range(60):
        bench.draw(200, at * PERIOD)
        bench.use(
            show(fixtures={"key": fixture("rgb8")}, outputs=outputs({"delay_ms": 10.0 * at})), at * PERIOD
        )
        left += [now for now, _ in bench.run((at + 1) * PERIOD, at * PERIOD)]
    assert max(after - before for before, after in pairwise(left)) <= 2 * PERIOD


def test_a_successor_holds_what_follows_and_obeys_the_hand_for_the_rest():
    lamps = {"wall": fixture("rgb8"), "hand": fixture("rgb8", address=4, control="manual")}
    first = Bench(show(fixtures=lamps))
    stepping(first, [200] * 5, 5 * PERIOD)
    second = Bench(show(fixtures=lamps), LevelsBlock(os.dup(first.block.fd)))
    held = second.run(40 * MS)[-1][1].slots
    assert (held[0], held[3]) == (147, 255)
    second.engine.steer(Live(master=0.5), 40 * MS)
    dimmed = second.run(90 * MS, 40 * MS)[-1][1].slots
    assert (dimmed[0], dimmed[3]) == (147, 128)
    second.engine.steer(Live(master=0.0), 90 * MS)
    assert not any(second.run(140 * MS, 90 * MS)[-1][1].slots)


def test_nothing_lies_between_frames_with_a_gap_between_them():
    history = History()
    for at, level in ((0, 0.0), (5 * SECOND_NS, 1.0)):
        history.add(at, np.full((1, 3), level), 10 * SECOND_NS)
    assert history.at(5 * SECOND_NS + 10 * MS, np.array([500 * MS]))[0, 0] == 0.0


def test_a_lost_feed_is_lost_as_much_later_as_the_output():
    lamp = fixture("rgb8", on_loss="blackout")
    bench = Bench(show(fixtures={"key": lamp}, outputs=outputs({"delay_ms": 200})))
    seen = changes(stepping(bench, [255] * 10, 2 * SECOND_NS))
    assert [level for _, level in seen[-2:]] == [255, 0]
    assert seen[-1][0] == pytest.approx(9 * PERIOD + 450 * MS, abs=30 * MS)


def test_the_measured_rate_is_that_of_the_feed_however_many_groups_leave():
    bench = Bench(show(fixtures={"key": fixture("rgb8")}, outputs=outputs({}, {"delay_ms": 30})))
    stepping(bench, [9] * 30, SECOND_NS)
    assert bench.engine.counts.ticks == pytest.approx(30, abs=1)
