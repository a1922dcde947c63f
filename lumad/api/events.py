"""/api/v1/events: what happened, and by whom."""

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import desk_of
from lumad.api.openapi import told
from lumad.errors import EditError, Fault

routes = web.RouteTableDef()
EVENTS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "time", "kind", "by", "text"],
        "properties": {
            "id": {"type": "integer"},
            "time": {"type": "number"},
            "kind": {"type": "string"},
            "by": {"type": "string"},
            "text": {"type": "string"},
        },
    },
}
_MOST_DIGITS = 15


@routes.get("/api/v1/events")
@told(reply=EVENTS, query={"after": {"type": "integer", "minimum": 0, "maximum": 10**_MOST_DIGITS - 1}})
async def get_events(request: web.Request) -> web.Response:
    """The last thousand events, oldest first; `?after=` an id: those that came since."""
    after = request.query.get("after", "0")
    if not (after.isascii() and after.isdigit() and len(after) <= _MOST_DIGITS):
        raise EditError([Fault(("after",), "must be the id of an event, a whole number")])
    return json_reply([entry.to_json() for entry in desk_of(request).journal.after(int(after))])
