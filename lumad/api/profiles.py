"""/api/v1/profiles: the lamps that can be patched."""

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import desk_of

routes = web.RouteTableDef()


@routes.get("/api/v1/profiles")
async def list_profiles(request: web.Request) -> web.Response:
    """Every profile found: id, name, status, modes."""
    return json_reply(desk_of(request).profiles())
