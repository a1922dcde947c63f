"""Cross-checks of a whole show: names that must exist, slots that must fit and never overlap."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from lumad.documents import nearest
from lumad.errors import Fault
from lumad.model.calibration import Calibration
from lumad.model.fixture import Fixture
from lumad.model.mode import Mode
from lumad.model.output import doubts_of
from lumad.model.profile import Profile
from lumad.model.show import Show

UNIVERSE_SLOTS = 512


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


def faults_of(show: Show, profiles: Mapping[str, Profile]) -> list[Fault]:
    """Everything that keeps the show from being patched; paths into the show file."""
    each = (_faults_of(name, fixture, show, profiles) for name, fixture in show.fixtures.items())
    return [*_excludes(show), *chain.from_iterable(each), *_overlaps(show, profiles)]


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
    return [*warnings, *doubts_of(show.outputs)]


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
