"""The socket: everything a page is told, everything it may ask, and nothing that ends it."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient
from api.fake_desk import JPEG, FakeDesk, problem_in
from show.sample import RECT, sample_show

from lumad.api.hub import HUB, MOST_VIEWERS
from lumad.api.viewer import Viewer

Client = TestClient[Any, Any]
BAD_MESSAGES = [
    "",
    "{",
    "[]",
    "7",
    "{}",
    "[" * 20_000,
    '{"type": 5}',
    '{"type": "none", "id": 7}',
    '{"type": "undo"}',
    '{"type": "edit"}',
    '{"type": "edit", "path": "regions/sky-left"}',
    '{"type": "edit", "path": 5, "value": {}}',
    '{"type": "edit", "path": "outputs/0", "value": {}}',
    '{"type": "edit", "path": "regions/sky-left", "value": null}',
    '{"type": "edit", "path": "regions/no name", "value": {"center": [0, 0], "size": [1, 1]}}',
    '{"type": "edit", "path": "regions/sky-left", "value": {}, "gesture": 5}',
    '{"type": "live"}',
    '{"type": "live", "master": 7}',
    '{"type": "live", "master": NaN}',
    '{"type": "ack"}',
    '{"type": "ack", "frame": true}',
    '{"type": "preview", "on": 1}',
    '{"type": "preview", "on": true, "width": "x"}',
]
HANDSHAKE = """\
GET /api/v1/ws HTTP/1.1
Host: 127.0.0.1
Upgrade: websocket
Connection: Upgrade
Sec-WebSocket-Version: 13
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

"""


class Page:
    """One open page."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.socket = socket

    async def hear(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next message of a kind that carries these fields; others are passed over."""
        while True:
            message = await self.socket.receive(timeout=5)
            assert message.type in (WSMsgType.TEXT, WSMsgType.BINARY), message
            body = json.loads(message.data) if message.type is WSMsgType.TEXT else {}
            if body.get("type") == kind and all(body.get(name) == value for name, value in fields.items()):
                return dict(body)

    async def see(self) -> bytes:
        """The next picture."""
        while True:
            message = await self.socket.receive(timeout=5)
            if message.type is WSMsgType.BINARY:
                return bytes(message.data)

    async def ask(self, **message: Any) -> dict[str, Any]:
        """Send a message and return its answer."""
        await self.socket.send_json({"id": 7, **message})
        while True:
            body = json.loads((await self.socket.receive(timeout=5)).data)
            if body["type"] in ("done", "refused"):
                return dict(body)


@pytest.fixture
async def page(client: Client) -> AsyncIterator[Page]:
    async with client.ws_connect("/api/v1/ws") as door:
        yield Page(door)


async def test_a_page_is_greeted_and_told_everything_there_is(page: Page):
    hello = await page.hear("hello")
    assert (hello["proto"], hello["rev"]) == (1, 1)
    kinds = {json.loads((await page.socket.receive(timeout=5)).data)["type"] for _ in range(4)}
    assert kinds == {"show", "live", "status", "lights"}


async def test_an_edit_is_done_and_everybody_sees_it(client: Client, page: Page):
    async with client.ws_connect("/api/v1/ws") as door:
        other = Page(door)
        done = await page.ask(type="edit", gesture="g", path="regions/sky-left", value={"center": [0.5, 0.5]})
        assert done == {"type": "done", "id": 7, "rev": 2}
        for each in (page, other):
            told = await each.hear("show", rev=2)
            assert told["show"]["regions"]["sky-left"]["center"] == [0.5, 0.5]
        assert (await other.hear("status", rev=2))["can_undo"] is True


async def test_a_region_is_made_and_removed(page: Page, desk: FakeDesk):
    assert (await page.ask(type="edit", path="regions/sun", value=RECT))["type"] == "done"
    assert "sun" in desk.store.show.regions
    assert (await page.ask(type="edit", path="regions/sun", value=None))["type"] == "done"
    assert "sun" not in desk.store.show.regions


async def test_white_is_matched_by_one_message(page: Page, desk: FakeDesk):
    assert (await page.ask(type="edit", path="show", value={"exposure": 1}))["type"] == "done"
    assert (await page.ask(type="match-white"))["type"] == "done"
    assert desk.store.show.exposure == -0.515


async def test_a_drag_is_one_step_of_undo_for_each_page(page: Page, desk: FakeDesk):
    for step in range(20):
        await page.ask(type="edit", gesture="g", path="regions/sky-left", value={"center": [step / 20, 0.5]})
    assert (await page.ask(type="undo"))["type"] == "done"
    assert desk.store.show == sample_show()
    assert (await page.ask(type="redo"))["type"] == "done"


async def test_live_values_are_told_to_all(client: Client, page: Page, desk: FakeDesk):
    async with client.ws_connect("/api/v1/ws") as door:
        assert (await page.ask(type="live", blackout=True))["rev"] == 1
        assert (await Page(door).hear("live", blackout=True))["master"] == 1.0
    assert desk.store.live.blackout


@pytest.mark.parametrize("text", BAD_MESSAGES)
async def test_a_bad_message_is_refused_and_the_socket_lives_on(page: Page, desk: FakeDesk, text: str):
    await page.socket.send_str(text)
    refused = await page.hear("refused")
    assert refused["problem"]["status"] in (400, 404, 422)
    await page.socket.send_json({"type": "ping", "t": 1})
    assert (await page.hear("pong"))["t"] == 1
    assert desk.store.show == sample_show()


async def test_a_refused_edit_carries_its_id_and_faults(page: Page):
    refused = await page.ask(type="edit", id="x", path="fixtures/key", value={"address": 513})
    assert refused["id"] == "x"
    assert refused["problem"]["faults"][0]["path"] == "fixtures.key.address"


async def test_bytes_from_a_page_are_refused(page: Page):
    await page.socket.send_bytes(b"\x00\x01")
    assert (await page.hear("refused"))["id"] is None


async def test_a_picture_comes_and_the_next_only_after_its_ack(page: Page, desk: FakeDesk):
    desk.number = 2**32 + 5
    await page.socket.send_json({"type": "preview", "on": True, "width": 600})
    assert await page.see() == bytes([0, 0, 0, 1, 0, 0, 0, 5]) + JPEG
    desk.number += 1
    await page.hear("lights")
    await page.hear("lights")
    await page.socket.send_json({"type": "ack", "frame": 1})
    assert (await page.see())[:8] == bytes([0, 0, 0, 2, 0, 0, 0, 6])
    assert set(desk.widths) == {640}


async def test_a_bug_in_one_message_leaves_the_others(
    client: Client, desk: FakeDesk, caplog: pytest.LogCaptureFixture
):
    desk.broken = True
    async with client.ws_connect("/api/v1/ws") as door:
        await Page(door).hear("lights")
        desk.broken = False
        await Page(door).hear("status")
    assert caplog.text.count("the message status cannot be made") == 1


async def test_a_bug_in_an_edit_is_refused_and_the_socket_lives_on(
    page: Page, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(desk.store, "undo", lambda **_: 1 / 0)
    assert (await page.ask(type="undo"))["problem"]["status"] == 500
    assert (await page.ask(type="live", freeze=True))["type"] == "done"


async def test_a_preview_that_cannot_be_made_leaves_the_rest(
    page: Page, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    with monkeypatch.context() as broken:
        broken.setattr(desk, "preview", lambda _: 1 / 0)
        await page.ask(type="preview", on=True, width=640)
        for _ in range(3):
            await page.hear("lights")
    assert caplog.text.count("the message preview cannot be made") == 1
    assert (await page.see()).endswith(JPEG)


async def test_a_plain_request_for_the_socket_is_a_problem(client: Client):
    async with client.get("/api/v1/ws") as response:
        await problem_in(response, 400)


async def test_a_page_that_never_reads_is_dropped_and_the_others_go_on(
    client: Client, page: Page, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Viewer, "patience_s", 0.2)
    monkeypatch.setattr(desk, "swatches", lambda: {"regions": {"sky-left": "#" + "f" * 500_000}})
    assert client.app is not None
    async with asyncio.timeout(10), raw_page(client):
        while len(client.app[HUB].viewers) != 2:
            await page.hear("lights")
        while len(client.app[HUB].viewers) != 1:
            await page.hear("lights")
        await page.hear("status")


@asynccontextmanager
async def raw_page(client: Client) -> AsyncIterator[None]:
    """A page that shakes hands and never reads again."""
    with socket.socket() as raw:
        raw.setblocking(False)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(raw, ("127.0.0.1", client.port))
        await loop.sock_sendall(raw, HANDSHAKE.replace("\n", "\r\n").encode())
        yield


async def test_a_page_that_leaves_is_forgotten_and_too_many_are_refused(client: Client):
    pages = [await client.ws_connect("/api/v1/ws") for _ in range(MOST_VIEWERS)]
    async with client.get("/api/v1/ws") as response:
        assert response.status == 503
    for door in pages:
        await Page(door).hear("hello")
        await door.close()
    async with client.ws_connect("/api/v1/ws") as door:
        await Page(door).hear("hello")
