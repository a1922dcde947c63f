"""/api/v1/regions: the parts of the wall that fixtures follow."""

from aiohttp import web

from lumad.api.room import Room
from lumad.model.region import Region

routes = web.RouteTableDef()
Room("regions", Region).add_to(routes)
