"""Looks, cues, solo and identify through the door."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in
from api.test_api_ws import Page

Client = TestClient[Any, Any]
LOW = {"fade_s": 3, "fixtures": {"key": {"control": "manual", "level": 0.1}}}
HIGH = {"fixtures": {"key": {"control": "manual", "level": 0.9}}}
ANY = {"If-Match": "*"}


@pytest.fixture
async def page(client: Client) -> AsyncIterator[Page]:
    async with client.ws_connect("/api/v1/ws") as door:
        yield Page(door)


async def told(client: Client, method: str, path: str, body: Any = None, **more: Any) -> Any:
    """The JSON answer of a request that must succeed."""
    async with client.request(method, f"/api/v1/{path}", json=body, **more) as response:
        assert response.status in (200, 201), await response.text()
        return await response.json()


async def refused(client: Client, method: str, path: str, status: int, body: Any = None) -> str:
    """What is said against a request."""
    async with client.request(method, f"/api/v1/{path}", json=body) as response:
        return str((await problem_in(response, status))["detail"])


@pytest.fixture
async def looks(client: Client) -> None:
    await told(client, "PUT", "looks/low", LOW, headers=ANY)
    await told(client, "PUT", "looks/high", HIGH, headers=ANY)
    cues = [{"number": 2, "look": "high", "fade_s": 5}, {"number": 1, "look": "low"}]
    await told(client, "PUT", "cues", cues, headers=ANY)


@pytest.mark.usefixtures("looks")
async def test_a_look_goes_and_is_released(client: Client, desk: FakeDesk):
    fades: list[Any] = []
    desk.store.subscribe(lambda event: fades.append(event.fade))
    assert await told(client, "POST", "looks/low/go") == {"revision": 5}
    await told(client, "POST", "looks/low/release", {"fade_s": 0.5})
    assert [fade.seconds for fade in fades] == [3, 0.5]
    assert desk.store.show.fixtures["key"].control == "follow"


async def test_a_look_is_stored_from_the_lamps_as_they_are(client: Client):
    await told(client, "PATCH", "fixtures/key", {"level": 0.4, "control": "manual"})
    wish = {"fixtures": ["key"], "parts": ["control", "level"], "fade_s": 2, "label": "Dusk"}
    look = await told(client, "POST", "looks/dusk/store", wish)
    follow = {"region": "sky-left", "take": "both"}
    assert look["fixtures"] == {"key": {"control": "manual", "follow": follow, "level": 0.4}}
    assert (look["fade_s"], look["label"]) == (2, "Dusk")
    assert await told(client, "POST", "looks/dusk/rename", {"to": "night"}) == look
    assert list(await told(client, "GET", "looks")) == ["night"]


@pytest.mark.usefixtures("looks")
async def test_what_a_look_cannot_do_is_said(client: Client):
    assert "no look lew (nearest: low)" in await refused(client, "POST", "looks/lew/go", 404)
    assert "3600" in await refused(client, "POST", "looks/low/go", 422, {"fade_s": 1e9})
    assert "fade" in await refused(client, "POST", "looks/low/go", 422, {"fade": 1})
    assert "no part" in await refused(client, "POST", "looks/low/store", 422, {"parts": ["levels"]})
    assert "no keys" in await refused(client, "POST", "looks/low/store", 404, {"fixtures": ["keys"]})
    assert "already" in await refused(client, "POST", "looks/low/rename", 422, {"to": "high"})


@pytest.mark.usefixtures("looks")
async def test_cues_go_next_and_back(client: Client, desk: FakeDesk):
    assert [cue["number"] for cue in await told(client, "GET", "cues")] == [1, 2]
    assert (await told(client, "POST", "cues/next"))["cue"]["number"] == 1
    assert (await told(client, "POST", "cues/go", {"number": 2}))["revision"] == 6
    assert (desk.store.live.cue, desk.store.show.fixtures["key"].level) == (2, 0.9)
    assert (await told(client, "POST", "cues/back"))["cue"]["look"] == "low"
    assert "no cue 7" in await refused(client, "POST", "cues/go", 404, {"number": 7})
    assert "no further cue" in await refused(client, "POST", "cues/back", 422)
    state = await told(client, "GET", "state")
    assert (state["live"]["cue"], state["looks_on"]) == (1, ["low"])


async def test_a_solo_is_set_and_ended(client: Client, desk: FakeDesk):
    assert await told(client, "PUT", "solo", {"value": ["key"]}) == {"value": ["key"]}
    assert await told(client, "GET", "solo") == {"value": ["key"]}
    assert "no fixture keys" in await refused(client, "PUT", "solo", 422, {"value": ["keys"]})
    await told(client, "PUT", "solo", {"value": []})
    assert (desk.store.live.solo, desk.store.revision) == ((), 1)


async def test_a_program_identifies_for_half_a_minute(client: Client, desk: FakeDesk, page: Page):
    await told(client, "PUT", "identify", {"value": ["key"]})
    assert (await page.hear("live", identify=["key"]))["master"] == 1
    assert await told(client, "GET", "identify") == {"value": ["key"]}
    for wrong in ("key", ["keys"], [["key"]], None):
        await refused(client, "PUT", "identify", 422, {"value": wrong})
    assert desk.store.live.identify == ("key",)
    await told(client, "PUT", "identify", {"value": []})
    assert desk.store.live.identify == ()


async def test_what_a_page_identifies_ends_with_the_page(client: Client, desk: FakeDesk, page: Page):
    async with client.ws_connect("/api/v1/ws") as door:
        phone = Page(door)
        assert (await phone.ask(type="identify", fixtures=["key", "fill"], on=True))["type"] == "done"
        assert (await phone.ask(type="identify", fixtures=["key"], on=False))["type"] == "done"
        assert (await page.ask(type="identify", fixtures=["key"], on=True))["type"] == "done"
        assert set(desk.store.live.identify) == {"key", "fill"}
        assert (await phone.ask(type="identify", fixtures=[{}], on=True))["type"] == "refused"
    await page.hear("live", identify=["key"])


@pytest.mark.usefixtures("looks")
async def test_a_page_plays_looks_and_cues(page: Page, desk: FakeDesk):
    assert (await page.ask(type="look", do="go", name="low", fade_s=1))["type"] == "done"
    assert (await page.hear("show", rev=5))["looks_on"] == ["low"]
    assert (await page.ask(type="look", do="store", name="all"))["type"] == "done"
    assert (await page.ask(type="look", do="release", name="low"))["type"] == "done"
    assert (await page.ask(type="cue", do="next"))["type"] == "done"
    assert (await page.ask(type="cue", do="go", number=2))["type"] == "done"
    assert (await page.ask(type="cue", do="back"))["type"] == "done"
    assert (desk.store.live.cue, list(desk.store.show.looks)) == (1, ["low", "high", "all"])


@pytest.mark.parametrize(
    "message",
    [
        {"type": "look", "name": "low"},
        {"type": "look", "do": "dance", "name": "low"},
        {"type": "look", "do": ["go"], "name": "low"},
        {"type": "look", "do": "go"},
        {"type": "look", "do": "go", "name": "nowhere"},
        {"type": "look", "do": "store", "name": "a b"},
        {"type": "look", "do": "go", "name": "low", "parts": []},
        {"type": "cue", "do": "next"},
        {"type": "cue", "do": "go", "number": "1"},
        {"type": "identify", "fixtures": "key", "on": True},
        {"type": "identify", "fixtures": ["keys"], "on": True},
        {"type": "live", "solo": "key"},
    ],
)
async def test_a_wrong_word_to_looks_changes_nothing(page: Page, desk: FakeDesk, message: dict[str, Any]):
    assert (await page.ask(**message))["type"] == "refused"
    assert (desk.store.revision, desk.store.live.identify) == (1, ())
