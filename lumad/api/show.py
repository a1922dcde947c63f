"""/api/v1/show, undo and redo."""

from aiohttp import web

from lumad.api.body import json_reply, show_reply
from lumad.api.desk import store_of
from lumad.show.form import form_of

routes = web.RouteTableDef()


@routes.get("/api/v1/show")
async def get_show(request: web.Request) -> web.Response:
    """The whole show, with the keys of the show file."""
    return show_reply(request, form_of(store_of(request).show))


@routes.post("/api/v1/undo")
async def undo(request: web.Request) -> web.Response:
    """Back to the former show."""
    return json_reply({"revision": store_of(request).undo()})


@routes.post("/api/v1/redo")
async def redo(request: web.Request) -> web.Response:
    """Takes the last undo back."""
    return json_reply({"revision": store_of(request).redo()})
