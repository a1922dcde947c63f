"""Lamps that take a chromaticity."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour import xy
from lumad.colour.emitters import GAMUT, LUMINANCE
from lumad.colour.gamut import Gamut
from lumad.colour.spaces import WHITE_D65, rgb_to_xyz, xyz_to_oklab
from lumad.colour.white import xy_to_xyz

REC709 = Gamut(rgb_to_xyz("rec709"), WHITE_D65)


@settings(deadline=None)
@given(st.floats(0.05, 0.7), st.floats(0.02, 0.8), st.floats(0.001, 1.0))
def test_a_chromaticity_is_passed_on_with_its_luminance(x: float, y: float, level: float):
    found = xy.solve(xy_to_xyz([[x, y]], level))
    assert found.xy == pytest.approx(np.array([[x, y]]), abs=0.01 * y / level * 1e-3 + 1e-4)
    assert found.level == pytest.approx(level)
    assert not found.limits.any()


@pytest.mark.parametrize("gamut", [None, REC709])
def test_the_light_of_what_was_solved_is_the_light_asked(gamut: Gamut | None):
    target = np.random.default_rng(2).random((200, 3)) @ rgb_to_xyz("rec709").T
    found = xy.solve(target, gamut=gamut)
    assert xy.light(found.xy, found.level) == pytest.approx(target, abs=1e-4)
    assert not found.limits.any()


def test_black_is_white_of_no_level_and_nothing_limits_it():
    found = xy.solve(np.zeros((1, 3)), 0.35, 0.6, REC709)
    assert found.level.tolist() == [0.0]
    assert found.limits.tolist() == [0]
    assert xy.solve(np.zeros((1, 3))).xy == pytest.approx(np.array([[0.3127, 0.3290]]))


def test_light_above_full_is_limited_and_keeps_its_chromaticity():
    found = xy.solve(WHITE_D65[None] * 1.5)
    assert found.level.tolist() == [1.0]
    assert found.limits.tolist() == [LUMINANCE]
    assert found.xy == pytest.approx(np.array([[0.3127, 0.3290]]), abs=1e-6)


def test_beyond_the_range_a_colour_goes_straight_towards_white():
    asked, white = np.array([0.70, 0.28]), np.array([0.3127, 0.3290])
    found = xy.solve(xy_to_xyz([asked], 0.1), 0.1, 0.6)
    (x, y), (dx, dy) = found.xy[0], asked - white
    assert x == pytest.approx(0.6)
    assert (x - white[0]) * dy == pytest.approx((y - white[1]) * dx, abs=1e-5)
    assert found.limits.tolist() == [GAMUT]


def test_beyond_the_lamps_primaries_hue_and_luminance_stay():
    target = rgb_to_xyz("rec2020").T * 0.3
    found = xy.solve(target, gamut=REC709)
    before, after = (xyz_to_oklab(xyz, WHITE_D65) for xyz in (target, xy.light(found.xy, found.level)))
    turn = np.arctan2(before[:, 1], before[:, 2]) - np.arctan2(after[:, 1], after[:, 2])
    assert np.abs(turn).max() < 1e-3
    assert found.level == pytest.approx(target[:, 1])
    assert found.limits.tolist() == [GAMUT] * 3


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32))
def test_smooth_paths_give_smooth_chromaticities_near_black_too(seed: int):
    knots = np.random.default_rng(seed).random((2, 3)) ** 3
    part = np.linspace(-1.0, 1.0, 4001)[:, None]
    path = np.where(part < 0, knots[0], knots[1]) * np.abs(part) @ rgb_to_xyz("rec2020").T  # through black
    found = xy.solve(path, 0.1, 0.6)
    light = xy.light(found.xy, found.level)
    assert np.abs(np.diff(light, axis=0)).max() < 5 * np.abs(np.diff(path, axis=0)).max()
    assert ((found.xy >= 0.1) & (found.xy <= 0.6)).all()


def test_codes_that_are_no_chromaticity_are_dark():
    assert not xy.light([[0.0, 0.0], [0.4, 0.0]], [1.0, 1.0]).any()
    assert (xy.light([[0.8, 0.8]], [1.0]) >= 0.0).all()
