"""Water in front of the city: the picture above it, upside down and never still."""

import cv2
import numpy as np
import numpy.typing as npt

from lumad.render.light import LOOP_S
from lumad.render.noise import Drift, fractal, resample, spread

_REACH = 1.75  # rows of picture that one row of water shows


class Water:
    """Fills the rows from `shore` down with the reflection of the rows above it."""

    def __init__(self, width: int, shore: int, height: int) -> None:
        self._shore = shore
        rows = height - shore
        depth = (np.arange(rows, dtype=np.float32) + 0.5) / np.float32(height)
        near = 1 / (depth + np.float32(0.05))  # waves crowd together towards the far shore
        row = (near.max() - near) / max(float(near.max() - near.min()), 1e-6) * (4 * rows - 1)
        period = max(64, 2 * height)
        self._waves = []
        for seed, cells in ((3, (64, 20)), (4, (96, 56))):
            noise = fractal(4 * rows, period, cells=cells, octaves=3, seed=seed, gain=0.6)
            self._waves.append(Drift(resample(noise, row.astype(np.float32)), width))
        shape = (rows, width)
        down = depth[:, None]
        self._mirror = spread(shore - 1 - down * np.float32(height * _REACH), shape)
        self._swell = spread((0.8 + 28 * down) * np.float32(height / 720), shape)
        self._columns = spread(np.arange(width, dtype=np.float32), shape)
        self._sheen = spread(0.90 - 1.5 * down, shape)
        self._relief = spread(0.012 + 0.16 * down, shape)

    def fill(self, picture: npt.NDArray[np.uint8], seconds: float) -> None:
        """Draw the water of a picture (height, width, 4) whose rows above the shore are finished."""
        laps = seconds / LOOP_S
        wave = cv2.addWeighted(self._waves[0].at(2 * laps), 0.7, self._waves[1].at(0.3 - 3 * laps), 0.7, 0.0)
        up = cv2.add(self._mirror, cv2.multiply(wave, self._swell))
        np.clip(up, 0, self._shore - 1, out=up)
        water = picture[self._shore :]
        cv2.remap(picture[: self._shore], self._columns, up, cv2.INTER_LINEAR, dst=water)
        gain = cv2.convertScaleAbs(cv2.add(self._sheen, cv2.multiply(wave, self._relief)), alpha=255)
        cv2.multiply(water, cv2.cvtColor(gain, cv2.COLOR_GRAY2BGRA), dst=water, scale=1 / 255)
