"""/health: does lumad live, does light run."""

from http import HTTPStatus

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import desk_of
from lumad.api.openapi import ANY_OBJECT, told

routes = web.RouteTableDef()


@routes.get("/health/live")
@told(reply=ANY_OBJECT)
async def get_live(_: web.Request) -> web.Response:
    """An answer says it all."""
    return json_reply({"live": True})


@routes.get("/health/ready")
@told(reply=ANY_OBJECT, statuses=(200, 503))
async def get_ready(request: web.Request) -> web.Response:
    """Frames and output run; 503 with the reasons where they do not."""
    reasons = desk_of(request).ready()
    status = HTTPStatus.SERVICE_UNAVAILABLE if reasons else HTTPStatus.OK
    return json_reply({"ready": not reasons, "reasons": reasons}, status)
