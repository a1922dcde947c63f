from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.model.cells import Cells, cell_rects
from lumad.model.region import Region

UNIT = Region(center=(0.5, 0.5), size=(1.0, 1.0))


def order(**keys: Any):
    """Cells of a 3 x 2 grid by the reading number of where they lie."""
    found = cell_rects(UNIT, Cells(rows=2, columns=3, **keys))
    return [round(x * 3 - 0.5) + 3 * round(y * 2 - 0.5) for (x, y), _ in found]


@pytest.mark.parametrize(
    ("start", "plain", "serpentine"),
    [
        ("left-top", [0, 1, 2, 3, 4, 5], [0, 1, 2, 5, 4, 3]),
        ("right-top", [2, 1, 0, 5, 4, 3], [2, 1, 0, 3, 4, 5]),
        ("left-bottom", [3, 4, 5, 0, 1, 2], [3, 4, 5, 2, 1, 0]),
        ("right-bottom", [5, 4, 3, 2, 1, 0], [5, 4, 3, 0, 1, 2]),
    ],
)
def test_cells_run_row_by_row_from_their_corner(start: str, plain: list[int], serpentine: Any):
    assert order(start=start) == plain
    assert order(start=start, serpentine=True) == serpentine


def test_a_tube_lies_along_the_width_of_its_region_whatever_its_aspect():
    tall = Region(center=(0.5, 0.5), size=(0.1, 0.9))
    rects = cell_rects(tall, Cells(columns=2))
    assert [center for center, _ in rects] == [pytest.approx((0.475, 0.5)), pytest.approx((0.525, 0.5))]
    assert rects[0][1] == (0.05, 0.9)


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 9), st.floats(0.01, 2), st.floats(0.01, 2), st.booleans())
def test_cells_tile_their_region_whatever_the_grid(
    rows: int, columns: int, width: float, height: float, serpentine: Any
):
    region = Region(center=(0.3, 0.7), size=(width, height))
    cells = Cells(rows=rows, columns=columns, serpentine=serpentine)
    rects = cell_rects(region, cells)
    assert len({center for center, _ in rects}) == cells.count
    assert sum(w * h for _, (w, h) in rects) == pytest.approx(width * height)
    xs = [x for (x, _), _ in rects]
    assert sum(xs) / len(xs) == pytest.approx(0.3)
