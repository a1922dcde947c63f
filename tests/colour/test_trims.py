"""Trims of colour: mired, tint and saturation."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.spaces import WHITE_D65, rgb_to_xyz, xyz_to_oklab
from lumad.colour.trims import saturate, shifted, trimmed
from lumad.colour.white import cct_to_xy, xy_to_xyz, xyz_to_cct

Array = npt.NDArray[np.float64]
LIGHT = st.tuples(*(st.floats(0.001, 1.0) for _ in range(3)))
SEEDS = st.integers(0, 2**32)
REC2020 = rgb_to_xyz("rec2020")


def colours(seed: int, count: int = 50) -> Array:
    return np.random.default_rng(seed).random((count, 3)) ** 3 @ REC2020.T


@settings(deadline=None)
@given(SEEDS)
def test_neutral_trims_change_no_bit(seed: int):
    light = colours(seed)
    before = light.copy()
    none = np.zeros(len(light))
    assert (trimmed(light, WHITE_D65, none, none, none + 1.0) == before).all()
    some = np.arange(len(light)) % 2 * 1.0
    after = trimmed(light, WHITE_D65, 50 * some, 0.01 * some, 1 + some)
    assert (after[::2] == before[::2]).all()
    assert (light == before).all()


@settings(deadline=None)
@given(SEEDS, st.floats(-1500, 1500), st.floats(-0.2, 0.2), st.floats(0.0, 10.0))
def test_luminance_is_kept_and_light_stays_light(seed: int, mired: float, tint: float, saturation: float):
    light = np.concatenate([colours(seed), np.zeros((1, 3)), xy_to_xyz([[0.174, 0.005], [0.07, 0.83]])])
    each = np.ones(len(light))
    after = trimmed(light, WHITE_D65, mired * each, tint * each, saturation * each)
    assert after[:, 1] == pytest.approx(light[:, 1], rel=1e-6)
    assert after.min() >= 0.0


@pytest.mark.parametrize("kelvin", [3200.0, 4000.0, 5600.0, 6504.0, 9000.0])
@pytest.mark.parametrize(("mired", "tint"), [(100, 0.0), (-60, 0.0), (0, 0.01), (50, -0.015), (100, 0.004)])
def test_the_walls_white_shifts_by_exactly_what_was_asked(kelvin: float, mired: float, tint: float):
    white = xy_to_xyz(cct_to_xy(kelvin, 0.003))
    (found,), (duv,) = xyz_to_cct(shifted(white[None], white, [mired], [tint]))
    assert 1e6 / found == pytest.approx(1e6 / kelvin + mired, abs=0.5)
    assert duv == pytest.approx(0.003 + tint, abs=2e-4)


def test_a_hundred_mired_take_daylight_to_tungsten_and_keep_duv():
    day, wall = xy_to_xyz(cct_to_xy([5600.0], [0.0])), xy_to_xyz(cct_to_xy(5600.0))
    assert xyz_to_cct(shifted(day, wall, [100.0], [0.0]))[0] == pytest.approx(3590, abs=1)
    (kelvin,), (duv,) = xyz_to_cct(shifted(day, WHITE_D65, [100.0], [0.0]))
    assert kelvin == pytest.approx(3590, abs=50)
    assert duv == pytest.approx(0.0, abs=1e-3)


@pytest.mark.parametrize("mired", [-60.0, 50.0, 100.0, 200.0])
def test_other_whites_shift_nearly_as_far(mired: float):
    kelvin = np.array([2200.0, 2700.0, 3200.0, 4300.0, 5600.0, 8000.0])
    found, duv = xyz_to_cct(shifted(xy_to_xyz(cct_to_xy(kelvin)), WHITE_D65, [mired] * 6, [0.0] * 6))
    assert 1e6 / found - 1e6 / kelvin == pytest.approx(mired, abs=0.25 * abs(mired))
    assert np.abs(duv).max() < 0.003


@pytest.mark.parametrize(("mired", "tint"), [(200, 0.0), (-100, 0.0), (0, 0.03), (100, -0.03)])
def test_the_wall_stays_within_rec2020_and_its_primaries_stay(mired: float, tint: float):
    light = np.concatenate([colours(3), REC2020.T])
    after = shifted(light, WHITE_D65, [mired] * len(light), [tint] * len(light))
    assert np.linalg.solve(REC2020, after.T).min() > -1e-9
    assert after[-3:] == pytest.approx(light[-3:], abs=1e-9)


@settings(deadline=None)
@given(SEEDS, st.floats(-300, 300), st.floats(-0.04, 0.04), st.floats(0.0, 3.0))
def test_trims_are_continuous_in_colour_and_in_their_own_values(
    seed: int, mired: float, tint: float, saturation: float
):
    rng = np.random.default_rng(seed)
    light = 0.02 + rng.random((20, 3)) @ REC2020.T
    before, after = (
        trimmed(
            light * (1 + 1e-7 * k), WHITE_D65, *(np.full(20, v + 1e-7 * k) for v in (mired, tint, saturation))
        )
        for k in (0.0, 1.0)
    )
    assert np.abs(after - before).max() < 1e-4


def test_the_smallest_shift_is_the_smallest_change():
    light = colours(5)
    for trims in ([1e-6, 0.0, 1.0], [0.0, 1e-9, 1.0], [0.0, 0.0, 1.0 - 1e-9]):
        after = trimmed(light, WHITE_D65, *np.repeat([trims], len(light), axis=0).T)
        assert after == pytest.approx(light, abs=1e-7)


def test_a_shift_beyond_the_ends_of_the_locus_goes_on():
    candle = xy_to_xyz(cct_to_xy([2000.0, 2000.0, 2000.0]))
    kelvin, _ = xyz_to_cct(shifted(candle, WHITE_D65, [-100.0, -150.0, -250.0], [0.0] * 3))
    assert (np.diff(1e6 / kelvin) < -25.0).all()


@settings(deadline=None)
@given(LIGHT, st.floats(0.0, 1.5))
def test_saturation_scales_chroma_and_keeps_hue_and_lightness(rgb: tuple[float, ...], factor: float):
    xyz = (rgb_to_xyz("rec709") @ (0.5 + 0.3 * np.array(rgb)))[None]
    before, after = xyz_to_oklab(xyz, WHITE_D65), xyz_to_oklab(saturate(xyz, WHITE_D65, factor), WHITE_D65)
    assert after[0] == pytest.approx(before[0] * (1.0, factor, factor), abs=1e-9)


def test_saturation_of_each_row_is_its_own():
    xyz = np.tile(rgb_to_xyz("rec709") @ (0.8, 0.2, 0.1), (3, 1))
    grey, same, more = saturate(xyz, WHITE_D65, [0.0, 1.0, 3.0])
    assert grey / grey[1] == pytest.approx(WHITE_D65)
    assert same == pytest.approx(xyz[0])
    assert (more >= 0.0).all()


@settings(deadline=None)
@given(SEEDS, st.floats(1.0, 10.0))
def test_more_saturation_than_light_has_ends_at_rec2020_with_its_hue(seed: int, factor: float):
    light = 0.01 + colours(seed, 20)
    after = saturate(light, WHITE_D65, factor)
    assert np.linalg.solve(REC2020, after.T).min() > -1e-9
    (_, a, b), (_, c, d) = xyz_to_oklab(light, WHITE_D65).T, xyz_to_oklab(after, WHITE_D65).T
    assert np.abs(a * d - b * c).max() < 1e-9
    assert (np.hypot(c, d) >= np.hypot(a, b) - 1e-9).all()


def test_saturation_takes_nothing_outside_rec2020_further():
    spectral = xy_to_xyz([[0.07, 0.83]])
    assert saturate(spectral, WHITE_D65, 2.0) == pytest.approx(spectral)
