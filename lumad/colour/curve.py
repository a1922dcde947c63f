"""Dimming curves of lamps: code 0..1 to light 0..1 of full, and back."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
CurveLike = str | Mapping[str, float | str | Sequence[Sequence[float]]]

SHAPES = ("linear", "square", "s")
_KINDS = ("shape", "gamma", "points")
_CELLS = 4096  # of the table that a measured curve is inverted with, shared among its steps


class Curve:
    """A dimming curve: "linear", "square" (light = code²), "s" (light = 3 code² - 2 code³, smoothstep),
    {"shape": one of these}, {"gamma": g} (light = code^g) or {"points": [[code, light], …]}.

    Points: codes rise, light does not fall; (0, 0) and (1, 1) are added where they do not reach so far.
    Between them runs the monotone cubic of Fritsch and Butland (PCHIP). With {…, "turn_on": t} nothing shines
    up to code t, and the curve runs over the codes above: its own 0..1 are t..1. Raises ValueError on
    anything else.
    """

    def __init__(self, spec: CurveLike = "linear") -> None:
        given = dict({"shape": spec} if isinstance(spec, str) else spec)
        self._turn_on = float(np.asarray(given.pop("turn_on", 0.0)))
        if not 0.0 <= self._turn_on <= 0.9:
            raise ValueError(f"turn_on of a dimming curve is 0..0.9, not {self._turn_on}")
        if len(given) != 1 or not given.keys() <= set(_KINDS):
            raise ValueError(
                f"a dimming curve has one of {', '.join(_KINDS)}; not {', '.join(sorted(given))}"
            )
        ((kind, value),) = given.items()
        self._law = _law(kind, value)

    def forward(self, code: npt.ArrayLike) -> Array:
        """Light 0..1 of codes (clipped to 0..1), any shape."""
        codes = np.asarray(code, np.float64)
        return self._law.forward(np.clip((codes - self._turn_on) / (1.0 - self._turn_on), 0.0, 1.0))

    def inverse(self, light: npt.ArrayLike) -> Array:
        """Smallest code 0..1 of light (clipped to 0..1), any shape; no light is code 0."""
        lights = np.clip(np.asarray(light, np.float64), 0.0, 1.0)
        codes = self._law.inverse(lights)
        if self._turn_on:
            codes = np.minimum(self._turn_on + (1.0 - self._turn_on) * codes, 1.0)
        return np.where(lights > 0.0, codes, 0.0)


class _Law(Protocol):
    """Light 0..1 of codes 0..1 without a turn-on, and back; `inverse` may say anything of no light."""

    def forward(self, codes: Array) -> Array: ...

    def inverse(self, lights: Array) -> Array: ...


def _law(kind: str, value: float | str | Sequence[Sequence[float]]) -> _Law:
    if kind == "points":
        return _Points(*_points(np.asarray(value, np.float64)))
    if kind == "gamma":
        gamma = float(np.asarray(value))
        if not 0.1 <= gamma <= 10.0:
            raise ValueError(f"gamma of a dimming curve is 0.1..10, not {gamma}")
        return _Power(gamma)
    if value not in SHAPES:
        raise ValueError(f"no dimming curve {value!r}; known: {', '.join((*SHAPES, *_KINDS[1:]))}")
    return _Smoothstep() if value == "s" else _Power(2.0 if value == "square" else 1.0)


class _Power:
    def __init__(self, exponent: float) -> None:
        self._exponent = exponent

    def forward(self, codes: Array) -> Array:
        return codes if self._exponent == 1.0 else codes**self._exponent

    def inverse(self, lights: Array) -> Array:
        return lights if self._exponent == 1.0 else lights ** (1.0 / self._exponent)


class _Smoothstep:
    def forward(self, codes: Array) -> Array:
        return codes * codes * (3.0 - 2.0 * codes)

    def inverse(self, lights: Array) -> Array:
        """The trisection of an angle: 3 c² - 2 c³ = y  <=>  c = 1/2 - sin(asin(1 - 2y) / 3)."""
        return np.clip(0.5 - np.sin(np.arcsin(1.0 - 2.0 * lights) / 3.0), 0.0, 1.0)


class _Points:
    """The inverse is read from a table of short cells, each a parabola, and corrected once."""

    def __init__(self, codes: Array, lights: Array) -> None:
        self._codes, self._lights, self._slopes = codes, lights, _slopes(codes, lights)
        steps = len(codes) - 1
        part = np.arange(cells := max(16, _CELLS // steps)) / cells
        starts = (codes[:-1, None] + np.diff(codes)[:, None] * part).ravel()
        self._starts, self._widths = starts, np.diff(np.append(starts, 1.0))
        ends = np.maximum.accumulate(self.forward(np.append(starts, 1.0)))
        middle = self.forward(starts + 0.5 * self._widths) - ends[:-1]
        self._dark, self._bright = ends[:-1], ends[1:]
        rise = np.diff(ends)
        self._slope = np.clip(
            4.0 * middle - rise, 0.0, 2.0 * rise
        )  # light = dark + slope s + (rise - slope) s²

    def forward(self, codes: Array) -> Array:
        """Cubic Hermite between the points."""
        step = np.clip(np.searchsorted(self._codes, codes, side="right") - 1, 0, len(self._codes) - 2)
        width = self._codes[step + 1] - self._codes[step]
        t = (codes - self._codes[step]) / width
        low, high = self._lights[step], self._lights[step + 1]
        bend_low, bend_high = self._slopes[step] * width, self._slopes[step + 1] * width
        rest = 1.0 - t
        light = low + (high - low) * t * t * (3.0 - 2.0 * t) + t * rest * (bend_low * rest - bend_high * t)
        return np.clip(light, low, high)

    def inverse(self, lights: Array) -> Array:
        cell = np.clip(np.searchsorted(self._bright, lights, side="left"), 0, len(self._starts) - 1)
        start, width, slope = self._starts[cell], self._widths[cell], self._slope[cell]
        rest = np.maximum(lights - self._dark[cell], 0.0)
        bend = self._bright[cell] - self._dark[cell] - slope
        root = np.sqrt(np.maximum(slope * slope + 4.0 * bend * rest, 0.0))  # also the slope at the solution
        part = 2.0 * rest / np.maximum(slope + root, 1e-300)
        missing = lights - self.forward(start + width * part)
        part += np.divide(missing, root, out=np.zeros_like(root), where=root > 0.0)
        codes: Array = start + width * np.clip(part, 0.0, 1.0)
        return codes


def _points(points: Array) -> tuple[Array, Array]:
    if points.ndim != 2 or points.shape[1] != 2 or not np.isfinite(points).all():
        raise ValueError("points of a dimming curve are [[code, light], …]")
    if (points < 0.0).any() or (points > 1.0).any():
        raise ValueError("points of a dimming curve lie in 0..1")
    if not len(points) or points[0, 0] > 0.0:
        points = np.concatenate([[[0.0, 0.0]], points])
    if points[-1, 0] < 1.0:
        points = np.concatenate([points, [[1.0, 1.0]]])
    if (np.diff(points[:, 0]) <= 0.0).any() or (np.diff(points[:, 1]) < 0.0).any():
        raise ValueError("points of a dimming curve rise: each code above the last, no light below the last")
    return points[:, 0], points[:, 1]


def _slopes(codes: Array, lights: Array) -> Array:
    """Slope (k,) at each point that overshoots nowhere.

    F. N. Fritsch, J. Butland, "A method for constructing local monotone piecewise cubic interpolants",
    SIAM J. Sci. Stat. Comput. 5 (1984): weighted harmonic mean of the two secants, 0 at a plateau.
    """
    width = np.diff(codes)
    secant = np.diff(lights) / width
    slopes = np.zeros(len(codes))
    slopes[[0, -1]] = secant[[0, -1]]
    before, after = secant[:-1], secant[1:]
    near, far = 2.0 * width[1:] + width[:-1], width[1:] + 2.0 * width[:-1]
    slopes[1:-1] = (near + far) * before * after / np.maximum(near * after + far * before, 1e-300)
    return slopes
