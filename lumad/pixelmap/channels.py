"""Channels of the lamps of one mode, as the engine writes them."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.colour import nominal
from lumad.colour.white import xy_to_xyz
from lumad.model.channel import Channel
from lumad.model.mode import Mode
from lumad.model.profile import Profile

_RGB = ("ColorAdd_R", "ColorAdd_G", "ColorAdd_B")


@dataclass(frozen=True, slots=True)
class PatchedCell:
    """A cell of a fixture: its row in the map, the fixture's first slot in (U, 512) flat, its number."""

    row: int
    first_slot: int
    cell: int


@dataclass
class LampPlan:
    """All patched cells of one mode, and how the engine drives them."""

    profile: Profile
    mode: Mode
    cells: list[PatchedCell] = field(default_factory=list)

    @property
    def emitters(self) -> tuple[str, ...]:
        """Names of the driven emitters, in the order of their drives; () for modes without."""
        if self.mode.colour.model != "emitters":
            return ()
        return tuple(name for channel in self._driven() if (name := self.profile.emitter_name_of(channel)))

    @property
    def drive_names(self) -> tuple[str, ...]:
        """What each column of `Solved.drives` drives: emitters, or the primaries of a colour space."""
        return _RGB if self.mode.colour.model == "rgb" else self.emitters

    @property
    def has_dimmer(self) -> bool:
        """Whether a Dimmer is driven."""
        return any(channel.attribute == "Dimmer" for channel in self._driven())

    @property
    def dimmer_carries(self) -> bool:
        """Whether the Dimmer carries the level (contract: `split`)."""
        if not self.has_dimmer or self.mode.split == "emitters" or self.mode.cell_count > 1:
            return False
        coarse = all(c.resolution_bits == 8 for c in self._driven() if c.attribute != "Dimmer")
        return self.mode.split == "dimmer" or coarse

    def describe(self, prefix: str, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
        """The body of `Lamps.from_message`; its arrays are added under names that start with `prefix`."""
        arrays[f"{prefix}.rows"] = np.array([cell.row for cell in self.cells], np.int32)
        own = self.mode.channels_of_cell(0)
        return {
            "rows": f"{prefix}.rows",
            "model": self._model(),
            "dimmer": self.has_dimmer,
            "dimmer_carries": self.dimmer_carries,
            "writers": [
                self._writer(channel, f"{prefix}.{at}", arrays, shared=channel not in own)
                for at, channel in enumerate(self._driven())
            ],
        }

    def _driven(self) -> list[Channel]:
        channels = (*self.mode.shared_channels, *self.mode.channels_of_cell(0))
        return [channel for channel in channels if self.profile.drives(self.mode, channel)]

    def _writer(
        self, channel: Channel, prefix: str, arrays: dict[str, npt.NDArray[Any]], *, shared: bool
    ) -> dict[str, Any]:
        owners = [at for at, cell in enumerate(self.cells) if not (shared and cell.cell)]
        stride = 0 if shared or self.mode.cells is None else self.mode.cells.stride
        starts = [self.cells[at].first_slot + self.cells[at].cell * stride for at in owners]
        arrays[f"{prefix}.cells"] = np.array(owners, np.int32)
        offsets = np.array(channel.offset, np.int32) - 1
        arrays[f"{prefix}.slots"] = np.add.outer(np.array(starts, np.int32), offsets).astype(np.int32)
        knots = (
            sorted((kelvin, code) for code, kelvin in self._kelvin_knots())
            if channel.attribute == "CTC"
            else []
        )
        return {
            "value": self._value(channel),
            "cells": f"{prefix}.cells",
            "slots": f"{prefix}.slots",
            "curve": None if knots else self._curve(channel),
            "physical": [kelvin for kelvin, _ in knots],
            "codes": [code for _, code in knots],
        }

    def _value(self, channel: Channel) -> str | int:
        if channel.attribute == "Dimmer":
            return "level"
        if channel.attribute == "CTC":
            return "cct"
        emitter = self.profile.emitter_name_of(channel) if self.emitters else None
        return self.drive_names.index(emitter or channel.attribute)

    def _curve(self, channel: Channel) -> Any:
        """The dimming curve of a light channel, or the transfer function of a stated colour space."""
        if channel.attribute in _RGB and self.mode.colour.transfer is not None:
            return {"transfer": self.mode.colour.transfer}
        name = (self.profile.emitter_name_of(channel) if self.emitters else None) or channel.attribute
        known = name if name in self.mode.curve else channel.attribute
        return self.mode.curve_of(known)

    def _kelvin_knots(self) -> tuple[tuple[int, float], ...]:
        knots = self.mode.kelvin_knots()
        if knots:
            return knots
        channel = next(channel for channel in self._driven() if channel.attribute == "CTC")
        return (0, nominal.KELVIN[0]), (channel.highest_code, nominal.KELVIN[1])

    def _model(self) -> dict[str, Any]:
        colour = self.mode.colour
        match colour.model:
            case "emitters":
                columns = [self._column(name) for name in self.emitters]
                return {"model": "emitters", "columns": columns}
            case "rgb":
                plain = colour.model_dump(mode="json")
                return {
                    "model": "rgb",
                    "primaries": plain["primaries"] or nominal.PRIMARIES,
                    "white": plain["white"],
                    "transfer": colour.transfer or nominal.TRANSFER,
                }
            case "cct":
                kelvins = [kelvin for _, kelvin in self._kelvin_knots()]
                return {"model": "cct", "coldest": max(kelvins), "warmest": min(kelvins)}
            case _:
                return {"model": "dimmer"}

    def _column(self, name: str) -> list[float]:
        """XYZ of an emitter at full, in the profile's unit; one that is unknown in every way stays dark."""
        emitter = self.profile.emitters[name]
        x, y, luminance = emitter.xyY or nominal.EMITTERS.get(emitter.attribute or name, nominal.NO_EMITTER)
        column: list[float] = xy_to_xyz((x, y), luminance).tolist()
        return column
