"""/api/v1/looks: settings to come back to: stored, recalled, released, renamed."""

from collections.abc import Callable
from typing import Annotated, Any

from aiohttp import web
from pydantic import Field

from lumad.api.body import base_revision, json_body, json_reply, show_reply
from lumad.api.desk import store_of
from lumad.api.devices import who
from lumad.api.openapi import REVISION, told
from lumad.api.room import Room
from lumad.model.look import FadeTime, Look
from lumad.model.noun import Name, Noun, Text
from lumad.model.validate import check
from lumad.show.form import form_of
from lumad.show.looks import rename, store_look
from lumad.show.store import Store

routes = web.RouteTableDef()
Room("looks", Look).add_to(routes)
ONE = "/api/v1/looks/{id}"

Names = Annotated[tuple[Text, ...], Field(max_length=10_000)]


class Going(Noun):
    """How a look goes: in so many seconds, None its own fade."""

    fade_s: FadeTime | None = None


class Storing(Noun):
    """What a look takes from the show as it is; see `show.looks.store_look`."""

    fixtures: Names | None = None
    regions: Names | None = None
    parts: Names | None = None
    label: Text | None = None
    fade_s: FadeTime | None = None


class Naming(Noun):
    """Another name for a look."""

    to: Name


_GOING = Going.model_json_schema()
_STORING = Storing.model_json_schema()
_NAMING = Naming.model_json_schema()


# ------------------------------------------------------------ what a look does, for requests and messages
def go(store: Store, name: str, body: Any, by: str) -> int:
    """Recalls it; the revision."""
    return store.play.go(name, check(body, Going).fade_s, by=by)


def release(store: Store, name: str, body: Any, by: str) -> int:
    """Gives its fixtures back to the wall; the revision."""
    return store.play.release(name, check(body, Going).fade_s, by=by)


def keep(store: Store, name: str, body: Any, by: str, base: int | None = None) -> int:
    """Stores the show as it is in it; the revision."""
    wish = check(body, Storing)
    own = {key: value for key in ("label", "fade_s") if (value := getattr(wish, key)) is not None}
    edit = store_look(name, wish.fixtures, wish.regions, wish.parts, **own)
    return store.apply(edit, base_rev=base, by=by, what=f"store {name}")


DEEDS: dict[str, Callable[[Store, str, Any, str], int]] = {"go": go, "store": keep, "release": release}


# ------------------------------------------------------------ requests
@routes.post(f"{ONE}/go")
@told(body=_GOING, reply=REVISION)
async def post_go(request: web.Request) -> web.Response:
    """The look goes, in `fade_s` seconds or its own."""
    revision = go(store_of(request), request.match_info["id"], await _body(request), who(request))
    return json_reply({"revision": revision})


@routes.post(f"{ONE}/release")
@told(body=_GOING, reply=REVISION)
async def post_release(request: web.Request) -> web.Response:
    """Its fixtures follow the wall again by their own region; those without one go off."""
    revision = release(store_of(request), request.match_info["id"], await _body(request), who(request))
    return json_reply({"revision": revision})


@routes.post(f"{ONE}/store")
@told(body=_STORING, reply=Look, tagged=True, match="may")
async def post_store(request: web.Request) -> web.Response:
    """Stores fixtures and regions as they are; without names what the look names already, anew."""
    store, name = store_of(request), request.match_info["id"]
    base = base_revision(request, needed=False)
    keep(store, name, await _body(request), who(request), base)
    return show_reply(request, form_of(store.show.looks[name]))


@routes.post(f"{ONE}/rename")
@told(body=_NAMING, reply=Look, tagged=True, match="may")
async def post_rename(request: web.Request) -> web.Response:
    """Another name for it, in the cues too."""
    store, base = store_of(request), base_revision(request, needed=False)
    new = check(await json_body(request), Naming).to
    store.apply(rename(request.match_info["id"], new), base_rev=base, by=who(request))
    return show_reply(request, form_of(store.show.looks[new]), location=f"/api/v1/looks/{new}")


async def _body(request: web.Request) -> Any:
    """The body, {} where there is none: a look goes by its address alone."""
    return await json_body(request) if request.can_read_body else {}
