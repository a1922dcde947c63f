"""How the cells of a fixture fill the region it follows."""

from typing import Annotated, Literal

from lumad.model.noun import Flag, Noun, Whole, Within
from lumad.model.region import Region

CellCount = Annotated[Whole, Within(1, 512)]
Corner = Literal["left-top", "right-top", "left-bottom", "right-bottom"]
Rect = tuple[tuple[float, float], tuple[float, float]]


class Cells(Noun):
    """Columns along the region's width, rows along its height; `start`: the corner of the first cell."""

    rows: CellCount = 1
    columns: CellCount
    start: Corner = "left-top"
    serpentine: Flag = False

    @property
    def count(self) -> int:
        """Cells in all."""
        return self.rows * self.columns


def cell_rects(region: Region, cells: Cells) -> list[Rect]:
    """(center, size) of each cell in the fixture's order, row by row from `start`; they tile the region."""
    (cx, cy), (width, height) = region.center, region.size
    size = (width / cells.columns, height / cells.rows)
    left, top = cx - width / 2, cy - height / 2
    rects: list[Rect] = []
    for step in range(cells.rows):
        row = step if cells.start.endswith("top") else cells.rows - 1 - step
        leftwards = cells.start.startswith("right") ^ (cells.serpentine and step % 2 == 1)
        columns = range(cells.columns - 1, -1, -1) if leftwards else range(cells.columns)
        y = top + (row + 0.5) * size[1]
        rects += [((left + (column + 0.5) * size[0], y), size) for column in columns]
    return rects
