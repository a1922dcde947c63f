"""/api/v1/nodes: the Art-Net devices that answered."""

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import desk_of
from lumad.api.openapi import told

routes = web.RouteTableDef()
NODES = {"type": "array", "items": {"type": "object"}}


@routes.get("/api/v1/nodes")
@told(reply=NODES)
async def get_nodes(request: web.Request) -> web.Response:
    """Who answered ArtPoll, with their port-addresses, and who has fallen silent since."""
    return json_reply(desk_of(request).status().get("nodes", []))
