"""/api/v1/ws: the show, live values, lights, status and preview, and what a page does to them."""

import asyncio
import json
import logging
import secrets
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any

from aiohttp import WSMsgType, web

from lumad.api import cues, looks, steps
from lumad.api.body import read_json
from lumad.api.devices import PEOPLE, device_of, role_of
from lumad.api.dmx import Want
from lumad.api.guard import too_fast
from lumad.api.hub import HUB, Hub
from lumad.api.problem import RequestError, problem_form, problem_of
from lumad.api.roles import allow_message
from lumad.api.take import allow_message_in_take, change_take
from lumad.api.viewer import MAX_MESSAGE, Viewer
from lumad.errors import LumadError
from lumad.show.edits import delete, match_white, merge
from lumad.show.live import LIVE_NAMES

Message = dict[str, Any]
routes = web.RouteTableDef()
MOST_REFUSALS = 1000  # in a row; then it is no page but a flood, and its socket is closed

log = logging.getLogger("lumad.api")


@routes.get("/api/v1/ws")
async def get_socket(request: web.Request) -> web.StreamResponse:
    """One page's socket, from hello to its end."""
    hub = request.app[HUB]
    if not hub.has_room_for(device_of(request)):
        raise RequestError(HTTPStatus.SERVICE_UNAVAILABLE, "too many pages are open", {"Retry-After": "10"})
    socket = web.WebSocketResponse(
        compress=False, max_msg_size=MAX_MESSAGE, heartbeat=Viewer.heartbeat_s, timeout=0.5, writer_limit=1
    )
    await socket.prepare(request)
    transport = request.transport
    drop = transport.abort if transport else lambda: None
    name, role, device = secrets.token_hex(4), role_of(request), device_of(request)
    viewer = Viewer(socket, name, drop, role=role, device=device)
    delivery = asyncio.create_task(viewer.deliver())
    try:
        await _converse(hub, viewer)
    except (ConnectionError, TimeoutError):
        viewer.drop()
    finally:
        hub.part(viewer)
        if device is not None and (people := request.app[PEOPLE]):
            people.seen(device.id)
        delivery.cancel()
    return socket


async def _converse(hub: Hub, viewer: Viewer) -> None:
    await hub.welcome(viewer)
    async for message in viewer.socket:
        if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
            reply = answer_to(hub, viewer, message.data)
            if reply is not None:
                await viewer.send(json.dumps(reply))
                viewer.refusals = viewer.refusals + 1 if reply["type"] == "refused" else 0
            if viewer.refusals >= MOST_REFUSALS:
                return


def answer_to(hub: Hub, viewer: Viewer, text: str | bytes) -> Message | None:
    """Do what a message asks; its answer (done, refused, pong) or None. Never raises."""
    body: Any = None
    try:
        body = _parsed(text)
        _check_pace(hub, viewer, body)
        allow_message(body, viewer.role)
        allow_message_in_take(body, viewer.role, hub.desk.store)
        return _KINDS[body["type"]](hub, viewer, body)
    except LumadError as error:
        problem = problem_of(error)
    except Exception:
        log.exception("a message of a page failed")
        problem = problem_form(500, "lumad failed here; its log says where")
    return {"type": "refused", "id": _id_of(body), "problem": problem}


def _parsed(text: str | bytes) -> Message:
    if isinstance(text, bytes):
        raise RequestError(HTTPStatus.BAD_REQUEST, "messages are JSON texts")
    try:
        body = read_json(text)
    except ValueError as fault:
        raise RequestError(HTTPStatus.BAD_REQUEST, str(fault)) from None
    kind = body.get("type") if isinstance(body, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise RequestError(HTTPStatus.BAD_REQUEST, f"a message's type is one of {', '.join(_KINDS)}")
    assert isinstance(body, dict)
    return body


def _check_pace(hub: Hub, viewer: Viewer, body: Message) -> None:
    """A mad page is slowed down, but nobody's blackout is ever refused for haste."""
    if viewer.device is None or (body["type"] == "live" and body.get("blackout") is True):
        return
    if wait := hub.messages.take(viewer.device.id, asyncio.get_running_loop().time()):
        raise too_fast(wait)


def _id_of(body: Any) -> int | str | None:
    name = body.get("id") if isinstance(body, dict) else None
    return name if isinstance(name, int | str) else None


def _done(hub: Hub, body: Message) -> Message:
    return {"type": "done", "id": _id_of(body), "rev": hub.desk.store.revision}


def _taken(body: Message, name: str, kind: type) -> Any:
    value = body.get(name)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise RequestError(HTTPStatus.BAD_REQUEST, f"{body['type']} needs {name}, a {kind.__name__}")
    return value


def _edit(hub: Hub, viewer: Viewer, body: Message) -> Message:
    path = _taken(body, "path", str)
    gesture = _taken(body, "gesture", str) if "gesture" in body else None
    if "value" not in body:
        raise RequestError(HTTPStatus.BAD_REQUEST, "edit needs value; null deletes")
    base = _taken(body, "base_rev", int) if "base_rev" in body else None
    value = body["value"]
    if value is not None:
        hub.gone.check(path, viewer.name, gesture)
    edit = delete(path) if value is None else merge(path, value, create=True)
    own = None if gesture is None else f"{viewer.name} {gesture}"  # two phones of one name are two hands
    hub.desk.store.apply(edit, base_rev=base, gesture=own, by=viewer.by)
    if value is None:
        hub.gone.by(path, viewer.name)
    return _done(hub, body)


def _live(hub: Hub, viewer: Viewer, body: Message) -> Message:
    changes = {name: body[name] for name in LIVE_NAMES if name in body}
    if not changes:
        raise RequestError(HTTPStatus.BAD_REQUEST, f"live needs {' or '.join(LIVE_NAMES)}")
    hub.desk.store.set_live(**changes, by=viewer.by)
    return _done(hub, body)


def _look(hub: Hub, viewer: Viewer, body: Message) -> Message:
    """Deed and name, and what else the deed takes."""
    deed, name = _deed(body, looks.DEEDS), _taken(body, "name", str)
    wish = {key: value for key, value in body.items() if key not in ("type", "id", "do", "name")}
    looks.DEEDS[deed](hub.desk.store, name, wish, viewer.by)
    return _done(hub, body)


def _cue(hub: Hub, viewer: Viewer, body: Message) -> Message:
    deed = _deed(body, cues.DEEDS)
    wish = {key: value for key, value in body.items() if key not in ("type", "id", "do")}
    cues.DEEDS[deed](hub.desk.store, wish, viewer.by)
    return _done(hub, body)


def _take(hub: Hub, viewer: Viewer, body: Message) -> Message:
    """Begins or ends a take, or writes on its slate."""
    change_take(hub.desk.store, _taken(body, "value", dict), viewer.role, viewer.by)
    return _done(hub, body)


def _deed(body: Message, known: Collection[str]) -> str:
    if body.get("do") not in list(known):
        raise RequestError(HTTPStatus.BAD_REQUEST, f"{body['type']} needs do: {', '.join(known)}")
    return str(body["do"])


def _identify(hub: Hub, viewer: Viewer, body: Message) -> Message:
    """On and off for some lamps; all of it ends with the page."""
    fixtures, held = _taken(body, "fixtures", list), hub.identify.of(viewer.name)
    kept = [one for one in held if one not in fixtures]
    wish = [*kept, *fixtures] if _taken(body, "on", bool) else kept
    hub.identify.hold(viewer.name, wish, by=viewer.by)
    return _done(hub, body)


def _match_white(hub: Hub, viewer: Viewer, body: Message) -> Message:
    hub.desk.store.apply(match_white, by=viewer.by, what="match white")
    return _done(hub, body)


def _undo(hub: Hub, viewer: Viewer, body: Message) -> Message:
    steps.undo(hub.desk.store, viewer.role, viewer.by)
    return _done(hub, body)


def _redo(hub: Hub, viewer: Viewer, body: Message) -> Message:
    steps.redo(hub.desk.store, viewer.role, viewer.by)
    return _done(hub, body)


def _ping(_: Hub, __: Viewer, body: Message) -> Message:
    return {"type": "pong", "t": body.get("t")}


def _preview(hub: Hub, viewer: Viewer, body: Message) -> Message | None:
    viewer.preview.want(_taken(body, "width", int) if _taken(body, "on", bool) else None)
    return _done(hub, body) if "id" in body else None


def _ack(_: Hub, viewer: Viewer, body: Message) -> None:
    viewer.preview.acknowledge(_taken(body, "frame", int), asyncio.get_running_loop().time())


def _dmx(hub: Hub, viewer: Viewer, body: Message) -> Message | None:
    wanted = _taken(body, "on", bool)
    named = Want.of(body.get("universe"), body.get("protocol"), body.get("source")) if wanted else None
    hub.dmx.want(viewer, named)
    return _done(hub, body) if "id" in body else None


_KINDS: dict[str, Callable[[Hub, Viewer, Message], Message | None]] = {
    "edit": _edit,
    "live": _live,
    "look": _look,
    "cue": _cue,
    "take": _take,
    "identify": _identify,
    "match-white": _match_white,
    "undo": _undo,
    "redo": _redo,
    "ping": _ping,
    "preview": _preview,
    "ack": _ack,
    "dmx": _dmx,
}
