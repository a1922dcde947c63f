"""What the engine remembers between frames, by row of the pixel map (numpy only)."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import numpy.typing as npt

from lumad.pixelmap.smoothing import Filters, Smoothing, picked

Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]


def rows_of(keys: Keys, in_keys: Keys) -> Rows:
    """The row of each key in another map's keys, -1 where it is not there."""
    rows = {key: row for row, key in enumerate(in_keys.tolist())}
    return np.array([rows.get(key, -1) for key in keys.tolist()], np.int64)


@dataclass
class LastLight:
    """Of the light that left last: `chromaticity` (C, 3), XYZ at Y = 1, that the wall showed; `dimmers` (C,),
    codes of split Dimmers; `values` (C, 2), of other driven channels.
    """

    chromaticity: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    dimmers: npt.NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    values: Floats = field(default_factory=lambda: np.zeros((0, 2)))

    def carried(self, old: Rows, white_xyz: Floats) -> Self:
        """The same for the rows of another map, which go on from the `old` ones; new ones begin at white."""
        dimmers = np.append(self.dimmers, np.int32(0))[old]  # -1 is the 0 at the end
        values = np.concatenate([self.values, np.zeros((1, 2))])[old]
        return type(self)(picked(self.chromaticity, old, white_xyz), dimmers, values)


@dataclass
class Memory:
    """Samples and filters of the newest frame; belongs to the engine."""

    keys: Keys = field(default_factory=lambda: np.zeros(0, np.uint64))
    samples: Floats = field(default_factory=lambda: np.zeros((0, 3)))  # NaN: not sampled yet
    filters: Filters = field(default_factory=Filters)
    number: int = 0  # of the frame sampled last
    blank: bool = True  # no frame was ever sampled

    @property
    def waiting(self) -> bool:
        """True if a row has not been sampled yet."""
        return bool(np.isnan(self.samples).any())

    @property
    def light(self) -> Floats:
        """Linear light (C, 3) to follow now, in the wall's primaries; NaN where nothing was sampled yet."""
        return self.filters.light(self.samples)

    def remember(
        self, samples: Floats, number: int, *, only_waiting: bool, time_ns: int | None = None
    ) -> None:
        """Takes the samples (C, 3) of frame `number`; with `only_waiting`, where there were none yet.

        Filters go on to the frame's time stamp; with None they follow at once.
        """
        if only_waiting:
            self.samples = np.where(np.isnan(self.samples), samples, self.samples)
            self.filters.start(self.samples)
        else:
            before, self.samples = self.samples, samples
            self.filters.step(before, samples, time_ns)
        self.number, self.blank = number, False

    def carried(self, keys: Keys, smoothing: Smoothing) -> "Memory":
        """The memory for another map: rows of the same key go on, new ones wait for their first sample."""
        old = rows_of(keys, self.keys)
        samples = picked(self.samples, old, np.nan)
        plain = np.setdiff1d(np.arange(len(old)), smoothing.rows)
        # a row that loses its filter goes on from the light it gave, frozen too
        samples[plain] = picked(self.light, old, np.nan)[plain]
        return Memory(keys, samples, self.filters.carried(smoothing, self.samples, old), 0, self.blank)
