"""White lamps follow light of any colour, and their temperature never jumps."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.cct import FOLLOWS, LETS_GO, CctFollow, follow
from lumad.colour.spaces import rgb_to_xyz
from lumad.colour.white import cct_to_xy, xy_to_xyz, xyz_to_cct

Array = npt.NDArray[np.float64]
SEEDS = st.integers(0, 2**32)
REC2020 = rgb_to_xyz("rec2020")


def lamp(xyz: Array, tint: tuple[float, float] | None = None) -> CctFollow:
    return follow(xyz, 5600.0, 10000.0, 2000.0, tint)


def white(kelvin: float, duv: float = 0.0, level: float = 1.0) -> Array:
    return xy_to_xyz(cct_to_xy([kelvin], [duv]), level)


def wandering(seed: int, count: int = 4001) -> Array:
    """Light (count, 3) of a pixel that goes straight between five colours, one of them grey or black."""
    rng = np.random.default_rng(seed)
    knots = rng.random((5, 3)) ** rng.choice([0.3, 1.0, 4.0])
    knots[rng.integers(5)] = rng.choice([0.0, 1e-3, 0.5])
    way = np.linspace(0.0, 4.0, count)
    return np.stack([np.interp(way, range(5), knot) for knot in knots.T], axis=1) @ REC2020.T


def steps(kelvin: Array) -> Array:
    return np.abs(np.diff(1e6 / kelvin))


@settings(deadline=None)
@given(st.floats(2001.0, 9990.0), st.floats(-0.99, 0.99), st.floats(0.01, 1.0))
def test_white_light_is_followed(kelvin: float, part: float, level: float):
    duv = part * FOLLOWS
    found = lamp(white(kelvin, duv, level))
    assert 1e6 / found.kelvin == pytest.approx(1e6 / kelvin, abs=0.05)
    assert found.residual == pytest.approx(duv, abs=1e-5)
    assert not found.limited.any()


@pytest.mark.parametrize("rgb", [(0, 1, 0), (1, 0, 1), (0, 0, 1), (0.2, 1, 0.1), (0, 1, 1), (0, 0, 0)])
def test_greens_magentas_blues_and_black_take_the_neutral_temperature(rgb: tuple[float, ...]):
    found = lamp(np.array([rgb]) @ REC2020.T)
    assert found.kelvin == pytest.approx(5600.0, abs=0.1)
    assert not found.limited.any()


def test_between_white_and_colour_the_temperature_goes_over_to_neutral():
    duv = np.linspace(0.0, 0.06, 601)
    mired = 1e6 / lamp(xy_to_xyz(cct_to_xy(np.full(601, 3000.0), duv))).kelvin
    assert mired[[0, 199]] == pytest.approx(1e6 / 3000, abs=0.1)
    assert mired[350] == pytest.approx((1e6 / 3000 + 1e6 / 5600) / 2, abs=0.1)
    assert mired[501:] == pytest.approx(1e6 / 5600, abs=0.1)
    assert (np.diff(mired) < 1e-3).all()


def largest_step(path: Array, value_of: Callable[[Array], Array], zooms: int) -> float:
    """Largest step of a value along a path (count, 3), looked at `zooms` times 400 times closer."""
    for _ in range(zooms):
        steepest = int(np.abs(np.diff(value_of(path))).argmax())
        part = np.linspace(0.0, 1.0, 401)[:, None]
        path = path[steepest] * (1 - part) + path[steepest + 1] * part
    return float(np.abs(np.diff(value_of(path))).max())


@settings(deadline=None, max_examples=40)
@given(SEEDS, st.sampled_from([2700.0, 5600.0, 6504.0, 9000.0]))
def test_no_path_of_light_makes_the_temperature_jump_not_even_through_black(seed: int, neutral: float):
    def mired(xyz: Array) -> Array:
        return 1e6 / follow(xyz, neutral, 20000.0, 1800.0).kelvin

    assert largest_step(wandering(seed), mired, zooms=3) < 0.01


@settings(deadline=None, max_examples=40)
@given(SEEDS)
def test_no_path_of_light_makes_the_tint_jump_not_even_through_black(seed: int):
    assert largest_step(wandering(seed), lambda xyz: lamp(xyz, (-0.02, 0.03)).duv, zooms=3) < 1e-5


@settings(deadline=None, max_examples=40)
@given(SEEDS)
def test_on_a_lit_path_no_frame_steps_far(seed: int):
    rgb = 0.05 + 0.95 * np.random.default_rng(seed).random((2, 3))
    part = np.linspace(0.0, 1.0, 2001)[:, None]
    path = (rgb[0] * (1 - part) + rgb[1] * part) @ REC2020.T
    assert steps(lamp(path).kelvin).max() < 4.0  # mired; the blend is 0.03 Duv wide, the path up to 0.6


@settings(deadline=None, max_examples=40)
@given(SEEDS)
def test_outside_the_blend_a_step_is_no_greater_than_that_of_the_light(seed: int):
    path = wandering(seed)
    path = path[path[:, 1] > 0.01]
    asked, duv = xyz_to_cct(path)
    near, far = np.abs(duv) <= FOLLOWS, np.abs(duv) >= LETS_GO
    steady = (near[1:] & near[:-1]) | (far[1:] & far[:-1])
    assert (steps(lamp(path).kelvin) <= 2.5 * steps(asked) + 0.01)[steady].all()


def test_the_ends_of_the_lamp_limit_the_temperature():
    found = lamp(np.concatenate([white(1500.0), white(15000.0), white(2000.0), white(10000.0)]))
    assert found.kelvin == pytest.approx([2000.0, 10000.0, 2000.0, 10000.0], rel=1e-4)
    assert found.limited.tolist() == [True, True, False, False]


def test_neutral_lies_within_the_lamp_too():
    assert follow(np.zeros((1, 3)), 6504.0, 4000.0, 2700.0).kelvin == pytest.approx(4000.0, abs=0.1)


def test_tint_takes_duv_as_far_as_it_goes_and_the_rest_is_told():
    asked = [0.01, 0.018, -0.03, 0.2]
    found = lamp(np.concatenate([white(4000.0, duv) for duv in asked]), (-0.015, 0.02))
    assert found.duv == pytest.approx([0.01, 0.018, -0.015, 0.02], abs=1e-6)
    assert found.residual == pytest.approx([0.0, 0.0, -0.015, 0.18], abs=1e-6)


def test_a_lamp_without_tint_leaves_all_duv():
    found = lamp(white(4000.0, 0.01))
    assert found.duv.tolist() == [0.0]
    assert found.residual == pytest.approx(0.01, abs=1e-6)


def test_each_cell_may_have_a_neutral_of_its_own():
    found = follow(np.zeros((2, 3)), np.array([3200.0, 5600.0]), 10000.0, 2000.0)
    assert found.kelvin == pytest.approx([3200.0, 5600.0], abs=0.1)


def test_no_cells_have_no_temperature():
    assert lamp(np.empty((0, 3))).kelvin.shape == (0,)
