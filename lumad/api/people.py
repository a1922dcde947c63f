"""/api/v1/pair, /api/v1/users: devices are let in, named, given a role, and shown out."""

import re
import time
from http import HTTPStatus
from typing import Any

from aiohttp import web

from lumad.api.body import json_body, json_reply
from lumad.api.desk import desk_of
from lumad.api.devices import LONGEST_NAME, PEOPLE, Device, Offer, People, device_of, role_of, who
from lumad.api.guard import is_local_socket, is_loopback, remember, too_fast
from lumad.api.hub import HUB
from lumad.api.limits import Tries, client_of
from lumad.api.openapi import ANY_OBJECT, told
from lumad.api.problem import RequestError
from lumad.api.qr import svg_path
from lumad.api.roles import Role
from lumad.errors import EditError, Fault

CA: web.AppKey[bytes | None] = web.AppKey("ca")
URL: web.AppKey[str] = web.AppKey("url")
TRIES: web.AppKey[Tries] = web.AppKey("tries")
ONE = "/api/v1/users/{id}"
_PIN = re.compile(r"[0-9]{6}")
_ROLES = {"enum": [str(role) for role in Role]}
_NAME = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
_CODE = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "string"}, "name": _NAME, "bearer": {"type": "boolean"}},
    "additionalProperties": False,
}
_ROLE = {"type": "object", "properties": {"role": _ROLES}, "additionalProperties": False}
_CHANGE = {"type": "object", "properties": {"name": _NAME, "role": _ROLES}, "additionalProperties": False}
routes = web.RouteTableDef()


def offer_form(offer: Offer, url: str) -> dict[str, Any]:
    """A one-time code as it is shown; the code is in the fragment, which no log ever sees."""
    link = f"{url}pair#k={offer.code}"
    return {
        "role": str(offer.role),
        "code": offer.code,
        "pin": offer.pin,
        "url": link,
        "qr": svg_path(link),
        "expires_s": round(offer.lasts_s),
    }


@routes.post("/api/v1/pair")
@told(body=_CODE, reply=ANY_OBJECT, statuses=(201,))
async def post_pair(request: web.Request) -> web.Response:
    """Lets a device in by a one-time code or PIN: a cookie, or with `bearer` a token to keep."""
    people = _people_of(request)
    body = _members(await json_body(request), {"code": str, "name": str, "bearer": bool}, needed=("code",))
    name = _name(body.get("name", "device"))
    device, token = _paired(request, people, "".join(body["code"].split()), name)
    desk_of(request).journal.note("people", f"{device.name} was let in as {device.role}", device.name)
    if body.get("bearer"):
        return json_reply({**device.to_json(), "token": token}, HTTPStatus.CREATED)
    response = json_reply(device.to_json(), HTTPStatus.CREATED)
    remember(request, response, token)
    return response


def _paired(request: web.Request, people: People, secret: str, name: str) -> tuple[Device, str]:
    """Whoever tries too often waits, but the right long code is let in at any time: nobody guesses it."""
    tries, now, client = request.app[TRIES], time.monotonic(), client_of(request.remote or "")
    wait = tries.wait(client, now)
    paired = None if wait and _PIN.fullmatch(secret) else people.pair(secret, name)
    if paired is not None:
        tries.right(client)
        return paired
    if wait:
        raise too_fast(wait)
    tries.wrong(client, now)
    raise RequestError(HTTPStatus.FORBIDDEN, "this code is not valid, or not any more; ask for a new one")


@routes.post("/api/v1/pair/new")
@told(body=_ROLE, reply=ANY_OBJECT, statuses=(201,))
async def post_new_code(request: web.Request) -> web.Response:
    """A new one-time code for one device of a role."""
    body = _members(await json_body(request), {"role": str})
    role = _role(body["role"]) if "role" in body else None
    offer = _people_of(request).offer(role)
    return json_reply(offer_form(offer, _url_for_others(request)), HTTPStatus.CREATED)


@routes.get("/api/v1/users")
@told(reply={"type": "array", "items": ANY_OBJECT})
async def list_users(request: web.Request) -> web.Response:
    """Every device for an admin, else the one that asks; `here`: that one, `pages`: how many it has open."""
    people, own = request.app[PEOPLE], device_of(request)
    devices = people.devices() if people else []
    pages = [viewer.device.id for viewer in request.app[HUB].viewers if viewer.device]
    forms = [
        {**each.to_json(), "here": own is not None and each.id == own.id, "pages": pages.count(each.id)}
        for each in devices
        if role_of(request) is Role.ADMIN or (own is not None and each.id == own.id)
    ]
    return json_reply(forms)


@routes.patch(ONE)
@told(body=_CHANGE, reply=ANY_OBJECT)
async def patch_user(request: web.Request) -> web.Response:
    """Another name or role; with another role its pages are closed and come back as what they are now."""
    body = _members(await json_body(request), {"name": str, "role": str})
    label = _name(body["name"]) if "name" in body else None
    role = _role(body["role"]) if "role" in body else None
    device = _people_of(request).change(request.match_info["id"], label=label, role=role)
    if role is not None:
        request.app[HUB].expel(device.id)
    desk_of(request).journal.note("people", f"{device.name} is {device.role} now", who(request))
    return json_reply(device.to_json())


@routes.delete(ONE)
@told(statuses=(204,))
async def delete_user(request: web.Request) -> web.Response:
    """Shows a device out: its pages close at once, its token opens nothing any more."""
    _people_of(request).revoke(request.match_info["id"])
    desk_of(request).journal.note("people", f"device {request.match_info['id']} was shown out", who(request))
    request.app[HUB].expel(request.match_info["id"])
    return web.Response(status=HTTPStatus.NO_CONTENT)


@routes.get("/ca.crt")
async def get_certificate(request: web.Request) -> web.Response:
    """The certificate of lumad's own authority, to be trusted once on each device."""
    certificate = request.app[CA]
    if certificate is None:
        raise web.HTTPNotFound
    return web.Response(body=certificate, content_type="application/x-x509-ca-cert")


def _people_of(request: web.Request) -> People:
    people = request.app[PEOPLE]
    if people is None:
        detail = "this lumad listens on its own machine only and needs no sign-in; --bind lets others in"
        raise RequestError(HTTPStatus.CONFLICT, detail)
    return people


def _url_for_others(request: web.Request) -> str:
    """The address by which the asking admin reached us, if others reach it, too; else the printed one."""
    if is_local_socket(request) or is_loopback(request.url.host or ""):
        return request.app[URL]
    return f"{request.scheme}://{request.host}/"


def _members(body: Any, kinds: dict[str, type], needed: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise EditError([Fault((), f"must be an object of {', '.join(kinds)}")])
    faults = [Fault((key,), "is missing") for key in needed if key not in body]
    for key, value in body.items():
        if key not in kinds:
            faults.append(Fault((key[:80],), f"no such key; possible: {', '.join(kinds)}"))
        elif not isinstance(value, kinds[key]):
            faults.append(Fault((key,), f"must be a {'text' if kinds[key] is str else 'true or false'}"))
    if faults:
        raise EditError(faults)
    return body


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not (name.isprintable() and 1 <= len(name) <= LONGEST_NAME):
        raise EditError([Fault(("name",), f"must be a name of 1 to {LONGEST_NAME} characters")])
    return name


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise EditError([Fault(("role",), f"must be one of {', '.join(Role)}")]) from None
