"""/api/v1/dmx: the levels that left."""

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import desk_of
from lumad.errors import UnknownNameError

routes = web.RouteTableDef()


@routes.get(r"/api/v1/dmx/{universe:[0-9]{1,5}}")
async def get_levels(request: web.Request) -> web.Response:
    """The newest 512 levels of one universe."""
    universe = int(request.match_info["universe"])
    levels = desk_of(request).levels(universe)
    if levels is None:
        raise UnknownNameError(f"universe {universe} is not sent")
    return json_reply({"universe": universe, "levels": list(levels)})
