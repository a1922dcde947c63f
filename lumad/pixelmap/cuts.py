"""Hard cuts of the picture, told from the samples of two frames."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FEW = 8  # fewer regions than this make no histogram
_STEP, _DISTANCE = 0.05, 0.35  # many regions: step of the median region, share of them in other colour cells
_FEW_STEP, _FEW_TIMES = 0.15, 3.0  # few regions: step of the median region, and how far above the usual one
_CELLS = 8  # of the histogram, along each axis
_AXES = np.array([_CELLS * _CELLS, _CELLS, 1])
_MEMORY, _USUAL = 8, 3  # the usual step is the third largest of the last eight: one flash is not usual


@dataclass
class Cuts:
    """Watches one picture; colours are square roots of linear light, a step is that of the quickest channel.

    Many regions: more than half of them step, and together they have other colours than before, which a pan
    never does in one frame. Few: more than half of them step far, and much further than they lately did.
    """

    steps: deque[float] = field(default_factory=lambda: deque(maxlen=_MEMORY))  # of the median region, if few

    def between(self, before: Floats, after: Floats) -> bool:
        """True if a cut lies between two frames' colours (A, 3); NaN: there is nothing to compare with."""
        step = largest(np.abs(after - before))
        if np.isnan(step).any():
            seen = ~np.isnan(step)
            before, after, step = before[seen], after[seen], step[seen]
        if len(step) < FEW:
            return self._between_few(step)
        if 2 * np.count_nonzero(step > _STEP) <= len(step):
            return False
        return float(np.abs(_histogram(after) - _histogram(before)).sum()) / 2 > _DISTANCE

    def _between_few(self, steps: Floats) -> bool:
        if not len(steps):
            return False
        step = float(np.sort(steps)[(len(steps) - 1) // 2])
        usual = sorted(self.steps)[-_USUAL] if len(self.steps) >= _USUAL else 0.0
        self.steps.append(step)
        return step > max(_FEW_STEP, _FEW_TIMES * usual)


def largest(values: Floats) -> Floats:
    """The largest channel (A,) of (A, 3); column by column, as `max` along so short an axis is slow."""
    return np.maximum(np.maximum(values[:, 0], values[:, 1]), values[:, 2])


def _histogram(roots: Floats) -> Floats:
    """Shares (512,) of the colours (A, 3) in each cell of the colour cube."""
    cells = np.minimum(roots * _CELLS, _CELLS - 1).astype(np.int64) @ _AXES
    shares: Floats = np.bincount(cells, minlength=_CELLS**3) / len(roots)
    return shares
