"""Pure edits: a show and a wish make a new show; the old one stays as it is."""

from collections.abc import Callable, Mapping
from math import log2
from typing import Any

from lumad.documents import nearest
from lumad.errors import EditError, Fault, UnknownNameError
from lumad.model.noun import Noun
from lumad.model.patch import faults_of
from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.model.validate import check
from lumad.show import looks
from lumad.show.form import form_of

Edit = Callable[[Show], Show]
"""Makes the new show; raises EditError or UnknownNameError."""

WHITE_LEVEL = 0.7
ROOMS = {
    "regions": "region",
    "fixtures": "fixture",
    "groups": "group",
    "looks": "look",
    "circuits": "circuit",
}
LISTS = ("outputs", "inputs", "cues", "schedule")
OWN = ("name", "exposure", "groups", "match", "flash_guard", "place")


def named(show: Show, room: str, name: str) -> Noun:
    """The region, fixture, group, … of that name; UnknownNameError names the nearest."""
    known: Mapping[str, Noun] = getattr(show, room)
    if name not in known:
        raise UnknownNameError(f"there is no {ROOMS[room]} {name}{nearest(name, known)}")
    return known[name]


def merge(path: str, value: Any, *, create: bool = False) -> Edit:
    """JSON merge patch (RFC 7396) onto `regions/ID`, `fixtures/ID`, …, `show`; `create` lets one begin.

    A list (`outputs`, …) is no object: it is replaced.
    """
    if path == "show":
        return merge_show(value)
    if path in LISTS:
        return replace(path, value)
    room, name = _steps(path)

    def edit(show: Show) -> Show:
        new = create and name not in getattr(show, room)
        return _with(show, room, name, merged({} if new else form_of(named(show, room, name)), value))

    return edit


def merge_show(value: Any) -> Edit:
    """JSON merge patch onto the show's own keys, those of `OWN`."""

    def edit(show: Show) -> Show:
        if not isinstance(value, dict):
            raise EditError([Fault((), "write the keys to change and their values")])
        for key in value:
            if key not in OWN:
                near = nearest(key, OWN) or f"; these can: {', '.join(OWN)}"
                raise EditError([Fault((key,), f"cannot be changed here{near}")])
        form = form_of(show)
        own = {key: form[key] for key in OWN if key in form}
        left = {key: part for key, part in dict(show).items() if key not in OWN}
        return check({**left, **merged(own, value)}, Show)

    return edit


def match_white(show: Show) -> Show:
    """Exposure at which wall white drives the linked lamp with the least left to 70 % of its full output.

    Saturated colours take more of a lamp than white does; the rest is for them. It never moves by itself.
    """
    linked = [lamp for lamp in show.fixtures.values() if lamp.control == "follow" and lamp.follow]
    stops = [show.trims_of(lamp).intensity for lamp in linked if lamp.follow and lamp.follow.take != "colour"]
    if not stops:
        raise EditError([Fault(("exposure",), "no lamp takes its intensity from the wall; link one first")])
    return check({**dict(show), "exposure": round(log2(WHITE_LEVEL) - max(stops), 3)}, Show)


def replace(path: str, value: Any) -> Edit:
    """Creates or replaces what is at `regions/ID`, `fixtures/ID`, …, or a whole list as `outputs`."""
    if path in LISTS:
        return lambda show: check({**dict(show), path: value}, Show)
    room, name = _steps(path)
    return lambda show: _with(show, room, name, value)


def delete(path: str) -> Edit:
    """Removes what is at `regions/ID`, `fixtures/ID`, …; looks forget it. Not what others still name."""
    if path in LISTS:
        raise EditError([Fault((path,), "is a list; send [] to empty it")])
    room, name = _steps(path)
    if room == "looks":
        return looks.delete(name)

    def edit(show: Show) -> Show:
        named(show, room, name)
        if room == "regions":
            _check_unfollowed(show, name)
        left = {key: noun for key, noun in getattr(show, room).items() if key != name}
        kept = {key: looks.forgotten(look, room, name) for key, look in show.looks.items()}
        return show.model_copy(update={"looks": kept, room: left})

    return edit


def restore(form: Any) -> Edit:
    """The whole show becomes the one that `form` describes."""
    if not isinstance(form, dict):
        raise EditError([Fault(("show",), "a show is a mapping of its keys")])
    return lambda _: check(form, Show)


def check_show(show: Show, profiles: Mapping[str, Profile]) -> None:
    """Raises EditError if the show contradicts itself or its profiles."""
    if faults := faults_of(show, profiles):
        raise EditError(faults)


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396: members of `patch` replace those of `target`, null removes them."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def _with(show: Show, room: str, name: str, form: Any) -> Show:
    """The show with another region or fixture; what is valid already is not read again."""
    return check({**dict(show), room: {**getattr(show, room), name: form}}, Show)


def _check_unfollowed(show: Show, region: str) -> None:
    followers = [key for key, lamp in show.fixtures.items() if lamp.follow and lamp.follow.region == region]
    if followers:
        said = f"is followed by {', '.join(followers)}; let them go first"
        raise EditError([Fault(("regions", region), said)])


def _steps(path: str) -> tuple[str, str]:
    room, _, name = path.partition("/")
    if room not in ROOMS or not name or "/" in name:
        known = ", ".join([*(f"{room}/ID" for room in ROOMS), *LISTS, "show"])
        raise UnknownNameError(f"{path[:80]} cannot be edited; these can: {known}")
    return room, name
