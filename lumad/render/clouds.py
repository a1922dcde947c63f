"""Clouds: two sheets of noise that wander at their own pace, lit from where the sun stands."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from lumad.render.light import LOOP_S, Light
from lumad.render.noise import Drift, Field, fractal, resample, spread

_GRID = (18, 40)  # the light on the clouds is soft: so few points carry it


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of clouds; its two noises wander whole laps a loop, so that their sum changes shape."""

    seed: int
    cells: tuple[int, int]
    laps: tuple[int, int]
    start: float  # laps at time 0
    span: tuple[float, float]  # where it hangs, 0 at the waterline .. 1 at the top
    cut: float  # deviations of noise below which the sky is clear
    soft: float
    dense: float


SHEETS = (
    Sheet(seed=7, cells=(8, 5), laps=(1, 2), start=0.74, span=(0.30, 1.10), cut=-0.10, soft=1.5, dense=0.94),
    Sheet(
        seed=21, cells=(13, 4), laps=(1, -1), start=0.37, span=(0.10, 0.52), cut=0.35, soft=1.0, dense=0.85
    ),
)


class Clouds:
    """Draws the clouds of a sky of `rows` x `width`, at about 360 lines; `height` is the picture's."""

    def __init__(self, width: int, rows: int, height: int) -> None:
        self._size = (width, rows)
        shrink = max(2, round(height / 360))
        self._small = columns, lines = (-(-width // shrink), -(-rows // shrink))
        self._sheets = [_Sheet(sheet, columns, lines, max(64, 4 * height // shrink)) for sheet in SHEETS]
        self._x = (np.linspace(0, 1, _GRID[1], dtype=np.float32) - 0.5) * np.float32(width / height)
        self._y = np.linspace(1, 0, _GRID[0], dtype=np.float32)[:, None] * np.float32(rows / height)
        self._none = np.zeros((lines, columns), np.uint8)

    def over(self, sky: npt.NDArray[np.uint8], seconds: float, light: Light) -> None:
        """Lay the clouds over the sky (rows, width, 4)."""
        (near, near_shine), (far, far_shine) = (sheet.at(seconds) for sheet in self._sheets)
        far *= 1 - near
        shine = near * near_shine + far * far_shine
        cover = near + far
        planes = [
            cv2.convertScaleAbs(cv2.resize(dim, self._small) * cover + cv2.resize(more, self._small) * shine)
            for dim, more in zip(*self._colours(light), strict=True)
        ]
        clouds = cv2.merge([*planes, self._none])
        clear = cv2.resize(cv2.convertScaleAbs(1 - cover, alpha=255), self._size)
        cv2.multiply(sky, cv2.cvtColor(clear, cv2.COLOR_GRAY2BGRA), dst=sky, scale=1 / 255)
        cv2.add(sky, cv2.resize(clouds, self._size), dst=sky)

    def _colours(self, light: Light) -> tuple[Field, Field]:
        """(3, points down, points across): colour of shaded cloud, and what the sun adds to it."""
        across, up = self._x - np.float32(light.sun_x), self._y - np.float32(light.sun_height)
        near = np.exp(-(across**2 * 1.1 + up**2 * 3.2))
        high = np.broadcast_to(np.clip(self._y / np.float32(0.8), 0, 1), near.shape)
        dim, lit, away, warm = (
            colour[:, None, None]
            for colour in (light.cloud_dim, light.cloud_lit, light.away[3], light.toward[1])
        )
        shade = dim + (away - dim) * (0.22 + 0.36 * high)
        sunny = shade + (lit - shade) * (0.14 + 0.86 * near)
        shade = shade + (warm - shade) * (0.26 * near)
        return shade.astype(np.float32), (sunny - shade).astype(np.float32)


class _Sheet:
    """A sheet at the clouds' own size, its two noises ready to drift."""

    def __init__(self, sheet: Sheet, columns: int, lines: int, period: int) -> None:
        self._sheet = sheet
        above = (np.arange(lines, 0, -1, dtype=np.float32) - 0.5) / np.float32(lines)
        depth = 1 / (above + np.float32(0.20))  # clouds lie flatter and closer towards the horizon
        row = (depth - depth.min()) / max(float(depth.max() - depth.min()), 1e-6) * (lines - 1)
        noises = [
            fractal(lines, period, cells=sheet.cells, octaves=7, seed=sheet.seed + n, gain=0.56)
            for n in range(2)
        ]
        self._drifts = [Drift(resample(noise, row.astype(np.float32)), columns) for noise in noises]
        low, high = sheet.span
        fade = np.clip((above - low) / 0.16, 0, 1) * np.clip((high - above) / 0.22, 0, 1) * sheet.dense
        self._fade = spread(fade[:, None], (lines, columns))
        self._below = max(1, lines // 40)

    def at(self, seconds: float) -> tuple[Field, Field]:
        """How much each pixel covers and how much of the sun's light it catches, both 0..1."""
        first, second = (
            drift.at(laps * seconds / LOOP_S + self._sheet.start)
            for drift, laps in zip(self._drifts, self._sheet.laps, strict=True)
        )
        noise = np.asarray(cv2.addWeighted(first, 0.66, second, 0.66, 0.0), dtype=np.float32)
        thick = np.clip((noise - np.float32(self._sheet.cut)) * np.float32(1 / self._sheet.soft), 0, 1)
        below = np.roll(noise, -self._below, axis=0)
        shine = np.asarray(cv2.addWeighted(noise, 0.85, below, -0.85, 0.66), dtype=np.float32)
        shine -= thick * np.float32(0.42)
        np.clip(shine, 0, 1, out=shine)
        thick *= 2 - thick
        thick *= self._fade
        return thick, shine
