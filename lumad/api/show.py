"""/api/v1/show, undo and redo."""

from aiohttp import web

from lumad.api import steps
from lumad.api.body import base_revision, json_body, json_reply, show_reply
from lumad.api.desk import store_of
from lumad.api.devices import role_of, who
from lumad.api.openapi import REVISION, told
from lumad.model.show import Show
from lumad.show.edits import OWN, match_white, merge_show
from lumad.show.form import form_of

routes = web.RouteTableDef()


@routes.get("/api/v1/show")
@told(reply=Show, tagged=True)
async def get_show(request: web.Request) -> web.Response:
    """The whole show, with the keys of the show file."""
    return show_reply(request, form_of(store_of(request).show))


@routes.patch("/api/v1/show")
@told(body={"type": "object", "propertyNames": {"enum": OWN}}, reply=Show, tagged=True, match="may")
async def patch_show(request: web.Request) -> web.Response:
    """Merge patch of the show's own keys (name, exposure, groups, match); the whole show as it became."""
    store, base = store_of(request), base_revision(request, needed=False)
    store.apply(merge_show(await json_body(request)), base_rev=base, by=who(request))
    return show_reply(request, form_of(store.show))


@routes.post("/api/v1/match-white")
@told(reply=REVISION)
async def post_match_white(request: web.Request) -> web.Response:
    """Sets the exposure, once: wall white at 70 % of the weakest linked lamp."""
    store = store_of(request)
    revision = store.apply(match_white, by=who(request), what="match white")
    return json_reply({"revision": revision, "exposure": store.show.exposure})


@routes.post("/api/v1/undo")
@told(reply=REVISION)
async def undo(request: web.Request) -> web.Response:
    """Back to the former show."""
    return json_reply({"revision": steps.undo(store_of(request), role_of(request), who(request))})


@routes.post("/api/v1/redo")
@told(reply=REVISION)
async def redo(request: web.Request) -> web.Response:
    """Takes the last undo back."""
    return json_reply({"revision": steps.redo(store_of(request), role_of(request), who(request))})
