"""What happened can be asked for, and comes to every page by itself."""

from typing import Any

from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in

Client = TestClient[Any, Any]


async def test_events_are_read_from_an_id_on(client: Client, desk: FakeDesk):
    for text in ("one", "two"):
        desk.journal.note("edit", text, "Ada")
    async with client.get("/api/v1/events") as response:
        assert [entry["text"] for entry in await response.json()] == ["one", "two"]
    async with client.get("/api/v1/events?after=1") as response:
        assert await response.json() == [{"id": 2, "time": 0.0, "kind": "edit", "by": "Ada", "text": "two"}]
    for wrong in ("x", "-1", "1" * 16, "²"):
        async with client.get("/api/v1/events", params={"after": wrong}) as response:
            assert (await problem_in(response, 422))["faults"][0]["path"] == "after"


async def test_pages_are_told_as_it_happens(client: Client, desk: FakeDesk):
    async with client.ws_connect("/api/v1/ws") as page:
        while (await page.receive_json(timeout=5))["type"] != "lights":
            pass
        for number in range(3):
            desk.journal.note("edit", f"event {number}", "Ada")
        heard = []
        while len(heard) < 3:
            message = await page.receive_json(timeout=5)
            heard += [message["text"]] if message["type"] == "event" else []
    assert heard == ["event 0", "event 1", "event 2"]


async def test_the_nodes_that_answered_are_listed(client: Client):
    async with client.get("/api/v1/nodes") as response:
        assert await response.json() == []
