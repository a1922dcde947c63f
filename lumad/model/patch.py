"""Cross-checks of a whole show: names that must exist, slots that must fit and never overlap."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from pydantic import ValidationError

from lumad.documents import nearest
from lumad.errors import Fault
from lumad.model import circuit, console, schedule
from lumad.model.calibration import Calibration
from lumad.model.fixture import Fixture
from lumad.model.look import follows_of
from lumad.model.loss import look_called
from lumad.model.mode import Mode
from lumad.model.output import doubts_of
from lumad.model.profile import Profile
from lumad.model.region import Region
from lumad.model.show import Show
from lumad.model.validate import faults_in

UNIVERSE_SLOTS = 512

Place = tuple[int, int]
"""Universe and address."""


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots a patched fixture takes: `first`..`last` of `universe`, 1-based."""

    fixture: str
    universe: int
    first: int
    last: int


def slots_of(show: Show, profiles: Mapping[str, Profile]) -> list[Slots]:
    """The slots of every fixture whose profile and mode are known, in patch order."""
    found = []
    for name, fixture in show.fixtures.items():
        footprint = _footprint(fixture, profiles)
        if footprint:
            last = fixture.address + footprint - 1
            found.append(Slots(name, fixture.universe, fixture.address, last))
    return sorted(found, key=lambda slots: (slots.universe, slots.first, slots.last))


def free_address(show: Show, profiles: Mapping[str, Profile], footprint: int, universe: int = 1) -> Place:
    """The first place, from `universe` on, where `footprint` slots are free in a row; 512 at most count."""
    footprint = min(footprint, UNIVERSE_SLOTS)
    taken: dict[int, list[Slots]] = {}
    for slots in slots_of(show, profiles):
        taken.setdefault(slots.universe, []).append(slots)
    while True:
        address = 1
        for slots in taken.get(universe, ()):
            if address + footprint <= slots.first:
                break
            address = max(address, slots.last + 1)
        if address + footprint - 1 <= UNIVERSE_SLOTS:
            return universe, address
        universe += 1


def faults_of(show: Show, profiles: Mapping[str, Profile]) -> list[Fault]:
    """Everything that keeps the show from being patched; paths into the show file."""
    each = (_faults_of(name, fixture, show, profiles) for name, fixture in show.fixtures.items())
    found = [
        *_excludes(show),
        *chain.from_iterable(each),
        *_overlaps(show, profiles),
        *_looks(show),
        *_calls(show),
    ]
    found += schedule.faults_of(show.schedule, show.place, show.looks)
    found += circuit.faults_of(show.circuits, show.fixtures)
    return [*found, *console.faults_of(show, profiles)]


def warnings_of(
    show: Show,
    profiles: Mapping[str, Profile],
    calibrations: Mapping[str, Calibration] | None = None,
    seen: Collection[str] = (),
) -> list[Fault]:
    """What is allowed and yet hardly meant.

    `calibrations`: the files that could be read, by fixture; `seen`: fixtures that a camera file knows.
    """
    warnings = [
        Fault(("regions", name), "lies outside the picture; it shows nothing")
        for name, region in show.regions.items()
        if not region.touches_picture
    ]
    warnings += _groups_without_fixtures(show)
    warnings += circuit.warnings_of(show.fixtures, profiles)
    warnings += _looks_that_do_not_fit(show)
    warnings += _fallbacks_without_light(show)
    sent = {universe for output in show.outputs for universe in output.universe_list()}
    for name, fixture in show.fixtures.items():
        at = ("fixtures", name)
        profile = profiles.get(fixture.profile)
        if fixture.universe not in sent:
            said = f"universe {fixture.universe} is on no output; nothing is sent"
            warnings.append(Fault((*at, "universe"), said))
        if profile is not None and profile.status == "draft" and not fixture.accept_draft:
            said = f"{profile.id} is an unconfirmed draft; safe values only, until accept_draft: true"
            warnings.append(Fault((*at, "profile"), said))
        if fixture.control == "follow" and fixture.follow is None:
            warnings.append(Fault((*at, "follow"), "follows no region"))
        warnings += _floor_over_ceiling(at, show, fixture)
        mode = profile.modes.get(fixture.mode) if profile is not None else None
        if profile is not None and mode is not None and (fixture.calibration or name not in seen):
            warnings += _measured(at, fixture, profile, mode, (calibrations or {}).get(name))
    return [*warnings, *doubts_of(show.outputs), *console.warnings_of(show)]


def _groups_without_fixtures(show: Show) -> Iterator[Fault]:
    named = {group for fixture in show.fixtures.values() for group in fixture.groups}
    for name in sorted(show.groups.keys() - named):
        yield Fault(("groups", name), f"no fixture names this group{nearest(name, named)}; it trims nothing")


def _floor_over_ceiling(at: tuple[str, str], show: Show, fixture: Fixture) -> Iterator[Fault]:
    """The chain of trims may close the room that each of them leaves."""
    chain = show.trim_chain(fixture)
    floor_of, floor = max(chain, key=lambda entry: entry[1].min)
    ceiling_of, ceiling = min(chain, key=lambda entry: entry[1].max)
    if floor.min > ceiling.max:
        said = f"min {floor.min:g} ({floor_of}) lies above max {ceiling.max:g} ({ceiling_of}); max wins"
        yield Fault((*at, "trims"), said)


def _measured(
    at: tuple[str, str], fixture: Fixture, profile: Profile, mode: Mode, calibration: Calibration | None
) -> Iterator[Fault]:
    """Whether the colours of the lamp are known, and whether its calibration is its own."""
    here = (*at, "calibration")
    if fixture.calibration is None:
        if "emitters" in profile.assumed_of(mode):
            yield Fault(
                here,
                "the colours of its emitters are assumed, so its light will not quite match; measure them, "
                "or take a mode whose colours the lamp itself keeps",
            )
    elif calibration is not None:
        for said in calibration.doubts(profile, mode, fixture.serial):
            yield Fault(here, said)


def _excludes(show: Show) -> Iterator[Fault]:
    """What regions cut out must be other regions."""
    for name, region in show.regions.items():
        for at, other in enumerate(region.exclude):
            where = ("regions", name, "exclude", at)
            if other == name:
                yield Fault(where, "a region cannot cut itself out")
            elif other not in show.regions:
                yield Fault(where, f"no region {other!r}{nearest(other, show.regions)}")


def _looks(show: Show) -> Iterator[Fault]:
    """Looks name what is there."""
    for name, look in show.looks.items():
        for room, parts, known in (
            ("fixtures", look.fixtures, show.fixtures.keys()),
            ("regions", look.regions, show.regions.keys()),
        ):
            for one in parts.keys() - known:
                yield Fault(("looks", name, room, one), f"no {room[:-1]} {one!r}{nearest(one, known)}")
        for one, part in look.fixtures.items():
            region = follows_of(part)
            if region is not None and region not in show.regions:
                near = nearest(region, show.regions)
                yield Fault(("looks", name, "fixtures", one, "follow"), f"no region {region!r}{near}")


def _calls(show: Show) -> Iterator[Fault]:
    """Looks that cues and lamps call are there; cues have numbers of their own."""
    for name, fixture in show.fixtures.items():
        look_name = look_called(fixture.on_loss)
        if look_name is not None and look_name not in show.looks:
            yield Fault(
                ("fixtures", name, "on_loss"), f"no look {look_name!r}{nearest(look_name, show.looks)}"
            )
    numbers = [cue.number for cue in show.cues]
    for at, cue in enumerate(show.cues):
        if cue.look not in show.looks:
            yield Fault(("cues", at, "look"), f"no look {cue.look!r}{nearest(cue.look, show.looks)}")
        if cue.number in numbers[:at]:
            yield Fault(("cues", at, "number"), f"there are two cues {cue.number:g}")


def _fallbacks_without_light(show: Show) -> Iterator[Fault]:
    """A lamp may go to a look that has no light of its own for it."""
    for name, fixture in show.fixtures.items():
        look = show.looks.get(look_called(fixture.on_loss) or "")
        if look is None:
            continue
        part = look.fixtures.get(name)
        if part is None or part.over(fixture).control not in ("manual", "off"):
            said = f"look {look_called(fixture.on_loss)} does not put this lamp on manual or off; it holds"
            yield Fault(("fixtures", name, "on_loss"), said)


def _looks_that_do_not_fit(show: Show) -> Iterator[Fault]:
    """A region that was drawn anew since may have no use for what a look says of it."""
    for name, look in show.looks.items():
        for one, part in look.regions.items():
            try:
                if part.moves:
                    part.over(show.regions[one])
            except ValidationError as error:
                said = "; ".join(str(fault) for fault in faults_in(error, {}, Region))
                yield Fault(("looks", name, "regions", one), f"{said}; the look cannot be recalled")


def _footprint(fixture: Fixture, profiles: Mapping[str, Profile]) -> int:
    profile = profiles.get(fixture.profile)
    mode = profile.modes.get(fixture.mode) if profile else None
    return mode.footprint if mode else 0


def _faults_of(name: str, fixture: Fixture, show: Show, profiles: Mapping[str, Profile]) -> Iterator[Fault]:
    at = ("fixtures", name)
    if fixture.follow is not None and fixture.follow.region not in show.regions:
        near = nearest(fixture.follow.region, show.regions)
        yield Fault((*at, "follow"), f"no region {fixture.follow.region!r}{near}")
    profile = profiles.get(fixture.profile)
    if profile is None:
        yield Fault((*at, "profile"), f"no profile {fixture.profile!r}{nearest(fixture.profile, profiles)}")
        return
    mode = profile.modes.get(fixture.mode)
    if mode is None:
        near = nearest(fixture.mode, profile.modes) or f"; possible: {', '.join(profile.modes)}"
        yield Fault((*at, "mode"), f"{profile.id} has no mode {fixture.mode!r}{near}")
        return
    cells = fixture.cells
    if cells is not None and cells.count != mode.cell_count:
        yield Fault(
            (*at, "cells"),
            f"{cells.rows} rows of {cells.columns} cells, but mode {fixture.mode} has {mode.cell_count}",
        )
    highest = UNIVERSE_SLOTS - mode.footprint + 1
    if highest < 1:
        yield Fault(
            (*at, "mode"),
            f"takes {mode.footprint} slots; fixtures in several universes come with a later version of lumad",
        )
    elif fixture.address > highest:
        yield Fault(
            (*at, "address"),
            f"{fixture.address} leaves too little room for {mode.footprint} slots; "
            f"the last address that fits is {highest}",
        )


def _overlaps(show: Show, profiles: Mapping[str, Profile]) -> Iterator[Fault]:
    reach: Slots | None = None  # of those before, the one that reaches furthest
    for slots in slots_of(show, profiles):
        if reach is not None and slots.universe == reach.universe and slots.first <= reach.last:
            last = min(slots.last, reach.last)
            shared = f"slot {last}" if slots.first == last else f"slots {slots.first} to {last}"
            yield Fault(
                ("fixtures", slots.fixture, "address"),
                f"overlaps {reach.fixture}: both use {shared} of universe {slots.universe}",
            )
        if reach is None or slots.universe != reach.universe or slots.last > reach.last:
            reach = slots
