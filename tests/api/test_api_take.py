"""The take: what stays locked for whom while it rolls, and how its light comes back."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in
from api.test_api_ws import Page

from lumad.api.roles import Role
from lumad.link.take import Take
from lumad.show.takes import Moment

Client = TestClient[Any, Any]
TRIM = {"trims": {"intensity": 0.5}}


@pytest.fixture
def rolling(desk: FakeDesk) -> None:
    desk.store.set_live(take={"scene": "12", "take": 3, "ride": ["key"], "rolling": True})


async def status_of(client: Client, method: str, path: str, body: Any, **more: Any) -> int:
    async with client.request(method, f"/api/v1/{path}", json=body, **more) as response:
        return response.status


async def test_a_slate_is_written_piece_by_piece(client: Client):
    await client.put("/api/v1/take", json={"scene": "12", "ride": ["key"]})
    async with client.put("/api/v1/take", json={"rolling": True}) as response:
        told = await response.json()
    assert told == {"rolling": True, "scene": "12", "shot": "", "take": 1, "ride": ["key"]}


@pytest.mark.parametrize("wish", [{"take": 0}, {"ride": ["nobody"]}, {"scene": "x" * 41}, {"roll": 1}, [1]])
async def test_a_slate_that_cannot_be_is_refused(client: Client, wish: Any):
    async with client.put("/api/v1/take", json=wish) as response:
        await problem_in(response, 422)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PATCH", "fixtures/key", TRIM, 200),
        ("PUT", "freeze", {"value": True}, 423),
        ("POST", "undo", None, 423),
        ("PUT", "master", {"value": 0.5}, 200),
        ("PUT", "blackout", {"value": True}, 200),
        ("PUT", "take", {"rolling": False}, 200),
        ("PUT", "take", {"ride": ["key", "fill"]}, 423),
        ("PATCH", "fixtures/key", {"trims": {"mired": 5}}, 423),
        ("PATCH", "fixtures/fill", TRIM, 423),
        ("POST", "pair", {"code": "1"}, 403),
    ],
)
@pytest.mark.usefixtures("rolling")
async def test_a_rolling_take_locks_what_an_operator_may_do(
    guarded: Client, bearer: Any, method: str, path: str, body: Any, status: int
):
    assert await status_of(guarded, method, path, body, headers=bearer(Role.OPERATOR)) == status


@pytest.mark.usefixtures("rolling")
async def test_a_rolling_take_leaves_an_admin_free(guarded: Client, bearer: Any):
    assert await status_of(guarded, "PATCH", "fixtures/key", TRIM, headers=bearer(Role.ADMIN)) == 200


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ({"type": "edit", "path": "fixtures/key", "value": TRIM}, "done"),
        ({"type": "edit", "path": "fixtures/key", "value": {"level": 0.3}}, "done"),
        ({"type": "edit", "path": "fixtures/key", "value": {"trims": {"mired": 20}}}, "refused"),
        ({"type": "edit", "path": "fixtures/fill", "value": TRIM}, "refused"),
        ({"type": "live", "master": 0.5}, "done"),
        ({"type": "live", "master": 0.5, "freeze": True}, "refused"),
        ({"type": "undo"}, "refused"),
        ({"type": "take", "value": {"rolling": False}}, "done"),
        ({"type": "take", "value": {"ride": ["key", "fill"]}}, "refused"),
    ],
)
@pytest.mark.usefixtures("rolling")
async def test_faders_armed_before_the_take_stay_in_hand(
    guarded: Client, bearer: Any, message: dict[str, Any], answer: str
):
    async with guarded.ws_connect("/api/v1/ws", headers=bearer(Role.OPERATOR)) as door:
        told = await Page(door).ask(**message)
    assert told["type"] == answer
    assert answer == "done" or told["problem"]["status"] == 423


async def test_one_tap_brings_the_light_of_a_take_back(client: Client, desk: FakeDesk):
    before = desk.store.show
    number = desk.takes.keep(Moment(5.0, Take(), before, desk.store.live, {}, b""))
    await client.patch("/api/v1/fixtures/key", json=TRIM)
    await client.put("/api/v1/master", json={"value": 0.1})
    assert await status_of(client, "POST", f"takes/{number}/restore", None) == 200
    assert desk.store.show == before
    assert desk.store.live.master == 1.0
    desk.store.undo()
    assert desk.store.show.fixtures["key"].trims.intensity == 0.5


@pytest.mark.parametrize("path", ["takes/9", "takes/x", "takes/9/still.jpg"])
async def test_a_take_that_is_not_there_is_told(client: Client, path: str):
    async with client.get(f"/api/v1/{path}") as response:
        await problem_in(response, 404)
