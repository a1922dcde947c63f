"""How much of each pixel an outline covers, by exact areas, and the runs that follow from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError
from lumad.sampling.runs import FULL, I64, MEAN, WHOLE, Area, pieces_of

F64 = npt.NDArray[np.float64]

SHORTEST_FULL = 8  # pixels; a shorter stretch of whole pixels between partial ones is part of their run
GRID = 2.0**20  # a pixel, to which crossing outlines are rounded: two heights are equal or well apart
MOST_EDGES = 2**14  # some seconds of finding where they cross
MOST_PIECES, PIECES_AT_ONCE = 2**23, 2**18  # of edges between the heights where two cross
FAINTEST = 1e-10  # of a pixel: less is rounding noise of the sums


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Covered share 0..1 of the pixels of a picture, as steps along its rows.

    value[i] holds from place[i] up to place[i + 1]; nothing is covered before the first and from the last on.
    A place is y * (width + 2) + x; places ascend; nothing is covered in the two columns beside the picture.
    """

    width: int
    place: I64
    value: F64

    def times(self, other: "Coverage") -> "Coverage":
        """What lies in both, taking the two as independent within a pixel."""
        place = self._places_with(other)
        return Coverage(self.width, place, self.at(place) * other.at(place))

    def without(self, other: "Coverage") -> "Coverage":
        """What is left when the other is cut out; within a pixel the two are taken to overlap all they can.

        So nothing is left of a shape cut out of itself, and light that is excluded never leaks in.
        """
        place = self._places_with(other)
        return Coverage(self.width, place, np.maximum(self.at(place) - other.at(place), 0.0))

    def dense(self, height: int) -> F64:
        """(height, width) shares."""
        rows = np.zeros(height * (self.width + 2))
        if len(self.place):
            rows[self.place[0] : self.place[-1]] = np.repeat(self.value[:-1], np.diff(self.place))
        return rows.reshape(height, self.width + 2)[:, : self.width]

    def _places_with(self, other: "Coverage") -> I64:
        if not len(self.place):
            return self.place
        ends = np.searchsorted(other.place, [self.place[0], self.place[-1]])
        return np.union1d(self.place, other.place[ends[0] : ends[1]])

    def at(self, place: I64) -> F64:
        """Shares at the given places."""
        return np.concatenate(([0.0], self.value))[np.searchsorted(self.place, place, "right")]


def window(outlines: Sequence[F64], reach: float, width: int, height: int) -> tuple[int, int, int, int]:
    """Box x0, y0, x1, y1 of the pixels of a picture that lie within reach of all the outlines."""
    corners = [edges.reshape(-1, 2) for edges in outlines]
    if not all(len(points) for points in corners):
        return 0, 0, 0, 0
    low = np.floor(np.max([points.min(axis=0) for points in corners], axis=0) - reach)
    high = np.ceil(np.min([points.max(axis=0) for points in corners], axis=0) + reach)
    x0, y0 = np.clip(low, 0, (width, height)).astype(int).tolist()
    x1, y1 = np.clip(high, 0, (width, height)).astype(int).tolist()
    return x0, y0, x1, y1


def covered_by_all(outlines: Sequence[F64], width: int, height: int) -> Coverage:
    """Coverage of what lies in all the outlines, taken as independent within a pixel."""
    if len(outlines) == 1:
        return covered(outlines[0], width, height)
    x0, y0, x1, y1 = window(outlines, 0.0, width, height)
    if x1 <= x0 or y1 <= y0:
        return Coverage(width, np.zeros(0, np.int64), np.zeros(0))
    origin = (x0, y0, x0, y0)
    found = covered(outlines[0] - origin, x1 - x0, y1 - y0)
    for edges in outlines[1:]:
        found = found.times(covered(edges - origin, x1 - x0, y1 - y0))
    y, x = np.divmod(found.place, x1 - x0 + 2)
    return Coverage(width, (y + y0) * (width + 2) + x + x0, found.value)


def covered(edges: F64, width: int, height: int) -> Coverage:
    """Exact coverage of what the closed edges (N, 4) x0, y0, x1, y1 wind around once, cut to the picture."""
    edges = _cut(edges[edges[:, 1] != edges[:, 3]], 1, height)
    middle = edges[:, 1] + edges[:, 3]
    edges = _cut(edges[(middle > 0) & (middle < 2 * height)], 0, width)
    edges = np.stack(
        [np.clip(edges[:, 0], 0, width), edges[:, 1], np.clip(edges[:, 2], 0, width), edges[:, 3]], 1
    )
    x0, y0, x1, y1 = _gridded(_gridded(edges, 1), 0).T
    x, y = np.floor((x0 + x1) / 2), np.clip(np.floor((y0 + y1) / 2), 0, height - 1)
    left = (y1 - y0) * ((x0 + x1) / 2 - x)
    place = (y * (width + 2) + x).astype(np.int64)
    return _summed(width, np.concatenate([place, place + 1]), np.concatenate([y1 - y0 - left, left]))


def _summed(width: int, place: I64, change: F64) -> Coverage:
    """Coverage of all changes along the rows, in any order."""
    if not len(place):
        return Coverage(width, place, change)
    order = np.argsort(place, kind="stable")
    place = place[order]
    first = np.flatnonzero(np.concatenate(([True], place[1:] != place[:-1])))
    value = np.abs(np.cumsum(np.add.reduceat(change[order], first)))
    return Coverage(width, place[first], np.minimum(value, 1.0))


def _cut(edges: F64, axis: int, size: int) -> F64:
    """The edges, broken where they cross 0 and `size` of an axis."""
    for level in (0.0, float(size)):
        crossing = (edges[:, axis] - level) * (edges[:, axis + 2] - level) < 0
        if crossing.any():
            ax, ay, bx, by = edges[crossing].T
            share = (level - edges[crossing, axis]) / (edges[crossing, axis + 2] - edges[crossing, axis])
            at = [ax + share * (bx - ax), ay + share * (by - ay)]
            at[axis] = np.full(len(share), level)
            halves = np.stack([ax, ay, *at], 1), np.stack([*at, bx, by], 1)
            edges = np.concatenate([edges[~crossing], *halves])
    return edges


def _gridded(edges: F64, axis: int) -> F64:
    """The edges, broken at all whole numbers of an axis."""
    start, end = edges[:, axis], edges[:, axis + 2]
    low, high = np.minimum(start, end), np.maximum(start, end)
    pieces = np.maximum(np.ceil(high) - np.floor(low), 1).astype(np.int64)
    if not len(edges) or pieces.max() == 1:
        return edges
    edge = np.repeat(np.arange(len(edges)), pieces)
    lower = np.floor(low)[edge] + (np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces))
    upper = np.minimum(lower + 1.0, high[edge])
    lower = np.maximum(lower, low[edge])
    flat, onwards = (start == end)[edge], (end > start)[edge]
    length = np.where(flat, 1.0, (end - start)[edge])
    a, b = np.where(onwards, lower, upper), np.where(onwards, upper, lower)
    other, rise = edges[edge, 1 - axis], (edges[:, 3 - axis] - edges[:, 1 - axis])[edge]
    c = np.where(flat, other, other + (a - start[edge]) / length * rise)
    d = np.where(flat, other + rise, other + (b - start[edge]) / length * rise)
    return np.stack([a, c, b, d] if axis == 0 else [c, a, d, b], 1)


def untangled(edges: F64, *, union: bool) -> F64:
    """Edges that wind once around what the closed edges hold: by even-odd, or all they wind around (`union`).

    Time grows with the square of the number of edges, and with edges times crossings. Raises FrameError for
    an outline so tangled that this would take more than some seconds.
    """
    if len(edges) > MOST_EDGES:
        raise FrameError(f"an outline of {len(edges)} edges is too tangled")
    edges = np.rint(edges * GRID) / GRID
    edges = edges[edges[:, 1] != edges[:, 3]]
    down = np.where((edges[:, 3] > edges[:, 1])[:, None], edges, edges[:, [2, 3, 0, 1]])
    turn = np.where(edges[:, 3] > edges[:, 1], 1, -1) if union else np.ones(len(edges), np.int64)
    levels = np.unique(np.concatenate([down[:, 1], down[:, 3], np.rint(_crossings(down) * GRID) / GRID]))
    first, last = np.searchsorted(levels, down[:, 1]), np.searchsorted(levels, down[:, 3])
    pieces = int((last - first).sum())
    if pieces > MOST_PIECES:
        raise FrameError(
            f"an outline of {len(edges)} edges that cross in {len(levels)} heights is too tangled"
        )
    found = [np.zeros((0, 4))]
    step = max(1, PIECES_AT_ONCE * len(levels) // max(pieces, 1))
    for start in range(0, len(levels) - 1, step):
        top, bottom = (np.clip(ends, start, start + step) for ends in (first, last))
        edge = np.repeat(np.arange(len(down)), bottom - top)
        slab = (
            top[edge]
            + np.arange(len(edge))
            - np.repeat(np.cumsum(bottom - top) - (bottom - top), bottom - top)
        )
        found.append(_between(levels, slab, down[edge], turn[edge], union=union))
    return np.concatenate(found)


def _between(levels: F64, slab: I64, edges: F64, turn: I64, *, union: bool) -> F64:
    """Borders of what the edges hold, each edge given for each slab between two levels that it crosses."""
    x0, y0, x1, y1 = edges.T
    slope = (x1 - x0) / (y1 - y0)
    top, bottom = levels[slab], levels[slab + 1]
    at_top, at_bottom = x0 + (top - y0) * slope, x0 + (bottom - y0) * slope
    order = np.lexsort((at_top + at_bottom, slab))
    winding = np.cumsum(turn[order])
    inside = winding != 0 if union else winding % 2 != 0
    before = np.concatenate(([False], inside[:-1]))
    pieces = np.stack([at_top, top, at_bottom, bottom], 1)[order]
    return np.concatenate([pieces[inside & ~before], pieces[before & ~inside][:, [2, 3, 0, 1]]])


def _crossings(edges: F64) -> F64:
    """Heights y of all points where two of the edges (N, 4) cross."""
    found = [np.zeros(0)]
    block = max(1, 2**20 // max(len(edges), 1))
    step = edges[:, 2:] - edges[:, :2]
    for start in range(0, len(edges), block):
        own, along = edges[start : start + block, None, :2], step[start : start + block, None]
        across = along[..., 0] * step[:, 1] - along[..., 1] * step[:, 0]
        apart = edges[:, :2] - own
        divisor = np.where(across == 0, np.inf, across)
        t = (apart[..., 0] * step[:, 1] - apart[..., 1] * step[:, 0]) / divisor
        u = (apart[..., 0] * along[..., 1] - apart[..., 1] * along[..., 0]) / divisor
        own_edge, _ = hit = np.nonzero((t > 0) & (t < 1) & (u > 0) & (u < 1))
        found.append(edges[start + own_edge, 1] + t[hit] * step[start + own_edge, 1])
    return np.concatenate(found)


def area(coverage: Coverage, statistic: int = MEAN) -> Area | None:
    """The pixels that count at least 1/255; if none does, the most covered one, by 1/255; None without any.

    Stretches of whole pixels carry no weights, unless shorter than 8 between partial ones.
    """
    weight = np.rint(coverage.value * WHOLE)
    if not weight.any():
        return _faint(coverage, statistic)
    kept = np.flatnonzero(np.concatenate(([True], weight[1:] != weight[:-1])))
    place, weight = coverage.place[kept], weight[kept]
    start, end, weight = place[:-1], place[1:], weight[:-1]
    held = weight > 0
    start, end, weight = start[held], end[held], weight[held].astype(np.uint8)
    gap = np.concatenate(([True], start[1:] != end[:-1], [True]))
    whole = (weight == WHOLE) & ((end - start >= SHORTEST_FULL) | (gap[:-1] & gap[1:]))
    opens = gap[:-1] | whole | np.concatenate(([True], whole[:-1]))
    first = np.flatnonzero(opens)
    last = np.concatenate((first[1:], [len(start)])) - 1
    y, x0 = np.divmod(start[first], coverage.width + 2)
    length, partial = end[last] - start[first], ~whole[first]
    given = length * partial
    run, piece, piece_end = pieces_of(y, x0, x0 + length)
    at = (np.cumsum(given) - given)[run] + piece - x0[run]
    by_run = (y[run], piece, piece_end, np.where(partial[run], at, FULL))
    y, x0, x1, at = (np.ascontiguousarray(array, np.uint32) for array in by_run)
    return Area(y, x0, x1, at, np.repeat(weight[~whole], (end - start)[~whole]), statistic)


def _faint(coverage: Coverage, statistic: int) -> Area | None:
    """The most covered pixel, by 1/255."""
    most = int(np.argmax(coverage.value)) if len(coverage.value) else 0
    if not len(coverage.value) or coverage.value[most] < FAINTEST:
        return None
    y, x = divmod(int(coverage.place[most]), coverage.width + 2)
    y0, x0, x1, at = (np.array([number], np.uint32) for number in (y, x, x + 1, 0))
    return Area(y0, x0, x1, at, np.ones(1, np.uint8), statistic)
