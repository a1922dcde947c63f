"""Covered areas against clipping and counting."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.errors import FrameError
from lumad.sampling.coverage import Coverage, area, covered, untangled
from lumad.sampling.outline import ring
from lumad.sampling.runs import FULL, LONGEST_RUN, MEDIAN, Area, runs_of

F64 = npt.NDArray[np.float64]
WIDTH, HEIGHT, FINE = 12, 9, 64

PLACES = st.one_of(st.floats(-5, 17), st.integers(-3, 14), st.floats(3, 4))
COORDINATES = PLACES.map(lambda at: round(float(at), 6))
POINTS = st.tuples(COORDINATES, COORDINATES)


def corners(least: int, most: int):
    return st.lists(POINTS, min_size=least, max_size=most).map(lambda points: np.array(points, np.float64))


def clipped(polygon: list[tuple[float, float]], axis: int, level: float, *, above: bool):
    """Part of a polygon on one side of a line (Sutherland and Hodgman)."""
    kept = []
    for p, q in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        p_in, q_in = ((point[axis] >= level) == above for point in (p, q))
        if p_in:
            kept.append(p)
        if p_in != q_in:
            share = (level - p[axis]) / (q[axis] - p[axis])
            kept.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
    return kept


def shoelace(polygon: list[tuple[float, float]]):
    pairs = zip(polygon, polygon[1:] + polygon[:1], strict=True)
    return abs(sum(p[0] * q[1] - p[1] * q[0] for p, q in pairs)) / 2


def exact(polygon: F64):
    """Covered area (HEIGHT, WIDTH) of every pixel, one by one; the polygon must not cross itself."""
    shares = np.zeros((HEIGHT, WIDTH))
    for y in range(HEIGHT):
        row = clipped(clipped(polygon.tolist(), 1, y, above=True), 1, y + 1, above=False)
        for x in range(WIDTH):
            shares[y, x] = shoelace(clipped(clipped(row, 0, x, above=True), 0, x + 1, above=False))
    return shares


def winding(edges: F64):
    """How often the edges go around FINE x FINE points of every pixel, and how many lie left of each."""
    y, x = ((np.arange(count * FINE) + 0.5) / FINE for count in (HEIGHT, WIDTH))
    turns, left = np.zeros((2, len(y), len(x)), int)
    for x0, y0, x1, y1 in edges:
        rows = (y0 <= y) != (y1 <= y)
        beyond = x > x0 + (y[rows, None] - y0) / (y1 - y0 if y1 != y0 else 1.0) * (x1 - x0)
        turns[rows] += np.where(beyond, 1 if y1 > y0 else -1, 0)
        left[rows] += beyond
    return turns, left


def counted(inside: npt.NDArray[np.bool_]):
    return inside.reshape(HEIGHT, FINE, WIDTH, FINE).mean(axis=(1, 3))


def weights(found: Area | None, width: int = WIDTH, height: int = HEIGHT):
    """Weights (height, width) of an area, each pixel met at most once."""
    held = np.zeros((height, width), int)
    for y, x0, x1, at in zip(found.y, found.x0, found.x1, found.weight_at, strict=True) if found else ():
        assert not held[y, x0:x1].any()
        held[y, x0:x1] = 255 if at == FULL else found.weights[at : at + (x1 - x0)]
    return held


@settings(deadline=None)
@given(corners(3, 3))
def test_triangles_cover_exactly_the_area_that_clipping_finds(triangle: F64):
    found = covered(ring(triangle), WIDTH, HEIGHT).dense(HEIGHT)
    assert np.abs(found - exact(triangle)).max() < 1e-9


@settings(deadline=None, max_examples=60)
@given(corners(3, 9))
def test_polygons_are_filled_by_even_odd_however_they_cross(polygon: F64):
    found = covered(untangled(ring(polygon), union=False), WIDTH, HEIGHT).dense(HEIGHT)
    wanted = counted(winding(ring(polygon))[1] % 2 != 0)
    assert np.abs(found - wanted).max() < len(polygon) / FINE
    assert np.abs(found - wanted).mean() < 0.004


@settings(deadline=None, max_examples=60)
@given(st.lists(corners(3, 4), min_size=1, max_size=3))
def test_a_union_counts_overlaps_once(polygons: list[F64]):
    edges = np.concatenate([ring(polygon) for polygon in polygons])
    found = covered(untangled(edges, union=True), WIDTH, HEIGHT).dense(HEIGHT)
    wanted = counted(winding(edges)[0] != 0)
    assert np.abs(found - wanted).max() < len(edges) / FINE
    assert np.abs(found - wanted).mean() < 0.004


def test_a_polygon_traced_twice_covers_nothing_and_as_a_union_once():
    square = np.array([[1, 1], [5, 1], [5, 6], [1, 6]] * 2, np.float64)
    assert not covered(untangled(ring(square), union=False), WIDTH, HEIGHT).value.any()
    assert covered(untangled(ring(square), union=True), WIDTH, HEIGHT).dense(HEIGHT).sum() == 20


def test_a_hopeless_tangle_is_refused_before_it_takes_all_memory():
    angle = np.arange(301) * 2 * np.pi * 149 / 301
    star = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    with pytest.raises(FrameError, match="tangled"):
        untangled(ring(star), union=False)


@settings(deadline=None)
@given(corners(3, 3), corners(3, 3))
def test_cutting_out_leaves_what_is_surely_left_and_keeping_what_both_cover(one: F64, other: F64):
    a, b = (covered(ring(points), WIDTH, HEIGHT) for points in (one, other))
    left, both = a.without(b).dense(HEIGHT), a.times(b).dense(HEIGHT)
    assert np.abs(left - np.maximum(a.dense(HEIGHT) - b.dense(HEIGHT), 0.0)).max() < 1e-12
    assert np.abs(both - a.dense(HEIGHT) * b.dense(HEIGHT)).max() < 1e-12


@settings(deadline=None)
@given(corners(3, 6))
def test_an_area_holds_the_covered_share_in_steps_of_a_255th(polygon: F64):
    coverage = covered(untangled(ring(polygon), union=False), WIDTH, HEIGHT)
    shares = coverage.dense(HEIGHT)
    found = area(coverage)
    wanted = np.rint(shares * 255)
    if wanted.any():
        assert (weights(found) == wanted).all()
        assert found.total == pytest.approx(wanted.sum() / 255)
        assert runs_of([found], WIDTH, HEIGHT).total.tolist() == [pytest.approx(found.total)]
    else:
        assert (found is None) == (shares.max() < 1e-10)


SHARES = st.sampled_from([0.0, 0.5, 1.0])


@settings(deadline=None)
@given(st.lists(st.tuples(SHARES, st.integers(1, 12)), max_size=9))
def test_runs_skip_bare_pixels_and_weigh_only_stretches_with_partial_ones(stretches: list[tuple[float, int]]):
    value = np.array([share for share, _ in stretches] + [0.0])
    width = sum(length for _, length in stretches) + 1
    place = np.cumsum([0] + [length for _, length in stretches])
    found = area(Coverage(width, place.astype(np.int64), value))
    row = np.repeat(np.rint(value[:-1] * 255), [length for _, length in stretches])
    assert (weights(found, width, 1)[0, :-1] == row).all()
    for x0, x1, at in zip(found.x0, found.x1, found.weight_at, strict=True) if found else ():
        assert row[x0:x1].all()
        assert (at == FULL) == row[x0:x1].min() // 255 or x1 - x0 < 8 or (row[x0:x1] == 128).any()


def test_areas_on_the_pixel_grid_carry_no_weights():
    found = area(covered(ring(np.array([[1.0, 2], [4, 2], [4, 5], [1, 5]])), WIDTH, HEIGHT))
    assert found.weight_at.tolist() == [FULL] * 3
    assert not len(found.weights)


def test_long_partial_runs_are_split_and_keep_their_weights():
    long = np.array([[0.5, 0.25], [9999.5, 0.25], [9999.5, 0.75], [0.5, 0.75]])
    found = area(covered(ring(long), 10_000, 1), MEDIAN)
    assert (found.x1 - found.x0).tolist() == [LONGEST_RUN, LONGEST_RUN, 10_000 - 2 * LONGEST_RUN]
    assert weights(found, 10_000, 1)[0, [0, 1, 5000, 9998, 9999]].tolist() == [64, 128, 128, 128, 64]
    assert found.statistic == MEDIAN


def test_what_covers_less_than_a_255th_counts_one_step_of_its_most_covered_pixel():
    sliver = np.array([[2.0, 3.2], [7.0, 3.2], [7.0, 3.201], [2.0, 3.2]])
    found = area(covered(ring(sliver), WIDTH, HEIGHT))
    assert np.argwhere(weights(found)).tolist() == [[3, 6]]
    assert weights(found).sum() == 1
