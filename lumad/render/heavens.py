"""What stands behind the clouds: the sun's disc and the stars."""

import math

import numpy as np
import numpy.typing as npt

from lumad.render.light import LOOP_S, Light

_RADIUS = 0.044  # of the sun, picture heights
_STARS = 800
Pixels = npt.NDArray[np.uint8]


class Heavens:
    """Sun and stars of a sky `width` x `rows`; `height` is the picture's."""

    def __init__(self, width: int, rows: int, height: int) -> None:
        self._width, self._rows, self._height = width, rows, height
        random = np.random.default_rng(1969)
        x, y = random.random(_STARS) * width, random.random(_STARS) ** 1.3 * rows * 0.9
        power = (random.random(_STARS) ** 4 * 210 + 26) * (1 - y / rows)
        where = y.astype(np.intp) * width + x.astype(np.intp)
        keep = np.unique(where, return_index=True)[1]
        self._where = where[keep]
        self._power = (random.uniform(0.78, 1.0, (_STARS, 3)) * power[:, None])[keep].astype(np.float32)
        self._beat = random.integers(80, 300, _STARS)[keep].astype(np.float32)  # twinkles a loop

    def draw(self, sky: Pixels, seconds: float, light: Light) -> None:
        """Put stars and sun into the sky (rows, width, 4)."""
        if light.darkness > 0.4:
            flat = sky.reshape(-1, 4)
            turn = np.float32(math.tau * seconds / LOOP_S)
            beat = (0.75 + 0.25 * np.sin(turn * self._beat + self._power[:, 0])) * (
                (light.darkness - 0.4) / 0.6
            )
            flat[self._where, :3] = np.minimum(flat[self._where, :3] + self._power * beat[:, None], 255)
        self._sun(sky, light)

    def _sun(self, sky: Pixels, light: Light) -> None:
        """The disc, a little redder and flatter the lower it stands."""
        radius = _RADIUS * self._height
        x, y = self._width / 2 + light.sun_x * self._height, self._rows - light.sun_height * self._height
        box = [
            int(x - 1.5 * radius),
            int(y - 1.5 * radius),
            int(x + 1.5 * radius) + 2,
            int(y + 1.5 * radius) + 2,
        ]
        left, top, right, bottom = np.clip(box, 0, [self._width, self._rows] * 2).tolist()
        if left >= right or top >= bottom:
            return
        across = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - x)
        down = (np.arange(top, bottom, dtype=np.float32)[:, None] + np.float32(0.5 - y)) * np.float32(1.05)
        far = np.sqrt(across**2 + down**2)
        inside = np.clip((radius - far) / max(1.5, radius / 12) + 0.5, 0, 1)[..., None]
        lower = np.clip(down / radius * 0.5 + 0.5, 0, 1)[..., None]
        disc = light.disc - lower * np.array((46, 26, 0), np.float32)
        part = sky[top:bottom, left:right, :3]
        part[...] = part + np.clip(disc - part, 0, None) * inside
