"""Inputs and shares of the show to arrays, on the desk: which slot of which console drives which of ours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.model.channel import Channel
from lumad.model.fixture import Fixture
from lumad.model.show import Show
from lumad.pixelmap.channels import PatchedCell
from lumad.pixelmap.plan import LampPlan
from lumad.pixelmap.rows import fixture_key
from lumad.pixelmap.shares import SHARE_ARRAYS, SLOTS

Arrays = dict[str, npt.NDArray[Any]]

_TYPES: dict[str, Any] = {"owners": np.uint64, "fixtures": np.uint64, "hold": np.bool_}


def dims(fixture: Fixture) -> bool:
    """Whether a console's Dimmer is the fixture's level."""
    share = fixture.share
    return share is not None and fixture.control != "console" and "Dimmer" in share.attributes


@dataclass(frozen=True, slots=True)
class _Shared:
    """One channel of one cell, ready to be bundled."""

    slots: list[int]
    source: list[int]
    owner: int
    row: int
    curve: Any
    span: float | None
    steps: bool

    @property
    def kind(self) -> str:
        """Equal for channels of one bundle."""
        return repr((len(self.slots), self.curve, self.span, self.steps))


@dataclass
class Sharing:
    """Collects what consoles drive. Without inputs it makes nothing."""

    show: Show
    interface: str | None
    universes: dict[int, int] = field(default_factory=dict)  # of the inputs, to rows of (I, 512)
    values: dict[str, list[Any]] = field(default_factory=dict)  # as `shares.Shares` names them
    channels: list[_Shared] = field(default_factory=list)

    def __post_init__(self) -> None:
        for each in self.show.inputs:
            for universe in each.universe_list():
                self.universes[universe] = len(self.universes)
        self.values = {name: [] for name in SHARE_ARRAYS}

    def add(self, name: str, fixture: Fixture, plan: LampPlan, cells: Sequence[PatchedCell]) -> None:
        """A fixture that is lit, by `plan`, and its patched cells."""
        for each in self.show.inputs:
            channels = each.controls.fixtures.get(name)
            if channels is not None and channels.intensity is not None:
                self.values["dimmed"] += [cell.row for cell in cells]
                self.values["dimmers"] += [self._flat(channels.intensity)] * len(cells)
        if fixture.share is not None:
            self._share(name, fixture, plan, cells)

    def _share(self, name: str, fixture: Fixture, plan: LampPlan, cells: Sequence[PatchedCell]) -> None:
        share = fixture.share
        if share is None:
            return
        source = next(each for each in self.show.inputs if each.name == share.input)
        owner = len(self.values["owners"])
        place = source.model_dump_json(exclude={"controls"})
        way = (name, fixture.universe, fixture.address, fixture.control, share.model_dump_json(), place)
        self.values["owners"].append(fixture_key("\0".join(map(str, way))))
        self.values["fixtures"].append(fixture_key(name))
        self.values["inputs"].append(self.universes[share.address[0]])
        self.values["hold"].append((share.when_lost or source.when_lost) == "hold")
        self.values["mix"].append(self._mix(name))
        if dims(fixture) and fixture.control != "off" and plan.drive_names and "Dimmer" in plan.moved:
            self.values["full"] += [cell.row for cell in cells]
            self.values["full_owner"] += [owner] * len(cells)
        first = self._flat(share.address)
        for cell in cells:
            self.channels += [
                _Shared(
                    [cell.first_slot + slot - 1 for slot in channel.offset],
                    [first + slot - 1 if _is_taken(fixture, plan, like) else -1 for slot in channel.offset],
                    owner,
                    cell.row,
                    plan.light_curve(like),
                    channel.fine_span,
                    channel.fixed is not None,
                )
                for channel, like in _channels(plan, cell.cell)
            ]

    def _mix(self, name: str) -> int:
        """Flat index of a fixture's mix channel, -1 for none."""
        for each in self.show.inputs:
            channels = each.controls.fixtures.get(name)
            if channels is not None and channels.mix is not None:
                return self._flat(channels.mix)
        return -1

    def _flat(self, patch: tuple[int, int]) -> int:
        universe, address = patch
        return self.universes[universe] * SLOTS + address - 1

    # ------------------------------------------------------------ for the engine
    def inputs(self) -> list[dict[str, Any]]:
        """The inputs in plain values, as `input.console.Input` reads them."""
        return list(self._inputs())

    def _inputs(self) -> Iterator[dict[str, Any]]:
        for each in self.show.inputs:
            controls = each.controls
            flat = {
                key: self._flat(patch)
                for key in ("master", "blackout", "freeze")
                if (patch := getattr(controls, key)) is not None
            }
            yield {
                "name": each.name,
                "protocol": each.protocol,
                "universes": list(each.universe_list()),
                "wire": list(each.wire_universes()),
                "first": self.universes[each.universe_list()[0]],
                "interface": each.interface or self.interface,
                "hold": each.when_lost == "hold",
                "controls": flat,
                "looks": {name: self._flat(patch) for name, patch in controls.looks.items()},
            }

    def describe(self, arrays: Arrays) -> list[dict[str, Any]]:
        """The bodies of `shares.Channels`; all arrays are added to `arrays`."""
        if not self.show.inputs:
            return []
        for name, values in self.values.items():
            arrays[f"shares.{name}"] = np.array(values, _TYPES.get(name, np.int32))
        kinds: dict[str, list[_Shared]] = {}
        for channel in self.channels:
            kinds.setdefault(channel.kind, []).append(channel)
        bodies = []
        for number, alike in enumerate(kinds.values()):
            at = f"shares.{number}"
            arrays[f"{at}.slots"] = np.array([each.slots for each in alike], np.int32)
            arrays[f"{at}.source"] = np.array([each.source for each in alike], np.int32)
            arrays[f"{at}.owner"] = np.array([each.owner for each in alike], np.int32)
            arrays[f"{at}.rows"] = np.array([each.row for each in alike], np.int32)
            bodies.append(
                {"arrays": at, "curve": alike[0].curve, "span": alike[0].span, "steps": alike[0].steps}
            )
        return bodies


def _is_taken(fixture: Fixture, plan: LampPlan, channel: Channel) -> bool:
    """Whether the console has a say in a channel; the light of a fixture that is off is nobody's."""
    if fixture.control == "console":
        return True
    driven = channel.attribute in plan.moved
    named = fixture.share is not None and channel.attribute in fixture.share.attributes
    return named and not (driven and fixture.control == "off")


def _channels(plan: LampPlan, cell: int) -> Iterator[tuple[Channel, Channel]]:
    """The channels of a cell, each beside that of the first one, which has those that all cells share."""
    if cell == 0:
        yield from ((channel, channel) for channel in plan.mode.shared_channels)
    yield from zip(plan.mode.channels_of_cell(cell), plan.mode.channels_of_cell(0), strict=True)
