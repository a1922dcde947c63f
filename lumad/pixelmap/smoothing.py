"""Light that follows the picture calmly: one filter a row of the map, on the square root of linear light.

A filter's time is its settle time: that long after any step between black and wall white, the light is within
one 8-bit code of where it goes, in sRGB codes and in square roots alike, at any frame rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import expm1, log, tau
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.pixelmap.cuts import Cuts, largest

Floats = npt.NDArray[np.float64]

FILTERS = ("none", "ema", "one-euro")  # the array `filter` counts in these
NONE, EMA, ONE_EURO = range(3)

WATCHED = 1024  # so many areas tell a cut
LONGEST_GAP_S = 1.0  # after a longer gap light starts anew
# sRGB codes grow 1.446 times as quickly as the square root of light where they do most, so 1/370 of the way
# from black to white is less than one code of 255 in both
_TIME_CONSTANTS = log(370)
_SHORTEST_S = 1e-9
# one-euro filter (Casiez, Roussel, Vogel 2012): cut-off in Hz a (square root of light a second), and the
# cut-off of the speed itself
_QUICKENING = 14.0
_SPEED_HZ = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Smoothing:
    """What a map says about filters. K: rows that have one.

    `rows` (K,) of the map; `attack`, `release` (K,) how quickly light rises and falls, 1/s; `quickening` (K,)
    how much quicker it gets with speed (0: EMA); `watched` one row of each area, evenly picked if there are
    many, to see cuts by; `places` (C,) equal for rows that see the same pixels, 0 for those that see none;
    `luminance` (3,) of the wall's primaries.
    """

    rows: npt.NDArray[np.intp]
    attack: Floats
    release: Floats
    quickening: Floats
    watched: npt.NDArray[np.intp]
    places: npt.NDArray[np.uint64]
    luminance: Floats

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """From a map's arrays by row: `filter` (in FILTERS), `attack_s`, `release_s`, `area`, `places`."""
        kind = arrays.get("filter", np.zeros(0, np.uint8))
        rows = np.flatnonzero(kind)
        area = arrays["area"]
        following = np.flatnonzero(area >= 0)
        _, first = np.unique(area[following], return_index=True)
        first = np.sort(first)[:: -(-len(first) // WATCHED) or 1]
        return cls(
            rows,
            attack=_rates(arrays.get("attack_s", kind)[rows]),
            release=_rates(arrays.get("release_s", kind)[rows]),
            quickening=np.where(kind[rows] == ONE_EURO, tau * _QUICKENING, 0.0),
            watched=following[first],
            places=arrays.get("places", np.zeros(len(area), np.uint64)),
            luminance=arrays["wall_to_xyz"][1],
        )


_NOWHERE = np.zeros(0, np.intp)
NO_SMOOTHING = Smoothing(
    _NOWHERE, np.zeros(0), np.zeros(0), np.zeros(0), _NOWHERE, np.zeros(0, np.uint64), np.zeros(3)
)


def _rates(settle_s: Floats) -> Floats:
    rates: Floats = _TIME_CONSTANTS / np.maximum(settle_s, _SHORTEST_S)
    return rates


@dataclass
class Filters:
    """Where the filters of a map stand: `root` (K, 3) of the light, `speed` (K, 3) of the picture, 1/s."""

    smoothing: Smoothing = NO_SMOOTHING
    root: Floats = field(default_factory=lambda: np.zeros((0, 3)))  # NaN: not sampled yet
    speed: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    time_ns: int | None = None  # of the last frame; None: the next one starts anew
    cuts: Cuts = field(default_factory=Cuts)
    moved: npt.NDArray[np.intp] = field(
        default_factory=lambda: _NOWHERE
    )  # rows that see other pixels than before

    def step(self, before: Floats, samples: Floats, time_ns: int | None) -> None:
        """Goes on from the samples (C, 3) `before` to those of the frame of `time_ns`, with None at once."""
        smoothing = self.smoothing
        if not len(smoothing.rows):
            return
        then, self.time_ns = self.time_ns, time_ns
        elapsed = (time_ns - then) / 1e9 if time_ns is not None and then is not None else -1.0
        moved, self.moved = self.moved, _NOWHERE
        if elapsed == 0:  # the same frame under another map: nothing moves on
            self.start(samples)
            return
        if self._is_cut(before, samples, moved) or not 0 < elapsed <= LONGEST_GAP_S:
            self.root = _roots(samples, smoothing.rows)
            self.speed = np.zeros_like(self.root)
            return
        self.start(samples)
        self._move(before, _roots(samples, smoothing.rows), elapsed)

    def _is_cut(self, before: Floats, samples: Floats, moved: npt.NDArray[np.intp]) -> bool:
        """A cut of the picture; rows that were moved themselves tell nothing of it."""
        watched = self.smoothing.watched
        then = _roots(before, watched)
        then[np.isin(watched, moved)] = np.nan
        return self.cuts.between(then, _roots(samples, watched))

    def start(self, samples: Floats) -> None:
        """Rows that were not sampled yet start at their sample; the others stay."""
        waiting = np.isnan(self.root[:, 0])
        if waiting.any():
            self.root[waiting] = _roots(samples, self.smoothing.rows[waiting])

    def _move(self, before: Floats, goal: Floats, elapsed: float) -> None:
        """One share of the way for all channels of a row: colour goes straight, and only up or only down."""
        way = goal - self.root
        rate = np.where(way @ self.smoothing.luminance > 0, self.smoothing.attack, self.smoothing.release)
        if self.smoothing.quickening.any():
            step = np.nan_to_num(goal - _roots(before, self.smoothing.rows))
            self.speed += -expm1(-tau * _SPEED_HZ * elapsed) * (step / elapsed - self.speed)
            rate += self.smoothing.quickening * largest(np.abs(self.speed))
        way *= -np.expm1(-elapsed * rate)[:, None]
        self.root += way

    def carried(self, smoothing: Smoothing, samples: Floats, old: npt.NDArray[np.int64]) -> "Filters":
        """The filters of another map; `old` (D,) is the row each of its rows goes on from, -1 for none.

        A row that had no filter in this map goes on from its sample of `samples` (C, 3).
        """
        roots = np.sqrt(np.maximum(samples, 0.0))
        roots[self.smoothing.rows] = self.root
        speeds = np.zeros_like(roots)
        speeds[self.smoothing.rows] = self.speed
        places = np.append(self.smoothing.places, np.uint64(0))[old]  # -1 is the one appended
        moved = np.flatnonzero((places != smoothing.places) | np.isin(old, self.moved))
        old = old[smoothing.rows]
        return Filters(
            smoothing,
            picked(roots, old, np.nan),
            picked(speeds, old, 0.0),
            self.time_ns,
            Cuts(self.cuts.steps),
            moved,
        )

    def light(self, samples: Floats) -> Floats:
        """Linear light (C, 3) to follow: filtered where there is a filter, else the sample."""
        if not len(self.smoothing.rows):
            return samples
        if len(self.smoothing.rows) == len(samples):
            return self.root * self.root
        light = samples.copy()
        light[self.smoothing.rows] = self.root * self.root
        return light


def picked(values: Floats, rows: npt.NDArray[np.int64], blank: float | Floats) -> Floats:
    """Some rows of values (C, 3), in the order of `rows`; `blank` where the row is -1."""
    if not len(values):
        return np.tile(np.broadcast_to(blank, 3), (len(rows), 1))
    return np.where(rows[:, None] >= 0, values[rows], blank)


def _roots(samples: Floats, rows: npt.NDArray[np.intp]) -> Floats:
    """Square roots (K, 3) of the samples of some rows."""
    roots: Floats = np.sqrt(np.maximum(samples.take(rows, axis=0), 0.0))
    return roots
