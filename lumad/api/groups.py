"""/api/v1/groups: fixtures that are trimmed together."""

from aiohttp import web

from lumad.api.room import Room
from lumad.model.trims import Group

routes = web.RouteTableDef()
Room("groups", Group).add_to(routes)
