"""Shapes of the wall against counting points inside them."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_coverage import weights

from lumad.errors import FrameError
from lumad.sampling.runs import FULL, P99, Area, runs_of
from lumad.sampling.shapes import Shape, area_of, cells_of, coverage_of

F64 = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
WIDTH, HEIGHT, FINE = 16, 10, 32
CORNERS = ["left-top", "right-top", "left-bottom", "right-bottom"]

NEAR = st.floats(-0.3, 1.3).map(lambda at: round(at, 6))
PLACES = st.tuples(NEAR, NEAR)
SIZES = st.tuples(st.floats(0.02, 1.5), st.floats(0.02, 1.5))
ANGLES = st.one_of(st.sampled_from([0.0, 90.0, 180.0, 270.0, 45.0]), st.floats(-360, 360))
BOXES = st.builds(Shape, st.sampled_from(["rect", "ellipse"]), PLACES, SIZES, ANGLES)
POLYGONS = st.lists(PLACES, min_size=3, max_size=7).map(lambda p: Shape("polygon", points=tuple(p)))
LINES = st.builds(
    lambda points, width: Shape("line", points=tuple(points), width=width),
    st.lists(PLACES, min_size=2, max_size=4, unique=True),
    st.floats(0.05, 0.5),
)
SHAPES = st.one_of(BOXES, POLYGONS, LINES)


def places(width: int, height: int, fine: int):
    """Middle points of fine x fine parts of every pixel, (rows, columns, 2)."""
    y, x = ((np.arange(count * fine) + 0.5) / fine for count in (height, width))
    return np.stack(np.meshgrid(x, y), axis=2)


def inside(shape: Shape, width: int, height: int, at: F64) -> Mask:
    """Whether each point lies in the shape."""
    scale = np.array([width, height])
    if shape.kind == "line":
        return in_line(np.array(shape.points) * scale, shape.width * height / 2, at)
    if shape.kind == "polygon":
        return in_polygon(np.array(shape.points) * scale, at)
    x, y = np.moveaxis(at - np.array(shape.center) * scale, 2, 0)
    angle = math.radians(shape.rotation)
    own = np.stack([x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)])
    across, down = np.abs(own) / (np.array(shape.size) * scale / 2)[:, None, None]
    return np.maximum(across, down) < 1 if shape.kind == "rect" else np.hypot(across, down) < 1


def in_polygon(corners: F64, at: F64) -> Mask:
    x, y = np.moveaxis(at, 2, 0)
    odd = np.zeros(x.shape, bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y0 != y1:
            odd ^= ((y0 <= y) != (y1 <= y)) & (x > x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return odd


def in_line(points: F64, half: float, at: F64) -> Mask:
    """Within half a width beside a segment, or around a joint beyond the one and before the other."""
    found = np.zeros(at.shape[:2], bool)
    steps = np.diff(points, axis=0)
    lengths = np.hypot(*steps.T)
    for start, step, length in zip(points[:-1], steps / lengths[:, None], lengths, strict=True):
        along, aside = (at - start) @ step, np.abs((at - start) @ [-step[1], step[0]])
        found |= (along >= 0) & (along <= length) & (aside <= half)
    for joint, before, after in zip(points[1:-1], steps[:-1], steps[1:], strict=True):
        away = at - joint
        found |= (away @ before >= 0) & (away @ after <= 0) & (np.hypot(*np.moveaxis(away, 2, 0)) <= half)
    return found


def counted(mask: Mask, fine: int = FINE):
    rows, columns = mask.shape
    return mask.reshape(rows // fine, fine, columns // fine, fine).mean(axis=(1, 3))


@settings(deadline=None, max_examples=150)
@given(SHAPES)
def test_shapes_weigh_each_pixel_by_its_covered_area(shape: Shape):
    found = weights(area_of(shape, WIDTH, HEIGHT), WIDTH, HEIGHT) / 255
    wanted = counted(inside(shape, WIDTH, HEIGHT, places(WIDTH, HEIGHT, FINE)))
    edges = max(4, len(shape.points))
    assert np.abs(found - wanted).max() < edges / FINE + 1 / 255
    assert np.abs(found - wanted).mean() < 0.006


@settings(deadline=None)
@given(PLACES, SIZES)
def test_upright_rectangles_are_exact_to_half_a_step(center: tuple[float, float], size: tuple[float, float]):
    found = weights(area_of(Shape("rect", center, size), WIDTH, HEIGHT), WIDTH, HEIGHT)
    shares = []
    for c, s, count in zip(center, size, (WIDTH, HEIGHT), strict=True):
        low, high = (c - s / 2) * count, (c + s / 2) * count
        pixel = np.arange(count)
        shares.append(np.maximum(np.minimum(pixel + 1, high) - np.maximum(pixel, low), 0))
    wanted = shares[1][:, None] * shares[0] * 255
    assert np.abs(found - wanted).max() <= 0.5 + 1e-9 or found.sum() == 1


@settings(deadline=None)
@given(st.floats(2, 30), st.floats(2, 30), ANGLES, st.sampled_from(["rect", "ellipse"]))
def test_areas_are_as_large_as_geometry_says(across: float, down: float, angle: float, kind: str):
    shape = Shape(kind, (0.503, 0.497), (across / 64, down / 48), angle)
    wanted = across * down * (math.pi / 4 if kind == "ellipse" else 1)
    assert coverage_of(shape, 64, 48).dense(48).sum() == pytest.approx(wanted)


def test_ellipses_leave_their_curve_by_less_than_a_255th():
    for diameter in (3.0, 20.0, 100.0):
        found = coverage_of(Shape("ellipse", (0.5, 0.5), (diameter / 101,) * 2), 101, 101).dense(101)
        x = (np.arange(101 * 512) + 0.5) / 512 - 50.5
        half = np.sqrt(np.maximum((diameter / 2) ** 2 - x**2, 0))[:, None]
        y = np.arange(101) - 50.5
        strips = np.maximum(np.minimum(y + 1, half) - np.maximum(y, -half), 0)
        assert np.abs(found.T - strips.reshape(101, 512, 101).mean(axis=1)).max() < 0.002


def test_rotation_is_clockwise_and_never_shears():
    upright = area_of(Shape("rect", (0.5, 0.5), (0.25, 0.1)), 40, 20)
    found = weights(area_of(Shape("rect", (0.5, 0.5), (0.25, 0.1), 90), 40, 20), 40, 20)
    assert np.argwhere(found).min(axis=0).tolist() == [5, 19]
    assert found.sum() == weights(upright, 40, 20).sum() == 20 * 255
    tilted = weights(area_of(Shape("rect", (0.5, 0.5), (0.4, 0.05), 30), 40, 20), 40, 20)
    assert tilted[:10, :20].sum() > 0 < tilted[10:, 20:].sum()
    assert tilted[:8, 25:].sum() == 0


def test_rectangles_on_the_pixel_grid_carry_no_weights():
    found = area_of(Shape("rect", (0.2, 0.25), (0.3, 0.4)), 1920, 1080)
    assert found.weight_at.tolist() == [FULL] * 432
    assert (set(found.x0.tolist()), set(found.x1.tolist()), found.y[0]) == ({96}, {672}, 54)


@pytest.mark.parametrize(
    "shape", [Shape("rect", (1.6, 0.5)), Shape("line", points=((0, 2), (1, 2)), width=0.1)]
)
def test_a_shape_wholly_outside_has_no_pixels(shape: Shape):
    assert area_of(shape, WIDTH, HEIGHT) is None
    assert area_of(Shape("rect", (1.6, 0.5), feather=0.01), WIDTH, HEIGHT) is None


@settings(deadline=None)
@given(st.tuples(st.floats(0.001, 0.999), st.floats(0.001, 0.999)), st.floats(1e-12, 1e-3), ANGLES)
def test_the_smallest_shape_holds_a_pixel_beside_its_centre(
    at: tuple[float, float], size: float, angle: float
):
    found = weights(area_of(Shape("rect", at, (size, size), angle), WIDTH, HEIGHT), WIDTH, HEIGHT)
    assert found.any()
    apart = np.abs(np.argwhere(found) + 0.5 - np.array(at)[::-1] * (HEIGHT, WIDTH))
    assert apart.max() < 0.51 + 1e-3 * WIDTH


def test_the_smallest_shape_can_be_excluded():
    dot, hole = (
        Shape("rect", (0.5, 0.5), (1e-9, 1e-9)),
        coverage_of(Shape("rect", (0.5, 0.5), (0.5, 0.5)), 20, 20),
    )
    assert area_of(dot, 20, 20, exclude=[hole]) is None
    assert area_of(Shape("rect", (0.1, 0.1), (1e-9, 1e-9)), 20, 20, exclude=[hole]).total == 1 / 255


def test_a_shape_without_points_is_refused():
    with pytest.raises(FrameError, match="a line has no points"):
        area_of(Shape("line", width=0.1), WIDTH, HEIGHT)


def test_a_line_that_goes_nowhere_has_no_pixels_and_in_its_cells_neither():
    line = Shape("line", points=((0.3, 0.3), (0.3, 0.3)), width=0.2)
    assert [area_of(cell, WIDTH, HEIGHT) for cell in (line, *cells_of(line, 2, 2))] == [None] * 5
    assert area_of(Shape("line", points=line.points, width=0.2, feather=0.1), WIDTH, HEIGHT) is None


def test_numbers_that_are_not_finite_are_refused():
    for shape in (Shape(center=(math.nan, 0.5)), Shape("polygon", points=((0, 0), (1, 0), (math.inf, 1)))):
        with pytest.raises(FrameError, match="not finite"):
            area_of(shape, WIDTH, HEIGHT)


@settings(deadline=None, max_examples=60)
@given(
    st.one_of(BOXES, POLYGONS), st.integers(1, 4), st.integers(1, 5), st.sampled_from(CORNERS), st.booleans()
)
def test_cells_tile_their_shape(shape: Shape, rows: int, columns: int, start: str, serpentine: bool):
    cells = cells_of(shape, rows, columns, start, serpentine=serpentine)
    assert len(cells) == rows * columns
    together = sum(coverage_of(cell, WIDTH, HEIGHT).dense(HEIGHT) for cell in cells)
    assert np.abs(together - coverage_of(shape, WIDTH, HEIGHT).dense(HEIGHT)).max() < 1e-9


def middles(cells: list[Shape], width: int = 60, height: int = 60):
    """(column, row) of the middle of each cell, in twelfths of the picture."""
    found = []
    for cell in cells:
        shares = coverage_of(cell, width, height).dense(height)
        y, x = (np.argwhere(shares) + 0.5).T @ shares[shares > 0] / shares.sum()
        found.append((round(x / width * 12), round(y / height * 12)))
    return found


@pytest.mark.parametrize(
    ("start", "serpentine", "order"),
    [
        ("left-top", False, [(3, 3), (9, 3), (3, 9), (9, 9)]),
        ("right-top", False, [(9, 3), (3, 3), (9, 9), (3, 9)]),
        ("left-bottom", True, [(3, 9), (9, 9), (9, 3), (3, 3)]),
        ("right-bottom", True, [(9, 9), (3, 9), (3, 3), (9, 3)]),
    ],
)
def test_cells_run_row_by_row_from_their_corner(start: str, serpentine: bool, order: list[tuple[int, int]]):
    assert middles(cells_of(Shape(), 2, 2, start, serpentine=serpentine)) == order


def test_cells_turn_with_their_region():
    assert middles(cells_of(Shape(rotation=90), 1, 2)) == [(6, 3), (6, 9)]
    assert middles(cells_of(Shape(size=(1, 0.5), rotation=180), 1, 2)) == [(9, 6), (3, 6)]


def test_cells_of_a_line_run_along_it_and_rows_across_it():
    line = Shape("line", points=((0, 0.25), (0.75, 0.25), (0.75, 1)), width=1 / 6)
    assert middles(cells_of(line, 1, 3)) == [(3, 3), (8, 4), (9, 9)]
    upper, lower = cells_of(Shape("line", points=((0, 0.5), (1, 0.5)), width=1.0), 2, 1)
    assert middles([upper, lower]) == [(6, 3), (6, 9)]


def test_cells_of_a_bent_line_hold_all_of_it():
    line = Shape("line", points=((0.1, 0.2), (0.5, 0.2), (0.5, 0.6), (0.9, 0.6)), width=0.1)
    together = sum(coverage_of(cell, 60, 60).dense(60) for cell in cells_of(line, 1, 12))
    whole = coverage_of(line, 60, 60).dense(60)
    assert (together > whole - 1e-9).all()
    assert together.sum() == pytest.approx(whole.sum(), rel=0.05)


def test_what_is_excluded_does_not_count():
    wall, camera = Shape(), coverage_of(Shape("rect", (0.5, 0.5), (0.51, 0.5)), 20, 20)
    found = weights(area_of(wall, 20, 20, P99, [camera]), 20, 20)
    assert not found[5:15, 5:15].any()
    assert found[10].tolist() == [255] * 4 + [230] + [0] * 10 + [230] + [255] * 4
    assert area_of(Shape("rect", (0.5, 0.5), (0.1, 0.1)), 20, 20, exclude=[camera]) is None


def normal(x: F64):
    return np.array([(1 + math.erf(value / math.sqrt(2))) / 2 for value in x.ravel()]).reshape(x.shape)


def soft_span(low: float, high: float, sigma: float, count: int):
    """Mean of a blurred span over each of `count` pixels."""
    x = (np.arange(count * 16) + 0.5) / 16
    return (normal((x - low) / sigma) - normal((x - high) / sigma)).reshape(count, 16).mean(axis=1)


@pytest.mark.parametrize("sigma", [0.1, 0.4, 0.7, 1.0, 2.0, 3.3, 15.9, 16.0, 23.0, 40.0])
def test_a_feather_is_a_gaussian_blur_within_the_picture(sigma: float):
    found = weights(area_of(Shape("rect", (0.3, 0.4), (0.41, 0.57), feather=sigma / 150), 200, 150), 200, 150)
    across = soft_span(0.095 * 200, 0.505 * 200, sigma, 200)
    down = soft_span(0.115 * 150, 0.685 * 150, sigma, 150)
    assert np.abs(found / 255 - down[:, None] * across).max() < (1 / 255 if sigma >= 3 else 1 / 16)


@settings(deadline=None, max_examples=25)
@given(SHAPES, st.floats(0.2, 0.4))
def test_every_shape_is_feathered_alike(shape: Shape, feather: float):
    sigma, pad = feather * HEIGHT, 16
    at = places(WIDTH + 2 * pad, HEIGHT + 2 * pad, FINE) - pad
    shares = counted(inside(shape, WIDTH, HEIGHT, at))
    bell = np.exp(-0.5 * (np.arange(-pad, pad + 1) / sigma) ** 2)
    for axis in (0, 1):
        shares = np.apply_along_axis(np.convolve, axis, shares, bell / bell.sum(), "valid")
    soft = Shape(shape.kind, shape.center, shape.size, shape.rotation, shape.points, shape.width, feather)
    found = weights(area_of(soft, WIDTH, HEIGHT), WIDTH, HEIGHT) / 255
    assert np.abs(found - shares).max() < 0.012


def test_cells_of_a_feathered_region_add_up_to_it():
    soft = Shape("ellipse", (0.5, 0.5), (0.5, 0.6), 20, feather=0.03)
    whole = weights(area_of(soft, 80, 60), 80, 60)
    together = sum(weights(area_of(cell, 80, 60), 80, 60) for cell in cells_of(soft, 2, 3))
    assert np.abs(together - whole).max() <= 6


def test_many_areas_are_merged_in_the_order_of_the_rows():
    shapes = [
        Shape("ellipse", (0.4, 0.4), (0.5, 0.6)),
        Shape("rect", (2, 2)),
        Shape("rect", (0.6, 0.5), (0.3, 0.7)),
    ]
    areas: list[Area | None] = [area_of(shape, WIDTH, HEIGHT) for shape in shapes]
    runs = runs_of(areas, WIDTH, HEIGHT)
    order = list(zip(runs.y.tolist(), runs.x0.tolist(), strict=True))
    assert order == sorted(order)
    assert runs.total.tolist() == [0.0 if area is None else pytest.approx(area.total) for area in areas]
