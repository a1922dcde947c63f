"""How the cells of a fixture fill the region it follows."""

from typing import Annotated, Literal

from lumad.model.noun import Flag, Noun, Whole, Within

CellCount = Annotated[Whole, Within(1, 512)]
Corner = Literal["left-top", "right-top", "left-bottom", "right-bottom"]


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
