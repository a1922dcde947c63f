"""Looks and cues: pure edits that store, recall, release, rename and delete them."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from lumad.documents import nearest
from lumad.errors import EditError, Fault, UnknownNameError
from lumad.model.cue import Cue
from lumad.model.fixture import Fixture
from lumad.model.look import WALL_WHITE, FixtureLook, Look, RegionLook, TrimsLook, follows_of, named
from lumad.model.loss import calling, look_called
from lumad.model.noun import Noun
from lumad.model.region import GEOMETRY, Region
from lumad.model.show import Show
from lumad.model.trims import Trims
from lumad.model.validate import check, faults_in
from lumad.show.fade import Fade

N = TypeVar("N", bound=Noun)
Edit = Callable[[Show], Show]
"""Makes the new show; raises EditError or UnknownNameError."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "control": ("control", "follow"),
    "level": ("level",),
    "colour": ("colour",),
    "trims": ("trims",),
    "shape": ("shape", *sorted(GEOMETRY), "feather"),
}
"""What can be stored, and the keys of fixtures and regions that belong to it."""


def look_of(show: Show, name: str) -> Look:
    """The look of that name; UnknownNameError names the nearest."""
    if name not in show.looks:
        raise UnknownNameError(f"there is no look {name}{nearest(name, show.looks)}")
    return show.looks[name]


# ------------------------------------------------------------ storing
def store_look(
    name: str,
    fixtures: Collection[str] | None = None,
    regions: Collection[str] | None = None,
    parts: Collection[str] | None = None,
    **own: Any,
) -> Edit:
    """Stores the settings of these fixtures and regions as they are, over what the look said of them.

    Without both: of those that the look names, and without `parts` just the settings it names; a new look
    takes all fixtures and no region. `parts`: of PARTS, None is all. `own`: label and fade_s.
    """
    unknown = [part for part in parts or () if part not in PARTS]
    if unknown:
        possible = nearest(unknown[0], PARTS) or f"; possible: {', '.join(PARTS)}"
        raise EditError([Fault(("parts",), f"no part {unknown[0]!r}{possible}")])
    keys = {key for part in (PARTS if parts is None else parts) for key in PARTS[part]}

    def edit(show: Show) -> Show:
        look = show.looks.get(name, Look()).model_copy(update=own)
        lamps, areas = fixtures, regions
        if lamps is None and areas is None:
            if name in show.looks and parts is None:
                return _with(show, name, _renewed(show, look))
            lamps, areas = (look.fixtures, look.regions) if name in show.looks else (show.fixtures, ())
        new = {
            **dict(look),
            "fixtures": look.fixtures | _stored(show.fixtures, lamps or (), keys, _fixture),
            "regions": look.regions | _stored(show.regions, areas or (), keys, _region),
        }
        return _with(show, name, new)

    return edit


def set_look(name: str, form: Any) -> Edit:
    """The look as `form` says, new or not."""
    return lambda show: _with(show, name, form)


def _with(show: Show, name: str, look: Look | Mapping[str, Any]) -> Show:
    return check({**dict(show), "looks": {**show.looks, name: look}}, Show)


def _renewed(show: Show, look: Look) -> dict[str, Any]:
    """The look with the settings it names as they are now."""
    fixtures = {
        one: _only(_fixture(show.fixtures[one], set(named(p))), p) for one, p in look.fixtures.items()
    }
    regions = {one: _only(_region(show.regions[one], set(named(p))), p) for one, p in look.regions.items()}
    return {**dict(look), "fixtures": fixtures, "regions": regions}


def _only(values: dict[str, Any], part: FixtureLook | RegionLook) -> dict[str, Any]:
    """The values with those trims alone that the part named."""
    if part.trims is None:
        return values
    return {**values, "trims": {key: values["trims"][key] for key in named(part.trims)}}


def _stored(
    known: Mapping[str, Any],
    names: Collection[str],
    keys: Collection[str],
    stored: Callable[[Any, Collection[str]], dict[str, Any]],
) -> dict[str, Any]:
    """By name, what `stored` makes of each; UnknownNameError."""
    for name in names:
        if name not in known:
            raise UnknownNameError(f"there is no {name} to store{nearest(name, known)}")
    return {name: values for name in names if (values := stored(known[name], keys))}


_UNSET: Mapping[str, Any] = {"follow": False, "colour": WALL_WHITE}


def _fixture(fixture: Fixture, keys: Collection[str]) -> dict[str, Any]:
    """What a look says of a fixture so that it comes back as it is."""
    values = {key: getattr(fixture, key) for key in FixtureLook.model_fields if key in keys}
    return {key: _UNSET[key] if value is None else _part(value) for key, value in values.items()}


def _region(region: Region, keys: Collection[str]) -> dict[str, Any]:
    """What a look says of a region so that it comes back as it is."""
    keys = {*keys, *GEOMETRY} if "shape" in keys else keys
    values = {key: getattr(region, key) for key in RegionLook.model_fields if key in keys}
    return {key: _part(value) for key, value in values.items() if value is not None}


def _part(value: Any) -> Any:
    return dict(value) if isinstance(value, Trims) else value


# ------------------------------------------------------------ going
def recall(name: str) -> Edit:
    """The settings that the look names come back; EditError where a region has no use for them any more."""

    def edit(show: Show) -> Show:
        look = look_of(show, name)
        fixtures = {one: part.over(show.fixtures[one]) for one, part in look.fixtures.items()}
        try:
            regions = {one: part.over(show.regions[one]) for one, part in look.regions.items()}
        except ValidationError as error:
            said = "; ".join(fault.message for fault in faults_in(error, {}, Region))
            raise EditError([Fault(("looks", name, "regions"), said)]) from None
        return show.model_copy(
            update={"fixtures": show.fixtures | fixtures, "regions": show.regions | regions}
        )

    return edit


def release(name: str) -> Edit:
    """The fixtures of the look follow the wall by their own region again; those without one go off.

    Their level, colour and trims stay: they say how a lamp follows. Fixtures on the console stay there.
    """

    def edit(show: Show) -> Show:
        lamps = {one: show.fixtures[one] for one in look_of(show, name).fixtures}
        released = {
            one: lamp.model_copy(update={"control": "follow" if lamp.follow else "off"})
            for one, lamp in lamps.items()
            if lamp.control in ("manual", "off", "follow")
        }
        return show.model_copy(update={"fixtures": show.fixtures | released})

    return edit


def fade_of(show: Show, name: str, seconds: float | None = None) -> Fade:
    """The fade that goes with a recall or release: of its fixtures, and of all that follow its regions."""
    look = look_of(show, name)
    following = (
        one
        for one, lamp in show.fixtures.items()
        if lamp.control == "follow" and lamp.follow and lamp.follow.region in look.regions
    )
    return Fade(look.fade_s if seconds is None else seconds, frozenset((*look.fixtures, *following)))


def is_on(show: Show, name: str) -> bool:
    """Whether the show is, in all that the look names, as the look says; one that names nothing never is."""
    look = look_of(show, name)
    parts: list[tuple[Noun, FixtureLook | RegionLook]] = [
        *((show.fixtures[one], part) for one, part in look.fixtures.items()),
        *((show.regions[one], part) for one, part in look.regions.items()),
    ]
    return bool(parts) and all(_shows(noun, part) for noun, part in parts)


def looks_on(show: Show) -> list[str]:
    """The looks that are on now."""
    return [name for name in show.looks if is_on(show, name)]


def _shows(noun: Noun, part: Noun) -> bool:
    for key, value in named(part).items():
        now = getattr(noun, key)
        if isinstance(value, TrimsLook):
            if not _shows(now, value):
                return False
        elif now != (None if value in (False, WALL_WHITE) and key in _UNSET else value):
            return False
    return True


# ------------------------------------------------------------ keeping house
def rename(name: str, new: str) -> Edit:
    """The look under another name, for all that call it too; EditError where there is one of that name."""

    def edit(show: Show) -> Show:
        look_of(show, name)
        if new in show.looks:
            raise EditError([Fault(("looks", new), "there is a look of that name already")])
        looks = {new if one == name else one: look for one, look in show.looks.items()}
        return check({**dict(show), "looks": looks, **_callers(show, name, new)}, Show)

    return edit


def _callers(show: Show, name: str, new: str) -> dict[str, Any]:
    """Cues, schedule, consoles and lamps that call a look, calling it by its `new` name."""
    lamps = {
        one: lamp.model_copy(update={"on_loss": calling(lamp.on_loss, new)})
        for one, lamp in show.fixtures.items()
        if look_called(lamp.on_loss) == name
    }
    inputs = []
    for each in show.inputs:
        looks = {new if one == name else one: patch for one, patch in each.controls.looks.items()}
        controls = each.controls.model_copy(update={"looks": looks})
        inputs.append(each.model_copy(update={"controls": controls}))
    return {
        "fixtures": show.fixtures | lamps,
        "cues": [_renamed(cue, name, new) for cue in show.cues],
        "schedule": [_renamed(entry, name, new) for entry in show.schedule],
        "inputs": inputs,
    }


def _renamed(caller: N, name: str, new: str) -> N:
    """A cue or an entry of the schedule, calling a look by its `new` name."""
    keys = [key for key in ("look", "release") if getattr(caller, key, None) == name]
    return caller.model_copy(update=dict.fromkeys(keys, new))


def delete(name: str) -> Edit:
    """Removes a look that no cue and no lamp without a feed calls."""

    def edit(show: Show) -> Show:
        look_of(show, name)
        if cues := [f"{cue.number:g}" for cue in show.cues if cue.look == name]:
            raise EditError(
                [Fault(("looks", name), f"goes with cue {', '.join(cues)}; take it out there first")]
            )
        if lamps := [one for one, lamp in show.fixtures.items() if look_called(lamp.on_loss) == name]:
            said = f"is what {', '.join(lamps)} would do without a feed (on_loss); change that first"
            raise EditError([Fault(("looks", name), said)])
        return show.model_copy(update={"looks": {k: v for k, v in show.looks.items() if k != name}})

    return edit


def forgotten(look: Look, room: str, name: str) -> Look:
    """The look without what it says of a fixture or region (`room` is "fixtures" or "regions") that goes."""
    if room not in ("fixtures", "regions"):
        return look
    parts: Mapping[str, Noun] = getattr(look, room)
    left = {room: {one: part for one, part in parts.items() if one != name}}
    if room == "regions":
        left["fixtures"] = {
            one: part.model_copy(update={"follow": None}) if follows_of(part) == name else part
            for one, part in look.fixtures.items()
        }
    return look.model_copy(update=left)


# ------------------------------------------------------------ cues
def set_cues(form: Any) -> Edit:
    """The whole cue list, in the order of its numbers."""

    def edit(show: Show) -> Show:
        changed = check({**dict(show), "cues": form}, Show)
        return changed.model_copy(update={"cues": tuple(sorted(changed.cues, key=lambda cue: cue.number))})

    return edit


def cue_of(show: Show, number: float) -> Cue:
    """The cue of that number; UnknownNameError."""
    found = next((cue for cue in show.cues if cue.number == number), None)
    if found is None:
        raise UnknownNameError(f"there is no cue {number:g}")
    return found


def cue_after(show: Show, number: float | None) -> Cue | None:
    """The cue after that number, the first one after None; None at the end."""
    later = [cue for cue in show.cues if number is None or cue.number > number]
    return min(later, key=lambda cue: cue.number, default=None)


def cue_before(show: Show, number: float | None) -> Cue | None:
    """The cue before that number; None at the beginning."""
    earlier = [cue for cue in show.cues if number is not None and cue.number < number]
    return max(earlier, key=lambda cue: cue.number, default=None)
