"""/api/v1/state: revision, live values and the state of the light path."""

from typing import Any

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import Desk, desk_of
from lumad.api.openapi import ANY_OBJECT, told
from lumad.show.looks import looks_on

routes = web.RouteTableDef()


def history_form(desk: Desk) -> dict[str, Any]:
    """What the undo and redo buttons show."""
    return {"can_undo": desk.store.can_undo, "can_redo": desk.store.can_redo}


@routes.get("/api/v1/state")
@told(reply=ANY_OBJECT)
async def get_state(request: web.Request) -> web.Response:
    """Everything of the status line at once."""
    desk = desk_of(request)
    store = desk.store
    own = {"revision": store.revision, "live": store.live.to_json(), "looks_on": looks_on(store.show)}
    return json_reply({**own, **history_form(desk), **desk.status()})
