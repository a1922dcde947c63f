"""Values to levels: one writer for the channels, of all lamps, of one curve and width (numpy only)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from lumad.colour.curve import Curve
from lumad.colour.transfer import encode
from lumad.pixelmap.lamps import Solved

Floats = npt.NDArray[np.float64]


class Inverse(Protocol):
    """Light to code, both 0..1."""

    def inverse(self, light: Floats) -> Floats:
        """Code of light, clipped to 0..1."""


class TransferCurve:
    """A colour space's transfer function as the dimming curve of its channels."""

    def __init__(self, transfer: str) -> None:
        self._transfer = transfer

    def inverse(self, light: Floats) -> Floats:
        """Code 0..1 of light 0..1."""
        return encode(self._transfer, np.clip(light, 0.0, 1.0))


def values_of(solved: Sequence[Solved]) -> Floats:
    """All values of one moment in a row: of each group of lamps levels, CCTs, and drives cell by cell."""
    parts = [part for each in solved for part in (each.level, each.cct, each.drives.ravel())]
    return np.concatenate(parts) if parts else np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class ChannelWriter:
    """Value to code to slots, for m channels.

    `at` (m,) is each channel's place in `values_of`; `slots` (m, bytes) are flat indices into (U, 512),
    coarse first. Light goes through the inverse `curve`; other values through `physical` and `codes`, a
    polyline.
    """

    at: npt.NDArray[np.int32]
    slots: npt.NDArray[np.int32]
    curve: Inverse | None
    physical: Floats
    codes: Floats

    def write(self, values: Floats, levels: npt.NDArray[np.uint8]) -> None:
        """Writes its channels' values into the flat levels."""
        own = values[self.at]
        count = self.slots.shape[1]
        if self.curve is not None:
            code = self.curve.inverse(own) * (256**count - 1)
        else:
            code = np.interp(own, self.physical, self.codes)
        whole = np.rint(code).astype(">u4")
        levels[self.slots] = whole.view(np.uint8).reshape(-1, 4)[:, 4 - count :]

    @classmethod
    def from_message(cls, body: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The writer as `compile` described it."""
        return cls(
            at=arrays[body["at"]],
            slots=arrays[body["slots"]],
            curve=_curve(body["curve"]),
            physical=np.array(body["physical"]),
            codes=np.array(body["codes"]),
        )


def _curve(spec: Any) -> Inverse | None:
    if isinstance(spec, dict) and "transfer" in spec:
        return TransferCurve(spec["transfer"])
    return None if spec is None else Curve(spec)
