"""The demo stage: what lamps would shine, from the DMX that reached them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import numpy.typing as npt

from lumad.colour import hsi, nominal, xy
from lumad.colour.codes import CodeMap, coarse_fine_code01, plain_code01
from lumad.colour.curve import Curve
from lumad.colour.emitters import EmitterSolve
from lumad.colour.rgb import RgbSpace
from lumad.colour.spaces import WHITE_D65
from lumad.colour.transfer import decode
from lumad.colour.white import cct_to_xy, white_xy, xy_to_xyz
from lumad.model.calibration import Calibration
from lumad.model.channel import Channel
from lumad.model.mode import RGB, Mode
from lumad.model.profile import Profile

Array = npt.NDArray[np.float64]
Levels = npt.NDArray[np.uint8]

_LIGHT = {"Dimmer", *RGB}  # attributes whose codes mean light, by a curve, in modes without emitters


class _Meaning(Protocol):
    """What codes 0..1 mean: light 0..1 of full, kelvin, %green, CIE x or y, degrees."""

    def __call__(self, codes: Array, /) -> Array:
        """Meaning of each code."""


@dataclass(frozen=True, slots=True, eq=False)
class _Reader:
    """One driven attribute: `slots` (cells, bytes), or (1, bytes) if shared; from 0, coarse first; `span` is
    what a fine slot adds where it is no low byte.
    """

    slots: npt.NDArray[np.intp]
    span: float | None
    meaning: _Meaning

    def read(self, levels: Levels) -> Array:
        """Physical value (cells,) or (1,)."""
        own = levels[self.slots]
        return self.meaning(plain_code01(own) if self.span is None else coarse_fine_code01(own, self.span))


class StageLamp:
    """One fixture as a lamp that does exactly what its profile says; unknown facts as in `colour.nominal`.

    Only intensity and colour shine: shutter, fan and whatever else the colour model does not drive count as
    doing nothing. What was measured wins: `columns` (n, 3) XYZ of its emitters, `calibration` its curves.
    """

    def __init__(
        self,
        profile: Profile,
        mode: Mode,
        wall_white: npt.ArrayLike = WHITE_D65,
        *,
        columns: Array | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        white = np.asarray(wall_white, np.float64)
        self.footprint = mode.footprint
        self._cells = mode.cell_count
        self._white = white / white[1]
        self._colour = mode.colour
        self._readers = _readers(profile, mode, calibration)
        self._drives = RGB if mode.colour.model == "rgb" else profile.emitters_of(mode)
        self._space = self._space_of() if mode.colour.model in {"rgb", "hsi"} else None
        if columns is None:
            self._columns = self._space.columns if self._space else self._columns_of(profile)
        else:
            self._columns = self._scaled(columns.T)

    def light(self, levels: bytes) -> Array:
        """XYZ of each cell (cells, 3) for `footprint` levels (missing ones are 0); 1 = full in wall white."""
        slots = np.zeros(self.footprint, np.uint8)
        given = np.frombuffer(levels, np.uint8)[: self.footprint]
        slots[: len(given)] = given
        values = {
            name: np.broadcast_to(reader.read(slots), (self._cells,))
            for name, reader in self._readers.items()
        }
        level = values.get("Dimmer", np.ones(self._cells))
        if self._drives:
            drives = np.stack([values[name] for name in self._drives], axis=1)
            mixed: Array = (drives * level[:, None]) @ self._columns.T
            return mixed
        return self._without_drives(level, values)

    def _without_drives(self, level: Array, values: Mapping[str, Array]) -> Array:
        """XYZ (cells, 3) of a mode that tells the lamp a colour, or none."""
        if self._space:
            return hsi.light(self._space, values["HSB_Hue"], values["HSB_Saturation"], level)
        if self._colour.model == "xy":
            return xy.light(np.stack([values["CIE_X"], values["CIE_Y"]], axis=1), level)
        if self._colour.model == "cct":
            percent = (self._colour.tint or nominal.TINT) / 1000.0 / 100.0
            duv = values.get("Tint", np.zeros(self._cells)) * percent
            return xy_to_xyz(cct_to_xy(values["CTC"], duv), level)
        white = self._white if self._colour.white is None else xy_to_xyz(white_xy(self._colour.white))
        return level[:, None] * white

    def _space_of(self) -> RgbSpace:
        stated = self._colour.model_dump(mode="json")
        return RgbSpace(stated["primaries"] or nominal.PRIMARIES, stated["white"], self._white)

    def _columns_of(self, profile: Profile) -> Array:
        """XYZ (3, emitters) of each emitter at full."""
        if not self._drives:
            return np.empty((3, 0))
        emitters = profile.emitters
        columns = np.stack([nominal.emitter_xyz(name, emitters[name]) for name in self._drives], axis=1)
        return self._scaled(columns)

    def _scaled(self, columns: Array) -> Array:
        """Columns (3, n) on the scale of full output in wall white."""
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


def _readers(profile: Profile, mode: Mode, calibration: Calibration | None) -> Mapping[str, _Reader]:
    """Readers by emitter name or attribute."""
    shared = [_driven(profile, mode.shared_channels, mode)]
    own = [_driven(profile, mode.channels_of_cell(cell), mode) for cell in range(mode.cell_count)]
    readers = {}
    for cells in (shared, own):
        for name, channel in cells[0].items():
            slots = np.array([cell[name].offset for cell in cells]) - 1
            readers[name] = _Reader(slots, channel.fine_span, _meaning(name, channel, mode, calibration))
    return readers


def _meaning(name: str, channel: Channel, mode: Mode, calibration: Calibration | None) -> _Meaning:
    if mode.colour.model != "emitters" and channel.attribute not in _LIGHT:
        codes = CodeMap(mode.code_ranges(channel, nominal.KELVIN), channel.highest_code)
        return lambda code01: codes.values(code01 * channel.highest_code)
    if calibration and (measured := calibration.curve_of(name, channel.attribute)):
        return Curve(measured).forward
    if name in RGB and mode.colour.transfer is not None:
        return partial(decode, mode.colour.transfer)
    return Curve(mode.curve_of(name if name in mode.curve else channel.attribute)).forward
