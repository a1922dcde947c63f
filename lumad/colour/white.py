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


_LOCUS = np.zeros((7, 4))  # by power of x; u over, v over, u under, v under
for _at, _terms in enumerate((_U_OVER, _V_OVER, _U_UNDER, _V_UNDER)):
    _LOCUS[: len(_terms), _at] = _terms


def locus_uv(mired: npt.ArrayLike) -> Array:
    """CIE 1960 (u, v) of black bodies, shape of `mired` + (2,); mired = 1e6 / kelvin."""
    powers = np.empty((*np.shape(mired), len(_LOCUS)))
    powers[..., 0] = 1.0
    powers[..., 1:] = (np.asarray(mired, np.float64) / 1000.0)[..., None]
    sums = np.multiply.accumulate(powers, axis=-1, out=powers) @ _LOCUS
    uv: Array = sums[..., :2] / sums[..., 2:]
    return uv


_MIRED = np.linspace(1e6 / COOLEST, 1e6 / WARMEST, 3841)  # nodes of the locus, a quarter of a mired apart
_POINT, _BEFORE, _AFTER = (locus_uv(_MIRED + step) @ (1, 1j) for step in (0.0, -0.5, 0.5))  # u + iv
_SLOPE, _BEND = _AFTER - _BEFORE, 4.0 * (_AFTER - 2.0 * _POINT + _BEFORE)  # by mired, and by its square
_SPARSE_STEP = 240  # 60 mired: near enough for Newton's steps to converge
_SEARCH = -2.0 * locus_uv(_MIRED[::_SPARSE_STEP]).T
_SEARCH_SQUARED = np.abs(_POINT[::_SPARSE_STEP]) ** 2


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


def with_trace(xyz: npt.ArrayLike, white_xyz: npt.ArrayLike) -> Array:
    """XYZ (N, 3) with a millionth of white (…, 3; at Y = 1) added; Y <= 0 counts as black.

    So black has white's chromaticity, and no chromaticity near black jumps.
    """
    light, white = np.asarray(xyz, np.float64), np.asarray(white_xyz, np.float64)
    return np.where(light[:, 1:2] > 0.0, light, 0.0) + 1e-6 * white / white[..., 1:2]


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


def nearest_black_body(uv: npt.ArrayLike) -> tuple[Array, Array, Array]:
    """(mired, along, across), each (N,), of CIE 1960 chromaticities (N, 2): the nearest black body of
    1000..25 000 K and the way from it to the colour, along the locus (0 but beyond its ends, + is red) and
    across it (+ is green).

    Within 0.1 of the locus, its least radius, all three are continuous; further off mired may jump.
    """
    pairs = np.asarray(uv, np.float64)
    points = pairs @ (1, 1j)
    distance = pairs @ _SEARCH  # squared, less the point's own
    distance += _SEARCH_SQUARED
    node = distance.argmin(axis=1) * _SPARSE_STEP
    mired = _MIRED.take(node)
    for _ in range(4):
        gap, slope = points - _POINT.take(node), _SLOPE.take(node).conj()
        speed = np.abs(slope) ** 2
        falling = np.maximum(speed - (gap.conj() * _BEND.take(node)).real, 0.25 * speed)
        step = np.clip((gap * slope).real / falling, -60.0, 60.0)
        mired = np.clip(_MIRED.take(node) + step, _MIRED[0], _MIRED[-1])
        node = np.rint((mired - _MIRED[0]) * 4.0).astype(np.intp)
    beside = mired - _MIRED.take(node)
    slope, bend = _SLOPE.take(node), _BEND.take(node)
    gap = points - (_POINT.take(node) + beside * (slope + 0.5 * beside * bend))
    tangent = slope + beside * bend
    way = gap * tangent.conj() / np.abs(tangent)
    return mired, way.real, way.imag


def uv_to_cct(uv: npt.ArrayLike) -> tuple[Array, Array]:
    """(kelvin (N,), Duv (N,)) of CIE 1960 chromaticities (N, 2): the nearest point of the Planckian locus.

    Kelvin is clamped to 1000..25 000, Duv the distance from there; + is green.
    """
    mired, along, across = nearest_black_body(uv)
    return 1e6 / mired, np.copysign(np.hypot(along, across), across)


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
