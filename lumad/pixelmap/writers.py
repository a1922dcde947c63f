"""Values to levels: one writer for the channels, of all lamps, of one curve and width (numpy only)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from lumad.colour.codes import CodeMap, coarse_fine_slots, plain_slots
from lumad.colour.curve import Curve
from lumad.colour.transfer import encode
from lumad.pixelmap.lamps import Solved

Floats = npt.NDArray[np.float64]


class Coding(Protocol):
    """Value to code 0..1."""

    def __call__(self, values: Floats, /) -> Floats:
        """Code of each value, clipped to 0..1."""


def values_of(solved: Sequence[Solved]) -> Floats:
    """All values of one moment in a row: of each kind of lamp levels, then values and drives cell by cell."""
    parts = [part for each in solved for part in (each.level, each.values.ravel(), each.drives.ravel())]
    return np.concatenate(parts) if parts else np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class ChannelWriter:
    """Value to code to slots, for m channels.

    `at` (m,) is each channel's place in `values_of`; `slots` (m, bytes) are flat indices into (U, 512),
    coarse first; `span` is what a fine slot adds where it is no low byte.
    """

    at: npt.NDArray[np.int32]
    slots: npt.NDArray[np.int32]
    coding: Coding
    span: float | None

    def write(self, values: Floats, levels: npt.NDArray[np.uint8]) -> None:
        """Writes its channels' values into the flat levels."""
        codes = self.coding(values[self.at])
        if self.span is None:
            levels[self.slots] = plain_slots(codes, self.slots.shape[1])
        else:
            levels[self.slots] = coarse_fine_slots(codes, self.span)

    @classmethod
    def from_message(cls, body: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The writer as `compile` described it."""
        return cls(
            at=arrays[body["at"]],
            slots=arrays[body["slots"]],
            coding=_coding(body),
            span=body.get("span"),
        )


def _coding(body: Mapping[str, Any]) -> Coding:
    """Ranges of a channel's map, a colour space's transfer function, or a dimming curve."""
    if "ranges" in body:
        ranges, highest = CodeMap(body["ranges"], body["highest"]), float(body["highest"])
        return lambda values: ranges.codes(values) / highest
    curve = body["curve"]
    if isinstance(curve, dict) and "transfer" in curve:
        return partial(encode, curve["transfer"])
    return Curve(curve).inverse
