"""/api/v1/standby: who has the light, the primary or this standby, and an operator's word about it."""

from http import HTTPStatus

from aiohttp import web

from lumad.api.body import json_body, json_reply
from lumad.api.desk import desk_of
from lumad.api.openapi import told
from lumad.api.problem import RequestError

ORDERS = ("take", "hand-back", "automatic", "manual")
ORDER = {
    "type": "object",
    "required": ["do"],
    "properties": {"do": {"enum": list(ORDERS)}},
    "additionalProperties": False,
}

routes = web.RouteTableDef()


@routes.get("/api/v1/standby")
@told(reply={"type": ["object", "null"]})
async def get_standby(request: web.Request) -> web.Response:
    """State, primary, its rate; null on a machine that is no standby."""
    return json_reply(desk_of(request).status()["engine"].get("standby"))


@routes.post("/api/v1/standby")
@told(body=ORDER, reply=ORDER, statuses=(202,))
async def post_standby(request: web.Request) -> web.Response:
    """`{"do": …}`, one of ORDERS; 409 where it cannot be done now."""
    body = await json_body(request)
    do = body.get("do") if isinstance(body, dict) and set(body) == {"do"} else None
    if do not in ORDERS:
        words = ", ".join(ORDERS)
        raise RequestError(HTTPStatus.UNPROCESSABLE_ENTITY, f'the body must be {{"do": …}}, one of {words}')
    standby = desk_of(request).status()["engine"].get("standby")
    if standby is None:
        raise RequestError(HTTPStatus.CONFLICT, "this machine is nobody's standby")
    if do == "hand-back" and standby["state"] == "active" and not standby["heard"]:
        raise RequestError(
            HTTPStatus.CONFLICT,
            "the primary is not heard: nobody would have the light; lumad release lets it go",
        )
    desk_of(request).stand_by(do)
    return json_reply({"do": do}, HTTPStatus.ACCEPTED)
