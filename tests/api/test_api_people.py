"""Devices are let in by a code, named, given a role, and shown out."""

import asyncio
import contextlib
import socket
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any

import pytest
from aiohttp import ClientSession, ServerDisconnectedError, TCPConnector, web
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in

from lumad.api.app import build_app, serve
from lumad.api.counted import MUTE, CountedSite
from lumad.api.hub import MOST_PAGES
from lumad.api.limits import CONNECTIONS
from lumad.api.listen import listen
from lumad.api.roles import Role
from lumad.api.ws import MOST_REFUSALS
from lumad.daemon.people import PeopleFile

Client = TestClient[Any, Any]
Bearer = Callable[[Role], dict[str, str]]
USERS, PAIR = "/api/v1/users", "/api/v1/pair"


async def test_a_code_becomes_a_cookie_that_scripts_cannot_read(guarded: Client, people: PeopleFile):
    code = people.offer(None).code
    async with guarded.post(PAIR, json={"code": code, "name": "  Anna's   phone "}) as response:
        assert response.status == 201
        assert {"name": "Anna's phone", "role": "admin"}.items() <= (await response.json()).items()
        (cookie,) = SimpleCookie(response.headers["Set-Cookie"]).values()
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert (cookie["max-age"], cookie.key) == ("2592000", f"lumad-{guarded.port}")
    async with guarded.get(USERS) as response:
        assert [(one["here"], one["pages"]) for one in await response.json()] == [(True, 0)]


async def test_thirty_days_begin_anew_whenever_the_page_is_opened(guarded: Client, people: PeopleFile):
    async with guarded.post(PAIR, json={"code": people.offer(None).code}) as response:
        (given,) = SimpleCookie(response.headers["Set-Cookie"]).values()
    async with guarded.get("/") as response:
        (renewed,) = SimpleCookie(response.headers["Set-Cookie"]).values()
    assert (renewed.value, renewed["max-age"]) == (given.value, "2592000")
    async with guarded.get("/api/v1/show") as response:
        assert "Set-Cookie" not in response.headers


async def test_a_program_asks_for_its_token(guarded: Client, people: PeopleFile):
    pin = people.offer(Role.VIEWER).pin
    async with guarded.post(PAIR, json={"code": f"{pin[:3]} {pin[3:]}", "bearer": True}) as response:
        assert "Set-Cookie" not in response.headers
        token = (await response.json())["token"]
    async with guarded.get("/api/v1/show", headers={"Authorization": f"Bearer {token}"}) as response:
        assert response.status == 200


async def test_a_thousand_wrong_tries_from_one_address_lock_nobody_else_out(
    guarded: Client, people: PeopleFile
):
    offer = people.offer(None)
    wrong = f"{(int(offer.pin) + 1) % 10**6:06}"
    seen = []
    for _ in range(1000):
        async with guarded.post(PAIR, json={"code": wrong}) as response:
            seen.append(response.status)
    assert seen == [403] * 5 + [429] * 995
    elsewhere = TCPConnector(local_addr=("127.0.0.2", 0))
    right, url = {"code": offer.pin}, guarded.make_url(PAIR)
    async with ClientSession(connector=elsewhere) as other, other.post(url, json=right) as response:
        assert response.status == 201


async def test_the_long_code_is_let_in_at_any_time(guarded: Client, people: PeopleFile):
    for status in [403] * 5 + [429] * 3:
        async with guarded.post(PAIR, json={"code": "no code"}) as response:
            assert response.status == status
    assert 50 < int(response.headers["Retry-After"]) <= 60
    async with guarded.post(PAIR, json={"code": people.offer(None).code}) as response:
        assert response.status == 201


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "code"),
        ({"code": 123456}, "code"),
        ({"code": "1", "name": ""}, "name"),
        ({"code": "1", "name": "x" * 65}, "name"),
        ({"code": "1", "name": "a\u202eb"}, "name"),
        ({"code": "1", "role": "admin"}, "role"),
        ([], ""),
    ],
)
async def test_a_sign_in_of_the_wrong_form_says_so_at_the_field(guarded: Client, body: Any, path: str):
    async with guarded.post(PAIR, json=body) as response:
        assert (await problem_in(response, 422))["faults"][0]["path"] == path


async def test_an_admin_makes_a_code_with_its_picture(guarded: Client, bearer: Bearer, people: PeopleFile):
    headers = bearer(Role.ADMIN)
    async with guarded.post(f"{PAIR}/new", json={"role": "viewer"}, headers=headers) as response:
        form = await response.json()
    assert form["url"] == f"http://192.0.2.7:8080/pair#k={form['code']}"
    assert (form["role"], form["expires_s"], len(form["pin"])) == ("viewer", 300, 6)
    assert form["qr"]["size"] > 21 + 8
    assert form["qr"]["path"].startswith("M4 4h")
    paired = people.pair(form["pin"], "tablet")
    assert paired
    assert paired[0].role is Role.VIEWER


async def test_an_admin_sees_all_devices_others_themselves(guarded: Client, bearer: Bearer):
    admin, viewer = bearer(Role.ADMIN), bearer(Role.VIEWER)
    for headers, names in ((admin, ["the admin", "the viewer"]), (viewer, ["the viewer"])):
        async with guarded.ws_connect("/api/v1/ws", headers=headers) as page:
            await page.receive()
            async with guarded.get(USERS, headers=headers) as response:
                devices = await response.json()
        assert [one["name"] for one in devices] == names
        assert [one["pages"] for one in devices if one["here"]] == [1]
        assert not {"sha256", "token"} & devices[0].keys()


async def test_another_role_closes_the_pages_and_another_name_does_not(guarded: Client, bearer: Bearer):
    admin, phone = bearer(Role.ADMIN), bearer(Role.VIEWER)
    async with guarded.get(USERS, headers=phone) as response:
        path = f"{USERS}/{(await response.json())[0]['id']}"
    async with guarded.ws_connect("/api/v1/ws", headers=phone) as page:
        await page.receive()
        async with guarded.patch(path, json={"name": "Ben"}, headers=admin) as response:
            assert (await response.json())["name"] == "Ben"
        assert not page.closed
        async with guarded.patch(path, json={"role": "operator"}, headers=admin) as response:
            assert (await response.json())["role"] == "operator"
        async with asyncio.timeout(5):
            await page.send_json({"type": "ping"})
            while not page.closed:
                await page.receive()
    async with guarded.put("/api/v1/freeze", json={"value": True}, headers=phone) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    ("body", "status"), [({"role": "king"}, 422), ({"name": 5}, 422), ({"name": " "}, 422), ({}, 404)]
)
async def test_a_change_that_cannot_be_is_refused(
    guarded: Client, bearer: Bearer, body: dict[str, Any], status: int
):
    async with guarded.patch(f"{USERS}/nobody", json=body, headers=bearer(Role.ADMIN)) as response:
        await problem_in(response, status)


async def test_on_loopback_there_is_nobody_to_let_in(client: Client):
    for path in (PAIR, f"{PAIR}/new"):
        async with client.post(path, json={"code": "1"} if path == PAIR else {}) as response:
            assert "--bind" in (await problem_in(response, 409))["detail"]
    async with client.get(USERS) as response:
        assert await response.json() == []
    async with client.ws_connect("/api/v1/ws") as page:
        hello = await page.receive_json()
    assert (hello["role"], hello["name"]) == ("admin", "")


async def test_a_device_that_writes_too_fast_is_told_to_wait_but_its_blackout_is_not(
    guarded: Client, bearer: Bearer, desk: FakeDesk
):
    headers, status = bearer(Role.OPERATOR), 200
    while status == 200:
        async with guarded.put("/api/v1/master", json={"value": 0.5}, headers=headers) as response:
            status = response.status
    assert (status, response.headers["Retry-After"]) == (429, "1")
    async with guarded.put("/api/v1/blackout", json={"value": True}, headers=headers) as response:
        assert (response.status, desk.store.live.blackout) == (200, True)


async def test_a_page_that_floods_is_refused_but_its_blackout_is_not(guarded: Client, bearer: Bearer):
    async with guarded.ws_connect("/api/v1/ws", headers=bearer(Role.OPERATOR)) as page:
        async with asyncio.timeout(10):
            body: dict[str, Any] = {}
            while body.get("type") != "refused":
                await page.send_json({"type": "live", "id": 1, "master": 0.5, "blackout": False})
                while body.get("type") not in {"refused", "done"}:
                    body = await page.receive_json()
                body = body if body["type"] == "refused" else {}
            assert body["problem"]["status"] == 429
            await page.send_json({"type": "live", "id": 2, "blackout": True})
            while body.get("id") != 2:
                body = await page.receive_json()
        assert body["type"] == "done"


async def test_one_address_holds_so_many_connections_and_no_more(desk: FakeDesk, people: PeopleFile):
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    runner = await serve(build_app(desk, bind="0.0.0.0", people=people), listening)
    with contextlib.ExitStack() as held:
        wires = [
            held.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(CONNECTIONS)
        ]
        assert await is_refused(port)
        for wire in wires[:2]:
            wire.close()
        async with asyncio.timeout(5):
            while await is_refused(port):
                pass
    await runner.cleanup()


async def is_refused(port: int) -> bool:
    """Whether a new connection is closed before it says a word."""
    try:
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/pair") as response:
            return response.status != 200
    except (OSError, ServerDisconnectedError):
        return True


async def test_a_page_that_does_nothing_but_flood_is_closed(guarded: Client, bearer: Bearer):
    async with guarded.ws_connect("/api/v1/ws", headers=bearer(Role.VIEWER)) as page, asyncio.timeout(10):
        for _ in range(MOST_REFUSALS):
            await page.send_str("{")
        async for _ in page:
            pass
        assert page.closed


async def test_one_device_keeps_nobody_out_by_its_many_pages(guarded: Client, bearer: Bearer):
    many, other = bearer(Role.VIEWER), bearer(Role.VIEWER)
    async with contextlib.AsyncExitStack() as pages:
        for _ in range(MOST_PAGES):
            await pages.enter_async_context(guarded.ws_connect("/api/v1/ws", headers=many))
        async with guarded.get("/api/v1/ws", headers=many) as response:
            await problem_in(response, 503)
        await pages.enter_async_context(guarded.ws_connect("/api/v1/ws", headers=other))


async def test_who_says_nothing_or_speaks_no_http_is_hung_up_on_without_a_word(
    desk: FakeDesk, people: PeopleFile
):
    app, listening = build_app(desk, bind="0.0.0.0", people=people), listen("127.0.0.1", 0)
    runner = web.AppRunner(app)
    await runner.setup()
    await CountedSite(runner, listening, app[MUTE], patience_s=0.05).start()
    for word in (b"", b"GET /pair HTTP/1.1\r\nHost:"):
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(word)
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
    assert not app[MUTE]
    await runner.cleanup()


async def test_what_is_no_http_costs_no_line_of_log(
    desk: FakeDesk, people: PeopleFile, caplog: pytest.LogCaptureFixture
):
    listening = listen("127.0.0.1", 0)
    runner = await serve(build_app(desk, bind="0.0.0.0", people=people), listening)
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    writer.write(b"FOO / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b" 400 " in await reader.read()
    writer.close()
    await runner.cleanup()
    assert not caplog.records


async def test_a_page_that_stays_open_keeps_its_device(guarded: Client, people: PeopleFile, bearer: Bearer):
    headers = bearer(Role.VIEWER)
    before = people.devices()[0].seen
    async with guarded.ws_connect("/api/v1/ws", headers=headers):
        opened = people.devices()[0].seen
    async with asyncio.timeout(5):
        while people.devices()[0].seen == opened:
            await guarded.get("/pair")
    assert before < opened
