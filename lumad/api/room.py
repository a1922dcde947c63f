"""The rooms of the show (regions, fixtures, groups, …): one set of routes for all that are alike."""

from http import HTTPStatus

from aiohttp import web

from lumad.api.body import base_revision, json_body, show_reply
from lumad.api.desk import store_of
from lumad.api.devices import who
from lumad.api.openapi import by_id, patch_of, told
from lumad.model.noun import Noun
from lumad.show.edits import delete, merge, named, replace
from lumad.show.form import form_of


class Room:
    """GET, PUT, PATCH and DELETE of the nouns of one room of the show, by their ids."""

    def __init__(self, room: str, model: type[Noun]) -> None:
        self.room = room
        self.model = model

    def add_to(self, routes: web.RouteTableDef) -> None:
        """Adds the routes."""
        self._add_reads(routes)
        self._add_edits(routes)

    def _add_reads(self, routes: web.RouteTableDef) -> None:
        @routes.get(f"/api/v1/{self.room}", allow_head=True)
        @told(reply=by_id(self.model), tagged=True)
        async def list_all(request: web.Request) -> web.Response:
            nouns = getattr(store_of(request).show, self.room)
            return show_reply(request, {name: form_of(noun) for name, noun in nouns.items()})

        @routes.get(self._one)
        @told(reply=self.model, tagged=True)
        async def get_one(request: web.Request) -> web.Response:
            return show_reply(request, form_of(named(store_of(request).show, self.room, _id(request))))

        list_all.__doc__ = f"All {self.room} by id, in the show's order."
        get_one.__doc__ = f"One of the {self.room}."

    def _add_edits(self, routes: web.RouteTableDef) -> None:
        @routes.put(self._one)
        @told(body=self.model, reply=self.model, statuses=(200, 201), tagged=True, match="must")
        async def put_one(request: web.Request) -> web.Response:
            new = _id(request) not in getattr(store_of(request).show, self.room)
            base = base_revision(request, needed=True)
            store_of(request).apply(
                replace(self._path(request), await json_body(request)), base_rev=base, by=who(request)
            )
            return self._reply(request, *((HTTPStatus.CREATED, request.path) if new else ()))

        @routes.patch(self._one)
        @told(body=patch_of(self.model), reply=self.model, tagged=True, match="may")
        async def patch_one(request: web.Request) -> web.Response:
            base = base_revision(request, needed=False)
            store_of(request).apply(
                merge(self._path(request), await json_body(request)), base_rev=base, by=who(request)
            )
            return self._reply(request)

        @routes.delete(self._one)
        @told(statuses=(204,), tagged=True, match="must")
        async def delete_one(request: web.Request) -> web.Response:
            base = base_revision(request, needed=True)
            store_of(request).apply(delete(self._path(request)), base_rev=base, by=who(request))
            return show_reply(request, None)

        put_one.__doc__ = f"Creates or replaces one of the {self.room}; needs If-Match."
        patch_one.__doc__ = (
            "Changes what the body names (merge patch); the last writer wins unless If-Match is sent."
        )
        delete_one.__doc__ = f"Removes one of the {self.room}; needs If-Match. Looks forget it."

    @property
    def _one(self) -> str:
        return f"/api/v1/{self.room}/{{id}}"

    def _path(self, request: web.Request) -> str:
        return f"{self.room}/{_id(request)}"

    def _reply(self, request: web.Request, status: int = 200, location: str | None = None) -> web.Response:
        noun = getattr(store_of(request).show, self.room)[_id(request)]
        return show_reply(request, form_of(noun), status, location)


def _id(request: web.Request) -> str:
    return request.match_info["id"]
