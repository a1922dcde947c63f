"""The server: a port of its own, or one line that says why not; and it stops with sockets open."""

import asyncio
import socket

import pytest
from aiohttp import ClientSession, WSMsgType
from api.fake_desk import FakeDesk

from lumad.api.app import build_app, serve
from lumad.api.listen import listen, shown_host
from lumad.errors import NetworkError


async def test_port_zero_is_any_free_port():
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    runner = await serve(build_app(FakeDesk(), bind="127.0.0.1"), listening)
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/health/live") as response:
        assert response.status == 200
    await runner.cleanup()


def test_a_port_that_another_program_holds_is_said():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(NetworkError, match=rf"port {port} is held by another program \(try --port 0\)"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(("bind", "port"), [("192.0.2.1", 0), ("no name", 0)])
def test_an_address_that_is_none_is_said(bind: str, port: int):
    with pytest.raises(NetworkError, match=f"{bind}"):
        listen(bind, port)


async def test_it_stops_in_two_seconds_with_sockets_open():
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    runner = await serve(build_app(FakeDesk(), bind="127.0.0.1"), listening)
    async with ClientSession() as session, session.ws_connect(f"http://127.0.0.1:{port}/api/v1/ws") as page:
        await page.receive_json()
        async with asyncio.timeout(2):
            stopping = asyncio.create_task(runner.cleanup())
            while (await page.receive()).type is WSMsgType.TEXT:
                pass
            await stopping
        assert page.close_code == 1001


def test_the_printed_address_can_be_opened_from_elsewhere():
    assert shown_host("127.0.0.1") == "127.0.0.1"
    assert shown_host("0.0.0.0") not in {"0.0.0.0", ""}
