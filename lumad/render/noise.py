"""Seeded noise that tiles in x: the stuff of clouds and ripples."""

import cv2
import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float32]
_STEPS = 4096  # of a deviation: noise waits in 16 bits


def fractal(
    rows: int, columns: int, *, cells: tuple[int, int], octaves: int, seed: int, gain: float = 0.5
) -> Field:
    """(rows, columns), mean 0, deviation 1, periodic in x; `cells` of the coarsest octave: (down, across)."""
    random = np.random.default_rng(seed)
    total = np.zeros((rows, columns), np.float32)
    for octave in range(octaves):
        down, across = (
            min(count << octave, limit) for count, limit in zip(cells, (rows, columns), strict=True)
        )
        grid = random.standard_normal((down + 3, across), np.float32)
        total += _enlarge(grid, rows, columns) * np.float32(gain**octave)
    total -= total.mean()
    total /= max(float(total.std()), 1e-6)
    return total


def resample(noise: Field, row: Field) -> Field:
    """Row `row[i]` (fractions allowed) of the noise as row i: perspective."""
    columns = np.arange(noise.shape[1], dtype=np.float32)
    return _look_up(noise, columns, row, cv2.INTER_LINEAR)


def spread(values: Field, shape: tuple[int, int]) -> Field:
    """Values of a row or a column as a whole field of its own, as OpenCV wants it."""
    return np.ascontiguousarray(np.broadcast_to(values, shape), dtype=np.float32)


def _enlarge(grid: Field, rows: int, columns: int) -> Field:
    """A grid of 3 more rows than it covers, drawn out smoothly; wraps in x."""
    down, across = grid.shape[0] - 3, grid.shape[1]
    x = (np.arange(columns, dtype=np.float32) + 0.5) * np.float32(across / columns) + 1.5
    y = (np.arange(rows, dtype=np.float32) + 0.5) * np.float32(down / rows) + 0.5
    return _look_up(np.pad(grid, ((0, 0), (2, 3)), mode="wrap"), x, y, cv2.INTER_CUBIC)


def _look_up(field: Field, x: Field, y: Field, interpolation: int) -> Field:
    shape = (y.size, x.size)
    return np.asarray(
        cv2.remap(field, spread(x, shape), spread(y[:, None], shape), interpolation), dtype=np.float32
    )


class Drift:
    """A tiling field of noise behind a window of `width` columns; it wanders by fractions of a pixel."""

    def __init__(self, noise: Field, width: int) -> None:
        self._period, self._width = noise.shape[1], width
        steps = np.clip(np.round(noise * _STEPS), -32768, 32767).astype(np.int16)
        self._wide = np.take(steps, np.arange(self._period + width + 1) % self._period, axis=1)

    def at(self, laps: float) -> Field:
        """The window after `laps` periods (any real number; negative drifts back)."""
        left, part = divmod((laps % 1.0) * self._period, 1.0)
        first = int(left) % self._period
        here, there = (self._wide[:, start : start + self._width] for start in (first, first + 1))
        mixed = cv2.addWeighted(here, (1 - part) / _STEPS, there, part / _STEPS, 0.0, dtype=cv2.CV_32F)
        return np.asarray(mixed, dtype=np.float32)
