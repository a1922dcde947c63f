"""/api/v1/fixtures/{id}/explain: why a lamp gives the light it gives, pixel to packet."""

from http import HTTPStatus

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import desk_of, store_of
from lumad.api.openapi import told
from lumad.api.problem import RequestError
from lumad.show.edits import named

routes = web.RouteTableDef()
EXPLAINED = {
    "type": "object",
    "required": ["fixture", "frame", "cells", "levels", "universe", "address", "age_ms", "outputs"],
    "properties": {
        "fixture": {"type": "string"},
        "frame": {"type": ["integer", "null"]},
        "cells": {"type": "array", "items": {"type": "object"}},
        "levels": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 255}},
        "universe": {"type": "integer"},
        "address": {"type": "integer"},
        "age_ms": {"type": ["number", "null"]},
        "outputs": {"type": "array", "items": {"type": "object"}},
        "console": {"type": ["object", "null"]},
    },
}


@routes.get("/api/v1/fixtures/{id}/explain")
@told(reply=EXPLAINED)
async def get_explained(request: web.Request) -> web.Response:
    """Every step from the newest picture to the levels that left, and their age; 503 before the first."""
    name = request.match_info["id"]
    named(store_of(request).show, "fixtures", name)
    form = await desk_of(request).explain(name)
    if form is None:
        detail = "the light of this lamp is not worked out yet; ask again"
        raise RequestError(HTTPStatus.SERVICE_UNAVAILABLE, detail, {"Retry-After": "1"})
    return json_reply(form)
