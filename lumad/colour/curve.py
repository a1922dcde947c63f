"""Dimming curves of lamps: code 0..1 to light 0..1 of full, and back."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
CurveLike = str | Mapping[str, float | Sequence[Sequence[float]]]

_STEPS = 52  # halvings of a step between two points: the last is below one bit of a double


class Curve:
    """A dimming curve: "linear", "square" (light = code²), "s" (light = 3 code² - 2 code³, smoothstep),
    {"gamma": g} (light = code^g) or {"points": [[code, light], …]}.

    Points: codes rise, light does not fall; (0, 0) and (1, 1) are added where they do not reach so far.
    Between them runs the monotone cubic of Fritsch and Butland (PCHIP). Raises ValueError on anything else.
    """

    def __init__(self, spec: CurveLike = "linear") -> None:
        self._kind, self._gamma = "gamma", 1.0
        if isinstance(spec, str):
            if spec not in {"linear", "square", "s"}:
                raise ValueError(f"no dimming curve {spec!r}; known: linear, square, s, gamma, points")
            self._kind, self._gamma = (
                ("s", 1.0) if spec == "s" else ("gamma", 2.0 if spec == "square" else 1.0)
            )
        elif set(spec) == {"gamma"}:
            self._gamma = float(np.asarray(spec["gamma"]))
            if not 0.1 <= self._gamma <= 10.0:
                raise ValueError(f"gamma of a dimming curve is 0.1..10, not {self._gamma}")
        elif set(spec) == {"points"}:
            self._kind = "points"
            self._codes, self._lights = _points(np.asarray(spec["points"], np.float64))
            self._slopes = _slopes(self._codes, self._lights)
        else:
            raise ValueError(f"a dimming curve has one of gamma, points; not {', '.join(sorted(spec))}")

    def forward(self, code: npt.ArrayLike) -> Array:
        """Light 0..1 of codes (clipped to 0..1), any shape."""
        codes = np.clip(np.asarray(code, np.float64), 0.0, 1.0)
        if self._kind == "s":
            return codes * codes * (3.0 - 2.0 * codes)
        if self._kind == "points":
            step = np.clip(np.searchsorted(self._codes, codes, side="right") - 1, 0, len(self._codes) - 2)
            return self._between(step, codes)
        return codes if self._gamma == 1.0 else codes**self._gamma

    def inverse(self, light: npt.ArrayLike) -> Array:
        """Smallest code 0..1 of light (clipped to 0..1), any shape; no light is code 0."""
        lights = np.clip(np.asarray(light, np.float64), 0.0, 1.0)
        if (
            self._kind == "s"
        ):  # the trisection of an angle: 3 c² - 2 c³ = y  <=>  c = 1/2 - sin(asin(1 - 2y) / 3)
            return np.clip(0.5 - np.sin(np.arcsin(1.0 - 2.0 * lights) / 3.0), 0.0, 1.0)
        if self._kind == "points":
            return self._search(lights)
        return lights if self._gamma == 1.0 else lights ** (1.0 / self._gamma)

    def _between(self, step: npt.NDArray[np.intp], codes: Array) -> Array:
        """Cubic Hermite between points step and step + 1."""
        width = self._codes[step + 1] - self._codes[step]
        t = (codes - self._codes[step]) / width
        low, high = self._lights[step], self._lights[step + 1]
        bend_low, bend_high = self._slopes[step] * width, self._slopes[step + 1] * width
        rest = 1.0 - t
        light = low + (high - low) * t * t * (3.0 - 2.0 * t) + t * rest * (bend_low * rest - bend_high * t)
        return np.clip(light, low, high)

    def _search(self, lights: Array) -> Array:
        """Halves the step that holds each light, until it is a point."""
        step = np.clip(np.searchsorted(self._lights, lights, side="left") - 1, 0, len(self._codes) - 2)
        low, high = self._codes[step], self._codes[step + 1]
        for _ in range(_STEPS):
            middle = 0.5 * (low + high)
            dark = self._between(step, middle) < lights
            low, high = np.where(dark, middle, low), np.where(dark, high, middle)
        return np.where(lights > 0.0, high, 0.0)


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
