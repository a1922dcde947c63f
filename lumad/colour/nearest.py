"""The light of least colour difference to one that no mixture of emitters is."""

from itertools import combinations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_LEVEL = (
    0.2  # of white: the luminance at which differences are weighed, for all levels of one colour go one way
)
_XYZ_TO_LAB = np.array([[0.0, 116.0, 0.0], [500.0, -500.0, 0.0], [0.0, 200.0, -200.0]])  # of the cube roots
_TOE, _TOE_SLOPE = 216 / 24389, 24389 / 27 / 116  # ISO/CIE 11664-4: below it the cube root is a straight line
_CHROMA, _HUE = 0.045, 0.015  # CIE 116 (CIE94): how chroma blunts the eye for differences of chroma and hue
_STEPS = 2  # from there on it moves by less than 0.01 of a difference
_BESIDE = 1e-9


class Nearest:
    """Nearest light, by CIE94 (hue, chroma and lightness may all give way), among mixtures of any level.

    XYZ columns (3, n) of rank 3. CIELAB is bent, so the nearest point is found twice in its tangent space: a
    projection onto a convex cone, which follows the colour asked without jumps.
    """

    def __init__(self, columns: Array, white_xyz: Array) -> None:
        unit = columns / np.linalg.norm(columns, axis=0)
        sides = [unit.T @ np.cross(unit[:, i], unit[:, k]) for i, k in _pairs(unit)]
        outer = [bool((side >= -_BESIDE).all() or (side <= _BESIDE).all()) for side in sides]
        self._faces = unit.T[
            [pair for pair, own in zip(_pairs(unit), outer, strict=True) if own]
        ]  # (F, 2, 3)
        self._rays = unit.T
        self._white = white_xyz / white_xyz[1]

    def __call__(self, xyz: Array) -> Array:
        """XYZ (N, 3) for XYZ (N, 3) outside the cone, Y > 0."""
        level = _LEVEL / xyz[:, 1:2]
        asked = self._lab(xyz * level)
        weights = _weights(asked)
        found = xyz * level
        for _ in range(_STEPS):
            slope = _XYZ_TO_LAB * (self._root_slope(found) / self._white)[:, None, :]
            goal = found + np.linalg.solve(slope, (asked - self._lab(found))[..., None])[..., 0]
            found = self._project(goal, weights @ slope)
        return found / level

    def _lab(self, xyz: Array) -> Array:
        part = xyz / self._white
        lab: Array = np.where(part > _TOE, np.cbrt(part), _TOE_SLOPE * part + 16 / 116) @ _XYZ_TO_LAB.T
        return lab

    def _root_slope(self, xyz: Array) -> Array:
        return np.where(
            xyz > _TOE * self._white, np.maximum(xyz / self._white, _TOE) ** (-2 / 3) / 3, _TOE_SLOPE
        )

    def _project(self, xyz: Array, metric: Array) -> Array:
        """Of the feet on all rays and faces of the cone the nearest, as `metric` (N, 3, 3) measures."""
        rays = self._rays @ np.swapaxes(metric, 1, 2)  # (N, n, 3)
        goal = (metric @ xyz[..., None])[..., 0]
        along = np.maximum((rays @ goal[..., None])[..., 0] / (rays**2).sum(axis=2), 0.0)
        feet = [along[..., None] * self._rays]
        a, b = (side @ np.swapaxes(metric, 1, 2) for side in (self._faces[:, 0], self._faces[:, 1]))
        aa, bb, ab = ((one * two).sum(axis=2) for one, two in ((a, a), (b, b), (a, b)))
        ag, bg = ((one @ goal[..., None])[..., 0] for one in (a, b))
        parts = np.stack([ag * bb - bg * ab, bg * aa - ag * ab], axis=2) / (aa * bb - ab**2)[..., None]
        feet.append((parts[..., None] * self._faces).sum(axis=2))
        every = np.concatenate(feet, axis=1)  # (N, n + F, 3)
        distance = ((every @ np.swapaxes(metric, 1, 2) - goal[:, None]) ** 2).sum(axis=2)
        distance[:, along.shape[1] :][(parts < 0.0).any(axis=2)] = np.inf
        nearest: Array = every[np.arange(len(xyz)), distance.argmin(axis=1)]
        return nearest


def _pairs(unit: Array) -> list[tuple[int, int]]:
    """Emitters (i, k) that do not lie on one ray."""
    every = combinations(range(unit.shape[1]), 2)
    return [pair for pair in every if np.linalg.norm(np.cross(*unit.T[list(pair)])) > _BESIDE]


def _weights(lab: Array) -> Array:
    """Axes (N, 3, 3) of lightness, chroma and hue at CIELAB (N, 3), as long as differences on them count."""
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    a, b = (lab[:, 1:] / np.maximum(chroma, 1e-9)[:, None]).T
    axes = np.zeros((len(lab), 3, 3))
    axes[:, 0, 0] = 1.0
    axes[:, 1, 1:] = np.stack([a, b], axis=1) / (1.0 + _CHROMA * chroma)[:, None]
    axes[:, 2, 1:] = np.stack([-b, a], axis=1) / (1.0 + _HUE * chroma)[:, None]
    return axes
