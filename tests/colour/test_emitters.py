"""Solving for emitters: exact, continuous, honest about limits, never not-a-number."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.emitters import GAMUT, LUMINANCE, EmitterSolve, _weights
from lumad.colour.rgb import RgbSpace
from lumad.colour.spaces import WHITE_D65, rgb_to_xyz, xyz_to_oklab
from lumad.colour.white import cct_to_xy, xy_to_xyz, xyz_to_cct, xyz_to_uv

Array = npt.NDArray[np.float64]

RED, GREEN, BLUE = (0.690, 0.305, 60.0), (0.170, 0.700, 120.0), (0.150, 0.045, 25.0)
WARM, COOL, AMBER, LIME = (
    (0.4290, 0.4010, 200.0),
    (0.3130, 0.3290, 220.0),
    (0.57, 0.42, 80.0),
    (0.41, 0.54, 180.0),
)


def columns(*emitters: tuple[float, float, float]) -> Array:
    return np.array([xy_to_xyz((x, y), luminance) for x, y, luminance in emitters]).T


LAMPS = {
    "rgb": columns(RED, GREEN, BLUE),
    "rgbw": columns(RED, GREEN, BLUE, WARM),
    "rgba": columns(RED, GREEN, BLUE, AMBER),
    "rgb cool": columns(RED, GREEN, BLUE, COOL),
    "rgbal": columns(RED, GREEN, BLUE, AMBER, LIME),
}
SOLVES = {name: EmitterSolve(lamp) for name, lamp in LAMPS.items()}
every_lamp = pytest.mark.parametrize("lamp", LAMPS)
SEEDS = st.integers(0, 2**32)
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)


@every_lamp
@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_colours_the_lamp_can_make_are_made_exactly(lamp: str, seed: int):
    full = LAMPS[lamp]
    target = np.random.default_rng(seed).random((50, full.shape[1])) @ full.T
    drives, limits = SOLVES[lamp].solve(target)
    assert np.abs(drives @ full.T / target - 1.0).max() < 1e-9
    assert ((drives >= 0.0) & (drives <= 1.0)).all()
    assert not limits.any()


@every_lamp
def test_the_corners_of_what_a_lamp_can_make_are_made_exactly(lamp: str):
    full = LAMPS[lamp]
    corners = np.array(list(itertools.product((0.0, 1.0), repeat=full.shape[1])))
    target = corners @ full.T
    drives, limits = SOLVES[lamp].solve(target)
    assert np.abs(drives @ full.T - target).max() < 1e-9 * full.max()
    assert not limits.any()


@every_lamp
@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_too_bright_keeps_chromaticity_and_says_so(lamp: str, seed: int):
    full = LAMPS[lamp]
    target = np.random.default_rng(seed).random((20, full.shape[1])) @ full.T
    brightest = target / (target @ SOLVES[lamp]._limits.T).max(axis=1)[:, None]
    drives, limits = SOLVES[lamp].solve(brightest * 1.7)
    assert np.abs(drives @ full.T / brightest - 1.0).max() < 1e-6
    assert (limits == LUMINANCE).all()
    assert not SOLVES[lamp].solve(brightest * 0.999999)[1].any()


@every_lamp
@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_out_of_gamut_keeps_hue_and_luminance_and_loses_chroma(lamp: str, seed: int):
    rgb = np.random.default_rng(seed).dirichlet((0.3, 0.3, 0.3), 40)
    target = rgb @ rgb_to_xyz({"r": (0.73, 0.265), "g": (0.1, 0.83), "b": (0.12, 0.02)}).T
    drives, limits = SOLVES[lamp].solve(target)
    outside = limits == GAMUT
    asked = xyz_to_oklab(target[outside], WHITE_D65)
    light = drives[outside] @ LAMPS[lamp].T
    got = xyz_to_oklab(light, WHITE_D65)
    turn = asked[:, 1] * got[:, 2] - asked[:, 2] * got[:, 1]
    assert np.abs(turn).max(initial=0.0) < 1e-7
    assert (
        np.hypot(*got[:, 1:].T) <= np.hypot(*asked[:, 1:].T) * 1.35
    ).all()  # luminance is kept, not lightness
    assert np.abs(light[:, 1] / target[outside, 1] - 1.0).max(initial=0.0) < 1e-6


@every_lamp
@settings(deadline=None, max_examples=30)
@given(seed=SEEDS)
def test_smooth_paths_of_colour_give_smooth_drives(lamp: str, seed: int):
    rng = np.random.default_rng(seed)
    knots = rng.random((2, 3)) * SOLVES[lamp].full_output(WHITE_D65) * 1.5
    part = np.linspace(0, 1, 4001)[:, None]
    path = (knots[0] * (1 - part) + knots[1] * part) @ rgb_to_xyz("rec2020").T
    drives, _ = SOLVES[lamp].solve(path)
    steps = np.abs(np.diff(drives, axis=0)).max(axis=1)
    steepest = int(steps.argmax())
    finer = path[steepest] * (1 - part) + path[steepest + 1] * part
    assert steps.max() < 0.15
    assert np.abs(np.diff(SOLVES[lamp].solve(finer)[0], axis=0)).max() < steps.max() / 500 + 1e-9


@every_lamp
def test_full_output_is_the_brightest_white(lamp: str):
    solve, full = SOLVES[lamp], SOLVES[lamp].full_output(WHITE_D65)
    assert solve.solve([WHITE_D65 * full])[1].tolist() == [0]
    assert solve.solve([WHITE_D65 * full * 1.0001])[1].tolist() == [LUMINANCE]


@every_lamp
def test_black_and_less_than_black_is_dark(lamp: str):
    drives, limits = SOLVES[lamp].solve([[0.0, 0.0, 0.0], [0.1, 0.0, 0.2], [-1.0, -1.0, -1.0]])
    assert not drives.any()
    assert not limits.any()


def test_no_cells_give_no_drives():
    drives, limits = SOLVES["rgbw"].solve(np.empty((0, 3)))
    assert drives.shape == (0, 4)
    assert limits.shape == (0,)


def test_the_white_emitter_carries_white():
    solve = SOLVES["rgb cool"]
    (drives,), _ = solve.solve([WHITE_D65 * 150.0])
    assert drives[3] > 0.6
    assert drives[:3].max() < 0.1
    plain = EmitterSolve(LAMPS["rgb cool"], white_preference=0.0)
    assert plain.solve([WHITE_D65 * 150.0])[0][0, 3] < drives[3]


@pytest.mark.parametrize("white", ["rgbw", "rgb cool"])
def test_the_more_white_is_preferred_the_more_it_carries(white: str):
    target = [WHITE_D65 * 100.0, xy_to_xyz(cct_to_xy(3200.0)) * 100.0]
    shares = [EmitterSolve(LAMPS[white], white_preference=part).solve(target)[0][:, 3] for part in STEPS]
    assert (np.diff(shares, axis=0) >= -1e-12).all()
    assert (shares[-1] > shares[0]).any()


@every_lamp
@settings(deadline=None, max_examples=15)
@given(seed=SEEDS, preference=st.floats(0.0, 1.0))
def test_no_other_drives_of_that_colour_cost_less(lamp: str, seed: int, preference: float):
    full, rng = LAMPS[lamp], np.random.default_rng(seed)
    others = rng.random((200, full.shape[1]))
    drives, _ = EmitterSolve(full, WHITE_D65, preference).solve(others @ full.T)
    cost = _weights(full, preference)
    assert ((drives**2 @ cost) <= (others**2 @ cost) + 1e-9).all()


@every_lamp
def test_one_colour_at_a_time_is_solved_as_all_at_once(lamp: str):
    target = np.random.default_rng(2).random((20_000, 3)) * 150.0 @ rgb_to_xyz("rec2020").T
    together, limits = SOLVES[lamp].solve(target)
    some = slice(None, None, 701)
    alone = [SOLVES[lamp].solve(row[None]) for row in target[some]]
    assert np.concatenate([drives for drives, _ in alone]) == pytest.approx(together[some], abs=1e-8)
    assert [flags[0] for _, flags in alone] == limits[some].tolist()


def test_columns_of_a_camera_may_have_a_little_less_than_no_x_or_z():
    pseudo = LAMPS["rgbw"] + np.array([[0.0, -15.0, 0.0, 0.0], [0.0] * 4, [-4.0, -6.0, 0.0, 0.0]])
    solve = EmitterSolve(pseudo)
    assert solve.columns.min() < 0.0
    target = np.random.default_rng(1).random((100, 4)) @ pseudo.T
    drives, limits = solve.solve(target)
    assert drives @ pseudo.T == pytest.approx(target, rel=1e-9, abs=1e-9)
    assert not limits.any()
    beyond, limits = solve.solve([[60.0, 20.0, -8.0], [-10.0, 40.0, 1.0]])
    assert (beyond @ pseudo.T)[:, 1] == pytest.approx([20.0, 40.0])
    assert limits.tolist() == [GAMUT, GAMUT]


@every_lamp
@settings(deadline=None, max_examples=20)
@given(seed=SEEDS)
def test_closest_is_the_nearest_in_lightness_chroma_and_hue(lamp: str, seed: int):
    full, rng = LAMPS[lamp], np.random.default_rng(seed)
    target = rng.dirichlet((0.3, 0.3, 0.3), 30) @ rgb_to_xyz("rec2020").T * 20.0
    nearest, limits = EmitterSolve(full, closest=True).reach(target)
    for asked, got in zip(target[limits == GAMUT], nearest[limits == GAMUT], strict=True):
        others = rng.dirichlet(np.full(full.shape[1], 0.5), 200) @ full.T
        others *= (got[1] / others[:, 1] * rng.uniform(0.8, 1.25, 200))[:, None]
        assert cie94(asked, got[None])[0] <= cie94(asked, others).min() + 0.05


def cie94(asked: Array, got: Array) -> Array:
    (lightness, a, b), (others, *ab) = (lab(xyz * 0.2 / asked[1]).T for xyz in (asked[None], got))
    chroma, apart = np.hypot(a, b), (ab[0] - a) ** 2 + (ab[1] - b) ** 2
    along = ((ab[0] - a) * a + (ab[1] - b) * b) / chroma
    across = np.maximum(apart - along**2, 0.0) / (1.0 + 0.015 * chroma) ** 2
    return np.sqrt((others - lightness) ** 2 + (along / (1.0 + 0.045 * chroma)) ** 2 + across)


def lab(xyz: Array) -> Array:
    part = xyz / WHITE_D65
    x, y, z = np.where(part > 216 / 24389, np.cbrt(part), part * 841 / 108 + 4 / 29).T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


@settings(deadline=None, max_examples=15)
@given(seed=SEEDS)
def test_closest_follows_a_smooth_path_smoothly(seed: int):
    solve = EmitterSolve(LAMPS["rgbw"], closest=True)
    knots = np.random.default_rng(seed).dirichlet((0.4, 0.4, 0.4), 2) @ rgb_to_xyz("rec2020").T * 30.0
    part = np.linspace(0, 1, 2001)[:, None]
    light, _ = solve.reach(knots[0] * (1 - part) + knots[1] * part)
    assert np.abs(np.diff(light, axis=0)).max() < 10.0 * np.abs(knots[1] - knots[0]).max() / 2000.0


def test_closest_of_lamps_on_a_line_is_the_nearest_chromaticity():
    lamp = columns(WARM, COOL)
    target = [WHITE_D65 * 20.0, xy_to_xyz((0.3, 0.6), 20.0)]
    assert EmitterSolve(lamp, closest=True).solve(target)[0] == pytest.approx(
        EmitterSolve(lamp).solve(target)[0]
    )


def test_the_target_given_stays_as_it_is():
    target = np.array([[0.1, 0.9, 0.0]])
    SOLVES["rgb"].solve(target)
    assert target.tolist() == [[0.1, 0.9, 0.0]]


def test_warm_and_cool_white_follow_the_temperature_asked():
    lamp = columns((0.4578, 0.4101, 100.0), (0.3135, 0.3237, 100.0))
    kelvin = np.array([2000.0, 3200.0, 4300.0, 5600.0, 9000.0])
    drives, limits = EmitterSolve(lamp).solve(xy_to_xyz(cct_to_xy(kelvin), 50.0))
    light = drives @ lamp.T
    assert light[:, 1] == pytest.approx(np.full(5, 50.0))
    got, _ = xyz_to_cct(light)
    assert got == pytest.approx([2700.0, 3200.0, 4300.0, 5600.0, 6500.0], rel=0.03)
    assert (limits == GAMUT).all()


def test_one_emitter_follows_luminance_and_says_that_the_colour_is_not_kept():
    drives, limits = EmitterSolve(columns(WARM)).solve([[50.0, 100.0, 20.0], [0.0, 400.0, 0.0]])
    assert drives[:, 0].tolist() == pytest.approx([0.5, 1.0])
    assert limits.tolist() == [GAMUT, GAMUT | LUMINANCE]
    assert EmitterSolve(columns(WARM)).solve([columns(WARM)[:, 0] / 2])[1].tolist() == [0]


def test_a_lamp_that_cannot_make_white_takes_the_nearest_colour():
    lamp = columns(RED, GREEN, AMBER)
    drives, limits = EmitterSolve(lamp).solve([WHITE_D65 * 20.0])
    light = drives @ lamp.T
    assert light[0, 1] == pytest.approx(20.0)
    assert limits.tolist() == [GAMUT]
    assert np.linalg.norm(xyz_to_uv(light) - xyz_to_uv(WHITE_D65)) < 0.15


def test_an_emitter_without_light_is_never_driven():
    dark = columns(RED, GREEN, BLUE, (0.3, 0.3, 0.0))
    drives, limits = EmitterSolve(dark).solve([WHITE_D65 * 20.0])
    assert drives[0, 3] == 0.0
    assert limits.tolist() == [0]
    nothing = EmitterSolve(np.zeros((3, 2)))
    assert nothing.full_output(WHITE_D65) == 0.0
    assert nothing.solve([WHITE_D65])[1].tolist() == [LUMINANCE]


CHROMATICITY = st.tuples(st.floats(0.05, 0.75), st.floats(0.02, 0.85), st.floats(0.0, 300.0)).filter(
    lambda e: e[0] + e[1] < 0.98
)


@settings(deadline=None, max_examples=200)
@given(st.lists(CHROMATICITY, min_size=1, max_size=4), SEEDS, st.booleans())
def test_any_emitters_and_any_light_give_drives_in_range(
    emitters: list[tuple[float, float, float]], seed: int, twins: bool
):
    lamp = columns(*emitters)
    if twins:
        lamp[:, -1] = lamp[:, 0] * 0.7
    target = np.random.default_rng(seed).random((30, 3)) ** 3 * 200.0
    solve = EmitterSolve(lamp)
    drives, limits = solve.solve(target)
    assert ((drives >= 0.0) & (drives <= 1.0)).all()
    assert limits.max() <= (GAMUT | LUMINANCE)
    assert np.isfinite(solve.full_output(WHITE_D65))
    light = drives @ lamp.T
    kept = ((limits & LUMINANCE) == 0) & (target[:, 1] > 1e-3 * target.max(axis=1))
    assert light[kept, 1] == pytest.approx(target[kept, 1], rel=1e-4)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((3, 0)),
        np.zeros((3, 9)),
        np.zeros((2, 3)),
        np.full((3, 2), np.nan),
        [[1.0, 1.0], [1.0, -0.1], [1.0, 1.0]],
        [[1.0, -1.1], [1.0, 1.0], [1.0, 1.0]],
    ],
)
def test_what_are_no_emitters_is_refused(wrong: Array):
    with pytest.raises(ValueError, match="emitters"):
        EmitterSolve(wrong)


@settings(deadline=None)
@given(seed=SEEDS)
def test_a_lamp_with_a_colour_space_makes_the_light_asked(seed: int):
    space = RgbSpace("p3-d65", None, WHITE_D65)
    target = np.random.default_rng(seed).random((20, 3)) @ rgb_to_xyz("rec709").T
    rgb, limits = space.solve(target)
    assert rgb @ space.columns.T == pytest.approx(target, rel=1e-6, abs=1e-9)
    assert not limits.any()


def test_a_lamp_with_a_colour_space_can_take_the_closest_colour():
    target = rgb_to_xyz("rec2020").T[:1] * 0.5
    got = [RgbSpace("rec709", closest=closest).solve(target)[0][0] for closest in (False, True)]
    assert got[0] != pytest.approx(got[1], abs=0.01)
    assert got[1][0] > got[0][0]


def test_wall_white_of_luminance_one_is_the_full_output_of_a_colour_space():
    warm_wall = xy_to_xyz(cct_to_xy(3200))
    space = RgbSpace("rec709", "D65", warm_wall * 5.0)
    rgb, limits = space.solve([warm_wall])
    assert rgb.max() == pytest.approx(1.0)
    assert limits.tolist() == [0]
    assert space.solve([warm_wall * 1.01])[1].tolist() == [LUMINANCE]


def test_eight_emitters_and_many_cells_are_solved_in_parts():
    eight = columns(RED, GREEN, BLUE, WARM, COOL, AMBER, LIME, (0.08, 0.5, 60.0))
    target = np.random.default_rng(5).random((200, 8)) @ eight.T
    drives, limits = EmitterSolve(eight).solve(target)
    assert np.abs(drives @ eight.T / target - 1.0).max() < 1e-9
    assert not limits.any()


def test_full_output_of_a_lamp_without_white_is_that_of_its_nearest_colour():
    assert EmitterSolve(columns(WARM)).full_output(WHITE_D65) == pytest.approx(200.0)
