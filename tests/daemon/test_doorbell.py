"""Asking a running daemon through its socket: its answer, its refusal, or nobody there; and what is shown."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from api.fake_desk import FakeDesk

from lumad.api.app import build_app, serve
from lumad.api.listen import listen, listen_locally, own_addresses
from lumad.api.qr import svg_path
from lumad.cli import main
from lumad.daemon.doorbell import SOCKET, ask
from lumad.daemon.invitation import poster
from lumad.daemon.people import PeopleFile
from lumad.errors import LumadError, NetworkError

OFFER: dict[str, Any] = {
    "url": "http://10.0.0.4:8080/pair#k=abcdefghijklmnop",
    "pin": "042317",
    "role": "admin",
}
OFFER |= {"expires_s": 300}


@pytest.fixture
async def runtime(tmp_path: Path) -> AsyncIterator[Path]:
    """The runtime directory of a desk that listens beyond loopback."""
    (tmp_path / SOCKET).touch()  # a killed desk's
    local = listen_locally(tmp_path / SOCKET)
    people = PeopleFile(tmp_path / "people.json")
    app = build_app(FakeDesk(), bind="0.0.0.0", people=people, url="http://10.0.0.4:8080/")
    runner = await serve(app, listen("127.0.0.1", 0), local=local)
    yield tmp_path
    await runner.cleanup()


async def test_the_daemon_makes_a_code_for_who_asks_at_its_socket(runtime: Path):
    offer = await asyncio.to_thread(ask, runtime, "POST", "/api/v1/pair/new", {"role": "viewer"})
    assert (offer["role"], offer["url"]) == ("viewer", f"http://10.0.0.4:8080/pair#k={offer['code']}")


async def test_a_refusal_is_told_in_the_daemons_words(runtime: Path):
    with pytest.raises(LumadError, match="must be one of viewer, operator, admin"):
        await asyncio.to_thread(ask, runtime, "POST", "/api/v1/pair/new", {"role": "king"})


async def test_the_command_shows_a_picture_and_a_pin(
    runtime: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    settings = tmp_path / "lumad.yaml"
    settings.write_text(f"runtime_dir: {runtime}\n")
    assert await asyncio.to_thread(main, ["pair", "--settings", str(settings), "--role", "viewer"]) == 0
    shown = capsys.readouterr().out
    assert "▀" in shown
    assert "It lets one device in, as viewer, within 5 minutes." in shown


def test_where_no_daemon_runs_that_is_said(tmp_path: Path):
    with pytest.raises(NetworkError, match="no lumad runs in"):
        ask(tmp_path, "POST", "/api/v1/pair/new", {})


def test_a_terminal_without_half_blocks_gets_the_words():
    assert "▄" in poster(OFFER, "utf-8")
    for encoding in ("ascii", None, "no-such"):
        assert "type 042 317" in poster(OFFER, encoding)
        poster(OFFER, encoding).encode("ascii")


def test_the_code_of_a_terminal_is_the_code_of_the_page():
    drawn = poster(OFFER, "utf-8").splitlines()
    size = svg_path(OFFER["url"])["size"]
    assert {len(line) for line in drawn[:-2]} == {size}
    assert len(drawn) - 2 == (size + 1) // 2
    light = sum(line.count("█") * 2 + line.count("▀") + line.count("▄") for line in drawn[:-2])
    dark = size * size - light
    assert svg_path(OFFER["url"])["path"].count("M") == dark


def test_a_door_is_reached_at_its_own_address_or_all_of_the_machines():
    assert own_addresses("10.0.0.4") == ["10.0.0.4"]
    assert own_addresses("127.0.0.1") == own_addresses("localhost") == own_addresses("::1") == []
    assert not {"127.0.0.1", "0.0.0.0"} & set(own_addresses("0.0.0.0"))
    assert all(":" in address for address in own_addresses("::"))
