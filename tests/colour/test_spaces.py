"""Colour spaces against published matrices and colours."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.spaces import (
    PRIMARIES,
    WHITE_D65,
    oklab_to_xyz,
    primaries_and_white,
    rgb_to_xyz,
    xyz_to_oklab,
    xyz_to_srgb8,
)
from lumad.colour.white import cct_to_xy, xy_to_xyz
from lumad.errors import UnknownNameError

LIGHT = st.tuples(*(st.floats(0.001, 1.0) for _ in range(3)))


def test_the_matrix_of_rec709_is_the_published_one():
    wanted = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]  # IEC 61966-2-1
    assert rgb_to_xyz("rec709") == pytest.approx(np.array(wanted), abs=1e-4)


@pytest.mark.parametrize("name", PRIMARIES)
@pytest.mark.parametrize("white", [None, "D65", 3200.0, [0.33, 0.34]])
def test_rgb_white_is_the_white_asked_at_luminance_one(name: str, white: float | None):
    _, white_point = primaries_and_white(name, white)
    assert rgb_to_xyz(name, white).sum(axis=1) == pytest.approx(xy_to_xyz(white_point))


def test_measured_primaries_are_taken_as_they_stand():
    own = {"r": (0.7, 0.29), "g": (0.2, 0.7), "b": (0.14, 0.05)}
    red = rgb_to_xyz(own)[:, 0]
    assert red[:2] / red.sum() == pytest.approx([0.7, 0.29])


def test_unknown_primaries_are_refused_with_the_known_ones():
    with pytest.raises(UnknownNameError, match="rec709, p3-d65"):
        rgb_to_xyz("adobe")


@pytest.mark.parametrize(
    ("xyz", "lab"),
    [
        ((0.950, 1.0, 1.089), (1.0, 0.0, 0.0)),
        ((1.0, 0.0, 0.0), (0.450, 1.236, -0.019)),
        ((0.0, 1.0, 0.0), (0.922, -0.671, 0.263)),
        ((0.0, 0.0, 1.0), (0.153, -1.415, -0.449)),
    ],
)  # the table of Ottosson's article
def test_oklab_gives_the_published_pairs(xyz: tuple[float, ...], lab: tuple[float, ...]):
    assert xyz_to_oklab(xyz) == pytest.approx(lab, abs=1e-3)


@settings(deadline=None)
@given(LIGHT)
def test_oklab_and_back_is_the_same_light(rgb: tuple[float, ...]):
    xyz, white = rgb_to_xyz("rec2020") @ rgb, xy_to_xyz(cct_to_xy(4300))
    assert oklab_to_xyz(xyz_to_oklab(xyz)) == pytest.approx(xyz, rel=1e-9)
    assert oklab_to_xyz(xyz_to_oklab(xyz, white), white) == pytest.approx(xyz, rel=1e-9)


def test_the_white_given_to_oklab_is_neutral():
    white = xy_to_xyz(cct_to_xy(3200))
    assert xyz_to_oklab(white * 0.5, white) == pytest.approx([0.5 ** (1 / 3), 0.0, 0.0], abs=1e-7)


def test_swatches_show_what_a_screen_can():
    colours = np.array([[0.0, 0.0, 0.0], WHITE_D65, 3.0 * WHITE_D65, rgb_to_xyz("rec709") @ (1.0, 0.0, 0.0)])
    assert xyz_to_srgb8(colours).tolist() == [[0, 0, 0], [255, 255, 255], [255, 255, 255], [255, 0, 0]]


@settings(deadline=None)
@given(LIGHT)
def test_a_swatch_beyond_the_screen_keeps_which_primary_is_strongest(rgb: tuple[float, ...]):
    xyz = rgb_to_xyz("rec2020") @ rgb
    wanted = np.linalg.solve(rgb_to_xyz("rec709"), xyz)
    shown = xyz_to_srgb8(xyz).astype(int)
    assert shown[wanted.argmax()] == shown.max()
