"""Channels of the lamps of one mode, as the engine writes them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.colour import nominal
from lumad.model.channel import Channel
from lumad.model.mode import RGB, Mode
from lumad.model.profile import Profile


@dataclass(frozen=True, slots=True)
class PatchedCell:
    """A cell of a fixture: its row in the map, the fixture's first slot in (U, 512) flat, its number."""

    row: int
    first_slot: int
    cell: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """m channels of one curve and width: `at` (m,) places in `writers.values_of`, `slots` (m, bytes) flat."""

    at: npt.NDArray[np.int32]
    slots: npt.NDArray[np.int32]
    curve: Any
    physical: list[float]
    codes: list[int]

    @property
    def kind(self) -> str:
        """Equal for bundles that one writer can write."""
        return repr((self.curve, self.physical, self.codes, self.slots.shape[1]))


def join(bundles: Iterable[Bundle], arrays: dict[str, npt.NDArray[Any]]) -> list[dict[str, Any]]:
    """The bodies of `ChannelWriter.from_message`, one a kind; their arrays are added to `arrays`."""
    kinds: dict[str, list[Bundle]] = {}
    for bundle in bundles:
        kinds.setdefault(bundle.kind, []).append(bundle)
    bodies = []
    for number, alike in enumerate(kinds.values()):
        names = {name: f"writers.{number}.{name}" for name in ("at", "slots")}
        for name, array in names.items():
            arrays[array] = np.concatenate([getattr(bundle, name) for bundle in alike])
        first = alike[0]
        bodies.append({**names, "curve": first.curve, "physical": first.physical, "codes": first.codes})
    return bodies


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
        return RGB if self.mode.colour.model == "rgb" else self.emitters

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

    @property
    def value_count(self) -> int:
        """Values that these lamps contribute to `writers.values_of`."""
        return len(self.cells) * (2 + len(self.drive_names))

    def describe(self, rows: str) -> dict[str, Any]:
        """The body of `Lamps.from_message`; `rows` names the array of the cells' rows."""
        return {
            "rows": rows,
            "model": self._model(),
            "dimmer": self.has_dimmer,
            "dimmer_carries": self.dimmer_carries,
        }

    def bundles(self, start: int) -> Iterator["Bundle"]:
        """The driven channels, each in all its cells; `start` is where these lamps' values begin."""
        own = self.mode.channels_of_cell(0)
        for channel in self._driven():
            shared = channel not in own
            owners = np.array(
                [at for at, cell in enumerate(self.cells) if not (shared and cell.cell)], np.int32
            )
            stride = 0 if shared or self.mode.cells is None else self.mode.cells.stride
            firsts = [self.cells[at].first_slot + self.cells[at].cell * stride for at in owners]
            slots = np.add.outer(np.array(firsts, np.int32), np.array(channel.offset, np.int32) - 1)
            knots = sorted((kelvin, code) for code, kelvin in self._kelvin_knots(channel))
            yield Bundle(
                at=self._places(channel, owners) + np.int32(start),
                slots=slots.astype(np.int32),
                curve=None if knots else self._curve(channel),
                physical=[kelvin for kelvin, _ in knots],
                codes=[code for _, code in knots],
            )

    def _places(self, channel: Channel, cells: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Where the values of `cells` stand among these lamps' own (see `writers.values_of`)."""
        count, drives = len(self.cells), len(self.drive_names)
        if channel.attribute == "Dimmer":
            return cells
        if channel.attribute == "CTC":
            return cells + np.int32(count)
        emitter = self.profile.emitter_name_of(channel) if self.emitters else None
        drive = self.drive_names.index(emitter or channel.attribute)
        return (2 * count + cells * drives + drive).astype(np.int32)

    def _driven(self) -> list[Channel]:
        channels = (*self.mode.shared_channels, *self.mode.channels_of_cell(0))
        return [channel for channel in channels if self.profile.drives(self.mode, channel)]

    def _curve(self, channel: Channel) -> Any:
        """The dimming curve of a light channel, or the transfer function of a stated colour space."""
        if channel.attribute in RGB and self.mode.colour.transfer is not None:
            return {"transfer": self.mode.colour.transfer}
        name = (self.profile.emitter_name_of(channel) if self.emitters else None) or channel.attribute
        known = name if name in self.mode.curve else channel.attribute
        return self.mode.curve_of(known)

    def _kelvin_knots(self, channel: Channel) -> tuple[tuple[int, float], ...]:
        """(code, kelvin) corners of a CTC channel, () for any other."""
        return self.mode.kelvin_knots(nominal.KELVIN) if channel.attribute == "CTC" else ()

    def _model(self) -> dict[str, Any]:
        colour = self.mode.colour
        match colour.model:
            case "emitters":
                emitters = self.profile.emitters
                columns = [nominal.emitter_xyz(name, emitters[name]).tolist() for name in self.emitters]
                return {"model": "emitters", "columns": columns}
            case "rgb":
                plain = colour.model_dump(mode="json")
                return {
                    "model": "rgb",
                    "primaries": plain["primaries"] or nominal.PRIMARIES,
                    "white": plain["white"],
                }
            case "cct":
                kelvins = [kelvin for channel in self._driven() for _, kelvin in self._kelvin_knots(channel)]
                return {"model": "cct", "coldest": max(kelvins), "warmest": min(kelvins)}
            case _:
                return {"model": "dimmer"}
