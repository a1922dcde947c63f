"""What meters read, as lumad needs it: spectra to XYZ, a few readings to a dimming curve."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
CurveSpec: TypeAlias = Mapping[str, float | str | Sequence[Sequence[float]]]

# CIE 1931 2° colour-matching functions, 380..780 nm in steps of 5, times 1e6 (CIE 15, CIE 018:2019)
_X_BAR = """
    1368 2236 4243 7650 14310 23190 43510 77630 134380 214770 283900 328500 348280 348060 336200 318700
    290800 251100 195360 142100 95640 57950 32010 14700 4900 2400 9300 29100 63270 109600 165500 225750
    290400 359700 433450 512050 594500 678400 762100 842500 916300 978600 1026300 1056700 1062200 1045600
    1002600 938400 854450 751400 642400 541900 447900 360800 283500 218700 164900 121200 87400 63600 46770
    32900 22700 15840 11359 8111 5790 4109 2899 2049 1440 1000 690 476 332 235 166 117 83 59 42
"""
_Y_BAR = """
    39 64 120 217 396 640 1210 2180 4000 7300 11600 16840 23000 29800 38000 48000 60000 73900 90980 112600
    139020 169300 208020 258600 323000 407300 503000 608200 710000 793200 862000 914850 954000 980300 994950
    1000000 995000 978600 952000 915400 870000 816300 757000 694900 631000 566800 503000 441200 381000
    321000 265000 217000 175000 138200 107000 81600 61000 44580 32000 23200 17000 11920 8210 5723 4102 2929
    2091 1484 1047 740 520 361 249 172 120 85 60 42 30 21 15
"""
_Z_BAR = """
    6450 10550 20050 36210 67850 110200 207400 371300 645600 1039050 1385600 1622960 1747060 1782600 1772110
    1744100 1669200 1528100 1287640 1041900 812950 616200 465180 353300 272000 212300 158200 111700 78250
    57250 42160 29840 20300 13400 8750 5750 3900 2750 2100 1800 1650 1400 1100 1000 800 600 340 240 190 100
    50 30 20 10 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
"""
_FIRST_NM, _STEP_NM = 380.0, 5.0
_MATCHING = np.array([bar.split() for bar in (_X_BAR, _Y_BAR, _Z_BAR)], np.float64).T * 1e-6  # (81, 3)
_LUMENS = 683.0  # per watt at 555 nm

LOWEST = 0.02  # of the codes above turn-on: where the readings of a curve begin
NOISE = 0.01  # relative error of a reading that nothing is read into
_TURN_ON_STEPS = 41
_GAMMAS = (0.2, 5.0)
_MOST_TURN_ON = 0.9


def matching_functions(wavelength_nm: npt.ArrayLike) -> Array:
    """CIE 1931 colour-matching functions (N, 3) at wavelengths (N,); 0 outside 380..780 nm."""
    at = (np.asarray(wavelength_nm, np.float64) - _FIRST_NM) / _STEP_NM
    last = len(_MATCHING) - 1
    start = np.clip(np.floor(at).astype(np.intp), 1, last - 2)
    t = (at - start)[:, None]
    before, low, high, after = (_MATCHING[start + step] for step in (-1, 0, 1, 2))
    values = (  # Lagrange through four neighbours
        -t * (t - 1) * (t - 2) / 6 * before
        + (t + 1) * (t - 1) * (t - 2) / 2 * low
        - (t + 1) * t * (t - 2) / 2 * high
        + (t + 1) * t * (t - 1) / 6 * after
    )
    return np.where(((at >= 0) & (at <= last))[:, None], np.maximum(values, 0.0), 0.0)


def spectrum_to_xyz(start_nm: float, step_nm: float, values: npt.ArrayLike) -> Array:
    """XYZ (3,) of a spectrum in even steps; of watts per nanometre Y is lumens. Raises ValueError."""
    power = np.asarray(values, np.float64)
    if power.ndim != 1 or not len(power) or not np.isfinite(power).all() or (power < 0).any() or step_nm <= 0:
        raise ValueError("a spectrum is a row of finite values, none negative, in steps above 0 nm")
    xyz: Array = _LUMENS * step_nm * (power @ matching_functions(start_nm + step_nm * np.arange(len(power))))
    return xyz


def find_turn_on(shines: Callable[[int], bool], highest: int) -> int:
    """The highest code at which nothing shines, found by halving: 8 looks for 8 bits, 16 for 16."""
    dark, lit = -1, highest + 1
    while lit - dark > 1:
        middle = (dark + lit) // 2
        dark, lit = (dark, middle) if shines(middle) else (middle, lit)
    return max(dark, 0)


def codes_to_read(turn_on: float, count: int = 10) -> Array:
    """Codes 0..1 (count,) at which to read a lamp: log-spaced above its turn-on code, the last full."""
    return turn_on + (1.0 - turn_on) * np.geomspace(LOWEST, 1.0, count)


def measured_curve(
    codes: npt.ArrayLike, lights: npt.ArrayLike, turn_on: float | None = None, noise: float = NOISE
) -> CurveSpec:
    """A spec for `colour.curve.Curve` from codes (N,) 0..1 that rise up to full and lights (N,), any unit.

    `turn_on`: the highest code that showed no light; None is unknown. Where a power law or an s explains the
    readings within their `noise`, it is the curve; else they are joined smoothly, log light over log code.
    Raises ValueError.
    """
    code, light = _readings(np.asarray(codes, np.float64), np.asarray(lights, np.float64))
    lit = light > 0.0
    dark = float(code[~lit][-1]) if not lit.all() else 0.0
    code, light = code[lit], light[lit]
    if len(code) < 3:
        raise ValueError("a curve needs at least 3 readings of light")
    if turn_on is not None and turn_on > code[0]:
        raise ValueError(f"code {code[0]:.3g} showed light, and turn-on lies above it, at {turn_on:.3g}")
    below = 0.999 * float(code[0])
    bound = min(max(dark, below if turn_on is None else turn_on), below)
    if bound > _MOST_TURN_ON:
        raise ValueError(f"no light up to code {bound:.3g}: that is no dimming curve")
    spec = _law(code, np.log(light), bound, noise)
    return spec or _joined(code, np.log(light), max(dark, 0.0 if turn_on is None else bound))


def _readings(code: Array, light: Array) -> tuple[Array, Array]:
    if code.ndim != 1 or code.shape != light.shape or len(code) < 4:
        raise ValueError("a curve needs at least 4 readings of (code, light)")
    if not (np.isfinite(code).all() and np.isfinite(light).all()) or (light < 0.0).any():
        raise ValueError("codes and lights are finite, no light is negative")
    if code[0] < 0.0 or code[-1] > 1.0 or (np.diff(code) <= 0.0).any():
        at = int(np.argmax(np.diff(code) <= 0.0)) + 1
        raise ValueError(f"codes rise from 0 to 1, each above the last; see reading {at + 1}")
    if code[-1] < 0.999:
        raise ValueError(f"the last reading is at full, not at code {code[-1]:.3g}")
    highest = np.maximum.accumulate(light)
    if (light < 0.95 * highest).any() or highest[-1] <= 0.0:
        at = int(np.argmax(light < 0.95 * highest))
        raise ValueError(f"light falls while codes rise; see reading {at + 1}")
    return code[(kept := code > 0.0)], highest[kept]


def _law(code: Array, log_light: Array, bound: float, noise: float) -> CurveSpec | None:
    """The power law or s that explains the readings, its turn-on anywhere up to `bound`; or None."""
    found: list[tuple[float, CurveSpec]] = []
    for start in np.linspace(0.0, bound, _TURN_ON_STEPS) if bound else [0.0]:
        above = (code - start) / (1.0 - start)
        turn_on = {"turn_on": round(float(start), 6)} if start else {}
        s = np.log(above * above * (3.0 - 2.0 * above))
        found.append((_error(log_light - s, 2), {"shape": "s", **turn_on}))
        slope = np.polyfit(np.log(above), log_light, 1)[0]
        if _GAMMAS[0] <= slope <= _GAMMAS[1]:
            spec = {"gamma": round(float(slope), 4), **turn_on}
            found.append((_error(log_light - slope * np.log(above), 3), spec))
    error, best = min(found, key=lambda entry: entry[0])
    return best if error <= 2.0 * noise else None


def _error(rest: Array, parameters: int) -> float:
    """Relative error per reading of a law with so many free parameters, the unit of light among them."""
    return float(np.sqrt(((rest - rest.mean()) ** 2).sum() / max(len(rest) - parameters, 1)))


def _joined(code: Array, log_light: Array, turn_on: float) -> CurveSpec:
    """Points dense enough for `Curve`: a monotone cubic through log light over log code above turn-on."""
    above = np.log((code - turn_on) / (1.0 - turn_on))
    dense = np.unique(np.concatenate([np.geomspace(1e-3, 1.0, 20), np.linspace(0.1, 1.0, 14)]))
    light = np.exp(_monotone(above, log_light - log_light[-1], np.log(dense)))
    light = np.maximum.accumulate(np.clip(light, 0.0, 1.0))
    points = [[round(float(a), 6), round(float(b), 8)] for a, b in zip(dense, light, strict=True)]
    return {"points": points, **({"turn_on": round(turn_on, 6)} if turn_on else {})}


def _monotone(x: Array, y: Array, at: Array) -> Array:
    """Cubic Hermite through (x, y) with slopes that overshoot nowhere (Fritsch and Carlson 1980); below the
    first point straight on.
    """
    width = np.diff(x)
    secant = np.diff(y) / width
    slope = np.concatenate([secant[:1], (secant[:-1] + secant[1:]) / 2.0, secant[-1:]])
    slope[[0, -1]] = 2.0 * secant[[0, -1]] - slope[[1, -2]]  # as a parabola ends
    limit = 3.0 * np.minimum(np.append(secant, np.inf), np.insert(secant, 0, np.inf))
    slope = np.clip(slope, 0.0, limit)
    step = np.clip(np.searchsorted(x, at) - 1, 0, len(x) - 2)
    t = (at - x[step]) / width[step]
    low, high = slope[step] * width[step], slope[step + 1] * width[step]
    curve = y[step] + (y[step + 1] - y[step]) * t * t * (3 - 2 * t) + t * (1 - t) * (low * (1 - t) - high * t)
    joined: Array = np.where(at < x[0], y[0] + slope[0] * (at - x[0]), curve)
    return joined
