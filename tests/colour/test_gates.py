"""How well simulated lamps show the colours of pictures, as colour-science judges it."""

import functools

import numpy as np
import pytest
from lamps import (
    LAMPS,
    WALL,
    Array,
    brightest,
    checker,
    colour,
    columns,
    delta_e,
    delta_itp,
    dusk,
    hue_error,
    least_of_rgb_as_white,
    natural,
    same_white,
    saturated,
    spectrum_of,
)

from lumad.colour.emitters import GAMUT, LUMINANCE, EmitterSolve
from lumad.colour.lut import BakedSolve, bake
from lumad.colour.spaces import WHITE_D65, rgb_to_xyz
from lumad.colour.transfer import decode
from lumad.colour.white import cct_to_xy, xy_to_xyz

REC2020 = rgb_to_xyz("rec2020")
every_lamp = pytest.mark.parametrize("lamp", LAMPS)


@functools.cache
def baked(lamp: str, headroom: float = 0.7, wide: bool = False, closest: bool = False) -> BakedSolve:
    to_xyz = REC2020 if wide else WALL
    solve = EmitterSolve(columns(lamp, headroom), WHITE_D65, closest=closest)
    return BakedSolve(solve, bake(solve, to_xyz, 1.0), to_xyz, 1.0)


@functools.cache
def pictures() -> Array:
    rng = np.random.default_rng(7)
    return np.concatenate([dusk(1200, rng), natural(1200, rng), saturated(400, rng), checker()])


def shown(solve: BakedSolve, asked: Array) -> tuple[Array, Array]:
    """XYZ of lamps of 16 bits, and limit flags."""
    drives, limits = solve.solve(asked)
    return np.rint(drives * 65535.0) / 65535.0 @ solve.columns.T, limits


@every_lamp
@pytest.mark.parametrize("headroom", [0.7, 1.0])
def test_colours_of_pictures_look_the_same_on_the_lamp(lamp: str, headroom: float):
    asked = pictures() @ WALL.T
    got, limits = shown(baked(lamp, headroom), asked)
    free = limits == 0
    assert free.mean() > 0.95
    difference = delta_e(asked[free], got[free])
    assert difference.mean() <= 0.02
    assert np.percentile(difference, 95) <= 0.05
    assert difference.max() <= 1.0
    assert delta_itp(asked[free], got[free]).mean() <= 0.1


@every_lamp
def test_no_luminance_is_lost_that_the_lamp_has(lamp: str):
    asked = pictures() @ WALL.T
    asked = asked[asked[:, 1] > 0.002]
    got, limits = shown(baked(lamp, 1.0), asked)
    best = np.minimum(brightest(columns(lamp, 1.0), asked), 1.0)
    inside = (limits & GAMUT) == 0
    lost = (1.0 - got[:, 1] / asked[:, 1] / best)[inside]
    assert (lost > 0.01).mean() < 0.002
    assert ((best < 1.0 - 2e-6) == (limits & LUMINANCE > 0))[inside].all()


@every_lamp
def test_colours_outside_the_gamut_keep_their_hue(lamp: str):
    asked = saturated(1500, np.random.default_rng(3)) / 2.0 @ REC2020.T
    got, limits = shown(baked(lamp, wide=True), asked)
    outside, free = limits == GAMUT, limits == 0
    assert outside.mean() > 0.05
    turned = hue_error(asked[outside], got[outside])
    assert turned.mean() <= 1.0
    assert turned.max() <= 3.0
    assert delta_e(asked[free], got[free]).max() <= 1.0


@every_lamp
def test_closest_differs_less_than_a_kept_hue_does(lamp: str):
    asked = saturated(1500, np.random.default_rng(3)) / 2.0 @ REC2020.T
    kept, limits = shown(baked(lamp, wide=True), asked)
    closest, _ = shown(baked(lamp, wide=True, closest=True), asked)
    kept_hue, least = (delta_e(asked, got)[limits == GAMUT] for got in (kept, closest))
    assert least.mean() < 0.95 * kept_hue.mean()
    assert least.max() < 5.0


@every_lamp
@pytest.mark.parametrize("headroom", [0.7, 1.0])
def test_round_the_hues_drives_go_as_smoothly_as_colours_while_the_lamp_has_room(lamp: str, headroom: float):
    path = round_the_hues(4001, 0.6, 0.5)
    drives, limits = baked(lamp, headroom).solve(path @ WALL.T)
    assert not limits.any()
    assert largest_step(drives) <= 2.5 * largest_step(path)


@every_lamp
def test_near_its_limits_drives_are_steep_but_never_jump(lamp: str):
    coarse, fine = (round_the_hues(count, 1.0, 1.0) for count in (4001, 16001))
    steps = [largest_step(baked(lamp, 1.0).solve(path @ WALL.T)[0]) for path in (coarse, fine)]
    assert steps[1] <= 0.3 * steps[0]
    assert steps[0] <= 17.0 * largest_step(coarse)


def round_the_hues(count: int, saturation: float, value: float) -> Array:
    """Linear RGB (count, 3): three times round, from next to grey to `saturation`."""
    part = np.linspace(0.0, 1.0, count)
    hsv = np.stack([part * 3.0 % 1.0, 0.05 + (saturation - 0.05) * part, np.full(count, value)], axis=1)
    return decode("srgb", colour.HSV_to_RGB(hsv))


def largest_step(path: Array) -> float:
    return float(np.abs(np.diff(path, axis=0)).max())


@every_lamp
def test_a_grey_ramp_never_steps_back(lamp: str):
    solve = baked(lamp)
    drives, _ = solve.solve(np.linspace(0.0, 1.0, 65536)[:, None] * WALL.sum(axis=1))
    assert (np.diff(drives @ solve.columns[1]) > 0.0).all()
    assert np.diff(np.rint(drives * 65535.0), axis=0).min() >= -1.0


@pytest.mark.parametrize("lamp", ["RGBW 5600", "RGBW 3200", "RGBW film"])
def test_white_taken_from_the_least_of_rgb_is_twenty_times_worse(lamp: str):
    full, rgb = columns(lamp), pictures()
    asked = rgb @ WALL.T
    naive = same_white(least_of_rgb_as_white(rgb, full), full, least_of_rgb_as_white(np.ones((1, 3)), full))
    assert delta_e(asked, naive).mean() > 20.0 * delta_e(asked, shown(baked(lamp), asked)[0]).mean()


@pytest.mark.parametrize("lamp", ["RGBW 5600", "RGBWW"])
def test_a_white_emitter_renders_colours_far_better_than_rgb_does(lamp: str):
    white = xy_to_xyz(cct_to_xy(5600.0), 0.3)[None]
    (with_white,), _ = EmitterSolve(columns(lamp)).solve(white)
    (without,), _ = EmitterSolve(columns("RGB")).solve(white)
    assert rendition(spectrum_of(lamp, with_white)) > rendition(spectrum_of("RGB", without)) + 40.0


def test_a_good_white_renders_colours_better_the_more_it_is_preferred():
    white = xy_to_xyz(cct_to_xy(3200.0), 0.3)[None]
    drives = [
        EmitterSolve(columns("RGBW film"), WHITE_D65, part).solve(white)[0][0] for part in (0.0, 0.5, 1.0)
    ]
    none, half, all_of_it = (rendition(spectrum_of("RGBW film", those)) for those in drives)
    assert none + 5.0 < half < all_of_it - 5.0


def rendition(spectrum: Array) -> float:
    nm = np.arange(360.0, 831.0)
    light = colour.SpectralDistribution(dict(zip(nm, spectrum / spectrum.max(), strict=True)))
    return float(colour.colour_rendering_index(light))
