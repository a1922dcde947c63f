"""Statistics give colours that are in the picture, and the same ones every time."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.sampling import kernel
from lumad.sampling.kernel import Sampler, Variant
from lumad.sampling.runs import DOMINANT, MAX, MEDIAN, P99, WEIGHTED_MEAN, Runs, rect_runs
from lumad.sampling.statistics import REC709, SCALE, colour_cells, luminance_bins, luminance_shares

needs_kernel = pytest.mark.skipif(
    kernel._KERNEL is None and not os.environ.get("LUMAD_CI"), reason="the C kernel is not built here"
)
variants = pytest.mark.parametrize("variant", [pytest.param("table", marks=needs_kernel), "opencv"])

LINEAR = np.arange(256) / 255


def sample(statistic: int, rows: list[list[tuple[int, int, int]]], variant: Variant, luminance=REC709):
    """One statistic of a picture of (R, G, B) codes, as codes again."""
    picture = np.array(rows, np.uint8)
    pixels = np.dstack([picture[..., ::-1], np.zeros(picture.shape[:2], np.uint8)]).copy()
    height, width = picture.shape[:2]
    runs = rect_runs([[0, 0, width, height]], width, height)
    runs = Runs.from_arrays(runs.arrays() | {"statistic": np.array([statistic], np.uint8)})
    return (
        (Sampler(runs, LINEAR, variant=variant, luminance=luminance).sample(pixels)[0] * 255)
        .round(3)
        .tolist()
    )


RED, GREEN, BLUE, GREY, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (90, 90, 90), (255, 255, 255)


@variants
def test_the_median_of_red_and_blue_is_one_of_them_and_never_black(variant: Variant):
    assert sample(MEDIAN, [[RED, RED, BLUE]], variant) == [255, 0, 0]
    assert sample(MEDIAN, [[RED, BLUE, BLUE]], variant) == [0, 0, 255]


@variants
def test_max_is_the_brightest_colour_and_not_the_white_of_three_channels(variant: Variant):
    assert sample(MAX, [[RED, GREEN, BLUE, GREY]], variant) == [0, 255, 0]


@variants
def test_p99_leaves_out_the_brightest_hundredth(variant: Variant):
    night = [[GREY] * 100] * 9 + [[GREY] * 91 + [WHITE] * 9]
    assert sample(P99, night, variant) == [90, 90, 90]
    assert sample(P99, [*night[:-1], [GREY] * 89 + [WHITE] * 11], variant) == [255, 255, 255]
    assert sample(MAX, night, variant) == [255, 255, 255]


@variants
def test_a_weighted_mean_leans_to_the_bright(variant: Variant):
    red, green, _ = sample(WEIGHTED_MEAN, [[RED, GREEN]], variant)
    assert green / red == pytest.approx(2929 / 871, rel=1e-3)
    assert sample(WEIGHTED_MEAN, [[GREY, (0, 0, 0)]], variant) == [90, 90, 90]
    assert sample(WEIGHTED_MEAN, [[(0, 0, 0)]], variant) == [0, 0, 0]


@variants
def test_dominant_is_the_mean_of_the_fullest_cell(variant: Variant):
    sky = [(20, 60, 200), (21, 61, 201)]
    assert sample(DOMINANT, [[WHITE, *sky, WHITE, *sky, RED]], variant) == [20.5, 60.5, 200.5]


@variants
def test_of_equally_full_cells_the_lowest_is_dominant(variant: Variant):
    assert sample(DOMINANT, [[WHITE, BLUE, RED]], variant) == [0, 0, 255]


@variants
def test_the_walls_own_luminance_can_rank(variant: Variant):
    assert sample(MAX, [[RED, GREEN]], variant, luminance=(0.9, 0.05, 0.05)) == [255, 0, 0]


@given(st.integers(0, 1 << 23), st.integers(0, 1 << 23))
def test_luminance_bins_never_fall_and_are_narrow(one: int, other: int):
    low, high = luminance_bins(np.array(sorted((one, other)), np.uint32)).astype(int)
    assert 0 <= low <= high <= 4095
    if low == high < 4095:
        assert abs(one - other) <= max(one, other) / 256


def test_every_bin_of_luminance_is_used():
    everything = np.arange(1 << 23, dtype=np.uint32)
    assert (np.unique(luminance_bins(everything)) == np.arange(4096)).all()


def test_cells_are_a_sixteenth_of_the_square_root():
    table = np.array([0, 4095, 4096, SCALE // 4, SCALE - 1, SCALE, 128 * SCALE], np.uint32)
    assert colour_cells(table).tolist() == [0, 0, 1, 8, 15, 15, 15]


@given(st.tuples(*(st.floats(0.01, 1.0) for _ in range(3))))
def test_shares_of_luminance_add_up(shares: tuple[float, float, float]):
    whole = luminance_shares(shares)
    assert whole.sum() == 4096
    assert whole[:3] / 4096 == pytest.approx(np.array(shares) / sum(shares), abs=1e-3)
