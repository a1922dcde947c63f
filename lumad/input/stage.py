"""The demo stage: what lamps would shine, from the DMX that reached them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from lumad.colour import nominal
from lumad.colour.curve import Curve
from lumad.colour.emitters import EmitterSolve
from lumad.colour.rgb import RgbSpace
from lumad.colour.spaces import WHITE_D65
from lumad.colour.transfer import decode
from lumad.colour.white import cct_to_xy, white_xy, xy_to_xyz
from lumad.model.channel import Channel
from lumad.model.mode import RGB, Mode
from lumad.model.profile import Profile

Array = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]


class _Meaning(Protocol):
    """What codes 0..1 mean: light 0..1 of full, or kelvin."""

    def __call__(self, codes: Array, /) -> Array:
        """Meaning of each code."""


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """One driven attribute: `slots` (cells, bytes), or (1, bytes) if shared; from 0, coarse first."""

    slots: npt.NDArray[np.intp]
    meaning: _Meaning

    def read(self, levels: Levels) -> Array:
        """Physical value (cells,) or (1,)."""
        places = 256.0 ** np.arange(self.slots.shape[1])[::-1]
        return self.meaning((levels[self.slots] @ places) / (places[0] * 256.0 - 1.0))


class StageLamp:
    """One fixture as a lamp that does exactly what its profile says; unknown facts as in `colour.nominal`.

    Only intensity and colour shine: shutter, fan, tint and whatever else the colour model does not drive
    count as doing nothing.
    """

    def __init__(self, profile: Profile, mode: Mode, wall_white: npt.ArrayLike = WHITE_D65) -> None:
        white = np.asarray(wall_white, np.float64)
        self.footprint = mode.footprint
        self._cells = mode.cell_count
        self._white = white / white[1]
        self._colour = mode.colour
        self._readers = _readers(profile, mode)
        self._drives = RGB if mode.colour.model == "rgb" else _emitters(profile, mode)
        self._columns = self._columns_of(profile)

    def light(self, levels: bytes) -> Array:
        """XYZ of each cell (cells, 3) for `footprint` levels (missing ones are 0); 1 = full in wall white."""
        slots = np.zeros(self.footprint, np.uint8)
        given = np.frombuffer(levels, np.uint8)[: self.footprint]
        slots[: len(given)] = given
        values = {name: reader.read(slots) for name, reader in self._readers.items()}
        level = np.broadcast_to(values.get("Dimmer", np.ones(1)), (self._cells,))
        if self._drives:
            drives = np.stack(
                [np.broadcast_to(values[name], (self._cells,)) for name in self._drives], axis=1
            )
            mixed: Array = (drives * level[:, None]) @ self._columns.T
            return mixed
        if self._colour.model == "cct":
            return xy_to_xyz(cct_to_xy(np.broadcast_to(values["CTC"], (self._cells,))), level)
        white = self._white if self._colour.white is None else xy_to_xyz(white_xy(self._colour.white))
        return level[:, None] * white

    def _columns_of(self, profile: Profile) -> Array:
        """XYZ (3, drives) of each drive at full."""
        if self._colour.model == "rgb":
            stated = self._colour.model_dump(mode="json")
            primaries = stated["primaries"] or nominal.PRIMARIES
            return RgbSpace(primaries, stated["white"], self._white).columns
        if not self._drives:
            return np.empty((3, 0))
        emitters = profile.emitters
        columns = np.stack([nominal.emitter_xyz(name, emitters[name]) for name in self._drives], axis=1)
        full = EmitterSolve(columns, self._white).full_output(self._white)
        return columns / full if full else columns


def _driven(profile: Profile, channels: tuple[Channel, ...], mode: Mode) -> dict[str, Channel]:
    """Driven channels by emitter name, or by attribute where they have no emitter."""
    named = mode.colour.model == "emitters"
    return {
        (named and profile.emitter_name_of(channel)) or channel.attribute: channel
        for channel in channels
        if profile.drives(mode, channel)
    }


def _emitters(profile: Profile, mode: Mode) -> tuple[str, ...]:
    channels = _driven(profile, (*mode.shared_channels, *mode.channels_of_cell(0)), mode)
    return (
        tuple(name for name in channels if name in profile.emitters)
        if mode.colour.model == "emitters"
        else ()
    )


def _readers(profile: Profile, mode: Mode) -> Mapping[str, _Reader]:
    """Readers by emitter name or attribute."""
    shared = [_driven(profile, mode.shared_channels, mode)]
    own = [_driven(profile, mode.channels_of_cell(cell), mode) for cell in range(mode.cell_count)]
    readers = {}
    for cells in (shared, own):
        for name, channel in cells[0].items():
            slots = np.array([cell[name].offset for cell in cells]) - 1
            readers[name] = _Reader(slots, _meaning(name, channel, mode))
    return readers


def _meaning(name: str, channel: Channel, mode: Mode) -> _Meaning:
    if channel.attribute == "CTC":
        codes, kelvins = zip(*mode.kelvin_knots(nominal.KELVIN), strict=True)
        return partial(_interpolate, np.array(codes) / channel.highest_code, np.array(kelvins, np.float64))
    if name in RGB and mode.colour.transfer is not None:
        return partial(decode, mode.colour.transfer)
    return Curve(mode.curve_of(name if name in mode.curve else channel.attribute)).forward


def _interpolate(codes: Array, values: Array, asked: Array) -> Array:
    return np.interp(asked, codes, values)
