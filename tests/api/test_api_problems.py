"""Whatever comes in: a problem in plain words, never a traceback, never a changed show."""

import asyncio
import json
import logging
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from api.fake_desk import FakeDesk, problem_in
from hypothesis import given
from hypothesis import strategies as st
from show.sample import sample_show

from lumad.api.app import build_app

Client = TestClient[Any, Any]
LEFT = "/api/v1/regions/sky-left"
AS_JSON = {"Content-Type": "application/json"}
NO_JSON = [
    b"",
    b"{",
    b"\xff\xfe",
    b'{"center": NaN}',
    b'{"center": [1e999, 0]}',
    b'{"a": 1, "a": 2}',
    b"[" * 50_000,
    b"[" * 33 + b"]" * 33,
    b'{"number": ' + b"9" * 5000 + b"}",
    b'{"label": "\\ud800"}',
]
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters()), inner, max_size=4),
    max_leaves=8,
)
KEYS = st.sampled_from(["center", "size", "follow", "level", "colour", "label", "address", "groups", "trims"])


@pytest.mark.parametrize("body", NO_JSON)
async def test_what_is_no_json_is_refused_in_plain_words(client: Client, body: bytes):
    async with client.patch(LEFT, data=body, headers={"Content-Type": "application/json"}) as response:
        await problem_in(response, 400)


async def test_another_content_type_is_refused(client: Client):
    async with client.patch(LEFT, data=b"{}", headers={"Content-Type": "text/plain"}) as response:
        await problem_in(response, 415)


async def test_a_body_of_more_than_a_mebibyte_is_refused(client: Client):
    headers = {"Content-Type": "application/json"}
    async with client.patch(LEFT, data=BytesIO(b" " * (1 << 20) + b"{}"), headers=headers) as response:
        await problem_in(response, 413)


async def test_another_method_is_refused_and_the_right_ones_are_named(client: Client):
    async with client.post(LEFT) as response:
        await problem_in(response, 405)
        assert "PATCH" in response.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/nothing", "/api/v1/dmx/none", "/api/v2/show", "/a%0d%0ab"]
)
async def test_there_is_nothing_at_an_unknown_path(client: Client, path: str):
    async with client.get(path) as response:
        await problem_in(response, 404)


async def test_a_bug_is_logged_and_answered_by_a_bare_500(
    client: Client, desk: FakeDesk, caplog: pytest.LogCaptureFixture
):
    desk.broken = True
    async with client.get("/api/v1/state") as response:
        assert "ZeroDivision" not in json.dumps(await problem_in(response, 500))
    assert "ZeroDivisionError" in caplog.text


@pytest.fixture
def talk() -> Iterator[Any]:
    """(desk, send): a door for many requests in a row from a test that is no coroutine."""
    logging.getLogger("lumad.api").setLevel(logging.ERROR)
    with asyncio.Runner() as runner:

        async def open_door() -> tuple[FakeDesk, Client]:
            desk = FakeDesk()
            client = TestClient(TestServer(build_app(desk, bind="127.0.0.1")))
            await client.start_server()
            return desk, client

        desk, client = runner.run(open_door())

        async def send(path: str, body: str) -> int:
            headers = {"Content-Type": "application/json"}
            async with client.patch(path, data=body.encode(), headers=headers) as response:
                await response.read()
                return response.status

        yield desk, lambda path, body: runner.run(send(path, body))
        runner.run(client.close())


def test_no_json_at_all_breaks_the_door_or_changes_a_show_that_refused_it(talk: Any):
    desk, send = talk

    @given(body=JSON | st.dictionaries(KEYS, JSON, max_size=3))
    def any_body(body: Any) -> None:
        for path in (LEFT, "/api/v1/fixtures/key"):
            before, revision = desk.store.show, desk.store.revision
            status = send(path, json.dumps(body))
            assert status in (200, 400, 422)
            if status != 200:
                assert (desk.store.show, desk.store.revision) == (before, revision)
            elif desk.store.can_undo:
                desk.store.undo()

    any_body()
    assert desk.store.show == sample_show()


@pytest.mark.parametrize("body", [{"k" * 900_000: 1}, {f"key-{n}": 1 for n in range(40_000)}])
async def test_an_answer_never_echoes_a_megabyte(client: Client, body: Any):
    async with client.patch("/api/v1/show", json=body) as response:
        problem = await problem_in(response, 422)
    assert len(json.dumps(problem)) < 30_000


async def test_a_key_that_stands_twice_behind_many_is_found_at_once(client: Client):
    keys = ",".join(f'"k{number}":1' for number in range(80_000))
    body = "{" + keys + ',"k79999":1}'
    async with asyncio.timeout(5), client.patch(LEFT, data=body, headers=AS_JSON) as response:
        assert "'k79999' stands twice" in (await problem_in(response, 400))["detail"]


async def test_a_body_that_trickles_is_hung_up_on(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lumad.api.body.BODY_S", 0.05)
    reader, writer = await asyncio.open_connection(client.host, client.port)
    head = f"PATCH {LEFT} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 9\r\n\r\n{{".encode())
    assert b"408" in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
