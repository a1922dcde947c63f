"""/api/v1/state: revision, live values and the state of the light path."""

from typing import Any

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import Desk, desk_of

routes = web.RouteTableDef()


def history_form(desk: Desk) -> dict[str, Any]:
    """What the undo and redo buttons show."""
    return {"can_undo": desk.store.can_undo, "can_redo": desk.store.can_redo}


@routes.get("/api/v1/state")
async def get_state(request: web.Request) -> web.Response:
    """Everything of the status line at once."""
    desk = desk_of(request)
    live = desk.store.live.to_json()
    return json_reply({"revision": desk.store.revision, "live": live, **history_form(desk), **desk.status()})
