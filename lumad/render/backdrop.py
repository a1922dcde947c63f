"""Sky and city without what moves quickly: smooth light, brought to 8 bits with dither."""

import cv2
import numpy as np
import numpy.typing as npt

from lumad.render.light import LOOP_S, Colours, Light, light_at
from lumad.render.skyline import Skyline

TICKS = 30  # repaintings a second
_GRID = 4  # each repaints one pixel of every 4 x 4
_PARTS = _GRID * _GRID
_ORDER = (0, 10, 2, 8, 5, 15, 7, 13, 1, 11, 3, 9, 4, 14, 6, 12)
_LOOP_TICKS = round(LOOP_S * TICKS)  # a multiple of _PARTS: the loop closes without a seam
_CELL = 16  # pixels between the points at which the light is worked out
_LAMPS = np.array((46, 96, 150), np.float32)  # the glow of many windows, BGR
Pixels = npt.NDArray[np.uint8]


class Backdrop:
    """`sky` (rows, width, 4) and `city` (rows below `top`, width, 4; black where there is none).

    The light changes slowly, so each tick repaints one pixel in 16. What they show is a function of the
    tick alone: a jump repaints everything.
    """

    def __init__(self, width: int, rows: int, height: int, skyline: Skyline, lamps: Colours) -> None:
        self.top = int(np.flatnonzero(skyline.cover.any(axis=1))[0])
        self.sky = np.full((rows, width, 4), 255, np.uint8)
        self.city = np.zeros((rows - self.top, width, 4), np.uint8)
        city = slice(self.top, None)
        self._cover, self._tone, self._haze = skyline.cover[city], skyline.tone[city], skyline.haze[city]
        self._dither = _dither(rows, width)
        self._glow = np.clip(cv2.GaussianBlur(lamps, (0, 0), height / 45) * 110, 0, 255).astype(np.uint8)
        self._x = [(_points(width, start) - width / 2) / np.float32(height) for start in range(_GRID)]
        self._up = [(rows - _points(rows, start)) / np.float32(height) for start in range(_GRID)]
        self._weights = [_spline(up * np.float32(height / rows)) for up in self._up]
        self._painted: int | None = None

    def paint(self, tick: int) -> None:
        """Bring sky and city to what they are at `tick`."""
        behind = _PARTS if self._painted is None else tick - self._painted
        if not 0 <= behind <= _PARTS:
            behind = _PARTS
        for each in range(tick - behind + 1, tick + 1):
            row, column = divmod(_ORDER[each % _PARTS], _GRID)
            self._paint_part(row, column, light_at((each % _LOOP_TICKS) / TICKS))
        self._painted = tick

    def _paint_part(self, row: int, column: int, light: Light) -> None:
        """Every fourth row and column from (row, column)."""
        sky_rows, columns = slice(row, None, _GRID), slice(column, None, _GRID)
        first = -(-(self.top - row) // _GRID)  # of these rows: where the city begins
        city_rows = slice(row + first * _GRID - self.top, None, _GRID)
        dither = self._dither[:, sky_rows, columns] * np.float32(1 / 256)
        if not dither.size:
            return
        sky, air, halo = self._light(row, column, light)
        lamps = self._glow[sky_rows, columns] * np.float32(light.darkness / 255)
        haze = self._haze[city_rows, columns] * np.float32(1 / 255)
        cover = self._cover[city_rows, columns] * np.float32(1 / 255)
        tone = self._tone[city_rows, columns] * np.float32(1 / 124)
        tone *= 1 - haze
        bloom = _enlarge(halo, dither.shape[1:])[first:] * (0.30 + 0.45 * haze)
        stone = light.toward[2] * 0.10 + light.away[3] * 0.16 + 3
        for channel in range(3):
            glow = lamps * _LAMPS[channel]
            heaven = _enlarge(sky[channel], dither.shape[1:])
            self.sky[sky_rows, columns, channel] = np.clip(heaven + glow + dither[channel], 0, 255)
            city = _enlarge(air[channel], dither.shape[1:])[first:] * haze
            city += tone * stone[channel] + glow[first:]
            city += (255 - city) * (bloom * (light.glow[channel] / 255)) + dither[channel, first:]
            self.city[city_rows, columns, channel] = np.clip(city, 0, 255) * cover

    def _light(self, row: int, column: int, light: Light) -> tuple[Colours, Colours, Colours]:
        """At the points of a part: colours of the sky and of the air (3, down, across), and the halo."""
        across = self._x[column] - np.float32(light.sun_x)
        up = self._up[row][:, None] - np.float32(light.sun_height)
        side = np.exp(-((across / 0.66) ** 2))
        far = np.sqrt(across**2 + up**2)
        halo = 0.46 / (1 + (far / 0.15) ** 2) + 0.42 * np.exp(-far / 0.13) + 0.12 * np.exp(-far / 0.5)
        halo *= light.glow_strength
        away, toward = (self._weights[row] @ colours for colours in (light.away, light.toward))
        sky = away.T[..., None] + (toward - away).T[..., None] * side
        sky += (255 - sky) * halo * (light.glow / 255)[:, None, None]
        low = np.exp(-np.clip(self._up[row], 0, None) / 0.10)[:, None]
        sky += low * (_LAMPS * (0.16 * light.darkness))[:, None, None]  # the city lights its own haze
        air = light.away[1][:, None, None] + (light.toward[1] - light.away[1])[:, None, None] * side
        air = np.broadcast_to(air * 0.92, sky.shape)
        return sky.astype(np.float32), air.astype(np.float32), halo.astype(np.float32)


def _points(size: int, start: int) -> Colours:
    """Places _CELL apart, one beyond each end, so that `_enlarge` gives the pixels start, start + 4, ..."""
    count = -(-size // _CELL) + 2
    inner = (np.arange(count, dtype=np.float32) - 0.5) * (_CELL // _GRID) - 0.5
    return np.asarray(start + 0.5 + inner * _GRID, dtype=np.float32)


def _enlarge(points: Colours, shape: tuple[int, ...]) -> Colours:
    """Smoothly between points: the value at every fourth pixel, (rows, columns) = `shape`."""
    ratio = _CELL // _GRID
    size = (points.shape[1] * ratio, points.shape[0] * ratio)
    wide = cv2.resize(points, size, interpolation=cv2.INTER_CUBIC)
    return np.asarray(wide[ratio : ratio + shape[0], ratio : ratio + shape[1]], dtype=np.float32)


def _spline(up: Colours) -> Colours:
    """(rows, 6): how much each of six sky colours counts at height 0..1; smooth, so no line shows."""
    place = np.clip(up, 0, 1) ** 0.75 * 5
    away = np.abs(place[:, None] - np.arange(-1, 7, dtype=np.float32))
    weights = np.where(away < 1, 2 / 3 - away**2 + away**3 / 2, np.clip(2 - away, 0, None) ** 3 / 6)
    weights[:, 1] += weights[:, 0]
    weights[:, 6] += weights[:, 7]
    inner = weights[:, 1:7]
    return np.asarray(inner / inner.sum(axis=1, keepdims=True), dtype=np.float32)


def _dither(rows: int, width: int) -> Pixels:
    """(3, rows, width) noise without clumps (interleaved gradient noise), another in each channel."""
    x, y = np.arange(width, dtype=np.float32), np.arange(rows, dtype=np.float32)[:, None]
    planes = []
    for shift in (0, 37, 89):
        slope = np.float32(0.06711056) * (x + shift) + np.float32(0.00583715) * (y + shift)
        planes.append((np.modf(np.float32(52.9829189) * np.modf(slope)[0])[0] * 256).astype(np.uint8))
    return np.stack(planes)
