"""The edges of shapes, in pixels of a picture."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lumad.sampling.coverage import untangled

F64 = npt.NDArray[np.float64]
Box = tuple[float, float, float, float]

FLATTEST = 0.003  # pixels a polygon may leave its circle


def ring(corners: F64) -> F64:
    """Closed edges (N, 4) x0, y0, x1, y1 through the corners (N, 2)."""
    return np.concatenate([corners, np.concatenate([corners[1:], corners[:1]])], axis=1)


def turned(points: F64, center: F64, degrees: float) -> F64:
    """The points (N, 2) turned clockwise (y points down) about the centre."""
    if degrees % 360.0 == 0.0:
        return points
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, y = (points - center).T
    return np.stack([cos * x - sin * y, sin * x + cos * y], axis=1) + center


def box(low: F64, size: F64, part: Box, beyond: float = 0.0) -> F64:
    """Corners (4, 2) of a part of the upright box at `low`; sides on the box's own lie `beyond` outside."""
    left, top = low + size * part[:2] - beyond * np.equal(part[:2], 0.0)
    right, bottom = low + size * part[2:] + beyond * np.equal(part[2:], 1.0)
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]])


def ellipse(center: F64, size: F64) -> F64:
    """Corners of a polygon as large as the upright ellipse of these diameters, within 0.003 pixels of it."""
    count = _arc_steps(2 * np.pi, float(size.max()) / 2)
    angle = 2 * np.pi * np.arange(count) / count
    radius = np.sqrt((2 * np.pi / count) / np.sin(2 * np.pi / count))
    corners: F64 = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (size / 2 * radius) + center
    return corners


def _arc_steps(angle: float, radius: float) -> int:
    """Chords for an arc: a chord of 1/n turn leaves it by 2/3 of r (pi / n)^2 / 2 once areas are equal."""
    turn = np.clip(np.ceil(np.pi * np.sqrt(radius / (3 * FLATTEST))), 16, 16384)
    return max(1, int(np.ceil(turn * angle / (2 * np.pi))))


def stroke(points: F64, width: float, part: Box) -> F64:
    """Edges of a part of the line through points (P, 2): butt ends, round joints.

    The part runs from part[0] to part[2] of the line's length, and from part[1] to part[3] of its width, 0
    being the side that is up where the line runs to the right. A joint belongs to the part that it begins;
    two parts may overlap on the inner side of a bend.
    """
    points = points[np.concatenate(([True], (np.diff(points, axis=0) != 0).any(axis=1)))]
    if len(points) < 2:
        return np.zeros((0, 4))
    step = np.diff(points, axis=0)
    length = np.hypot(*step.T)
    along, ahead = np.concatenate(([0.0], np.cumsum(length))), step / length[:, None]
    start, end = part[0] * along[-1], part[2] * along[-1]
    near, far = (part[1] - 0.5) * width, (part[3] - 0.5) * width
    a, b = np.clip(start, along[:-1], along[1:]), np.clip(end, along[:-1], along[1:])
    p, q = (points[:-1] + ahead * (at - along[:-1])[:, None] for at in (a, b))
    aside = np.stack([-ahead[:, 1], ahead[:, 0]], axis=1)
    quads = np.stack([p + near * aside, q + near * aside, q + far * aside, p + far * aside], axis=1)[b > a]
    joints = [
        _joint(points[j], ahead[j - 1], ahead[j], (near, far))
        for j in range(1, len(points) - 1)
        if start <= along[j] < end
    ]
    rings = [ring(corners) for corners in (*quads, *joints) if len(corners)]
    edges = np.concatenate(rings) if rings else np.zeros((0, 4))
    return untangled(edges, union=True) if len(rings) > 1 else edges


def _joint(point: F64, before: F64, after: F64, band: Sequence[float]) -> F64:
    """Corners of the wedge on the outer side of a bend, between two distances from the line; maybe none."""
    turn = float(np.arctan2(before[0] * after[1] - before[1] * after[0], before @ after))
    side = -1.0 if turn > 0 else 1.0
    inner, outer = sorted(max(0.0, side * distance) for distance in band)
    if turn == 0.0 or outer == inner:
        return np.zeros((0, 2))
    angle = np.linspace(0.0, turn, 1 + _arc_steps(abs(turn), outer))
    x, y = side * -before[1], side * before[0]
    unit = np.stack([np.cos(angle) * x - np.sin(angle) * y, np.sin(angle) * x + np.cos(angle) * y], axis=1)
    corners = np.concatenate([unit * outer, unit[::-1] * inner if inner else np.zeros((1, 2))]) + point
    return corners if turn > 0 else corners[::-1]
