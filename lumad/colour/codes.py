"""Values of a channel as codes, and codes as slots, both ways."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Slots = npt.NDArray[np.uint8]

_ROUNDING = 1e-9  # of a coarse step: 0.6 * 255 may be a little below 153


@dataclass(frozen=True, slots=True, order=True)
class _Range:
    """Codes `first`..`last` mean `start`..`end`, linearly; if neutral, one value that does nothing."""

    first: int
    last: int
    start: float
    end: float
    neutral: bool = False

    @property
    def still(self) -> bool:
        return self.neutral or self.first == self.last or self.start == self.end

    @property
    def value(self) -> float:
        """The one value of a range that is still."""
        return 0.5 * (self.start + self.end)

    @property
    def corners(self) -> tuple[tuple[int, float], tuple[int, float]]:
        ends = (self.value, self.value) if self.still else (self.start, self.end)
        return (self.first, ends[0]), (self.last, ends[1])

    @property
    def rate(self) -> float:
        """Codes for each unit of value; 0 if still."""
        return 0.0 if self.still else (self.last - self.first) / (self.end - self.start)

    @property
    def choice(self) -> tuple[float, float, float, float]:
        """Lowest and highest value, code of the lowest (still: of the middle), rate."""
        if self.still:
            return self.value, self.value, (self.first + self.last) // 2, 0.0
        low, high = sorted((self.start, self.end))
        return low, high, self.first if self.rate > 0 else self.last, self.rate


class CodeMap:
    """What the codes of one channel mean: `ranges` of (first code, last code, physical value of the first, of
    the last, neutral), in any order, none of which share a code; `highest` is the channel's highest code.

    Neutral is a range whose one value does nothing. Raises ValueError on ranges that cannot be.
    """

    def __init__(self, ranges: Sequence[Sequence[float]], highest: int) -> None:
        self._check(ranges, highest)
        known = sorted(_Range(int(r[0]), int(r[1]), float(r[2]), float(r[3]), bool(r[4])) for r in ranges)
        self._corners = np.array([corner for each in known for corner in each.corners]).T
        self._choices = np.array(_choices(known))

    @staticmethod
    def _check(ranges: Sequence[Sequence[float]], highest: int) -> None:
        if not len(ranges) or any(len(each) != 5 for each in ranges) or not np.isfinite(ranges).all():
            raise ValueError("a map of codes has ranges (first code, last code, value, value, neutral)")
        codes = np.array(sorted((each[0], each[1]) for each in ranges)).ravel()
        if (
            codes[0] < 0
            or codes[-1] > highest
            or (np.diff(codes) < 0).any()
            or (np.diff(codes)[1::2] == 0).any()
        ):
            raise ValueError(f"ranges of codes run upwards within 0..{highest} and share no code")

    def values(self, codes: npt.ArrayLike) -> Array:
        """Physical values of codes, any shape; what a code of no range means lies between its neighbours."""
        found: Array = np.interp(np.asarray(codes, np.float64), *self._corners)
        return found

    def codes(self, values: npt.ArrayLike) -> Array:
        """Codes, not rounded, of physical values, any shape: of the nearest value that some range has.

        A range of one value is hit in its middle. A value of several ranges takes the neutral one, else the
        finest. No code lies between the ranges, not even when it is rounded.
        """
        asked = np.asarray(values, np.float64)
        low, high, _, _, slack = self._choices.T
        away = np.maximum(low - asked[..., None], asked[..., None] - high)
        best = np.where(away <= slack, 0.0, away).argmin(axis=-1)
        low, high, start, rate, _ = np.moveaxis(self._choices.take(best, axis=0), -1, 0)
        found: Array = start + (np.clip(asked, low, high) - low) * rate
        return found


def _choices(ranges: Sequence[_Range]) -> Sequence[tuple[float, ...]]:
    """(`_Range.choice`, slack) of the ranges worth choosing, the best first.

    Slack is how near to its value a value counts as neutral: half a step of the finest range.
    """
    moving = sorted((each for each in ranges if not each.still), key=lambda each: -abs(each.rate))
    still = [each for each in ranges if each.still and not each.neutral]
    slack = 0.5 / abs(moving[0].rate) if moving else 0.0
    neutral: dict[float, _Range] = {}
    for each in ranges:
        if each.neutral:
            other = neutral.setdefault(each.value, each)
            neutral[each.value] = min(other, each, key=lambda one: _travel(one, moving))
    return [(*each.choice, slack) for each in neutral.values()] + [
        (*each.choice, 0.0) for each in (*moving, *still)
    ]


def _travel(neutral: _Range, moving: Sequence[_Range]) -> float:
    """Codes between a neutral range and the code of a moving range whose value is nearest to it."""
    corners = (corner for each in moving for corner in each.corners)
    code, _ = min(corners, key=lambda corner: abs(corner[1] - neutral.value), default=(0, 0.0))
    return max(neutral.first - code, code - neutral.last, 0)


def plain_slots(code01: npt.ArrayLike, count: int) -> Slots:
    """Slots (N, count), coarse first, of codes (N,) 0..1 of the highest (clipped to that)."""
    highest = 256**count - 1
    whole = np.rint(np.clip(np.asarray(code01, np.float64), 0.0, 1.0) * highest).astype(">u4")
    slots: Slots = whole.view(np.uint8).reshape(-1, 4)[:, 4 - count :]
    return slots


def plain_code01(slots: Slots) -> Array:
    """Codes (…,) 0..1 of the highest, of slots (…, count), coarse first."""
    places = 256.0 ** np.arange(slots.shape[-1])[::-1]
    codes: Array = (slots @ places) / (places[0] * 256.0 - 1.0)
    return codes


def coarse_fine_slots(code01: npt.ArrayLike, span: float) -> Slots:
    """Slots (N, 2) of codes (N,) 0..1 where the fine slot is no low byte but adds 0..`span` of full.

    The coarse slot is as high as it can be, the fine one adds the rest, in steps of span / 255.
    """
    code = np.clip(np.asarray(code01, np.float64), 0.0, 1.0) * 255.0
    coarse = np.floor(code + _ROUNDING)
    fine = np.clip(np.rint((code - coarse) / span), 0.0, 255.0)
    return np.stack([coarse, fine], axis=-1).astype(np.uint8)


def coarse_fine_code01(slots: Slots, span: float) -> Array:
    """Codes (…,) 0..1 of slots (…, 2) as in `coarse_fine_slots`; both together end at 1."""
    codes: Array = np.minimum(slots @ np.array([1.0, span]) / 255.0, 1.0)
    return codes
