"""The lamps of one kind: profile, mode and what was measured become the numbers that drive them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.colour import nominal
from lumad.colour.curve import Curve
from lumad.colour.white import xyz_to_cct
from lumad.model.calibration import Calibration
from lumad.model.channel import Channel
from lumad.model.mode import RGB, Mode
from lumad.model.profile import Profile
from lumad.pixelmap.channels import Bundle, PatchedCell
from lumad.pixelmap.models import VALUES
from lumad.pixelmap.tables import Recipe, key_of

Floats = npt.NDArray[np.float64]

_FINE_STEPS = 12  # with fewer steps left, colour and level are no longer what was asked


@dataclass
class LampPlan:
    """All patched cells of one mode that share what was measured and what the gaffer prefers.

    `columns` (n, 3) XYZ of the mode's emitters (firmware primaries, where they were measured) in one unit,
    None for modes without; `neutral_cct` in kelvin, None is wall white; `seen`: the columns are a camera's;
    `console_dims`: the Dimmer is shared with a console, so that the drives alone keep the colour.
    """

    profile: Profile
    mode: Mode
    columns: Floats | None
    calibration: Calibration | None = None
    white_preference: float = 1.0
    closest: bool = False
    neutral_cct: float | None = None
    seen: bool = False
    console_dims: bool = False
    cells: list[PatchedCell] = field(default_factory=list)

    @property
    def emitters(self) -> tuple[str, ...]:
        """Names of the driven emitters, in the order of their drives; () for modes without."""
        return self.profile.emitters_of(self.mode)

    @property
    def drive_names(self) -> tuple[str, ...]:
        """What each column of `Solved.drives` drives: emitters, or the primaries of a colour space."""
        return RGB if self.mode.colour.model == "rgb" else self.emitters

    @property
    def value_names(self) -> tuple[str, ...]:
        """What each column of `Solved.values` drives."""
        return VALUES.get(self.mode.colour.model, ())

    @property
    def moved(self) -> frozenset[str]:
        """Attributes that are driven."""
        return frozenset(channel.attribute for channel in self._driven)

    @property
    def assumed(self) -> tuple[str, ...]:
        """What neither the profile nor a measurement knows."""
        settled = self.calibration.settles(self.profile, self.mode) if self.calibration else frozenset()
        settled |= {"emitters", "primaries", "white"} if self.seen else frozenset()
        return tuple(name for name in self.profile.assumed_of(self.mode) if name not in settled)

    @property
    def value_count(self) -> int:
        """Values that these lamps contribute to `writers.values_of`."""
        return len(self.cells) * (1 + len(self.value_names) + len(self.drive_names))

    @property
    def burden(self) -> int:
        """How long the exact solve of its cells takes, roughly: all sets of emitters at 0, free, at full."""
        sets: int = 3 ** (0 if self.columns is None else len(self.columns))
        return len(self.cells) * sets

    def describe(self, rows: str, wall_to_xyz: Floats, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
        """The body of `Lamps.from_message`; `rows` names the array of the cells' rows."""
        dimmer = next((channel for channel in self._driven if channel.attribute == "Dimmer"), None)
        carries = dimmer is not None and self._dimmer_carries
        finest = self._driven[0] if dimmer is None or not (carries or not self.drive_names) else dimmer
        return {
            "rows": rows,
            "model": self._model(wall_to_xyz, arrays),
            "dimmer": dimmer is not None,
            "split": self._split(dimmer) if dimmer is not None and carries else None,
            "finest": self._finest(finest),
        }

    def recipe(self, wall_to_xyz: Floats) -> Recipe | None:
        """What makes the solver of the lamps, and its colour table; None for modes without emitters."""
        if self.columns is None:
            return None
        return {
            "columns": self.columns.tolist(),
            "white_preference": self.white_preference,
            "closest": self.closest,
            "wall_to_xyz": wall_to_xyz.tolist(),
        }

    def bundles(self, start: int) -> Iterator[Bundle]:
        """The driven channels, each in all its cells; `start` is where these lamps' values begin."""
        own = self.mode.channels_of_cell(0)
        for channel in self._driven:
            shared = channel not in own
            owners = np.array(
                [at for at, cell in enumerate(self.cells) if not (shared and cell.cell)], np.int32
            )
            stride = 0 if shared or self.mode.cells is None else self.mode.cells.stride
            firsts = [self.cells[at].first_slot + self.cells[at].cell * stride for at in owners]
            slots = np.add.outer(np.array(firsts, np.int32), np.array(channel.offset, np.int32) - 1)
            at = self._places(channel, owners) + np.int32(start)
            yield Bundle(at, slots.astype(np.int32), self._coding(channel))

    @property
    def _driven(self) -> tuple[Channel, ...]:
        return self.profile.driven_channels(self.mode)

    @property
    def _dimmer_carries(self) -> bool:
        """Whether the Dimmer carries the level (contract: `split`)."""
        if self.mode.split == "emitters" or self.mode.cell_count > 1 or not self.drive_names:
            return False
        if self.console_dims:
            return False
        coarse = all(c.resolution_bits == 8 for c in self._driven if c.attribute != "Dimmer")
        return self.mode.split == "dimmer" or coarse

    def _places(self, channel: Channel, cells: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Where the values of `cells` stand among these lamps' own (see `writers.values_of`)."""
        count = len(self.cells)
        if channel.attribute == "Dimmer":
            return cells
        first, names, name = count, self.value_names, channel.attribute
        if name not in names:
            first, names = count * (1 + len(names)), self.drive_names
            name = (self.emitters and self.profile.emitter_name_of(channel)) or name
        return (first + cells * len(names) + names.index(name)).astype(np.int32)

    # ------------------------------------------------------------ codes
    def light_curve(self, channel: Channel) -> Any:
        """How codes of a channel mean light, as `shares.Coding` reads it, if it carries the level: the Dimmer
        does, else every drive; None for all others.
        """
        carries = self.moved & {"Dimmer"} or self.moved - set(self.value_names)
        return self._curve(channel) if channel in self._driven and channel.attribute in carries else None

    def _coding(self, channel: Channel) -> dict[str, Any]:
        """How values become codes: by a dimming curve, a transfer function, or the channel's map."""
        span = {"span": channel.fine_span} if channel.encoding == "coarse-fine" else {}
        if channel.attribute in self.value_names:
            ranges = self.mode.code_ranges(channel, nominal.KELVIN)
            return {"ranges": [list(entry) for entry in ranges], "highest": channel.highest_code, **span}
        return {"curve": self._curve(channel), **span}

    def _curve(self, channel: Channel) -> Any:
        """The dimming curve of a light channel, or the transfer function of a stated colour space."""
        emitter = (self.profile.emitter_name_of(channel) if self.emitters else None) or channel.attribute
        if self.calibration and (measured := self.calibration.curve_of(emitter, channel.attribute)):
            return measured
        if channel.attribute in RGB and self.mode.colour.transfer is not None:
            return {"transfer": self.mode.colour.transfer}
        return self.mode.curve_of(emitter if emitter in self.mode.curve else channel.attribute)

    def _split(self, dimmer: Channel) -> dict[str, Any]:
        return {"curve": self._curve(dimmer), "bits": 16 if dimmer.fine_span else dimmer.resolution_bits}

    def _finest(self, channel: Channel) -> float:
        """Light of a channel that only a dozen of its steps make."""
        curve = self._curve(channel)
        code = _FINE_STEPS / channel.highest_code
        return 0.0 if "transfer" in curve else float(Curve(curve).forward(code))

    # ------------------------------------------------------------ colour
    def _model(self, wall_to_xyz: Floats, arrays: dict[str, npt.NDArray[Any]]) -> dict[str, Any]:
        colour = self.mode.colour
        plain = colour.model_dump(mode="json")
        if recipe := self.recipe(wall_to_xyz):
            key = key_of(recipe)
            arrays[f"columns.{key}"] = np.array(recipe["columns"])
            wishes = {"white_preference": self.white_preference, "closest": self.closest}
            return {"model": "emitters", "key": key, **wishes}
        match colour.model:
            case "rgb" | "hsi":
                primaries = plain["primaries"] or nominal.PRIMARIES
                return {"model": colour.model, "primaries": primaries, "white": plain["white"]}
            case "xy":
                stated = {"primaries": plain["primaries"], "white": plain["white"]}
                return {"model": "xy", "range": self._xy_range(), **stated}
            case "cct":
                return {"model": "cct", **self._cct(wall_to_xyz)}
            case _:
                return {"model": "dimmer"}

    def _xy_range(self) -> list[float]:
        channel = next(channel for channel in self._driven if channel.attribute == "CIE_X")
        ends = [end for entry in self.mode.code_ranges(channel) for end in entry[2:4]]
        return [min(ends), max(ends)]

    def _cct(self, wall_to_xyz: Floats) -> dict[str, Any]:
        channels: Mapping[str, Channel] = {channel.attribute: channel for channel in self._driven}
        ranges = self.mode.code_ranges(channels["CTC"], nominal.KELVIN)
        kelvins = [end for entry in ranges if not entry[4] for end in entry[2:4]]
        wall_white = float(xyz_to_cct(wall_to_xyz.sum(axis=1)[None])[0][0])
        greens = [end for entry in self._greens(channels) for end in entry[2:4]]
        return {
            "coldest": max(kelvins),
            "warmest": min(kelvins),
            "neutral": self.neutral_cct or wall_white,
            "duv_per_percent": (self.mode.colour.tint or nominal.TINT) / 1000 / 100,
            "greens": [min(greens), max(greens)] if greens else None,
        }

    def _greens(self, channels: Mapping[str, Channel]) -> list[Any]:
        """The ranges of a driven Tint, in %green."""
        return list(self.mode.code_ranges(channels["Tint"])) if "Tint" in channels else []
