"""DMX through the door: what leaves, what is on the network, and levels that follow a page's eyes."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in

Client = TestClient[Any, Any]
CONSOLE = "00000000-0000-0000-0000-000000000001"


async def get(client: Client, path: str) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/dmx{path}")
    assert answer.status == 200, await answer.text()
    body: dict[str, Any] = await answer.json()
    return body


async def test_the_levels_that_left_stand_under_the_shows_universe(client: Client, desk: FakeDesk):
    assert await get(client, "/1") == {"universe": 1, "levels": list(range(256)) * 2}
    assert desk.listened == []


async def test_a_universe_of_the_network_is_all_its_sources_together(client: Client, desk: FakeDesk):
    seen = await get(client, "/1?protocol=sacn")
    assert (seen["levels"][0], seen["sources"][0]["name"]) == (9, "console")
    assert desk.listened == [1]


@pytest.mark.parametrize("source", [CONSOLE, CONSOLE.replace("-", ""), "10.0.0.9", "console"])
async def test_one_source_is_named_as_people_know_it(client: Client, source: str):
    seen = await get(client, f"/1?source={source}")
    assert (seen["protocol"], seen["name"], seen["levels"]) == ("sacn", "console", [7, 8] + [0] * 510)


async def test_the_network_is_told_with_levels_when_asked_for(client: Client, desk: FakeDesk):
    assert [(await get(client, query))["levels"] for query in ("", "?levels=true")] == [False, True]
    assert desk.listened == [None, None]


@pytest.mark.parametrize("path", ["/2", "/1?source=nobody", "/2?protocol=sacn", "/0?protocol=artnet"])
async def test_what_nobody_sends_is_not_found(client: Client, path: str):
    await problem_in(await client.get(f"/api/v1/dmx{path}"), 404)


@pytest.mark.parametrize("path", ["/1?protocol=midi", "/64000", "/32768?protocol=artnet"])
async def test_what_there_can_not_be_is_a_bad_request(client: Client, path: str):
    await problem_in(await client.get(f"/api/v1/dmx{path}"), 400)


@pytest.fixture
async def door(client: Client) -> AsyncIterator[ClientWebSocketResponse]:
    async with client.ws_connect("/api/v1/ws") as door:
        yield door


async def next_of(door: ClientWebSocketResponse, *kinds: str) -> dict[str, Any]:
    while True:
        body = json.loads((await door.receive(timeout=5)).data)
        if body["type"] in kinds:
            return dict(body)


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        ({"universe": 1}, 0),
        ({"universe": 1, "protocol": "sacn"}, 9),
        ({"universe": 1, "source": "console"}, 7),
    ],
)
async def test_a_page_sees_the_levels_of_the_universe_it_watches(
    door: ClientWebSocketResponse, asked: dict[str, Any], level: int
):
    await door.send_json({"type": "dmx", "on": True, **asked})
    seen = await next_of(door, "dmx")
    assert seen["levels"][0] == level
    assert seen.items() >= asked.items()


async def test_a_universe_that_nobody_sends_has_no_levels(door: ClientWebSocketResponse):
    await door.send_json({"type": "dmx", "on": True, "universe": 5})
    assert (await next_of(door, "dmx"))["levels"] is None


async def test_levels_come_only_when_they_change_and_while_they_are_wanted(
    door: ClientWebSocketResponse, desk: FakeDesk
):
    await door.send_json({"type": "dmx", "on": True, "universe": 1})
    await next_of(door, "dmx")
    desk.level = 5
    assert (await next_of(door, "dmx"))["levels"][0] == 5
    await door.send_json({"type": "dmx", "on": False, "id": 7})
    await next_of(door, "done")
    desk.level = 6
    kinds = [(await next_of(door, "dmx", "lights"))["type"] for _ in range(3)]
    assert kinds == ["lights"] * 3


@pytest.mark.parametrize(
    "wrong", [{}, {"on": True}, {"on": True, "universe": "1"}, {"on": 1, "universe": 1},
              {"on": True, "universe": 1, "protocol": 7}, {"on": True, "universe": 1, "source": 7}],
)  # fmt: skip
async def test_a_wish_that_is_none_is_refused(door: ClientWebSocketResponse, wrong: dict[str, Any]):
    await door.send_json({"type": "dmx", "id": 7, **wrong})
    assert (await next_of(door, "refused", "done"))["type"] == "refused"
