"""White points and colour temperatures against published numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.white import (
    cct_to_xy,
    locus_uv,
    nearest_black_body,
    uv_to_cct,
    uv_to_xy,
    white_xy,
    with_trace,
    xy_to_xyz,
    xyz_to_cct,
    xyz_to_uv,
)
from lumad.errors import UnknownNameError


@pytest.mark.parametrize(
    ("kelvin", "x", "y"),
    [(1000, 0.6528, 0.3445), (2856, 0.4475, 0.4074), (4000, 0.3805, 0.3768), (6500, 0.3135, 0.3236)],
)  # Wyszecki & Stiles, Color Science, table 1(3.11), for c2 = 1.4388e-2
def test_black_bodies_have_their_published_chromaticity(kelvin: float, x: float, y: float):
    assert cct_to_xy(kelvin) == pytest.approx([x, y], abs=1.5e-4)


@settings(deadline=None)
@given(st.floats(1001.0, 24900.0), st.floats(-0.05, 0.05))
def test_temperature_and_duv_come_back(kelvin: float, duv: float):
    found_kelvin, found_duv = xyz_to_cct(xy_to_xyz(cct_to_xy([kelvin], [duv])))
    assert 1e6 / found_kelvin[0] == pytest.approx(1e6 / kelvin, abs=1e-3)
    assert found_duv[0] == pytest.approx(duv, abs=1e-7)


def test_the_nearest_black_body_is_no_further_than_any_other():
    uv = np.random.default_rng(4).random((500, 2)) * (0.62, 0.4)
    _, along, across = nearest_black_body(uv)
    every = np.linalg.norm(uv[:, None] - locus_uv(np.linspace(40.0, 1000.0, 4001)), axis=2)
    assert np.hypot(along, across) == pytest.approx(every.min(axis=1), abs=2e-6)


def test_the_way_to_a_colour_runs_across_the_locus_but_beyond_its_ends():
    inside = xyz_to_uv(xy_to_xyz(cct_to_xy([2000.0, 6500.0], [0.04, -0.04])))
    assert np.abs(nearest_black_body(inside)[1]).max() < 1e-6
    beyond = locus_uv([30.0, 1010.0])
    mired, along, across = nearest_black_body(beyond)
    assert mired == pytest.approx([40.0, 1000.0])
    assert np.sign(along).tolist() == [-1.0, 1.0]
    assert np.abs(across).max() < np.abs(along).min() / 20


def test_a_trace_of_white_gives_black_a_chromaticity_and_changes_no_light():
    dark, light, less = with_trace([[0.0, 0.0, 0.0], [0.2, 0.1, 0.0], [0.1, -0.1, 0.1]], [1.9, 2.0, 1.6])
    assert dark / dark[1] == pytest.approx([0.95, 1.0, 0.8])
    assert light == pytest.approx([0.2, 0.1, 0.0], abs=2e-6)
    assert less.tolist() == dark.tolist()


def test_d65_is_6504_kelvin_and_a_little_green():
    kelvin, duv = xyz_to_cct(xy_to_xyz([[0.31272, 0.32903]]))
    assert kelvin[0] == pytest.approx(6503, abs=3)
    assert duv[0] == pytest.approx(0.0032, abs=1e-4)


def test_positive_duv_is_green():
    assert cct_to_xy(5600, 0.01)[1] > cct_to_xy(5600)[1] > cct_to_xy(5600, -0.01)[1]


def test_colours_far_away_are_clamped_and_finite():
    corners = [[0.54, 0.35], [0.056, 0.39], [0.2, 0.04], [0.0, 0.0], [4.0, 0.0]]
    kelvin, duv = uv_to_cct(corners)
    assert ((kelvin >= 999.9) & (kelvin <= 25000.1)).all()
    assert np.isfinite(duv).all()


def test_black_has_the_temperature_it_is_given():
    kelvin, duv = xyz_to_cct([[0.0, 0.0, 0.0], [0.95, 1.0, 1.09]], 3200.0)
    assert kelvin[0] == 3200.0
    assert duv[0] == 0.0
    assert kelvin[1] == pytest.approx(6500, abs=50)


@settings(deadline=None)
@given(st.floats(0.1, 0.7), st.floats(0.05, 0.8))
def test_uv_and_xy_are_inverse(x: float, y: float):
    assert uv_to_xy(xyz_to_uv(xy_to_xyz([x, y]))) == pytest.approx([x, y], abs=1e-9)


def test_whites_are_named_measured_or_of_a_temperature():
    assert white_xy("D65") == (0.3127, 0.3290)
    assert white_xy([0.31, 0.33]) == (0.31, 0.33)
    assert white_xy(3200) == pytest.approx((0.4234, 0.3991), abs=2e-4)
    with pytest.raises(UnknownNameError, match="D65"):
        white_xy("D50")


def test_xyz_of_a_chromaticity_has_the_luminance_asked():
    assert xy_to_xyz([[0.3127, 0.3290]], [2.0])[0] == pytest.approx([1.9009, 2.0, 2.1781], abs=1e-4)
