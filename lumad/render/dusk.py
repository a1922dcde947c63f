"""The built-in scene: dusk over a city by the water, a pure function of time and size."""

from fractions import Fraction

import cv2
import numpy as np
import numpy.typing as npt

from lumad.render.backdrop import TICKS, Backdrop
from lumad.render.clouds import Clouds
from lumad.render.heavens import Heavens
from lumad.render.light import HORIZON, LOOP_S, Light, light_at
from lumad.render.skyline import Skyline
from lumad.render.water import Water
from lumad.render.windows import Windows

Pixels = npt.NDArray[np.uint8]


class Dusk:
    """The scene at one size. The same media time gives the same picture, in whatever order it is asked."""

    rate = Fraction(TICKS)
    still = False

    def __init__(self, width: int, height: int) -> None:
        self.size = (width, height)
        self._shore = shore = min(max(round(height * HORIZON), 1), height - 1)
        skyline = Skyline(width, shore, height)
        self._windows = Windows(skyline, height)
        self._backdrop = Backdrop(width, shore, height, skyline, self._windows.plan)
        self._clear = cv2.cvtColor(255 - skyline.cover[self._backdrop.top :], cv2.COLOR_GRAY2BGRA)
        self._heavens = Heavens(width, shore, height)
        self._clouds = Clouds(width, shore, height)
        self._water = Water(width, shore, height)

    def draw(self, t_ns: int, into: Pixels) -> None:
        """Draw the picture of media time `t_ns` into (height, width, 4) BGRA."""
        seconds = t_ns / 1e9 % LOOP_S
        light = light_at(seconds)
        self._backdrop.paint(t_ns * TICKS // 1_000_000_000)
        above = into[: self._shore]
        np.copyto(above, self._backdrop.sky)
        self._heavens.draw(above, seconds, light)
        self._clouds.over(above, seconds, light)
        low = above[self._backdrop.top :]
        cv2.multiply(low, self._clear, dst=low, scale=1 / 255)
        cv2.add(low, self._backdrop.city, dst=low)
        self._light_windows(above, seconds, light)
        self._water.fill(into, seconds)

    def _light_windows(self, above: Pixels, seconds: float, light: Light) -> None:
        colour, power = self._windows.shine(seconds, light.darkness)
        flat, at, lamp = above.reshape(-1, 4), self._windows.pixels, self._windows.lamps
        wall = flat[at, :3].astype(np.float32)
        flat[at, :3] = wall + (colour[lamp] - wall) * power[lamp][:, None]
