"""/api/v1/outputs: where the levels go."""

from aiohttp import web

from lumad.api.lists import add_list
from lumad.model.output import Output

routes = web.RouteTableDef()
add_list(routes, "outputs", Output)
