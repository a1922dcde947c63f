"""/api/v1/regions: the parts of the wall that fixtures follow."""

from http import HTTPStatus

from aiohttp import web

from lumad.api.body import base_revision, json_body, show_reply
from lumad.api.desk import store_of
from lumad.show.edits import delete, merge, named, replace
from lumad.show.form import form_of

routes = web.RouteTableDef()
ONE = "/api/v1/regions/{id}"


def _name(request: web.Request) -> str:
    return request.match_info["id"]


@routes.get("/api/v1/regions")
async def list_regions(request: web.Request) -> web.Response:
    """All regions by id, in the show's order."""
    regions = store_of(request).show.regions
    return show_reply(request, {name: form_of(region) for name, region in regions.items()})


@routes.get(ONE)
async def get_region(request: web.Request) -> web.Response:
    """One region."""
    return show_reply(request, form_of(named(store_of(request).show, "regions", _name(request))))


@routes.put(ONE)
async def put_region(request: web.Request) -> web.Response:
    """Creates or replaces a region; needs If-Match."""
    store, name = store_of(request), _name(request)
    base, new = base_revision(request, needed=True), name not in store.show.regions
    store.apply(replace(f"regions/{name}", await json_body(request)), base_rev=base)
    form = form_of(store.show.regions[name])
    return show_reply(request, form, *((HTTPStatus.CREATED, request.path) if new else ()))


@routes.patch(ONE)
async def patch_region(request: web.Request) -> web.Response:
    """Changes what the body names (merge patch); the last writer wins unless If-Match is sent."""
    store, name = store_of(request), _name(request)
    base = base_revision(request, needed=False)
    store.apply(merge(f"regions/{name}", await json_body(request)), base_rev=base)
    return show_reply(request, form_of(store.show.regions[name]))


@routes.delete(ONE)
async def delete_region(request: web.Request) -> web.Response:
    """Removes a region that no fixture follows; needs If-Match."""
    base = base_revision(request, needed=True)
    store_of(request).apply(delete(f"regions/{_name(request)}"), base_rev=base)
    return show_reply(request, None)
