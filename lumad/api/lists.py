"""The lists of the show (outputs, inputs, …): read and replaced whole, for their order is part of them."""

from aiohttp import web

from lumad.api.body import base_revision, json_body, show_reply
from lumad.api.desk import store_of
from lumad.api.devices import who
from lumad.api.openapi import listed, told
from lumad.model.noun import Noun
from lumad.show.edits import replace
from lumad.show.form import form_of


def add_list(routes: web.RouteTableDef, key: str, model: type[Noun]) -> None:
    """Adds GET and PUT of one list."""
    path, schema = f"/api/v1/{key}", listed(model)

    def reply(request: web.Request) -> web.Response:
        return show_reply(request, [form_of(noun) for noun in getattr(store_of(request).show, key)])

    @routes.get(path)
    @told(reply=schema, tagged=True)
    async def get_list(request: web.Request) -> web.Response:
        return reply(request)

    @routes.put(path)
    @told(body=schema, reply=schema, tagged=True, match="must")
    async def put_list(request: web.Request) -> web.Response:
        base = base_revision(request, needed=True)
        store_of(request).apply(replace(key, await json_body(request)), base_rev=base, by=who(request))
        return reply(request)

    get_list.__doc__ = f"All {key}, in the show's order."
    put_list.__doc__ = f"Replaces all {key}; needs If-Match."
