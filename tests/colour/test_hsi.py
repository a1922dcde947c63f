"""Lamps that take hue, saturation and intensity."""

import colorsys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour import hsi
from lumad.colour.emitters import GAMUT, LUMINANCE
from lumad.colour.rgb import RgbSpace
from lumad.colour.spaces import WHITE_D65, rgb_to_xyz
from lumad.colour.white import cct_to_xy, xy_to_xyz

SPACE = RgbSpace("rec709")
P3 = RgbSpace("p3-d65", 3200.0, xy_to_xyz(cct_to_xy(5600)))
UNIT = st.floats(0.0, 1.0)


@settings(deadline=None)
@given(UNIT, UNIT, UNIT)
def test_hue_saturation_and_level_are_those_of_the_hexagon(red: float, green: float, blue: float):
    rgb = np.round([red, green, blue], 3)
    found = hsi.solve(SPACE, [SPACE.columns @ rgb])
    hue, saturation, level = colorsys.rgb_to_hsv(*rgb)
    assert found.level == pytest.approx(level, abs=1e-6)
    assert found.saturation * found.level == pytest.approx(saturation * level, abs=1e-6)
    turn = (found.hue / 360 - hue + 0.5) % 1 - 0.5
    assert np.abs(turn * saturation * level).max() < 1e-5


@pytest.mark.parametrize("space", [SPACE, P3], ids=["rec709", "p3"])
def test_the_light_of_what_was_solved_is_the_light_asked(space: RgbSpace):
    target = np.random.default_rng(2).random((200, 3)) @ space.columns.T
    found = hsi.solve(space, target)
    assert hsi.light(space, found.hue, found.saturation, found.level) == pytest.approx(target, abs=1e-6)


def test_primaries_and_their_mixtures_stand_sixty_degrees_apart():
    rgb = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1]]) * 0.5
    found = hsi.solve(SPACE, rgb @ SPACE.columns.T)
    assert found.hue % 360 == pytest.approx([0, 60, 120, 180, 240, 300], abs=1e-3)
    assert found.saturation == pytest.approx(1.0, abs=1e-5)


def test_black_has_no_level_and_grey_no_saturation():
    found = hsi.solve(SPACE, [np.zeros(3), WHITE_D65 * 0.5])
    assert found.level == pytest.approx([0.0, 0.5])
    assert found.saturation == pytest.approx([0.0, 0.0], abs=1e-6)
    assert np.isfinite(found.hue).all()


def test_what_the_space_has_not_is_limited():
    found = hsi.solve(SPACE, [rgb_to_xyz("rec2020")[:, 1] * 0.2, WHITE_D65 * 1.5])
    assert found.limits.tolist() == [GAMUT, LUMINANCE]
    assert found.level[1] == pytest.approx(1.0)


def test_no_saturation_is_the_white_of_the_space_at_any_hue():
    light = hsi.light(SPACE, np.array([0.0, 123.0, 360.0]), np.zeros(3), np.ones(3))
    assert light == pytest.approx(np.tile(WHITE_D65, (3, 1)))
