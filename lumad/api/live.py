"""/api/v1/master, blackout, freeze, solo, identify: what a thumb moves."""

from http import HTTPStatus
from typing import Any

from aiohttp import web

from lumad.api.body import json_body, json_reply
from lumad.api.desk import store_of
from lumad.api.devices import who
from lumad.api.hub import HUB
from lumad.api.openapi import told
from lumad.api.problem import RequestError

routes = web.RouteTableDef()


def _value(schema: Any) -> dict[str, Any]:
    """The body that sets a value, and the reply that tells it."""
    return {
        "type": "object",
        "required": ["value"],
        "properties": {"value": schema},
        "additionalProperties": False,
    }


MASTER = _value({"type": "number", "minimum": 0, "maximum": 1})
SWITCH = _value({"type": "boolean"})
FIXTURES = _value({"type": "array", "items": {"type": "string"}})
_KNOWN = {"type": "object", "required": ["value"]}


def _name(request: web.Request) -> str:
    return request.path.removeprefix("/api/v1/")


async def _wanted(request: web.Request) -> Any:
    body = await json_body(request)
    if not isinstance(body, dict) or set(body) != {"value"}:
        raise RequestError(HTTPStatus.UNPROCESSABLE_ENTITY, 'the body must be {"value": …}')
    return body["value"]


@routes.get("/api/v1/master")
@routes.get("/api/v1/blackout")
@routes.get("/api/v1/freeze")
@routes.get("/api/v1/solo")
@routes.get("/api/v1/identify")
@told(reply=_KNOWN)
async def get_live_value(request: web.Request) -> web.Response:
    """The value as it is."""
    return json_reply({"value": store_of(request).live.to_json()[_name(request)]})


@routes.put("/api/v1/master")
@told(body=MASTER, reply=MASTER)
async def put_master(request: web.Request) -> web.Response:
    """Sets the factor on emitted light, at once and without a revision."""
    return await _put(request)


@routes.put("/api/v1/blackout")
@routes.put("/api/v1/freeze")
@told(body=SWITCH, reply=SWITCH)
async def put_switch(request: web.Request) -> web.Response:
    """Sets it, at once and without a revision."""
    return await _put(request)


@routes.put("/api/v1/solo")
@told(body=FIXTURES, reply=FIXTURES)
async def put_solo(request: web.Request) -> web.Response:
    """These fixtures alone shine, at once; [] ends it."""
    return await _put(request)


@routes.put("/api/v1/identify")
@told(body=FIXTURES, reply=FIXTURES)
async def put_identify(request: web.Request) -> web.Response:
    """These fixtures swing softly in white for 30 s, unless it is said again; [] ends it."""
    by = who(request)
    request.app[HUB].identify.hold(f"api {by}", await _wanted(request), by=by, briefly=True)
    return json_reply({"value": list(store_of(request).live.identify)})


async def _put(request: web.Request) -> web.Response:
    name = _name(request)
    live = store_of(request).set_live(**{name: await _wanted(request)}, by=who(request))
    return json_reply({"value": live.to_json()[name]})
