"""Light goes from look to look: steadily, in linear light, exactly to its end, and never through the dark."""

import os
from typing import Any

import numpy as np
import pytest
from engine.test_engine import MS, Bench, key
from hypothesis import given
from hypothesis import strategies as st
from shows import FORMAT, PROFILES, fixture, show

from lumad.engine.fade import Fades
from lumad.engine.pace import SECOND_NS
from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.model.show import Show
from lumad.model.validate import check
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.map import PixelMap, Target
from lumad.show.form import form_of

WHITE = np.array([0.95, 1.0, 1.09])
RED = np.array([2.2, 1.0, 0.1])
level = st.floats(0, 1)


def target(colour: Any, light: float) -> Target:
    flags = np.zeros(1, np.uint8)
    return Target(np.zeros((1, 3)), np.array([colour]), np.array([light]), flags)


def fade(colour: Any, light: float, seconds: float = 1.0) -> Fades:
    """A fade of one row that begins at 0, at this light."""
    return Fades.none(1).begun(np.array([seconds]), np.array([colour]), np.array([light]), 0)


@given(level, level)
def test_levels_go_steadily_and_end_exactly(start: float, end: float):
    way = fade(WHITE, start, 2.0)
    levels = [float(way.at(target(WHITE, end), at * 20 * MS).level[0]) for at in range(101)]
    steps = np.diff(levels)
    assert (steps * np.sign(end - start) >= -1e-12).all()
    assert np.abs(steps).max() <= 2 * abs(end - start) / 100 + 1e-12  # the square law's steepest step
    assert (levels[0], levels[-1]) == (pytest.approx(start), end)


def test_from_and_to_black_the_fader_law_is_square_and_the_colour_stays():
    for start, end, half in ((0.0, 0.8, 0.2), (0.8, 0.0, 0.2)):
        way = fade(RED if start else WHITE, start).at(target(WHITE if start else RED, end), SECOND_NS // 2)
        assert way.level[0] == pytest.approx(half)
        assert way.colour[0] == pytest.approx(RED)


def test_colours_meet_in_linear_light():
    way = fade(WHITE, 0.5).at(target(RED, 0.5), SECOND_NS // 2)
    assert way.level[0] == pytest.approx(0.5)
    assert way.colour[0] == pytest.approx((WHITE + RED) / 2)


def test_rows_of_which_nothing_is_known_cut():
    assert not fade([np.nan] * 3, np.nan).running(1)


def test_a_fade_goes_on_in_another_map():
    way = fade(WHITE, 1.0).carried(np.array([-1, 0]))
    both = Target(np.zeros((2, 3)), np.array([RED, RED]), np.zeros(2), np.zeros(2, np.uint8))
    assert way.at(both, SECOND_NS // 2).level == pytest.approx([0.0, 0.25])


# ------------------------------------------------------------ in the engine
def lit(light: float, **more: Any) -> Show:
    return show(fixtures={"key": fixture("rgb8", control="manual", level=light, **more)})


def compiled(the_show: Show) -> PixelMap:
    return compile_show(the_show, PROFILES, FORMAT).pixel_map


def recall(bench: Bench, the_show: Show, seconds: float, now: int) -> None:
    """The show as a recalled look makes it, all its rows fading."""
    pixel_map = compiled(the_show)
    bench.engine.use(pixel_map, now, np.full(len(pixel_map.keys), seconds))


def codes(bench: Bench, start: int, until: int) -> list[int]:
    return [key(packet) for _, packet in bench.run(until, start, 5 * MS)]


def test_a_look_comes_up_on_the_wire_in_its_time():
    bench = Bench(lit(0.0))
    bench.run(100 * MS)
    recall(bench, lit(1.0), 1.0, 100 * MS)
    rise = codes(bench, 100 * MS, 1200 * MS)
    assert rise == sorted(rise)
    assert max(np.diff(rise)) <= 255 * 2 * 0.05
    assert (rise[0] < 3, rise[-1]) == (True, 255)
    assert 57 <= rise[len(rise) * 5 // 11] <= 72  # a quarter of the light at half time


def test_a_recall_over_a_running_fade_starts_where_the_light_is():
    bench = Bench(lit(0.0))
    bench.run(100 * MS)
    recall(bench, lit(1.0), 1.0, 100 * MS)
    before = codes(bench, 100 * MS, 600 * MS)[-1]
    recall(bench, lit(0.0), 1.0, 600 * MS)
    fall = codes(bench, 600 * MS, 1700 * MS)
    assert abs(fall[0] - before) <= 8
    assert fall == sorted(fall, reverse=True)
    assert fall[-1] == 0


def test_an_edit_of_something_else_lets_the_fade_go_on():
    bench = Bench(lit(0.0))
    bench.run(100 * MS)
    recall(bench, lit(1.0), 1.0, 100 * MS)
    codes(bench, 100 * MS, 600 * MS)
    bench.use(lit(1.0, label="Key"), 600 * MS)
    rise = codes(bench, 600 * MS, 1200 * MS)
    assert 50 < rise[0] < 90
    assert (rise == sorted(rise), rise[-1]) == (True, 255)


def test_a_hand_on_the_lamp_cuts_its_fade_short():
    bench = Bench(lit(0.0))
    bench.run(100 * MS)
    recall(bench, lit(1.0), 5.0, 100 * MS)
    codes(bench, 100 * MS, 600 * MS)
    recall(bench, lit(0.5), 0.0, 600 * MS)
    assert set(codes(bench, 600 * MS, 800 * MS)) == {128}


def test_a_look_goes_while_the_wall_is_frozen():
    bench = Bench(lit(0.0))
    bench.run(100 * MS)
    bench.engine.steer(Live(freeze=True), 100 * MS)
    recall(bench, lit(1.0), 0.2, 100 * MS)
    assert codes(bench, 100 * MS, 400 * MS)[-1] == 255


def test_blackout_does_not_wait_for_a_fade():
    bench = Bench(lit(1.0))
    bench.run(100 * MS)
    recall(bench, lit(0.1), 60.0, 100 * MS)
    bench.engine.steer(Live(blackout=True), 200 * MS)
    assert set(codes(bench, 200 * MS, 400 * MS)) == {0}


def test_a_lamp_fades_from_the_wall_to_the_hand():
    bench = Bench()
    bench.draw(255, 0)
    bench.run(100 * MS)
    recall(bench, lit(0.0), 1.0, 100 * MS)
    fall = codes(bench, 100 * MS, 1200 * MS)
    assert (fall[0] > 230, fall == sorted(fall, reverse=True), fall[-1]) == (True, True, 0)


def test_a_successor_of_an_engine_that_died_in_a_fade_is_at_its_end_at_once():
    first = Bench(lit(0.0))
    first.run(100 * MS)
    recall(first, lit(0.7), 10.0, 100 * MS)
    assert 0 < codes(first, 100 * MS, 5000 * MS)[-1] < 100
    block = LevelsBlock(os.dup(first.block.fd))
    second = Bench(lit(0.7), block)
    recall(second, lit(0.7), 10.0, 0)
    assert set(codes(second, 0, 100 * MS)) == {179}


def test_lamps_on_a_delayed_output_fade_with_the_others():
    outputs = [{"protocol": "sacn", "universes": "1", "to": ["127.0.0.1"], "delay_ms": 200}]
    dark, full = (lit(light).model_copy(update={"outputs": ()}) for light in (0.0, 1.0))
    delayed = [check({**form_of(one), "outputs": outputs}, Show) for one in (dark, full)]
    bench = Bench(delayed[0])
    bench.run(400 * MS)
    recall(bench, delayed[1], 1.0, 400 * MS)
    assert 55 <= codes(bench, 400 * MS, 900 * MS)[-1] <= 66
    assert codes(bench, 900 * MS, 1500 * MS)[-1] == 255


def test_a_fade_that_is_over_costs_nothing_any_more():
    bench = Bench(lit(0.0))
    bench.run(50 * MS)
    recall(bench, lit(1.0), 0.1, 50 * MS)
    bench.run(400 * MS, 50 * MS)
    assert all(departure._fades is None for departure in bench.engine._departures.values())
