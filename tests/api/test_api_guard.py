"""Who may come in: foreign pages, foreign names and strangers may not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from aiohttp import ClientSession, UnixConnector, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer
from api.fake_desk import FakeDesk, problem_in

from lumad.api.app import build_app, serve
from lumad.api.guard import is_loopback, page_url
from lumad.api.listen import listen, listen_locally
from lumad.api.roles import Role
from lumad.daemon.people import PeopleFile

Client = TestClient[Any, Any]
Bearer = Callable[[Role], dict[str, str]]
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


async def test_a_program_shows_its_token_as_bearer(guarded: Client, bearer: Bearer):
    async with guarded.get("/api/v1/show", headers=bearer(Role.VIEWER)) as response:
        assert response.status == 200


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": f"Bearer {word}"} for word in ("", "a-token", "thé-token", "x" * 5000)]
    + [{"Authorization": "Basic a-token"}, {"Cookie": "lumad=a-token"}],
)
async def test_a_wrong_token_stays_outside(guarded: Client, headers: dict[str, str]):
    async with guarded.get("/api/v1/show", headers=headers) as response:
        await problem_in(response, 401)
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_a_stranger_gets_the_sign_in_page_in_place_of_the_page(guarded: Client):
    async with guarded.get("/") as response:
        assert (response.status, response.content_type) == (401, "text/html")
        assert "pair.js" in await response.text()


async def test_everything_that_the_sign_in_page_loads_is_public(guarded: Client):
    wanted, loaded = ["pair"], set[str]()
    while wanted:
        loaded.add(name := wanted.pop())
        async with guarded.get(f"/{name}") as response:
            assert response.status == 200, name
            text = await response.text()
        named = re.findall(r'(?:from |href=|src=)"([^"]+)"', text)
        wanted += {urljoin(f"/{name}", each)[1:] for each in named} - loaded - {*wanted}
    assert {"pair", "pair.js", "pair.css", "texts/pair.js", "style.css", "icon.svg"} <= loaded


async def test_a_name_of_the_settings_is_ours_and_so_is_one_that_joins_later(desk: FakeDesk):
    names = {"stage.studio.example"}
    app = build_app(desk, bind="127.0.0.1", names=names)
    async with TestClient(TestServer(app)) as client:
        for name, status in (("stage.studio.example", 200), ("lumad.local", 421)):
            async with client.get("/api/v1/show", headers={"Host": f"{name}:8080"}) as response:
                assert response.status == status
        names.add("lumad.local")
        async with client.get("/api/v1/show", headers={"Host": "LUMAD.local:8080"}) as response:
            assert response.status == 200


async def test_whoever_opens_the_socket_of_the_runtime_directory_is_admin(
    desk: FakeDesk, people: PeopleFile, tmp_path: Path
):
    listening, local = listen("127.0.0.1", 0), listen_locally(tmp_path / "door.sock")
    runner = await serve(build_app(desk, bind="0.0.0.0", people=people), listening, local=local)
    assert (tmp_path / "door.sock").stat().st_mode & 0o777 == 0o600
    async with ClientSession(connector=UnixConnector(str(tmp_path / "door.sock"))) as session:
        async with session.get("http://localhost/api/v1/users") as response:
            assert (response.status, await response.json()) == (200, [])
        async with session.get("http://evil.example/api/v1/users") as response:
            assert response.status == 421
    await runner.cleanup()


async def test_every_answer_carries_the_security_headers(client: Client):
    for path in ("/api/v1/show", "/nothing", "/api/v1/frame.jpg"):
        async with client.get(path) as response:
            assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert response.headers["Referrer-Policy"] == "no-referrer"
    async with client.ws_connect("/api/v1/ws") as socket:
        assert socket._response.headers["X-Content-Type-Options"] == "nosniff"


def test_there_is_no_door_beyond_loopback_without_a_sign_in():
    for bind in ("0.0.0.0", "::", "192.168.1.4", ""):
        with pytest.raises(ValueError, match="sign-in"):
            build_app(FakeDesk(), bind=bind)


def test_the_printed_url_opens_the_page():
    assert page_url("127.0.0.1", 8080) == "http://127.0.0.1:8080/"
    assert page_url("::1", 8080, tls=True) == "https://[::1]:8080/"
    assert is_loopback("127.9.9.9")
    assert not is_loopback("0.0.0.0")
