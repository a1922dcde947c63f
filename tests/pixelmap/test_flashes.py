"""The flash guard: three flashes in any second, whatever is asked."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.pixelmap.flashes import DARK, STEP, WITHIN_S, FlashGuard

WHITE = np.array([0.95, 1.0, 1.09])
RED = np.array([1.94, 1.0, 0.09])
FRAME = 1 / 60


def light(guard, levels, limited=True, colour=WHITE):
    """The levels (frames, rows) that leave, and which rows flashed too often."""
    out, flashing = [], []
    for number, level in enumerate(np.atleast_2d(np.asarray(levels, float))):
        rows = np.full(len(level), limited)
        given_light = guard.step(number * FRAME, np.tile(colour, (len(level), 1)), level, rows)
        out.append(given_light.level)
        flashing.append(given_light.flashing)
    return np.array(out), np.array(flashing)


def flashes_within(levels, seconds=WITHIN_S):
    """Most pairs of opposing changes, of a tenth or more, in any such time: a plain second opinion."""
    turns, way, edge = [], 0, levels[0]
    for number, value in enumerate(levels):
        if way <= 0 and value >= edge + STEP and edge < DARK:
            turns.append(number * FRAME)
            way, edge = 1, value
        elif way >= 0 and value <= edge - STEP and value < DARK:
            turns.append(number * FRAME)
            way, edge = -1, value
        elif way:
            edge = max(edge, value) if way > 0 else min(edge, value)
    return max((sum(0 <= b - a < seconds - 1e-9 for b in turns) // 2 for a in turns), default=0)


def test_light_that_flashes_thrice_a_second_passes():
    frames = np.tile(np.repeat([[0.0], [1.0]], 10, axis=0), (6, 1))  # three flashes a second
    out, flashing = light(FlashGuard(), frames)
    assert (out == frames).all()
    assert not flashing.any()


def test_a_strobe_is_held_at_its_last_light_not_blacked_out():
    frames = np.tile([[0.0], [1.0]], (60, 1))
    out, flashing = light(FlashGuard(), frames)
    assert flashes_within(out[:, 0]) <= 3
    assert flashing.any()
    assert set(np.unique(out)) <= {0.0, 1.0}


def test_light_that_is_only_watched_passes_and_is_told():
    frames = np.tile([[0.0], [1.0]], (60, 1))
    out, flashing = light(FlashGuard(), frames, limited=False)
    assert (out == frames).all()
    assert flashing.any()


def test_a_flicker_of_less_than_a_tenth_is_no_flash():
    frames = np.tile([[0.5], [0.59]], (60, 1))
    assert not light(FlashGuard(), frames)[1].any()


def test_a_flicker_that_is_never_dark_is_no_flash():
    frames = np.tile([[0.85], [1.0]], (60, 1))
    assert not light(FlashGuard(), frames)[1].any()


def test_a_red_one_is():
    frames = np.tile([[0.85], [1.0]], (60, 1))
    assert light(FlashGuard(), frames, colour=RED)[1].any()


def test_lamps_that_take_turns_do_not_flash_together_more_often_than_one():
    """Four groups in turn: each keeps the rule, their mean would not."""
    frames = np.zeros((120, 4))
    for number in range(120):
        frames[number, number // 5 % 4] = 0.9 if number // 5 % 2 else 0.0
    out, _ = light(FlashGuard(), frames)
    assert flashes_within(out.mean(axis=1)) <= 3


@pytest.mark.parametrize(("limited", "lag"), [(False, 0.0), (True, 0.5)])
def test_a_fade_goes_on_beside_a_lamp_that_strobes(limited, lag):
    """Two seconds long; a lamp that may not be held holds up nobody, one that may for less than a second."""
    frames = np.column_stack([np.linspace(0.0, 1.0, 120), np.tile([0.0, 1.0], 60)])
    guard, out = FlashGuard(), []
    for number, level in enumerate(frames):
        rows = np.array([True, limited])
        out.append(guard.step(number * FRAME, np.tile(WHITE, (2, 1)), level, rows).level)
    assert np.abs(np.array(out) - frames)[:, 0].max() <= lag


def test_memory_goes_on_with_another_map():
    guard, frames = FlashGuard(), [[0.0], [1.0], [0.0], [1.0], [0.0], [1.0], [0.0]]
    light(guard, frames)
    carried = guard.carried(np.array([-1, 0]))
    asked = carried.step(7 * FRAME, np.tile(WHITE, (2, 1)), np.array([0.0, 1.0]), np.full(2, True))
    assert asked.flashing.tolist() == [False, True]
    assert asked.level[1] == 0.0


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from([0.0, 0.05, 0.3, 0.5, 0.9, 1.0]), min_size=3, max_size=3),
        min_size=20,
        max_size=150,
    )
)
def test_nothing_that_leaves_flashes_more_than_thrice_in_a_second(frames):
    out, _ = light(FlashGuard(), frames)
    for row in (*out.T, out.mean(axis=1)):
        assert flashes_within(row) <= 3


@pytest.mark.parametrize("rows", [0, 1])
def test_a_map_without_lamps_needs_no_guard(rows):
    assert light(FlashGuard(), np.zeros((5, rows)))[0].shape == (5, rows)
