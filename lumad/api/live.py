"""/api/v1/master, blackout, freeze: what a thumb moves."""

from http import HTTPStatus

from aiohttp import web

from lumad.api.body import json_body, json_reply
from lumad.api.desk import store_of
from lumad.api.problem import RequestError

routes = web.RouteTableDef()


def _name(request: web.Request) -> str:
    return request.path.removeprefix("/api/v1/")


@routes.get("/api/v1/master")
@routes.get("/api/v1/blackout")
@routes.get("/api/v1/freeze")
async def get_live_value(request: web.Request) -> web.Response:
    """The value as it is."""
    return json_reply({"value": store_of(request).live.to_json()[_name(request)]})


@routes.put("/api/v1/master")
@routes.put("/api/v1/blackout")
@routes.put("/api/v1/freeze")
async def put_live_value(request: web.Request) -> web.Response:
    """Sets it, at once and without a revision."""
    body = await json_body(request)
    if not isinstance(body, dict) or set(body) != {"value"}:
        raise RequestError(HTTPStatus.UNPROCESSABLE_ENTITY, 'the body must be {"value": …}')
    name = _name(request)
    live = store_of(request).set_live(**{name: body["value"]})
    return json_reply({"value": live.to_json()[name]})
