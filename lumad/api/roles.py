"""Who may do what: one table of routes and messages, and what each takes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any, Final

from aiohttp import hdrs, web

from lumad.api.body import json_body
from lumad.api.problem import RequestError


class Role(StrEnum):
    """What a device may do, least first; each may do what those before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    def covers(self, needed: "Role") -> bool:
        """Whether this role may do what takes `needed`."""
        return _ORDER.index(self) >= _ORDER.index(needed)


_ORDER: Final = tuple(Role)


@dataclass(frozen=True, slots=True)
class ByBody:
    """What it takes depends on what is asked: `least` to ask at all, `role_of(body)` for this."""

    least: Role
    role_of: Callable[[Any], Role]


Needs = Role | ByBody

OPERATORS_FIXTURE_KEYS: Final = frozenset(("trims", "level", "colour", "control", "follow"))


def _of_fixture(change: Any) -> Role:
    """A lamp's light is the operator's; what it is and where it hangs is not."""
    light = isinstance(change, dict) and change.keys() <= OPERATORS_FIXTURE_KEYS
    return Role.OPERATOR if light else Role.ADMIN


def _of_edit(message: Any) -> Role:
    match str(message.get("path")).split("/"):
        case ["fixtures", _]:
            return _of_fixture(message.get("value"))
    return Role.ADMIN


_LAMP: Final = ByBody(Role.OPERATOR, _of_fixture)

PUBLIC_ROUTES: Final = frozenset(("GET /pair", "POST /api/v1/pair", "GET /ca.crt"))
PUBLIC_FILES: Final = frozenset(
    ("pair.html", "pair.js", "pair.css", "texts/pair.js", "html.js", "style.css", "icon.svg")
)
FILE_ROUTE: Final = "GET /{file}"

_TABLE = """
/                                  viewer GET
/{file}                            viewer GET
/health/live                       viewer GET
/health/ready                      viewer GET
/metrics                           viewer GET
/api/v1/openapi.json               viewer GET
/api/v1/ws                         viewer GET
/api/v1/state                      viewer GET
/api/v1/events                     viewer GET
/api/v1/frame.jpg                  viewer GET
/api/v1/dmx                        viewer GET
/api/v1/dmx/{universe}             viewer GET
/api/v1/nodes                      viewer GET
/api/v1/master                     viewer GET, operator PUT
/api/v1/blackout                   viewer GET, operator PUT
/api/v1/freeze                     viewer GET, operator PUT
/api/v1/solo                       viewer GET, operator PUT
/api/v1/identify                   viewer GET, operator PUT
/api/v1/show                       viewer GET, admin PATCH
/api/v1/match-white                admin POST
/api/v1/undo                       operator POST
/api/v1/redo                       operator POST
/api/v1/regions                    viewer GET
/api/v1/regions/{id}               viewer GET, admin PUT PATCH DELETE
/api/v1/fixtures                   viewer GET, admin POST
/api/v1/fixtures/{id}              viewer GET, light PATCH, admin PUT DELETE
/api/v1/fixtures/{id}/explain      viewer GET
/api/v1/patch                      viewer GET
/api/v1/groups                     viewer GET
/api/v1/groups/{id}                viewer GET, admin PUT PATCH DELETE
/api/v1/circuits                   viewer GET
/api/v1/circuits/{id}              viewer GET, admin PUT PATCH DELETE
/api/v1/profiles                   viewer GET, admin POST
/api/v1/profiles/{id}              viewer GET
/api/v1/outputs                    viewer GET, admin PUT
/api/v1/inputs                     viewer GET, admin PUT
/api/v1/schedule                   viewer GET, admin PUT
/api/v1/schedule/upcoming          viewer GET
/api/v1/looks                      viewer GET
/api/v1/looks/{id}                 viewer GET, admin PUT PATCH DELETE
/api/v1/looks/{id}/go              operator POST
/api/v1/looks/{id}/store           operator POST
/api/v1/looks/{id}/release         operator POST
/api/v1/looks/{id}/rename          admin POST
/api/v1/cues                       viewer GET, admin PUT
/api/v1/cues/go                    operator POST
/api/v1/cues/next                  operator POST
/api/v1/cues/back                  operator POST
/api/v1/take                       viewer GET, operator PUT
/api/v1/takes                      viewer GET
/api/v1/takes/{take}               viewer GET
/api/v1/takes/{take}/still.jpg     viewer GET
/api/v1/takes/{take}/restore       admin POST
/api/v1/standby                    viewer GET, operator POST
/api/v1/backup                     admin GET POST
/api/v1/users                      viewer GET
/api/v1/users/{id}                 admin PATCH DELETE
/api/v1/pair/new                   admin POST
"""


def _rows(table: str) -> Iterator[tuple[str, Needs]]:
    """`METHOD /path` and what it takes; the word `light` stands for a lamp's light, as in `_of_fixture`."""
    for line in table.strip().splitlines():
        path, _, needs = line.partition(" ")
        for word, *methods in (each.split() for each in needs.split(",")):
            for method in methods:
                yield f"{method} {path}", _LAMP if word == "light" else Role(word)


ROUTES: Final[dict[str, Needs]] = dict(_rows(_TABLE))

MESSAGES: Final[dict[str, Needs]] = {
    "ping": Role.VIEWER,
    "preview": Role.VIEWER,
    "ack": Role.VIEWER,
    "dmx": Role.VIEWER,
    "live": Role.OPERATOR,
    "look": Role.OPERATOR,
    "cue": Role.OPERATOR,
    "take": Role.OPERATOR,
    "identify": Role.OPERATOR,
    "undo": Role.OPERATOR,
    "redo": Role.OPERATOR,
    "edit": ByBody(Role.OPERATOR, _of_edit),
    "match-white": Role.ADMIN,
}


def route_of(request: web.Request) -> str | None:
    """The request as the table names it, `GET /api/v1/regions/{id}`; None where there is no such route."""
    resource = request.match_info.route.resource
    if resource is None or request.match_info.http_exception is not None:
        return None
    method = hdrs.METH_GET if request.method == hdrs.METH_HEAD else request.method
    return f"{method} {resource.canonical}"


def is_public(request: web.Request) -> bool:
    """Whether everybody may, signed in or not."""
    route = route_of(request)
    return route in PUBLIC_ROUTES or (route == FILE_ROUTE and request.match_info["file"] in PUBLIC_FILES)


async def allow_request(request: web.Request, role: Role | None) -> None:
    """Nothing where the role may; RequestError 403 where not. What the table does not name takes admin."""
    route = route_of(request)
    if route is None or is_public(request):
        return
    assert role is not None, "the guard lets strangers in to what is public alone"
    needs = ROUTES.get(route, Role.ADMIN)
    if isinstance(needs, ByBody):
        _allow(role, needs.least)
        if role is not Role.ADMIN:
            _allow(role, needs.role_of(await json_body(request)))
    else:
        _allow(role, needs)


def allow_message(message: dict[str, Any], role: Role | None) -> None:
    """The same for a message of a socket; without a role, RequestError 401."""
    if role is None:
        raise RequestError(HTTPStatus.UNAUTHORIZED, "this device was shown out; pair it again at /pair")
    needs = MESSAGES.get(message["type"], Role.ADMIN)
    if isinstance(needs, ByBody):
        _allow(role, needs.least)
        needs = needs.role_of(message)
    _allow(role, needs)


def _allow(role: Role, needed: Role) -> None:
    if not role.covers(needed):
        raise RequestError(
            HTTPStatus.FORBIDDEN, f"this takes the role {needed}; this device was let in as {role}"
        )
