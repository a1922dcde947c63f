"""Row runs of rectangles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.errors import FrameError
from lumad.sampling.runs import LONGEST_RUN, Runs, rect_pixels, rect_runs

Rects = list[tuple[int, int, int, int]]


def covered(runs: Runs):
    """How often each area holds each pixel, (count, H, W)."""
    counts = np.zeros((runs.count, runs.height, runs.width), int)
    for area, y, x0, x1 in zip(runs.area, runs.y, runs.x0, runs.x1, strict=True):
        counts[area, y, x0:x1] += 1
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


def test_arrays_of_other_types_or_lengths_are_refused():
    arrays = rect_runs([[1, 1, 4, 4]], 20, 9).arrays()
    for wrong in (arrays["y"].astype(np.int64), arrays["y"][:-1], np.repeat(arrays["y"], 2)[::2]):
        with pytest.raises(FrameError):
            Runs.from_arrays(arrays | {"y": wrong})


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
