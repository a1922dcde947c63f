"""/api/v1/fixtures: the lamps of the show."""

from aiohttp import web

from lumad.api.body import base_revision, json_body, show_reply
from lumad.api.desk import store_of
from lumad.show.edits import merge, named
from lumad.show.form import form_of

routes = web.RouteTableDef()
ONE = "/api/v1/fixtures/{id}"


@routes.get("/api/v1/fixtures")
async def list_fixtures(request: web.Request) -> web.Response:
    """All fixtures by id, in the show's order."""
    fixtures = store_of(request).show.fixtures
    return show_reply(request, {name: form_of(fixture) for name, fixture in fixtures.items()})


@routes.get(ONE)
async def get_fixture(request: web.Request) -> web.Response:
    """One fixture."""
    return show_reply(request, form_of(named(store_of(request).show, "fixtures", request.match_info["id"])))


@routes.patch(ONE)
async def patch_fixture(request: web.Request) -> web.Response:
    """Changes what the body names (merge patch); the last writer wins unless If-Match is sent."""
    store, name = store_of(request), request.match_info["id"]
    base = base_revision(request, needed=False)
    store.apply(merge(f"fixtures/{name}", await json_body(request)), base_rev=base)
    return show_reply(request, form_of(store.show.fixtures[name]))
