"""Row runs of rectangles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.errors import FrameError
from lumad.sampling.runs import (
    FULL,
    LONGEST_RUN,
    MAX,
    MEAN,
    MEDIAN,
    Area,
    Runs,
    rect_pixels,
    rect_runs,
    runs_of,
)

Rects = list[tuple[int, int, int, int]]


def covered(runs: Runs):
    """How often each area holds each pixel, by weight, (count, H, W)."""
    counts = np.zeros((runs.count, runs.height, runs.width))
    for area, y, x0, x1, at in zip(runs.area, runs.y, runs.x0, runs.x1, runs.weight_at, strict=True):
        counts[area, y, x0:x1] += 1.0 if at == FULL else runs.weights[at : at + (x1 - x0)] / 255
    return counts


RECTS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 9), st.integers(0, 20), st.integers(0, 9)).map(
        lambda r: (min(r[0], r[2]), min(r[1], r[3]), max(r[0], r[2]), max(r[1], r[3]))
    ),
    max_size=6,
)


@settings(deadline=None)
@given(RECTS)
def test_runs_hold_each_pixel_of_each_rectangle_once(rects: Rects):
    runs = rect_runs(np.array(rects, int).reshape(-1, 4), 20, 9)
    wanted = np.zeros((len(rects), 9, 20), int)
    for area, (x0, y0, x1, y1) in enumerate(rects):
        wanted[area, y0:y1, x0:x1] = 1
    assert (covered(runs) == wanted).all()
    assert (runs.pixels == wanted.sum(axis=(1, 2))).all()


@settings(deadline=None)
@given(RECTS)
def test_runs_are_sorted_by_row_then_column(rects: Rects):
    runs = rect_runs(np.array(rects, int).reshape(-1, 4), 20, 9)
    places = list(zip(runs.y.tolist(), runs.x0.tolist(), strict=True))
    assert places == sorted(places)


def test_long_rows_are_split_so_that_sums_fit_32_bits():
    runs = rect_runs([[5, 0, 10_000, 2]], 10_000, 2)
    assert (runs.x1 - runs.x0).max() == LONGEST_RUN
    assert runs.pixels.tolist() == [2 * 9995]
    assert runs.x0.tolist() == [5, 4101, 8197] * 2


@settings(deadline=None)
@given(RECTS)
def test_runs_survive_travel_as_arrays(rects: Rects):
    runs = rect_runs(np.array(rects, int).reshape(-1, 4), 20, 9)
    again = Runs.from_arrays(runs.arrays())
    assert (again.width, again.height, again.count) == (20, 9, len(rects))
    assert (covered(again) == covered(runs)).all()


@pytest.mark.parametrize("rect", [(-1, 0, 2, 2), (0, -1, 2, 2), (0, 0, 21, 2), (0, 0, 2, 10)])
def test_a_rectangle_that_leaves_the_picture_is_refused(rect: tuple[int, ...]):
    with pytest.raises(FrameError, match="leaves the picture of 20 x 9"):
        rect_runs([rect], 20, 9)


@pytest.mark.parametrize(
    ("name", "value"),
    [("y", 9), ("x1", 21), ("x1", 0), ("x0", 4), ("area", 1), ("x1", 5000), ("x0", 2**32 - 1)],
)
def test_arrays_that_would_read_outside_the_picture_are_refused(name: str, value: int):
    arrays = rect_runs([[1, 1, 4, 4]], 20, 9).arrays()
    arrays[name] = arrays[name].copy()
    arrays[name][1] = value
    with pytest.raises(FrameError):
        Runs.from_arrays(arrays)


@pytest.mark.parametrize("name", ["area", "y", "x0", "x1", "weight_at", "weights", "statistic"])
def test_arrays_of_other_types_or_lengths_are_refused(name: str):
    arrays = runs_of([SOFT, SOFT], 20, 9).arrays()
    array = arrays[name]
    for wrong in (array.astype(np.int64), array[:-1], np.repeat(array, 2)[::2], array[None]):
        with pytest.raises(FrameError):
            Runs.from_arrays(arrays | {name: wrong})
    with pytest.raises(FrameError, match="travel as"):
        Runs.from_arrays({key: value for key, value in arrays.items() if key != name})


def area(y: int, x0: int, given: list[int], statistic: int = MEAN):
    """One run of the given weights, and a full one of two pixels in the row above it."""
    columns = ([y - 1, y], [x0, x0], [x0 + 2, x0 + len(given)], [FULL, 0])
    return Area(*(np.array(c, np.uint32) for c in columns), np.array(given, np.uint8), statistic)


SOFT = area(3, 2, [255, 51, 102], MEDIAN)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weight_at", 1),
        ("weight_at", 4),
        ("weight_at", FULL - 1),
        ("x1", 6),
        ("statistic", 6),
        ("statistic", 255),
    ],
)
def test_arrays_that_would_read_outside_the_weights_are_refused(name: str, value: int):
    arrays = runs_of([SOFT], 20, 9).arrays()
    arrays[name] = arrays[name].copy()
    arrays[name][-1] = value
    with pytest.raises(FrameError):
        Runs.from_arrays(arrays)


@pytest.mark.parametrize("size", [[20, 9], [20, 9, 2], [20, 9, 0], [[20, 9, 1]]])
def test_a_size_that_does_not_fit_the_arrays_is_refused(size: list[int]):
    with pytest.raises(FrameError):
        Runs.from_arrays(runs_of([SOFT], 20, 9).arrays() | {"size": np.array(size, np.uint32)})


def test_many_areas_become_runs_with_their_own_weights_and_statistics():
    runs = runs_of([area(5, 1, [10, 20]), None, SOFT, area(3, 0, [255], MAX)], 20, 9)
    assert runs.area.tolist() == [3, 2, 3, 2, 0, 0]
    assert runs.statistic.tolist() == [MEAN, MEAN, MEDIAN, MAX]
    assert runs.total == pytest.approx([2 + 30 / 255, 0, 3.6, 3])
    held = covered(runs) * 255
    assert held[0, 5, :4].round().tolist() == [0, 10, 20, 0]
    assert held[2, 3, :6].round().tolist() == [0, 0, 255, 51, 102, 0]
    again = Runs.from_arrays(runs.arrays())
    assert (covered(again) * 255 == held).all()


def test_no_areas_are_no_runs():
    for nothing in ([], [None, None]):
        runs = runs_of(nothing, 20, 9)
        assert (runs.count, len(runs.area)) == (len(nothing), 0)
        assert runs.total.tolist() == [0.0] * len(nothing)


def test_an_area_that_leaves_the_picture_is_refused():
    with pytest.raises(FrameError, match="outside the picture of 4 x 9"):
        runs_of([SOFT], 4, 9)


def test_fractions_become_the_nearest_whole_pixels():
    assert rect_pixels((0.2, 0.25), (0.3, 0.4), 1920, 1080) == (96, 54, 672, 486)
    assert rect_pixels((0.5, 0.5), (1.0, 1.0), 1920, 1080) == (0, 0, 1920, 1080)


def test_a_tiny_region_holds_the_one_pixel_it_lies_in():
    assert rect_pixels((0.5, 0.5), (1e-6, 1e-6), 100, 100) == (50, 50, 51, 51)
    assert rect_pixels((0.999, 0.0), (1e-6, 1e-6), 100, 100) == (99, 0, 100, 1)


def test_a_region_over_the_border_is_clipped_and_one_outside_is_none():
    assert rect_pixels((0.0, 1.0), (0.2, 0.2), 100, 100) == (0, 90, 10, 100)
    assert rect_pixels((1.2, 0.5), (0.2, 0.2), 100, 100) is None
    assert rect_pixels((0.5, -0.2), (0.2, 0.2), 100, 100) is None


@settings(deadline=None)
@given(st.floats(-0.5, 1.5), st.floats(0.0, 2.0), st.integers(1, 5000))
def test_every_region_that_touches_the_picture_gets_pixels_inside_it(center: float, size: float, width: int):
    found = rect_pixels((center, 0.5), (size, 1.0), width, 10)
    touches = (center + size / 2) * width > 0 and (center - size / 2) * width < width
    assert (found is not None) == touches
    if found is not None:
        assert 0 <= found[0] < found[2] <= width
