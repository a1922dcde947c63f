"""Regions to areas of pixels, kept from one compile to the next: a dragged region compiles alone."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from lumad.errors import FrameError
from lumad.model.cells import Cells
from lumad.model.region import Region
from lumad.sampling.coverage import Coverage
from lumad.sampling.runs import STATISTICS, Area
from lumad.sampling.shapes import Shape, area_of, cells_of, coverage_of

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Cutting:
    """What decides the pixels of one area; equal cuttings give equal areas."""

    shape: Shape
    excluded: tuple[Shape, ...]
    statistic: int
    width: int
    height: int


def shape_of(region: Region) -> Shape:
    """A region of the show as the sampler's geometry."""
    return Shape(
        kind=region.shape,
        center=region.center or (0.5, 0.5),
        size=region.size or (1.0, 1.0),
        rotation=region.rotation,
        points=region.points or (),
        width=region.width or 0.0,
        feather=region.feather,
    )


def cuttings_of(
    regions: Mapping[str, Region], name: str, cells: Cells | None, width: int, height: int
) -> list[Cutting]:
    """One cutting for each cell in the fixture's own order; with `cells` None the whole region."""
    region = regions[name]
    whole = shape_of(region)
    shapes = [whole]
    if cells is not None and cells.count > 1:
        shapes = cells_of(whole, cells.rows, cells.columns, cells.start, serpentine=cells.serpentine)
    excluded = tuple(shape_of(regions[other]) for other in region.exclude)
    statistic = STATISTICS.index(region.statistic)
    return [Cutting(shape, excluded, statistic, width, height) for shape in shapes]


class AreaStore:
    """Compiled areas by cutting, and the coverages that were cut out of them.

    What two compiles in a row did not ask for is forgotten.
    """

    def __init__(self) -> None:
        self._areas: _Kept[Cutting, Area | None] = _Kept(self._cut)
        self.faults: dict[Cutting, str] = {}  # of this compile: areas that stay black, and why
        self._coverages: _Kept[tuple[Shape, int, int], Coverage] = _Kept(lambda key: coverage_of(*key))

    def begin(self) -> None:
        """A new compile."""
        self._areas.begin()
        self._coverages.begin()
        self.faults = {}

    def area(self, cutting: Cutting) -> Area | None:
        """The area of a cutting; None where nothing of it lies in the picture, or where it has a fault."""
        try:
            return self._areas.of(cutting)
        except FrameError as error:
            self.faults[cutting] = str(error)
            return None

    def _cut(self, cutting: Cutting) -> Area | None:
        size = (cutting.width, cutting.height)
        excluded = [self._coverages.of((shape, *size)) for shape in cutting.excluded]
        return area_of(cutting.shape, *size, cutting.statistic, excluded)


class _Kept(Generic[K, V]):
    """Values by key, made once; kept while every compile asks for them."""

    def __init__(self, make: Callable[[K], V]) -> None:
        self._make = make
        self._before: dict[K, V] = {}
        self._now: dict[K, V] = {}

    def begin(self) -> None:
        self._before, self._now = self._now, {}

    def of(self, key: K) -> V:
        if key not in self._now:
            self._now[key] = self._before[key] if key in self._before else self._make(key)
        return self._now[key]
