"""/api/v1/fixtures: the lamps of the show; a new one finds a name and a place for itself."""

from http import HTTPStatus
from typing import Any

from aiohttp import web

from lumad.api.body import base_revision, json_body, show_reply
from lumad.api.desk import store_of
from lumad.api.devices import who
from lumad.api.openapi import told
from lumad.api.room import Room
from lumad.errors import EditError, Fault
from lumad.library.draft import free_name
from lumad.model.fixture import Fixture
from lumad.model.patch import free_address
from lumad.show.edits import replace
from lumad.show.form import form_of
from lumad.show.store import Store

routes = web.RouteTableDef()
Room("fixtures", Fixture).add_to(routes)
NEW = {
    "type": "object",
    "required": ["profile", "mode"],
    "properties": {"profile": {"type": "string"}, "mode": {"type": ["string", "integer"]}},
    "propertyNames": {"enum": ["id", *Fixture.model_fields]},
}


@routes.post("/api/v1/fixtures")
@told(body=NEW, reply=Fixture, statuses=(201,), tagged=True, match="may")
async def post_fixture(request: web.Request) -> web.Response:
    """Patches one more lamp; without `id` or `address` it finds a name and a place for itself."""
    store, base = store_of(request), base_revision(request, needed=False)
    name, form = _placed(store, await json_body(request))
    store.apply(replace(f"fixtures/{name}", form), base_rev=base, by=who(request))
    made = form_of(store.show.fixtures[name])
    return show_reply(request, made, HTTPStatus.CREATED, f"/api/v1/fixtures/{name}")


def _placed(store: Store, body: Any) -> tuple[str, dict[str, Any]]:
    """Name and plain values of the new lamp."""
    if not isinstance(body, dict):
        raise EditError([Fault((), "write the lamp's keys and their values")])
    form = dict(body)
    profile = store.profiles.get(str(form.get("profile")))
    name = form.pop("id", None)
    if name is None:
        model = str(form.get("profile", "")).rpartition("/")[2]
        name = free_name(model or "lamp", store.show.fixtures)
    if not isinstance(name, str) or name in store.show.fixtures:
        raise EditError(
            [Fault(("id",), f"{str(name)[:80]} is taken or no name; leave it out, or take another")]
        )
    mode = profile.modes.get(str(form.get("mode"))) if profile else None
    if mode is not None and "address" not in form:
        asked = form.get("universe")
        first = asked if isinstance(asked, int) and not isinstance(asked, bool) and asked > 0 else 1
        universe, address = free_address(store.show, store.profiles, mode.footprint, first)
        if asked is None or asked == universe:
            form |= {"universe": universe, "address": address}
    return name, form
