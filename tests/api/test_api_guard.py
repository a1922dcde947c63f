"""Who may come in: foreign pages, foreign names and strangers may not."""

from typing import Any

import pytest
from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in

from lumad.api.app import build_app
from lumad.api.guard import is_loopback, new_token, page_url

Client = TestClient[Any, Any]
MASTER = "/api/v1/master"


@pytest.mark.parametrize(
    "host", ["evil.example", "lumad.local", "10.0.0.9", "localhost.evil.example", "a@localhost"]
)
async def test_a_name_that_is_not_ours_is_misdirected(client: Client, host: str):
    async with client.get("/api/v1/show", headers={"Host": f"{host}:{client.port}"}) as response:
        await problem_in(response, 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"])
async def test_our_own_names_are_let_in_on_any_port_a_tunnel_may_have(client: Client, host: str):
    async with client.get("/api/v1/show", headers={"Host": f"{host}:9000"}) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:1", "null", "https://127.0.0.1:{port}"]
)
async def test_another_page_changes_nothing(client: Client, desk: FakeDesk, origin: str):
    headers = {"Origin": origin.format(port=client.port)}
    async with client.put(MASTER, json={"value": 0}, headers=headers) as response:
        await problem_in(response, 403)
    with pytest.raises(WSServerHandshakeError, match="403"):
        await client.ws_connect("/api/v1/ws", headers=headers)
    assert desk.store.live.master == 1.0


async def test_our_own_page_is_let_in(client: Client):
    headers = {"Origin": f"http://127.0.0.1:{client.port}"}
    async with client.put(MASTER, json={"value": 0}, headers=headers) as response:
        assert response.status == 200
    async with client.ws_connect("/api/v1/ws", headers=headers) as socket:
        assert (await socket.receive_json())["type"] == "hello"


async def test_every_route_and_method_needs_the_token(guarded: Client):
    app = guarded.app
    assert app is not None
    tried = 0
    for route in app.router.routes():
        resource = route.resource
        assert resource is not None
        path = resource.canonical.replace("{universe}", "1").replace("{file}", "app.js")
        for method in {route.method, "OPTIONS", "TRACE"}:
            async with guarded.request(method, path.replace("{id}", "key"), json={}) as response:
                assert response.status == 401, (method, path)
                tried += 1
    assert tried > 30
    with pytest.raises(WSServerHandshakeError, match="401"):
        await guarded.ws_connect("/api/v1/ws")


async def test_the_printed_url_signs_in_and_takes_the_token_out_of_the_address_bar(guarded: Client):
    async with guarded.get("/health/live?token=the-token", allow_redirects=False) as response:
        assert (response.status, response.headers["Location"]) == (303, "/health/live")
        cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    async with guarded.get("/health/live") as response:
        assert response.status == 200
    async with guarded.ws_connect("/api/v1/ws") as socket:
        assert (await socket.receive_json())["type"] == "hello"


async def test_a_program_shows_the_token_as_bearer(guarded: Client):
    async with guarded.get("/api/v1/show", headers={"Authorization": "Bearer the-token"}) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": f"Bearer {word}"} for word in ("", "the-toke", "the-token2", "thé-token")]
    + [{"Authorization": "Basic the-token"}, {"Cookie": "lumad=the-token"}],
)
async def test_a_wrong_token_stays_outside(guarded: Client, headers: dict[str, str]):
    async with guarded.get("/api/v1/show", headers=headers) as response:
        await problem_in(response, 401)
    async with guarded.get("/?token=wrong", headers=headers, allow_redirects=False) as response:
        await problem_in(response, 401)


async def test_every_answer_carries_the_security_headers(client: Client):
    for path in ("/api/v1/show", "/nothing", "/api/v1/frame.jpg"):
        async with client.get(path) as response:
            assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "no-referrer"
    async with client.ws_connect("/api/v1/ws") as socket:
        assert socket._response.headers["X-Content-Type-Options"] == "nosniff"


def test_there_is_no_door_beyond_loopback_without_a_token():
    for bind in ("0.0.0.0", "::", "192.168.1.4", ""):
        with pytest.raises(ValueError, match="token"):
            build_app(FakeDesk(), bind=bind, token=None)


def test_the_printed_url_opens_the_page():
    assert page_url("127.0.0.1", 8080, None) == "http://127.0.0.1:8080/"
    assert page_url("::1", 8080, "abc") == "http://[::1]:8080/?token=abc"
    assert len(new_token()) >= 32
    assert is_loopback("127.9.9.9")
    assert not is_loopback("0.0.0.0")
