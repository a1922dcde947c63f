"""/api/v1/cues: looks in their order; go, next, back."""

from typing import Any

from aiohttp import web

from lumad.api.body import base_revision, json_body, json_reply, show_reply
from lumad.api.desk import store_of
from lumad.api.devices import who
from lumad.api.openapi import told
from lumad.model.cue import Cue, CueNumber
from lumad.model.noun import Noun
from lumad.model.validate import check
from lumad.show.form import form_of
from lumad.show.looks import set_cues
from lumad.show.store import Store

routes = web.RouteTableDef()
LIST = {"type": "array", "items": {"$ref": "#/components/schemas/Cue"}}
_WENT = {
    "type": "object",
    "required": ["revision", "cue"],
    "properties": {"revision": {"type": "integer"}, "cue": {"$ref": "#/components/schemas/Cue"}},
}


class Calling(Noun):
    """The cue to go; None is the next one."""

    number: CueNumber | None = None


# ------------------------------------------------------------ what cues do, for requests and messages
def go(store: Store, body: Any, by: str) -> Cue:
    """The cue of a number goes."""
    return store.play.cue(check(body, Calling).number, by=by)


def back(store: Store, _: Any, by: str) -> Cue:
    """The cue before the current one goes."""
    return store.play.back(by=by)


DEEDS = {"go": go, "next": lambda store, _, by: store.play.cue(by=by), "back": back}


# ------------------------------------------------------------ requests
@routes.get("/api/v1/cues")
@told(reply=LIST, tagged=True)
async def get_cues(request: web.Request) -> web.Response:
    """All cues, in the order of their numbers; which one went last is a live value."""
    return _reply(request)


@routes.put("/api/v1/cues")
@told(body=LIST, reply=LIST, tagged=True, match="must")
async def put_cues(request: web.Request) -> web.Response:
    """Replaces the whole list; needs If-Match."""
    base = base_revision(request, needed=True)
    store_of(request).apply(set_cues(await json_body(request)), base_rev=base, by=who(request))
    return _reply(request)


@routes.post("/api/v1/cues/go")
@told(body=Calling.model_json_schema(), reply=_WENT)
async def post_go(request: web.Request) -> web.Response:
    """The cue of that number goes."""
    return _went(request, go(store_of(request), await json_body(request), who(request)))


@routes.post("/api/v1/cues/next")
@told(reply=_WENT)
async def post_next(request: web.Request) -> web.Response:
    """The cue after the current one goes, at first the first."""
    return _went(request, store_of(request).play.cue(by=who(request)))


@routes.post("/api/v1/cues/back")
@told(reply=_WENT)
async def post_back(request: web.Request) -> web.Response:
    """The cue before the current one goes; no other follows it by itself."""
    return _went(request, store_of(request).play.back(by=who(request)))


def _went(request: web.Request, cue: Cue) -> web.Response:
    return json_reply({"revision": store_of(request).revision, "cue": form_of(cue)})


def _reply(request: web.Request) -> web.Response:
    return show_reply(request, [form_of(cue) for cue in store_of(request).show.cues])
