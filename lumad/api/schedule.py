"""/api/v1/schedule: what happens by itself, and when next."""

from datetime import datetime

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import store_of
from lumad.api.lists import add_list
from lumad.api.openapi import told
from lumad.model.schedule import Appointment
from lumad.show.form import form_of
from lumad.show.schedule import upcoming

routes = web.RouteTableDef()
add_list(routes, "schedule", Appointment)

UPCOMING = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["time", "entry"],
        "properties": {"time": {"type": "string", "format": "date-time"}, "entry": {"type": "object"}},
    },
}


@routes.get("/api/v1/schedule/upcoming")
@told(reply=UPCOMING)
async def get_upcoming(request: web.Request) -> web.Response:
    """The next time of each entry within a week, the soonest first; this machine's clock and zone."""
    show = store_of(request).show
    coming = upcoming(show.schedule, show.place, datetime.now().astimezone())
    return json_reply([{"time": time.isoformat(), "entry": form_of(entry)} for time, entry in coming])
