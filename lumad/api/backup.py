"""/api/v1/backup: everything that makes the show, in one file, and back."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from aiohttp import web

import lumad
from lumad.api.body import file_body, json_reply, read_json
from lumad.api.desk import desk_of, store_of
from lumad.api.devices import who
from lumad.api.openapi import ANY_OBJECT, REVISION, told
from lumad.documents import MAX_VALUES
from lumad.errors import EditError, Fault
from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.model.validate import check
from lumad.show.edits import check_show, restore
from lumad.show.form import form_of
from lumad.show.store import Store

FORMAT = 1
BACKUP = {
    "type": "object",
    "required": ["lumad_backup", "show"],
    "properties": {
        "lumad_backup": {"const": FORMAT},
        "version": {"type": "string"},
        "time": {"type": "number"},
        "show": {"$ref": "#/components/schemas/Show"},
        "live": {"type": "object"},
        "profiles": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Profile"}},
    },
}
RESTORED = {
    "type": "object",
    "description": "As GET gives it.",
    "required": ["lumad_backup", "show"],
    "properties": {"lumad_backup": {"const": FORMAT}, "show": ANY_OBJECT},
}
_MAPPINGS = ("show", "live", "profiles")
_TYPES = ("application/json", "application/octet-stream")

routes = web.RouteTableDef()


@routes.get("/api/v1/backup")
@told(reply=BACKUP)
async def get_backup(request: web.Request) -> web.Response:
    """The show, its live values, and the profiles that its lamps use."""
    store = store_of(request)
    used = sorted({fixture.profile for fixture in store.show.fixtures.values()})
    form = {
        "lumad_backup": FORMAT,
        "version": lumad.__version__,
        "time": round(time.time(), 3),
        "show": form_of(store.show),
        "live": store.live.to_json(),
        "profiles": {name: form_of(store.profiles[name]) for name in used},
    }
    day = time.strftime("%Y-%m-%d")
    return json_reply(form, headers={"Content-Disposition": f'attachment; filename="lumad-{day}.json"'})


@routes.post("/api/v1/backup")
@told(body=RESTORED, body_types=_TYPES, reply=REVISION)
async def post_backup(request: web.Request) -> web.Response:
    """Makes the backup's show the show, as one edit that undo takes back; live values stay as they are.

    Profiles that are missing here come along; those that are here stay as they are.
    """
    store, desk = store_of(request), desk_of(request)
    backup = await asyncio.to_thread(_opened, await file_body(request, _TYPES))
    edit = restore(backup.get("show"))
    with _below("show"):  # in a thread: a hostile file costs seconds, and blackout must not wait for them
        show = await asyncio.to_thread(edit, store.show)
    with _below("profiles"):
        missing = _missing(store, show, backup.get("profiles", {}))
    with _below("show"):
        check_show(show, _here(store, show) | missing)
    for profile in missing.values():
        await desk.keep_profile(form_of(profile))
    revision = store.apply(lambda _: show, by=who(request))
    desk.journal.note("backup", f"the show came from a backup of {_made_by(backup)}", who(request))
    return json_reply({"revision": revision})


def _opened(data: bytes) -> Mapping[str, Any]:
    """The members of a backup; EditError where it is none, or one that only a later lumad reads."""
    try:
        backup = read_json(data)
    except ValueError as fault:
        raise EditError([Fault((), f"this is no backup: {fault}")]) from None
    if not isinstance(backup, dict) or "lumad_backup" not in backup:
        raise EditError([Fault(("lumad_backup",), "is missing: this is no backup of lumad")])
    faults = [
        Fault((key,), "is not a mapping of keys")
        for key in _MAPPINGS
        if not isinstance(backup.get(key, {}), dict)
    ]
    if faults:
        raise EditError(faults)
    if _values_left(backup, MAX_VALUES) < 0:
        raise EditError([Fault((), f"more than {MAX_VALUES} values; that is no show")])
    number = backup["lumad_backup"]
    if number != FORMAT or isinstance(number, bool):
        newer = isinstance(number, int) and number > FORMAT
        said = f"{str(number)[:40]!r} is no format of a backup"
        if newer:
            said = f"format {number} of lumad {_made_by(backup)}; this lumad reads format {FORMAT}"
        raise EditError([Fault(("lumad_backup",), said)])
    return backup


def _made_by(backup: Mapping[str, Any]) -> str:
    return str(backup.get("version", "an unknown version"))[:40]


def _missing(store: Store, show: Show, forms: Mapping[str, Any]) -> dict[str, Profile]:
    """The profiles of a backup that its show uses and that are not here; all of them must be some."""
    used = {fixture.profile for fixture in show.fixtures.values()}
    found: dict[str, Profile] = {}
    for name, form in forms.items():
        with _below(name):
            profile = check(form, Profile)
            if profile.id != name:
                raise EditError([Fault(("id",), f"{profile.id} stands under {name}")])
        if name in used and name not in store.profiles:
            found[name] = profile
    return found


def _here(store: Store, show: Show) -> dict[str, Profile]:
    """The profiles that a show uses, as far as they are here."""
    used = {fixture.profile for fixture in show.fixtures.values()}
    return {name: store.profiles[name] for name in used if name in store.profiles}


@contextmanager
def _below(*steps: str) -> Iterator[None]:
    """Faults inside stand below these steps."""
    try:
        yield
    except EditError as error:
        raise EditError([replace(fault, path=(*steps, *fault.path)) for fault in error.faults]) from None


def _values_left(value: Any, left: int) -> int:
    """What is left of so many values after counting those of `value`; negative, soon, where it has more."""
    left -= 1
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if left < 0:
            break
        left = _values_left(part, left)
    return left
