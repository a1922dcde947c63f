"""What a set of emitters can reach, as planes in XYZ, and how colours outside are brought in."""

from itertools import combinations

import numpy as np
import numpy.typing as npt

from lumad.colour.nearest import Nearest
from lumad.colour.spaces import LMS_TO_XYZ, XYZ_TO_LMS
from lumad.colour.white import uv_to_xy, xy_to_xyz, xyz_to_uv

Array = npt.NDArray[np.float64]

_FLAT = 1e-9  # a plane or a chord of this length has no direction
FLAT = 1e-5  # emitters whose unit columns have a singular value below count as lying on a line (or a point)

_SLACK = 1e-7  # of a colour's length: rounding, of a wall whose primaries are the lamp's own
_SLACK_UV = 1e-6  # the same for lamps on a line of the xy diagram
_MARGIN_UV = 0.003  # white nearer than this to the gamut's border is no centre to draw colours towards
_GRID = np.linspace(0.0, 1.0, 17)


def facets(columns: Array) -> tuple[Array, Array]:
    """(normals (F, r), supports (F,)) of all mixtures of columns (r, n), r 1..3, with drives 0..1.

    A mixture x is reachable if and only if `normals @ x <= supports`: a sum of line segments is bounded by
    planes along pairs of them (in a plane: by lines along each). Support 0 marks the planes through black.
    """
    rank, count = columns.shape
    unit = columns / np.linalg.norm(columns, axis=0)
    if rank == 1:
        along = [np.ones(1)]
    elif rank == 2:
        along = [np.array([-unit[1, k], unit[0, k]]) for k in range(count)]
    else:
        along = [np.cross(unit[:, i], unit[:, k]) for i, k in combinations(range(count), 2)]
    normals = np.array(
        [normal / np.linalg.norm(normal) for normal in along if np.linalg.norm(normal) > _FLAT]
    )
    normals = np.concatenate([normals, -normals])
    reach = np.where(normals @ unit > _FLAT, normals @ columns, 0.0)
    return normals, reach.sum(axis=1)


class Gamut:
    """The chromaticities that emitters with XYZ columns (3, n) can mix; every column has some light.

    `bring_in` keeps luminance. It keeps hue, too (Oklab with `white_xyz` neutral: chroma falls until the
    colour is inside), if white lies well inside the gamut. Lamps that cannot make white (warm and cool white,
    one colour) have no such centre: there it takes the nearest chromaticity in CIE 1960 uv.
    `closest`: the least colour difference instead, of lamps that mix more than a line of chromaticities; hue
    and luminance may give way, too.
    """

    def __init__(self, columns: Array, white_xyz: Array, *, closest: bool = False) -> None:
        self._white = white_xyz / white_xyz[1]
        self._closest = Nearest(columns, self._white) if closest and rank_of(columns) == 3 else None
        self._start, self._chord = _edges(xyz_to_uv(columns.T))
        self._inward = _cone(columns)
        self.holds_white = bool(
            len(self._inward)
            and (self._inward @ self._white).min() > 0.0
            and self._nearest(self._white[None])[1][0] > _MARGIN_UV
        )
        self._white_lms = XYZ_TO_LMS @ self._white
        self._from_lms = LMS_TO_XYZ * self._white_lms
        self._inward_lms = self._inward @ self._from_lms

    def outside(self, xyz: Array) -> npt.NDArray[np.bool_]:
        """Which of XYZ (N, 3), none of them black, have a chromaticity that no mixture has."""
        if not len(self._inward):
            return self._nearest(xyz)[1] > _SLACK_UV
        x, y, z = np.abs(xyz).T
        beyond = -_SLACK * np.maximum(np.maximum(x, y), z)
        found: npt.NDArray[np.bool_] = (self._inward @ xyz.T).min(axis=0) < beyond
        return found

    def bring_in(self, xyz: Array) -> Array:
        """XYZ (N, 3) on the border of the gamut for XYZ (N, 3) that are `outside`, as the class says."""
        if self._closest:
            return self._closest(xyz)
        if self.holds_white:
            inside = self._towards_white(xyz)
            grazing = self.outside(inside)  # left the gamut and came back between two steps of the search
            if grazing.any():
                inside[grazing] = self._towards_white(inside[grazing])
            return inside
        return xy_to_xyz(uv_to_xy(self._nearest(xyz)[0]), xyz[:, 1])

    def _nearest(self, xyz: Array) -> tuple[Array, Array]:
        """(uv (N, 2) on the gamut's border, distance (N,)) nearest to XYZ (N, 3)."""
        offset = xyz_to_uv(xyz)[:, None, :] - self._start  # (N, E, 2)
        squared = np.maximum((self._chord**2).sum(axis=1), 1e-300)
        along = np.clip((offset * self._chord).sum(axis=2) / squared, 0.0, 1.0)[..., None] * self._chord
        distance = np.linalg.norm(offset - along, axis=2)
        rows, best = np.arange(len(xyz)), distance.argmin(axis=1)
        return self._start[best] + along[rows, best], distance[rows, best]

    def _towards_white(self, xyz: Array) -> Array:
        """Straight to white in Oklab is straight in the cube roots of LMS: 1 + t a, with white at t = 0.

        So each plane of the cone sees a cubic in t, and the colour stops where the first one is crossed.
        """
        luminance = xyz[:, 1:2]
        away = np.cbrt(xyz @ XYZ_TO_LMS.T / (self._white_lms * luminance)) - 1.0  # a, (N, 3)
        powers = np.stack([np.ones_like(away), 3.0 * away, 3.0 * away**2, away**3])
        part = _first_crossing(powers @ self._inward_lms.T)[:, None]
        inside: Array = (1.0 + part * away) ** 3 @ self._from_lms.T
        return inside * (luminance / inside[:, 1:2])


def _edges(points: Array) -> tuple[Array, Array]:
    """(start (E, 2), chord (E, 2)) of the convex hull of points (n, 2); a line or a point is its own hull."""
    starts, chords = [points[0]], [np.zeros(2)]
    for i, k in combinations(range(len(points)), 2):
        chord, rest = points[k] - points[i], points - points[i]
        side = chord[0] * rest[:, 1] - chord[1] * rest[:, 0]
        if np.linalg.norm(chord) > _FLAT and ((side <= _FLAT).all() or (side >= -_FLAT).all()):
            starts.append(points[i])
            chords.append(chord)
    edges = slice(1, None) if len(starts) > 1 else slice(None)
    return np.array(starts[edges]), np.array(chords[edges])


def _cone(columns: Array) -> Array:
    """Inward normals (F, 3) of the planes through black that bound mixtures of any level; (0, 3) if flat."""
    if rank_of(columns) < 3:
        return np.empty((0, 3))
    normals, supports = facets(columns)
    inward: Array = -normals[supports == 0.0]
    return inward


def rank_of(columns: Array) -> int:
    """Rank of XYZ columns (3, n), none of them black: 2 = a line of the xy diagram, 1 = a point."""
    return int(np.linalg.matrix_rank(columns / np.linalg.norm(columns, axis=0), tol=FLAT))


def _first_crossing(cubics: Array) -> Array:
    """Smallest t (N,) of 0..1 at which any of F cubics (4, N, F), lowest power first, gets below 0; or 1."""
    c0, c1, c2, c3 = cubics
    grid = _GRID[:, None, None]
    below = (c0 + grid * (c1 + grid * (c2 + grid * c3)) < 0.0).any(axis=2)  # (17, N)
    step = np.where(below.any(axis=0), below.argmax(axis=0), len(_GRID) - 1)
    low, high = _GRID[step - 1][:, None], _GRID[step][:, None]
    at_low, at_high = (c0 + t * (c1 + t * (c2 + t * c3)) for t in (low, high))
    crossing = at_high < 0.0
    t = np.where(crossing, low + (high - low) * at_low / np.where(crossing, at_low - at_high, 1.0), 1.0)
    for _ in range(5):  # Newton from the chord, kept in a bracket of 1/16: the digits double each time
        value, slope = c0 + t * (c1 + t * (c2 + t * c3)), c1 + t * (2.0 * c2 + t * (3.0 * c3))
        t = np.where(crossing, np.clip(t - value / np.minimum(slope, -1e-100), low, high), 1.0)
    first: Array = t.min(axis=1)
    return first
