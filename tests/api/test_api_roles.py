"""Every route, every method, every message: who may, by one table."""

import asyncio
import re
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in
from show.sample import RECT

from lumad.api import ws
from lumad.api.app import build_app
from lumad.api.roles import FILE_ROUTE, MESSAGES, PUBLIC_FILES, PUBLIC_ROUTES, ROUTES, ByBody, Role
from lumad.daemon.people import PeopleFile

Client = TestClient[Any, Any]
Bearer = Callable[[Role], dict[str, str]]
NAMES = {"file": "app.js", "id": "nobody"}


def routes() -> list[str]:
    """Every route that is served."""
    found = [
        f"{route.method} {route.resource.canonical}"
        for route in build_app(FakeDesk(), bind="127.0.0.1").router.routes()
        if route.resource is not None and route.method != "HEAD"
    ]
    return sorted(found)


def least(needs: Role | ByBody) -> Role:
    return needs.least if isinstance(needs, ByBody) else needs


async def status_of(client: Client, method: str, path: str, headers: dict[str, str]) -> int:
    path = re.sub(r"\{(\w+)\}", lambda named: NAMES.get(named[1], "1"), path)
    async with client.request(method, path, json={}, headers=headers) as response:
        return response.status


def test_every_route_stands_in_the_table_and_so_does_every_message():
    assert set(routes()) <= set(ROUTES) | PUBLIC_ROUTES
    assert set(ws._KINDS) <= set(MESSAGES)


async def test_no_route_and_no_method_is_open_to_strangers_unless_it_is_public(guarded: Client):
    for route in routes():
        method, path = route.split()
        for tried in {method, "HEAD", "OPTIONS", "TRACE", "PROPFIND"}:
            public = f"{'GET' if tried == 'HEAD' else tried} {path}" in PUBLIC_ROUTES
            assert (await status_of(guarded, tried, path, {}) == 401) != public, (tried, path)
    for file in PUBLIC_FILES:
        assert await status_of(guarded, "GET", f"/{file}", {}) == 200


@pytest.mark.parametrize("role", Role)
async def test_every_route_takes_the_role_of_the_table(guarded: Client, bearer: Bearer, role: Role):
    headers = bearer(role)
    for route in set(routes()) - PUBLIC_ROUTES:
        method, path = route.split()
        status = await status_of(guarded, method, path, headers)
        assert status != 401, route
        assert (status == 403) != role.covers(least(ROUTES[route])), (route, status)


async def test_a_refusal_says_which_role_it_takes(guarded: Client, bearer: Bearer):
    async with guarded.put("/api/v1/blackout", json={"value": True}, headers=bearer(Role.VIEWER)) as response:
        assert (await problem_in(response, 403))["detail"].startswith("this takes the role operator")


@pytest.mark.parametrize("role", Role)
async def test_every_message_takes_the_role_of_the_table(guarded: Client, bearer: Bearer, role: Role):
    async with guarded.ws_connect("/api/v1/ws", headers=bearer(role)) as page:
        assert (await page.receive_json())["role"] == role
        for kind, needs in MESSAGES.items():
            if kind not in ws._KINDS:
                continue
            asked = {"type": kind, "id": kind, "t": 1, "frame": 1, "on": False, "width": 160}
            asked |= {"path": "fixtures/key", "value": {}}
            await page.send_json(asked)
            status = await answered(page, kind)
            assert (status == 403) != role.covers(least(needs)), (kind, status)


async def answered(page: ClientWebSocketResponse, kind: str) -> int:
    """The status of what was refused, 200 for what was done; an ack has no answer, so a ping follows it."""
    if kind == "ack":
        await page.send_json({"type": "ping", "t": 1})
    async with asyncio.timeout(5):
        async for message in page:
            assert message.type is WSMsgType.TEXT
            body = message.json()
            if body["type"] == "refused":
                return int(body["problem"]["status"])
            if body["type"] == "pong" or (body["type"] == "done" and body["id"] == kind):
                return 200
    raise AssertionError("the socket ended")


EDITS: list[tuple[str, Any, bool]] = [
    ("fixtures/key", {"trims": {"intensity": 1}, "level": 0.5}, True),
    ("fixtures/key", {"control": "off", "follow": None}, True),
    ("fixtures/key", {"address": 5}, False),
    ("fixtures/key", {"level": 0.5, "address": 5}, False),
    ("fixtures/key", None, False),
    ("fixtures/key/trims", {}, False),
    ("regions/sun", RECT, False),
    ("show", {"exposure": 1}, False),
    ("outputs", [], False),
]


@pytest.mark.parametrize(("path", "value", "allowed"), EDITS)
async def test_an_operator_edits_the_light_of_a_lamp_and_nothing_else(
    guarded: Client, bearer: Bearer, path: str, value: Any, allowed: bool
):
    async with guarded.ws_connect("/api/v1/ws", headers=bearer(Role.OPERATOR)) as page:
        await page.send_json({"type": "edit", "id": "edit", "path": path, "value": value})
        assert (await answered(page, "edit") == 403) != allowed


async def test_by_rest_an_operator_edits_the_light_of_a_lamp_and_nothing_else(
    guarded: Client, bearer: Bearer
):
    headers = bearer(Role.OPERATOR)
    for body, status in (({"level": 0.5}, 200), ({"universe": 2}, 403), ([], 403)):
        async with guarded.patch("/api/v1/fixtures/key", json=body, headers=headers) as response:
            assert response.status == status


async def test_what_the_table_does_not_name_takes_admin(
    guarded: Client, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delitem(ROUTES, FILE_ROUTE)
    for role, status in ((Role.OPERATOR, 403), (Role.ADMIN, 200)):
        assert await status_of(guarded, "GET", "/app.js", bearer(role)) == status


async def test_a_device_that_is_shown_out_loses_its_pages_at_once(
    guarded: Client, bearer: Bearer, people: PeopleFile
):
    admin, phone = bearer(Role.ADMIN), bearer(Role.OPERATOR)
    (device,) = [one for one in people.devices() if one.role is Role.OPERATOR]
    async with guarded.ws_connect("/api/v1/ws", headers=phone) as page:
        assert (await page.receive_json())["name"] == "the operator"
        async with guarded.delete(f"/api/v1/users/{device.id}", headers=admin) as response:
            assert response.status == 204
        async with asyncio.timeout(5):
            while (await page.receive()).type is WSMsgType.TEXT:
                pass
        assert page.close_code == 1008
    assert await status_of(guarded, "GET", "/api/v1/show", phone) == 401
    assert await status_of(guarded, "GET", "/api/v1/show", admin) == 200
