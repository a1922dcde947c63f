"""/api/v1/profiles: the lamps that can be patched; files of lamps are taken in."""

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from lumad.api.body import file_body, json_reply
from lumad.api.desk import desk_of, store_of
from lumad.api.devices import who
from lumad.api.openapi import told
from lumad.api.problem import RequestError
from lumad.errors import UnknownNameError
from lumad.library.draft import Imported
from lumad.model.profile import Profile
from lumad.show.form import form_of

routes = web.RouteTableDef()
ONE = r"/api/v1/profiles/{id:[^/%]+(?:/|%2F)[^/%]+}"
FILE_TYPES = (
    *("application/octet-stream", "application/zip", "application/json"),
    *("application/yaml", "application/x-yaml", "text/yaml", "text/plain"),
)
_FILE = {"type": "string", "format": "binary"}
_WORD = {"type": "string"}
_TEXTS = {"type": "array", "items": {"type": "string"}}
LIST = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "name", "status", "modes"],
        "properties": {"modes": _TEXTS},
    },
}
TAKEN = {
    "type": "object",
    "required": ["id", "name", "status", "modes", "repaired", "unknown", "left_out"],
    "properties": {"modes": {"type": "object"}, "repaired": _TEXTS, "unknown": _TEXTS, "left_out": _TEXTS},
}


@routes.get("/api/v1/profiles")
@told(reply=LIST, query={"q": _WORD})
async def list_profiles(request: web.Request) -> web.Response:
    """Every profile found: id, name, status, modes; `?q=` words that must all be in id or name."""
    words = request.query.get("q", "").casefold().split()
    profiles = store_of(request).profiles
    found = [profile for profile in profiles.values() if _has(profile, words)]
    return json_reply([_about(profile) | {"modes": list(profile.modes)} for profile in found])


@routes.get(ONE)
@told(reply=Profile)
async def get_profile(request: web.Request) -> web.Response:
    """One profile, with the keys of a profile file."""
    name, profiles = request.match_info["id"], store_of(request).profiles
    if name not in profiles:
        raise UnknownNameError(f"there is no profile {name[:80]}")
    return json_reply(form_of(profiles[name]))


@routes.post("/api/v1/profiles")
@told(body=_FILE, body_types=FILE_TYPES[:1], reply=TAKEN, statuses=(201,), query={"as": _WORD, "name": _WORD})
async def post_profile(request: web.Request) -> web.Response:
    """Takes a file in: GDTF, Open Fixture Library JSON (both become drafts) or a profile of lumad.

    `?name=` is the file's name, for messages; `?as=maker/model` gives it another id.
    """
    from lumad.library.offer import read_offer  # noqa: PLC0415 - pygdtf loads when the first file comes

    data = await file_body(request, FILE_TYPES)
    file, given = request.query.get("name", "the file")[:80], request.query.get("as")
    imported = await asyncio.to_thread(read_offer, data, file, given)
    name = imported.profile.id
    if name in store_of(request).profiles:
        detail = f"there is a profile {name} already; give this one another id by ?as=maker/model"
        raise RequestError(HTTPStatus.CONFLICT, detail)
    await desk_of(request).keep_profile(imported.form)
    desk_of(request).journal.note("profile", f"{name} was taken into the library", who(request))
    return json_reply(_told(imported), HTTPStatus.CREATED, {"Location": f"/api/v1/profiles/{name}"})


def _has(profile: Profile, words: list[str]) -> bool:
    text = f"{profile.id} {profile.name}".casefold()
    return all(word in text for word in words)


def _about(profile: Profile) -> dict[str, Any]:
    return {"id": profile.id, "name": profile.name, "status": profile.status}


def _told(imported: Imported) -> Mapping[str, Any]:
    """What was made of a file, mode by mode, and what could not be."""
    profile, findings = imported.profile, imported.findings
    modes = {
        name: {
            "footprint": mode.footprint,
            "cells": mode.cell_count,
            "model": mode.colour.model,
            "assumed": list(profile.assumed_of(mode)),
        }
        for name, mode in profile.modes.items()
    }
    found = {"repaired": findings.repaired, "unknown": findings.unknown, "left_out": findings.left_out}
    return {**_about(profile), "modes": modes, **found}
