"""Dimming curves."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.curve import Curve, CurveLike

MEASURED: CurveLike = {"points": [[0, 0], [0.1, 0.0], [0.2, 0.02], [0.5, 0.3], [0.8, 0.3], [1, 1]]}
CURVES: list[CurveLike] = [
    "linear",
    "square",
    "s",
    {"gamma": 2.2},
    {"points": [[0.5, 0.25]]},
    MEASURED,
    {"shape": "s", "turn_on": 0.04},
    {"gamma": 2.2, "turn_on": 0.1},
    {"points": [[0.3, 0.0], [0.4, 0.5]], "turn_on": 0.2},
]
every_curve = pytest.mark.parametrize("spec", CURVES, ids=str)


@every_curve
@settings(deadline=None)
@given(light=st.floats(0.0, 1.0))
def test_the_inverse_gives_the_code_of_a_light(spec: CurveLike, light: float):
    curve = Curve(spec)
    assert curve.forward(curve.inverse(light)) == pytest.approx(light, abs=1e-12)


@every_curve
def test_curves_run_from_dark_to_full_and_never_fall(spec: CurveLike):
    light = Curve(spec).forward(np.linspace(0, 1, 2001))
    assert light[0] == 0.0
    assert light[-1] == 1.0
    assert (np.diff(light) >= 0.0).all()


@every_curve
def test_no_light_is_code_zero_and_full_is_one(spec: CurveLike):
    assert Curve(spec).inverse([0.0, 1.0, -1.0, 2.0]) == pytest.approx([0.0, 1.0, 0.0, 1.0])


def test_named_curves_are_the_formulas_they_say():
    assert Curve("square").forward(0.5) == 0.25
    assert Curve("s").forward([0.25, 0.5]) == pytest.approx([0.15625, 0.5])
    assert Curve({"gamma": 3}).forward(0.5) == pytest.approx(0.125)


def test_a_curve_goes_through_its_points():
    codes, lights = np.array(MEASURED["points"]).T  # type: ignore[index]
    assert Curve(MEASURED).forward(codes) == pytest.approx(lights)


def test_a_dead_zone_is_jumped_over():
    assert Curve(MEASURED).inverse(1e-9) > 0.1


@pytest.mark.parametrize("law", [{"shape": "square"}, {"gamma": 2.2}, {"points": [[0.5, 0.25]]}], ids=str)
def test_nothing_shines_up_to_the_turn_on_and_the_curve_runs_over_the_rest(law: dict[str, Any]):
    plain, late = Curve(law), Curve({**law, "turn_on": 0.2})
    assert not late.forward([0.0, 0.1, 0.2]).any()
    assert late.forward([0.3, 0.6, 1.0]) == pytest.approx(plain.forward([0.125, 0.5, 1.0]))


@pytest.mark.parametrize("law", [{"shape": "linear"}, {"gamma": 2.2}, {"points": [[0.5, 0.25]]}], ids=str)
def test_the_least_light_is_just_above_the_turn_on_and_none_is_code_zero(law: dict[str, Any]):
    none, least, little, full = Curve({**law, "turn_on": 0.04}).inverse([0.0, 1e-15, 1e-5, 1.0])
    assert none == 0.0
    assert 0.04 <= least < 0.0401
    assert 0.04 < little < 0.06
    assert full == 1.0


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_measured_curves_are_inverted_at_any_light(seed: int):
    rng = np.random.default_rng(seed)
    codes, lights = np.sort(rng.random((2, rng.integers(1, 9))))
    curve = Curve({"points": np.stack([np.unique(codes), lights], axis=1).tolist()})
    light = np.concatenate([rng.random(50), np.geomspace(1e-9, 1.0, 50)])
    code = np.sort(curve.inverse(light))
    assert curve.forward(curve.inverse(light)) == pytest.approx(light, abs=1e-9)
    assert (np.diff(curve.forward(code)) >= -1e-12).all()


def test_nine_points_of_a_square_law_are_enough():
    codes = np.linspace(0, 1, 9)
    curve = Curve({"points": np.stack([codes, codes**2], axis=1).tolist()})
    assert np.abs(curve.forward(np.linspace(0, 1, 300)) - np.linspace(0, 1, 300) ** 2).max() < 0.004


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)), min_size=1, max_size=8))
def test_any_rising_points_give_a_curve_that_never_falls(points: list[tuple[float, float]]):
    codes = np.unique(np.round([code for code, _ in points], 3))
    lights = np.sort([light for _, light in points])[: len(codes)]
    light = Curve({"points": np.stack([codes, lights], axis=1).tolist()}).forward(np.linspace(0, 1, 500))
    assert (np.diff(light) >= -1e-12).all()


@pytest.mark.parametrize(
    "spec",
    [
        "cubic",
        {"gamma": 0.0},
        {"gamma": float("nan")},
        {"power": 2},
        {"gamma": 2, "points": []},
        {"shape": "cubic"},
        {"turn_on": 0.1},
        {"gamma": 2, "turn_on": 1.0},
        {"gamma": 2, "turn_on": float("nan")},
        {"points": [[0.2, float("nan")], [0.5, 0.6]]},
        {"points": [[0.5, 0.5], [0.5, 0.6]]},
        {"points": [[0.2, 0.5], [0.5, 0.4]]},
        {"points": [[0.2, 1.5]]},
        {"points": [[0.2, 0.5, 0.1]]},
    ],
    ids=str,
)
def test_what_is_no_curve_is_refused(spec: CurveLike):
    with pytest.raises(ValueError, match="curve"):
        Curve(spec)
