"""Pure edits: a show and a wish make a new show; the old one stays as it is."""

from collections.abc import Callable, Mapping
from math import log2
from typing import Any

from lumad.documents import nearest
from lumad.errors import EditError, Fault, UnknownNameError
from lumad.model.fixture import Fixture
from lumad.model.patch import faults_of
from lumad.model.profile import Profile
from lumad.model.region import Region
from lumad.model.show import Show
from lumad.model.validate import check
from lumad.show.form import form_of

Edit = Callable[[Show], Show]
"""Makes the new show; raises EditError or UnknownNameError."""

WHITE_LEVEL = 0.7
_ROOMS = {"regions": "region", "fixtures": "fixture"}
_OWN = ("name", "exposure", "groups", "match")


def named(show: Show, room: str, name: str) -> Region | Fixture:
    """The region or fixture of that name; UnknownNameError names the nearest."""
    known: Mapping[str, Region | Fixture] = show.regions if room == "regions" else show.fixtures
    if name not in known:
        raise UnknownNameError(f"there is no {_ROOMS[room]} {name}{nearest(name, known)}")
    return known[name]


def merge(path: str, value: Any, *, create: bool = False) -> Edit:
    """JSON merge patch (RFC 7396) onto `regions/ID`, `fixtures/ID`, `show`; `create` lets a region begin."""
    if path == "show":
        return merge_show(value)
    room, name = _steps(path)

    def edit(show: Show) -> Show:
        new = create and room == "regions" and name not in show.regions
        return _with(show, room, name, merged({} if new else form_of(named(show, room, name)), value))

    return edit


def merge_show(value: Any) -> Edit:
    """JSON merge patch onto the show's own keys: name, exposure, groups, match."""

    def edit(show: Show) -> Show:
        if not isinstance(value, dict):
            raise EditError([Fault((), "write the keys to change and their values")])
        for key in value:
            if key not in _OWN:
                near = nearest(key, _OWN) or f"; these can: {', '.join(_OWN)}"
                raise EditError([Fault((key,), f"cannot be changed here{near}")])
        form = form_of(show)
        own = {key: form[key] for key in _OWN if key in form}
        left = {key: part for key, part in dict(show).items() if key not in _OWN}
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
    """Creates or replaces the region at `regions/ID`."""
    room, name = _steps(path)
    if room != "regions":
        raise _in_file_only(path)
    return lambda show: _with(show, room, name, value)


def delete(path: str) -> Edit:
    """Removes the region at `regions/ID`, unless fixtures follow it."""
    room, name = _steps(path)
    if room != "regions":
        raise _in_file_only(path)

    def edit(show: Show) -> Show:
        named(show, room, name)
        followers = [key for key, lamp in show.fixtures.items() if lamp.follow and lamp.follow.region == name]
        if followers:
            raise EditError(
                [Fault((room, name), f"is followed by {', '.join(followers)}; let them go first")]
            )
        left = {key: region for key, region in show.regions.items() if key != name}
        return show.model_copy(update={"regions": left})

    return edit


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


def _steps(path: str) -> tuple[str, str]:
    room, _, name = path.partition("/")
    if room not in _ROOMS or not name or "/" in name:
        raise UnknownNameError(f"{path} cannot be edited; regions/ID, fixtures/ID and show can")
    return room, name


def _in_file_only(path: str) -> EditError:
    room, name = _steps(path)
    return EditError([Fault((room, name), "lamps are patched in the show file, not here")])
