"""A baked solve: the same light as the direct one, the same flags, and no jumps anywhere."""

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lamps import LAMPS, WALL, columns

from lumad.colour.emitters import GAMUT, LUMINANCE, EmitterSolve
from lumad.colour.lut import NODES, BakedSolve, bake
from lumad.colour.spaces import WHITE_D65, rgb_to_xyz

WIDE = rgb_to_xyz("rec2020")
SOME = ("RGB", "RGBW 5600", "RGBWW", "7 colours")
SEEDS = st.integers(0, 2**32)
some_lamps = pytest.mark.parametrize("lamp", SOME)


@functools.cache
def both(lamp: str, closest: bool = False) -> tuple[EmitterSolve, BakedSolve]:
    solve = EmitterSolve(columns(lamp), WHITE_D65, closest=closest)
    return solve, BakedSolve(solve, bake(solve, WALL, 0.9), WALL, 0.9)


def test_a_table_holds_the_drives_of_the_nodes_in_float32():
    solve, _ = both("RGBW 5600")
    table = bake(solve, WALL, 0.9)
    assert table.shape == (NODES, NODES, NODES, 4)
    assert table.dtype == np.float32
    assert not table[0, 0, 0].any()
    assert table[-1, -1, -1] == pytest.approx(solve.solve([0.9 * WHITE_D65])[0][0], abs=1e-6)


@some_lamps
@settings(deadline=None, max_examples=20)
@given(seed=SEEDS)
def test_colours_without_a_limit_are_made_exactly(lamp: str, seed: int):
    solve, quick = both(lamp)
    asked = np.random.default_rng(seed).random((300, 3)) ** 2 * 0.6 @ WALL.T
    free = (solve.solve(asked)[1] == 0) & (solve.solve(asked * 1.25)[1] == 0)  # and no limit near
    drives, _ = quick.solve(asked)
    assert ((drives >= 0.0) & (drives <= 1.0)).all()
    error = np.abs(drives @ solve.columns.T - asked)[free]
    assert (error < 1e-5 * asked[free].max(axis=1)[:, None] + 1e-6).all()


@some_lamps
@settings(deadline=None, max_examples=20)
@given(seed=SEEDS)
def test_limits_are_those_of_the_direct_solve(lamp: str, seed: int):
    solve, quick = both(lamp)
    asked = (np.random.default_rng(seed).random((300, 3)) * 2.2) @ WIDE.T
    assert quick.solve(asked)[1].tolist() == solve.solve(asked)[1].tolist()


@some_lamps
@settings(deadline=None, max_examples=20)
@given(seed=SEEDS, closest=st.booleans())
def test_any_light_gives_nearly_the_light_of_the_direct_solve(lamp: str, seed: int, closest: bool):
    solve, quick = both(lamp, closest)
    asked = (np.random.default_rng(seed).random((200, 3)) * 1.8) @ WIDE.T
    drives, _ = quick.solve(asked)
    light, wanted = drives @ solve.columns.T, solve.reach(asked)[0]
    assert ((drives >= 0.0) & (drives <= 1.0)).all()
    assert np.abs(light - wanted).max() < 0.04
    assert np.abs(light - wanted).mean() < 0.0015


@some_lamps
@settings(deadline=None, max_examples=10)
@given(seed=SEEDS)
def test_no_drive_jumps_where_the_table_ends_or_a_limit_begins(lamp: str, seed: int):
    _, quick = both(lamp)
    knots = np.random.default_rng(seed).random((2, 3)) * 1.8 @ WIDE.T
    part = np.linspace(0, 1, 4001)[:, None]
    path = knots[0] * (1 - part) + knots[1] * part
    steps = np.abs(np.diff(quick.solve(path)[0], axis=0)).max(axis=1)
    steepest = int(steps.argmax())
    finer = path[steepest] * (1 - part) + path[steepest + 1] * part
    assert np.abs(np.diff(quick.solve(finer)[0], axis=0)).max() < steps.max() / 500 + 1e-4


@some_lamps
def test_twice_as_bright_as_the_wall_keeps_chromaticity(lamp: str):
    solve, quick = both(lamp)
    asked = 2.0 * np.array([[1.0, 0.8, 0.6], [0.9, 0.9, 1.0], [1.0, 1.0, 1.0]]) @ WIDE.T
    drives, limits = quick.solve(asked)
    light = drives @ solve.columns.T
    assert limits.tolist() == [LUMINANCE] * 3
    assert light / light.sum(axis=1)[:, None] == pytest.approx(asked / asked.sum(axis=1)[:, None], abs=2e-3)
    assert drives.max(axis=1) == pytest.approx(np.ones(3), abs=0.02)


def test_black_and_less_than_black_is_dark():
    _, quick = both("RGBW 5600")
    drives, limits = quick.solve([[0.0, 0.0, 0.0], [0.1, 0.0, 0.2], [-1.0, -1.0, -1.0]])
    assert not drives.any()
    assert not limits.any()


def test_no_cells_give_no_drives():
    drives, limits = both("RGBW 5600")[1].solve(np.empty((0, 3)))
    assert drives.shape == (0, 4)
    assert limits.shape == (0,)


@pytest.mark.parametrize("emitters", [1, 2])
def test_lamps_that_mix_no_more_than_a_line_can_be_baked(emitters: int):
    solve = EmitterSolve(columns("RGBWW")[:, -emitters:])
    quick = BakedSolve(solve, bake(solve, WALL, 1.0), WALL, 1.0)
    asked = np.random.default_rng(1).random((50, 3)) @ WALL.T * 0.5
    (drives, limits), (wanted, flags) = quick.solve(asked), solve.solve(asked)
    assert limits.tolist() == flags.tolist()
    assert (drives @ solve.columns[1]) == pytest.approx(wanted @ solve.columns[1], rel=1e-3)


def test_a_lamp_without_light_can_be_baked():
    solve = EmitterSolve(np.zeros((3, 2)))
    quick = BakedSolve(solve, bake(solve, WALL, 1.0), WALL, 1.0)
    drives, limits = quick.solve([WHITE_D65, np.zeros(3)])
    assert not drives.any()
    assert limits.tolist() == [LUMINANCE, 0]
    assert quick.full_output(WHITE_D65) == 0.0
    assert np.array_equal(quick.columns, solve.columns)


def test_every_lamp_can_be_baked_for_a_wall_of_one_measured_primary_beside_its_gamut():
    beside = rgb_to_xyz({"r": (0.71, 0.29), "g": (0.2, 0.72), "b": (0.14, 0.03)})
    for lamp in LAMPS:
        solve = EmitterSolve(columns(lamp))
        quick = BakedSolve(solve, bake(solve, beside, 1.0), beside, 1.0)
        assert quick.solve([beside[:, 1] * 0.2])[1].tolist() in ([0], [GAMUT])
