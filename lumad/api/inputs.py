"""/api/v1/inputs: the consoles that are listened to."""

from aiohttp import web

from lumad.api.lists import add_list
from lumad.model.input import Input

routes = web.RouteTableDef()
add_list(routes, "inputs", Input)
