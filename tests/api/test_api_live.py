"""Live values, levels, picture, health: the quick ones."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import JPEG, FakeDesk, problem_in

from lumad.link.live import Live

Client = TestClient[Any, Any]


@pytest.mark.parametrize(
    ("name", "value"), [("master", 0.25), ("master", 0), ("blackout", True), ("freeze", True)]
)
async def test_a_live_value_is_set_and_read(client: Client, desk: FakeDesk, name: str, value: Any):
    async with client.put(f"/api/v1/{name}", json={"value": value}) as response:
        assert await response.json() == {"value": value}
    async with client.get(f"/api/v1/{name}") as response:
        assert await response.json() == {"value": value}
    assert (getattr(desk.store.live, name), desk.store.revision) == (value, 1)


@pytest.mark.parametrize(
    "body", [{}, {"value": 2}, {"value": "1"}, {"value": None}, 1, {"value": 1, "fade": 2}]
)
async def test_a_live_value_that_cannot_be_is_refused(client: Client, desk: FakeDesk, body: Any):
    async with client.put("/api/v1/master", json=body) as response:
        await problem_in(response, 422)
    assert desk.store.live.master == 1.0


async def test_the_state_tells_revision_live_values_and_the_light_path(client: Client):
    async with client.get("/api/v1/state") as response:
        state = await response.json()
    assert state["revision"] == 1
    assert state["live"] == Live().to_json()
    assert {"feed", "engine", "renderer", "outputs", "warnings", "unsaved", "can_undo", "can_redo"} <= set(
        state
    )


async def test_levels_are_those_that_left(client: Client):
    async with client.get("/api/v1/dmx/1") as response:
        assert await response.json() == {"universe": 1, "levels": [*range(256)] * 2}
    async with client.get("/api/v1/dmx/2") as response:
        assert "universe 2" in (await problem_in(response, 404))["detail"]


async def test_the_picture_is_a_jpeg_of_the_width_asked_for(client: Client, desk: FakeDesk):
    desk.number = 42
    async with client.get("/api/v1/frame.jpg?width=320") as response:
        assert (response.content_type, response.headers["Lumad-Frame"]) == ("image/jpeg", "42")
        assert await response.read() == JPEG
    assert desk.widths == [320]


@pytest.mark.parametrize("width", ["", "0", "-5", "x", "99999", "64.5", "²"])
async def test_a_width_that_is_none_is_refused(client: Client, width: str):
    async with client.get("/api/v1/frame.jpg", params={"width": width}) as response:
        assert (await problem_in(response, 422))["faults"][0]["path"] == "width"


async def test_before_the_first_frame_there_is_no_picture(client: Client, desk: FakeDesk):
    desk.number = 0
    async with client.get("/api/v1/frame.jpg") as response:
        await problem_in(response, 503)


async def test_ready_says_why_not(client: Client, desk: FakeDesk):
    async with client.get("/health/ready") as response:
        assert response.status == 200
    desk.reasons = ["no frame yet"]
    async with client.get("/health/ready") as response:
        assert (response.status, (await response.json())["reasons"]) == (503, ["no frame yet"])
    async with client.get("/health/live") as response:
        assert response.status == 200


async def test_profiles_are_listed(client: Client):
    async with client.get("/api/v1/profiles") as response:
        expected = {"id": "example/dimmer", "name": "Dimmer", "status": "community", "modes": ["8bit"]}
        assert await response.json() == [expected]
