"""The drives of least cost among all that make a colour."""

from itertools import product

import numpy as np
import numpy.typing as npt

from lumad.colour.gamut import FLAT

Array = npt.NDArray[np.float64]

_FREE, _AT_ZERO, _AT_FULL = 0, 1, 2
_LOW = np.array([0.0, -np.inf, 1.0])  # bounds on a drive before clipping, that its set is right within
_HIGH = np.array([1.0, 0.0, np.inf])
_RIGHT = 1e-12  # so far outside its limits a map may be and still be the right one
_SAMPLE = 512  # rows that tell which maps are likely
_BLOCK = 1 << 18  # numbers of one temporary array: bounds memory at many emitters and cells


class LeastDrives:
    """Drives 0..1 of least sum of w d² that make a colour of columns (r, n), r 1..3; unique, so continuous.

    Karush, Kuhn and Tucker: they are d = clip(z, 0, 1) with z = columns' y / w, and y solves columns d = x
    over the drives that stand neither at 0 nor at full. So each set of drives at 0 and at full gives one
    affine map from x to z, and the map that keeps its own limits is the solution.
    """

    def __init__(self, columns: Array, weights: Array) -> None:
        states = np.array(list(product((_FREE, _AT_ZERO, _AT_FULL), repeat=columns.shape[1])))
        unit = columns / np.linalg.norm(columns, axis=0)
        spread = np.linalg.eigvalsh(_sums(states == _FREE, unit))[:, 0]
        states = states[spread > FLAT**2]  # the free ones span all colours
        free, root = states == _FREE, np.sqrt(weights)
        q, r = np.linalg.qr(np.swapaxes(columns / root * free[:, None, :], 1, 2))
        least = q @ np.swapaxes(np.linalg.inv(r), 1, 2)  # (S, n, r), of r(w) d
        others = columns.T @ np.swapaxes(least, 1, 2) @ least / weights[:, None]
        to_z = np.where(free[:, :, None], least / root[:, None], others)
        at_full = ((states == _AT_FULL) @ columns.T)[:, :, None]
        self._maps = np.concatenate([to_z, -to_z @ at_full], axis=2)  # (S, n, r + 1)
        self._low, self._high = _LOW[states][:, :, None], _HIGH[states][:, :, None]
        self._block = max(1, _BLOCK // states.size)

    def __call__(self, colours: Array) -> Array:
        """Drives (N, n) of colours (N, r) that can be made."""
        maps = self._maps[self._sets(_terms(colours))]
        free: Array = (maps[:, :, :-1] @ colours[:, :, None])[:, :, 0] + maps[:, :, -1]
        return np.clip(free, 0.0, 1.0)

    def _sets(self, terms: Array) -> npt.NDArray[np.intp]:
        """Which map (N,) is the right one for each colour, given as terms (r + 1, N).

        Many colours: maps that a sample of them needs are tried one by one, the likely ones first, each on
        the colours still without one; all maps at once on those few that remain.
        """
        found = np.empty(terms.shape[1], np.intp)
        rest = np.arange(len(found))
        if len(rest) > max(_SAMPLE, self._block):
            likely = np.bincount(self._all_maps(terms[:, :: len(rest) // _SAMPLE]))
            for one in likely.argsort(kind="stable")[: -1 - np.count_nonzero(likely) : -1]:
                right = _fault(self._maps[one] @ terms[:, rest], self._low[one], self._high[one]) <= _RIGHT
                found[rest[right]] = one
                rest = rest[~right]
        found[rest] = self._all_maps(terms[:, rest])
        return found

    def _all_maps(self, terms: Array) -> npt.NDArray[np.intp]:
        """Of all maps the one (N,) least outside its limits."""
        sets, count, _ = self._maps.shape
        flat, best = self._maps.reshape(sets * count, -1), np.empty(terms.shape[1], np.intp)
        for start in range(0, len(best), self._block):
            part = slice(start, start + self._block)
            best[part] = _fault(
                (flat @ terms[:, part]).reshape(sets, count, -1), self._low, self._high
            ).argmin(0)
        return best


def _terms(colours: Array) -> Array:
    return np.concatenate([colours.T, np.ones((1, len(colours)))])


def _fault(free: Array, low: Array, high: Array) -> Array:
    """How far the worst of n drives (…, n, N) lies outside its limits, (…, N)."""
    worst: Array = np.maximum(low - free, free - high).max(axis=-2)
    return worst


def _sums(chosen: npt.NDArray[np.bool_], columns: Array) -> Array:
    """Sums (S, r, r) of the outer products of the chosen (S, n) of columns (r, n)."""
    return np.tensordot(chosen.astype(np.float64), np.einsum("in,kn->nik", columns, columns), 1)
