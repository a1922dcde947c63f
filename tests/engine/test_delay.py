"""Outputs and lamps that follow the wall later, and outputs at a rate of their own."""

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
from lumad.link.live import Live

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
    later = Following(round(12.3 * MS))
    for tick in (0, 20 * MS, 40 * MS):
        later.tick(tick)
    seen = []
    while later.deadline_ns < NEVER:
        seen.append(later.deadline_ns)
        later.left(seen[-1])
    assert seen == [12_300_000, 32_300_000, 52_300_000]


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
