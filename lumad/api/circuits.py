"""/api/v1/circuits: what hangs on one fuse, and how much that bears."""

from aiohttp import web

from lumad.api.room import Room
from lumad.model.circuit import Circuit

routes = web.RouteTableDef()
Room("circuits", Circuit).add_to(routes)
