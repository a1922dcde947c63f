"""Dimmer times colour on coarse lamps."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.pixelmap.split import Split

CURVES = ["linear", "square", "s", {"gamma": 2.2}]
NOTHING = np.zeros(1, np.int32)
lights = st.lists(st.floats(0, 1), min_size=3, max_size=3)


def sent(split: Split, drives: np.ndarray, factor: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """(light asked, light that 8-bit linear channels behind the Dimmer give)."""
    level, rest, _ = split.divide(drives, np.full(len(drives), factor), np.zeros(len(drives), np.int32))
    return drives * factor, level[:, None] * np.rint(rest * 255) / 255


@pytest.mark.parametrize("curve", CURVES)
def test_one_percent_of_light_is_still_coloured_right(curve):
    colours = np.random.default_rng(3).uniform(0.05, 1, (500, 3))
    asked, given_ = sent(Split(curve, 8), colours / colours.max(axis=1, keepdims=True), 0.01)
    assert np.abs(given_ / asked.max(axis=1, keepdims=True) - asked / 0.01).max() < 0.007


@given(lights, st.sampled_from(CURVES), st.floats(0, 1))
def test_level_times_drives_is_the_light_asked(drives, curve, factor):
    asked = np.array([drives])
    level, rest, _ = Split(curve, 8).divide(asked, np.array([factor]), NOTHING)
    assert np.allclose(level[:, None] * rest, asked * factor, atol=1e-12)
    assert rest.max() <= 1


def test_a_blackout_keeps_the_colour_and_a_black_lamp_stays_dark():
    split = Split("linear", 8)
    level, rest, codes = split.divide(np.array([[0.5, 0.25, 0.0]]), np.zeros(1), NOTHING)
    assert (level[0], rest[0].tolist(), codes[0]) == (0.0, [1.0, 0.5, 0.0], 0)
    assert split.divide(np.zeros((1, 3)), np.ones(1), NOTHING)[0][0] == 0


def test_noise_around_a_step_never_makes_the_dimmer_flutter():
    split, held, seen = Split("linear", 8), NOTHING, set()
    for noise in np.random.default_rng(1).uniform(-0.01, 0.01, 200):
        _, _, held = split.divide(np.full((1, 3), 100 / 255 + noise), np.ones(1), held)
        seen.add(int(held[0]))
    settled = max(seen)
    assert settled == 103
    assert seen <= {*range(97, 104)}
    assert split.divide(np.full((1, 3), 98 / 255), np.ones(1), held)[2][0] == settled


def test_a_dimmer_that_is_far_too_bright_comes_down():
    held = np.full(1, 255, np.int32)
    assert Split("linear", 8).divide(np.full((1, 1), 0.1), np.ones(1), held)[2][0] == 26
