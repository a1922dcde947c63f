"""A solve of emitters, baked into a table over the colours of the wall."""

import numpy as np
import numpy.typing as npt

from lumad.colour.emitters import Array, EmitterSolve, Flags
from lumad.colour.transfer import decode

Floats = npt.NDArray[np.float32]

TABLE_VERSION = 1  # of what `bake` makes; part of the name a table is kept under
NODES = 33

# Nodes are evenly spaced in sRGB codes, so dark colours have more of them; they lie on whole steps of linear
# light, so that the cell of a colour is looked up, not searched. Between nodes it is light that counts, not
# its code: a mixture of drives makes the mixture of their colours, so interpolation costs no colour.
_STEPS = 4096
_NODE_STEPS = np.rint(decode("srgb", np.linspace(0.0, 1.0, NODES)) * _STEPS)
_CELLS = NODES - 1
_CELL_OF_STEP = np.clip(
    np.searchsorted(_NODE_STEPS, np.arange(_STEPS + 1), side="right") - 1, 0, _CELLS - 1
).astype(np.intp)
_START = _NODE_STEPS[:-1].astype(np.float32)
_PER_WIDTH = (1.0 / np.diff(_NODE_STEPS)).astype(np.float32)

_STRIDES = np.array([NODES * NODES, NODES, 1])
_FAR = int(_STRIDES.sum())  # from a cell's darkest node to its brightest


def _walks() -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Steps from a cell's darkest node to the 2nd and 3rd corner of each tetrahedron.

    Index: bits r >= g, g >= b, r >= b of the place in the cell. Two of the eight cannot be.
    """
    order = np.array(
        [[(~k & 1) + (~k >> 2 & 1), (k & 1) + (~k >> 1 & 1), (k >> 1 & 1) + (k >> 2 & 1)] for k in range(8)]
    )
    return _STRIDES[order.argmin(axis=1)], _FAR - _STRIDES[order.argmax(axis=1)]


_SECOND, _THIRD = _walks()
_MIRRORS = (1.0, 0.5, 0.25, 0.125)  # of a step outwards: as far as there is room inside
_ROUNDING = 0.01  # of a step: so far outside the cube is inside
_NEAR = 1e-5  # of a colour's luminance: nearer is the same
_PROJECTIONS, _OVERSHOOT = 8, 1.6  # reach a drive's limit at a shallow angle, too


def bake(solve: EmitterSolve, rgb_to_xyz: npt.ArrayLike, scale: float) -> Floats:
    """Drives (33, 33, 33, n) of the light `scale * rgb_to_xyz @ rgb` at linear wall RGB 0..1 on the nodes.

    Nodes that the emitters cannot make have drives below 0 or above 1.
    """
    asked = _node_light(np.asarray(rgb_to_xyz, np.float64) * scale)
    light, flags = solve.reach(asked)
    drives = solve.drives(light)
    rows = np.flatnonzero(flags)
    drives[rows] += _beyond(solve, asked[rows] - light[rows], light[rows], drives[rows])
    return drives.reshape(NODES, NODES, NODES, -1).astype(np.float32)


def _beyond(solve: EmitterSolve, step: Array, light: Array, drives: Array) -> Array:
    """How drives (N, n) go on from `light` (N, 3) on the border of what can be, a `step` (N, 3) outwards.

    As they come from the mirror image inside, so that a mixture of a node outside with nodes inside makes the
    mixture's colour, and has the drives of the border where it crosses it.
    """
    onwards, rows = np.zeros_like(drives), np.arange(len(light))
    for part in _MIRRORS:
        mirror = light[rows] - part * step[rows]
        inside = solve.within(mirror)
        there, mirror, rows = rows[inside], mirror[inside], rows[~inside]
        onwards[there] = (drives[there] - solve.drives(mirror)) / part
    return onwards


def _node_light(rgb_to_xyz: Array) -> Array:
    axes = np.meshgrid(*[_NODE_STEPS / _STEPS] * 3, indexing="ij")
    light: Array = np.stack(axes, axis=-1).reshape(-1, 3) @ rgb_to_xyz.T
    return light


class BakedSolve:
    """`EmitterSolve` by a table that `bake` made of it with the same matrix and scale: some 30 ns a cell.

    Colours that the emitters can make are exact to float32, in whatever tetrahedron of nodes they lie, if its
    corners can be made, too. The few cells on the border of what the lamp can, and colours outside the wall's
    cube, are looked at one by one: limit flags are those of the direct solve, luminance is as near as the
    drives allow, and nothing jumps where the table ends.
    """

    def __init__(self, solve: EmitterSolve, table: Floats, rgb_to_xyz: npt.ArrayLike, scale: float) -> None:
        self.columns = solve.columns
        self.full_output = solve.full_output
        self._solve = solve
        to_xyz = np.asarray(rgb_to_xyz, np.float64) * scale
        self._to_steps = (np.linalg.inv(to_xyz) * _STEPS).astype(np.float32)
        self._to_xyz = to_xyz / _STEPS
        self._count = table.shape[-1]
        self._table = np.zeros(
            (NODES**3, 4 if self._count <= 4 else 8), np.float32
        )  # rows of 16 or 32 bytes: quick to take
        self._table[:, : self._count] = table.reshape(-1, self._count)
        self._least = np.linalg.pinv(self.columns) * _OVERSHOOT
        self._keep = np.eye(self._count) - self._least @ self.columns
        self._unsure = _unsure_cells(solve, to_xyz)

    def solve(self, target_xyz: npt.ArrayLike) -> tuple[Array, Flags]:
        """(drives (N, n) 0..1, limit flags (N,)) for XYZ (N, 3), as `EmitterSolve.solve`."""
        xyz = np.asarray(target_xyz, np.float64)
        flags = np.zeros(len(xyz), np.uint8)
        if not len(xyz):
            return np.zeros((0, self._count)), flags
        steps = self._to_steps @ xyz.astype(np.float32).T
        node, part = _cells(steps)
        unsure = self._unsure.take(node, mode="clip")
        if steps.min() < -_ROUNDING or steps.max() > _STEPS + _ROUNDING:
            unsure |= (steps.min(axis=0) < -_ROUNDING) | (steps.max(axis=0) > _STEPS + _ROUNDING)
        rows = np.flatnonzero(unsure)
        if not len(rows):
            return self._mixed(node, part).astype(np.float64).T, flags
        light, flags[rows] = self._solve.reach(xyz[rows])
        place = np.clip(self._to_steps @ light.astype(np.float32).T, 0.0, _STEPS)
        node[rows], part[:, rows] = _cells(place)
        drives = self._mixed(node, part).astype(np.float64)
        drives[:, rows] = self._corrected(drives[:, rows], light.T, self._to_xyz @ place)
        return drives.T, flags

    def _mixed(self, node: npt.NDArray[np.intp], part: Floats) -> Floats:
        """Drives (n, N) at the place `part` (3, N) of a cell: a mixture of the corners of its tetrahedron."""
        r, g, b = part
        walk = (r >= g).view(np.uint8) | (g >= b).view(np.uint8) << 1 | (r >= b).view(np.uint8) << 2
        high, low = np.maximum(np.maximum(r, g), b), np.minimum(np.minimum(r, g), b)
        middle = r + g + b - high - low
        nodes = node, node + _SECOND.take(walk), node + _THIRD.take(walk), node + _FAR
        shares = 1.0 - high, high - middle, middle - low, low
        mixed, part_of_it = np.zeros((2, self._count, len(node)), np.float32)
        for corner, share in zip(nodes, shares, strict=True):
            drives = self._table.take(corner, axis=0, mode="clip").T[: self._count]
            mixed += np.multiply(drives, share, out=part_of_it)
        return np.clip(mixed, 0.0, 1.0, out=mixed)

    def _corrected(self, drives: Array, light: Array, beside: Array) -> Array:
        """Drives (n, K) of light XYZ (3, K), given those of the nearest in the wall's cube, `beside`."""
        near = _NEAR * light[1]
        off = np.flatnonzero((np.abs(light - beside) > near).any(axis=0))
        if len(off):
            there = self._solve.reach(beside[:, off].T)[0]
            moved = drives[:, off] + (self._solve.drives(light[:, off].T) - self._solve.drives(there)).T
            drives[:, off] = np.clip(moved, 0.0, 1.0)
        wrong = np.flatnonzero((np.abs(light - self.columns @ drives) > near).any(axis=0))
        if len(wrong):
            drives[:, wrong] = self._projected(drives[:, wrong], light[:, wrong])
        return drives

    def _projected(self, drives: Array, light: Array) -> Array:
        """Drives (n, K) within their limits and near to those given that make light XYZ (3, K).

        Projections onto the two in turn; the last bit of luminance comes by scaling, if no drive passes 1.
        """
        constant = self._least @ light
        for _ in range(_PROJECTIONS):
            drives = np.clip(self._keep @ drives + constant, 0.0, 1.0)
        luminance = np.maximum(self.columns[1] @ drives, 1e-300)
        most = 1.0 / np.maximum(drives.max(axis=0), 1e-300)
        projected: Array = drives * np.minimum(light[1] / luminance, most)
        return projected


def _cells(steps: Floats) -> tuple[npt.NDArray[np.intp], Floats]:
    """(darkest node (N,) of each colour's cell, place (3, N) 0..1 in it) of steps (3, N) 0..4096."""
    cell = _CELL_OF_STEP.take(steps.astype(np.intp), mode="clip")
    part = (steps - _START.take(cell)) * _PER_WIDTH.take(cell)
    return cell[0] * _STRIDES[0] + cell[1] * _STRIDES[1] + cell[2], part


def _unsure_cells(solve: EmitterSolve, to_xyz: Array) -> npt.NDArray[np.bool_]:
    """Cells (33³, by darkest node) that may meet a limit: a corner does (what a lamp can make is convex)."""
    free = solve.within(_node_light(to_xyz)).reshape(NODES, NODES, NODES)
    for axis in range(3):
        free = free & np.roll(free, -1, axis)
    return ~free.reshape(-1)
