"""Pages that hang, phones out of range: nobody else feels them, and they cost nothing that grows."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk
from api.test_api_ws import HANDSHAKE, Page

from lumad.api.hub import HUB, Hub
from lumad.api.viewer import Viewer

Client = TestClient[Any, Any]
STALLED = 20
WANT_PICTURES = b'{"type": "preview", "on": true, "width": 640}'


@asynccontextmanager
async def stalled(client: Client) -> AsyncIterator[socket.socket]:
    """A page that asks for pictures and never reads."""
    with socket.socket() as raw:
        raw.setblocking(False)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(raw, ("127.0.0.1", client.port))
        await loop.sock_sendall(raw, HANDSHAKE.replace("\n", "\r\n").encode())
        await loop.sock_sendall(raw, b"\x81" + bytes([0x80 | len(WANT_PICTURES)]) + bytes(4) + WANT_PICTURES)
        yield raw


def hub_of(client: Client) -> Hub:
    assert client.app is not None
    return client.app[HUB]


async def test_twenty_pages_that_never_read_hold_one_letter_a_kind_and_delay_nobody(
    client: Client, desk: FakeDesk, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(desk, "swatches", lambda: {"regions": {"sky-left": "#" + "f" * 500_000}})
    async with asyncio.timeout(20), AsyncExitStack() as stack:
        for _ in range(STALLED):
            await stack.enter_async_context(stalled(client))
        page = Page(await stack.enter_async_context(client.ws_connect("/api/v1/ws")))
        while len(hub_of(client).viewers) != STALLED + 1:
            await page.hear("lights")
        for _ in range(4):
            await page.hear("lights")  # until the buffers of those who do not read are full
        for step in range(20):
            assert (await page.ask(type="edit", path="show", value={"exposure": step / 10}))["type"] == "done"
        slots = [len(viewer._slots) for viewer in hub_of(client).viewers]
        assert max(slots) <= 8  # show, live, status, lights, preview, and a few events


async def test_a_phone_out_of_range_is_missed_after_its_heartbeat(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Viewer, "heartbeat_s", 0.2)
    async with asyncio.timeout(10), client.ws_connect("/api/v1/ws", autoping=False) as silent:
        assert json.loads((await silent.receive()).data)["type"] == "hello"
        monkeypatch.undo()
        async with client.ws_connect("/api/v1/ws") as other:
            page = Page(other)
            while len(hub_of(client).viewers) != 1:
                await page.hear("lights")
                await silent.receive()  # it reads, so that only the answer to a ping is missing
