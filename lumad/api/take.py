"""/api/v1/take and takes: what is shot now, what stays locked meanwhile, and the light of every take."""

import asyncio
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from lumad.api.body import json_body, json_reply
from lumad.api.desk import desk_of, store_of
from lumad.api.devices import role_of, who
from lumad.api.openapi import REVISION, told
from lumad.api.problem import RequestError
from lumad.api.roles import Role, route_of
from lumad.errors import UnknownNameError
from lumad.link.take import LONGEST
from lumad.show.edits import restore
from lumad.show.fade import Fade
from lumad.show.store import Store

RESTORE_S: Final = 1.0  # how long light takes into a kept take
_TEXT = {"type": "string", "maxLength": LONGEST}
TAKE = {
    "type": "object",
    "properties": {
        "rolling": {"type": "boolean"},
        "scene": _TEXT,
        "shot": _TEXT,
        "take": {"type": "integer", "minimum": 1, "maximum": 9999},
        "ride": {"type": "array", "items": {"type": "string"}},
    },
    "additionalProperties": False,
}
TAKES = {"type": "array", "items": {"type": "object", "required": ["id", "time", "still"]}}
_OPEN_ROUTES: Final = frozenset(
    ("PUT /api/v1/blackout", "PUT /api/v1/master", "PUT /api/v1/take", "POST /api/v1/pair")
)
_OPEN_MESSAGES: Final = frozenset(("ping", "preview", "ack", "dmx", "take"))
_OPEN_LIVE: Final = frozenset(("type", "id", "blackout", "master"))

routes = web.RouteTableDef()
ONE = "/api/v1/takes/{take}"


# ------------------------------------------------------------ the lock
async def allow_request_in_take(request: web.Request, role: Role | None) -> None:
    """RequestError 423 for what must not move while a take is shot; admins may, and the journal tells."""
    store, route = store_of(request), route_of(request)
    reads = request.method in ("GET", "HEAD", "OPTIONS")
    if reads or not store.live.take.rolling or role is Role.ADMIN or route in _OPEN_ROUTES:
        return
    if route == "PATCH /api/v1/fixtures/{id}":
        wish = {"path": f"fixtures/{request.match_info['id']}", "value": await json_body(request)}
        if _rides(wish, store.live.take.ride):
            return
    raise _locked(store)


def allow_message_in_take(message: dict[str, Any], role: Role | None, store: Store) -> None:
    """The same for a message of a socket; faders armed as ride stay in hand."""
    if not store.live.take.rolling or role is Role.ADMIN or message["type"] in _OPEN_MESSAGES:
        return
    if message["type"] == "live" and message.keys() <= _OPEN_LIVE:
        return
    if not (message["type"] == "edit" and _rides(message, store.live.take.ride)):
        raise _locked(store)


def _rides(message: dict[str, Any], ride: tuple[str, ...]) -> bool:
    """Whether an edit moves the intensity of an armed fixture, and nothing else."""
    room, _, name = str(message.get("path")).partition("/")
    value = message.get("value")
    if room != "fixtures" or name not in ride or not isinstance(value, dict):
        return False
    trims = value.get("trims", {})
    return value.keys() <= {"level", "trims"} and isinstance(trims, dict) and trims.keys() <= {"intensity"}


def _locked(store: Store) -> RequestError:
    return RequestError(
        HTTPStatus.LOCKED,
        f"{store.live.take.slate} is rolling: only blackout, master and the faders armed before it move",
    )


# ------------------------------------------------------------ requests
@routes.get("/api/v1/take")
@told(reply=TAKE)
async def get_take(request: web.Request) -> web.Response:
    """The slate, whether it is rolling, and the fixtures whose faders stay in hand."""
    return json_reply(store_of(request).live.take.to_json())


@routes.put("/api/v1/take")
@told(body=TAKE, reply=TAKE)
async def put_take(request: web.Request) -> web.Response:
    """Changes what the body names; `rolling` true begins the take, false ends it."""
    store = store_of(request)
    change_take(store, await json_body(request), role_of(request), who(request))
    return json_reply(store.live.take.to_json())


def change_take(store: Store, wish: Any, role: Role | None, by: str) -> None:
    """The take as it is wished; nobody but an admin arms further faders while it rolls. RequestError 423."""
    arms = isinstance(wish, dict) and "ride" in wish
    if arms and store.live.take.rolling and role is not Role.ADMIN:
        raise _locked(store)
    store.set_live(take=wish, by=by)


@routes.get("/api/v1/takes")
@told(reply=TAKES)
async def list_takes(request: web.Request) -> web.Response:
    """The takes that were kept, the newest first."""
    return json_reply(await asyncio.to_thread(desk_of(request).takes.all))


@routes.get(ONE)
async def get_one(request: web.Request) -> web.Response:
    """Everything of one take: show, live values, levels of each universe (base64)."""
    return json_reply(await _form(request))


@routes.get(ONE + "/still.jpg")
@told(reply={"type": "string", "format": "binary"}, reply_types=("image/jpeg",))
async def get_still(request: web.Request) -> web.Response:
    """The wall when it began."""
    still = await asyncio.to_thread(desk_of(request).takes.still, _number(request))
    return web.Response(body=still, content_type="image/jpeg")


@routes.post(ONE + "/restore")
@told(reply=REVISION)
async def post_restore(request: web.Request) -> web.Response:
    """Makes the show of that take the show, as one edit that undo takes back, and sets its master."""
    store, form = store_of(request), await _form(request)
    edit = restore(form.get("show"))
    fade = Fade(RESTORE_S, frozenset(edit(store.show).fixtures))
    revision = store.apply(edit, by=who(request), fade=fade, what=f"restore take {_number(request)}")
    store.set_live(master=form["live"]["master"], by=who(request))
    return json_reply({"revision": revision})


async def _form(request: web.Request) -> dict[str, Any]:
    return await asyncio.to_thread(desk_of(request).takes.form, _number(request))


def _number(request: web.Request) -> int:
    text = request.match_info["take"]
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise UnknownNameError(f"{text[:40]} is no number of a take")
    return int(text)
