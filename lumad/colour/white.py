"""White points: CIE 1931 xy, CIE 1960 uv, colour temperature and Duv along the Planckian locus."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lumad.errors import UnknownNameError

Array = npt.NDArray[np.float64]
WhiteLike = str | float | Sequence[float]

D65 = (0.3127, 0.3290)  # as ITU-R BT.709 and IEC 61966-2-1 round it
COOLEST, WARMEST = 25000.0, 1000.0  # kelvin; the range of every function here

# u and v of black bodies (CIE 15:2018, 1931 2° observer, c2 = 1.4388e-2 m K) as ratios of polynomials of
# x = 1000 / T, lowest power first; our own fit to an integration at 1 nm, at most 3e-8 off (1000..25 000 K)
_U_OVER = (0.180063128, -0.12176507, 5.00699249, 1.20761781, 24.8622676, 10.922357, 18.0166883)
_U_UNDER = (1.0, -0.98442677, 26.1468311, -6.74230648, 90.5268249, -7.18255518, 31.3266151)
_V_OVER = (0.263517851, 0.181346734, 8.24533395, 2.51950292, 29.0702545, -5.86116897)
_V_UNDER = (1.0, -0.176640322, 27.7216402, -9.20308523, 97.0879674, -19.3730185)


def locus_uv(mired: npt.ArrayLike) -> Array:
    """CIE 1960 (u, v) of black bodies, shape of `mired` + (2,); mired = 1e6 / kelvin."""
    x = np.asarray(mired, np.float64) / 1000.0
    u = np.polyval(_U_OVER[::-1], x) / np.polyval(_U_UNDER[::-1], x)
    v = np.polyval(_V_OVER[::-1], x) / np.polyval(_V_UNDER[::-1], x)
    return np.stack([u, v], axis=-1)


_NODE_MIRED = np.linspace(
    1e6 / COOLEST, 1e6 / WARMEST, 241
)  # 4 mired apart: the chords stay within 3e-6 of the arc
_NODES = locus_uv(_NODE_MIRED)
_NODES_SQUARED = (_NODES**2).sum(axis=1)
_CHORDS = np.diff(_NODES, axis=0)
_CHORD_SQUARED = (_CHORDS**2).sum(axis=1)


def uv_to_xy(uv: npt.ArrayLike) -> Array:
    """CIE 1931 (x, y) of CIE 1960 (u, v), (…, 2)."""
    pairs = np.asarray(uv, np.float64)
    u, v = pairs[..., 0], pairs[..., 1]
    return np.stack([3.0 * u, 2.0 * v], axis=-1) / (2.0 * u - 8.0 * v + 4.0)[..., None]


def xyz_to_uv(xyz: npt.ArrayLike) -> Array:
    """CIE 1960 (u, v) of XYZ, (…, 2); black has none and gives (0, 0)."""
    triples = np.asarray(xyz, np.float64)
    under = triples @ (1.0, 15.0, 3.0)
    over = triples[..., :2] * (4.0, 6.0)
    return over / np.where(under > 0.0, under, np.inf)[..., None]


def xy_to_xyz(xy: npt.ArrayLike, luminance: npt.ArrayLike = 1.0) -> Array:
    """XYZ of chromaticities (…, 2) at luminance Y (broadcast), (…, 3)."""
    pairs = np.asarray(xy, np.float64)
    x, y = pairs[..., 0], pairs[..., 1]
    return np.stack([x, y, 1.0 - x - y], axis=-1) * (np.asarray(luminance, np.float64) / y)[..., None]


def cct_to_xy(kelvin: npt.ArrayLike, duv: npt.ArrayLike = 0.0) -> Array:
    """Chromaticity (…, 2) at a colour temperature, `duv` off the Planckian locus (+ is green, CIE 1960).

    Kelvin is clamped to 1000..25 000.
    """
    mired = 1e6 / np.clip(np.asarray(kelvin, np.float64), WARMEST, COOLEST)
    tangent = locus_uv(mired + 0.01) - locus_uv(mired - 0.01)
    normal = np.stack([-tangent[..., 1], tangent[..., 0]], axis=-1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return uv_to_xy(locus_uv(mired) + normal * np.asarray(duv, np.float64)[..., None])


def uv_to_cct(uv: npt.ArrayLike) -> tuple[Array, Array]:
    """(kelvin (N,), Duv (N,)) of CIE 1960 chromaticities (N, 2): the nearest point of the Planckian locus.

    Kelvin is clamped to 1000..25 000; linear in mired between nodes 4 mired apart. + Duv is green.
    """
    points = np.asarray(uv, np.float64)
    nearest = (_NODES_SQUARED - 2.0 * (points @ _NODES.T)).argmin(axis=1)
    chord = np.clip(np.stack([nearest - 1, nearest], axis=1), 0, len(_CHORDS) - 1)  # (N, 2): both neighbours
    offset = points[:, None, :] - _NODES[chord]
    along = np.clip((offset * _CHORDS[chord]).sum(axis=2) / _CHORD_SQUARED[chord], 0.0, 1.0)
    gap = offset - along[..., None] * _CHORDS[chord]
    distance = np.hypot(gap[..., 0], gap[..., 1])
    rows, best = np.arange(len(points)), distance.argmin(axis=1)
    chord, along, gap, distance = chord[rows, best], along[rows, best], gap[rows, best], distance[rows, best]
    mired = _NODE_MIRED[chord] + along * (_NODE_MIRED[1] - _NODE_MIRED[0])
    side = np.sign(_CHORDS[chord, 0] * gap[:, 1] - _CHORDS[chord, 1] * gap[:, 0])
    return 1e6 / mired, distance * side


def xyz_to_cct(xyz: npt.ArrayLike, black: float = 6504.0) -> tuple[Array, Array]:
    """(kelvin (N,), Duv (N,)) of XYZ (N, 3); black gets `black` kelvin and no Duv. See `uv_to_cct`."""
    triples = np.asarray(xyz, np.float64)
    kelvin, duv = uv_to_cct(xyz_to_uv(triples))
    dark = triples[:, 1] <= 0.0
    return np.where(dark, black, kelvin), np.where(dark, 0.0, duv)


def white_xy(white: WhiteLike) -> tuple[float, float]:
    """Chromaticity of "D65", of a black body at a number of kelvin, or of [x, y] as it stands."""
    if isinstance(white, str):
        if white != "D65":
            raise UnknownNameError(f"no white {white!r}; known: D65, kelvin, [x, y]")
        return D65
    if isinstance(white, int | float):
        x, y = cct_to_xy(float(white))
        return float(x), float(y)
    x, y = white
    return float(x), float(y)
