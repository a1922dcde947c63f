"""An operator's word about who has the light."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in

Client = TestClient[Any, Any]
ACTIVE = {"state": "active", "heard": False}


async def test_a_machine_that_is_nobodys_standby_says_so(client: Client):
    async with client.get("/api/v1/standby") as response:
        assert await response.json() is None
    async with client.post("/api/v1/standby", json={"do": "take"}) as response:
        await problem_in(response, 409)


@pytest.mark.parametrize("do", ["take", "automatic", "manual"])
async def test_an_order_goes_on_to_the_engine(client: Client, desk: FakeDesk, do: str):
    desk.standby = ACTIVE
    async with client.post("/api/v1/standby", json={"do": do}) as response:
        assert (response.status, await response.json()) == (202, {"do": do})
    assert desk.stood_by == [do]


async def test_nothing_is_handed_back_to_a_primary_that_is_not_heard(client: Client, desk: FakeDesk):
    desk.standby = ACTIVE
    async with client.post("/api/v1/standby", json={"do": "hand-back"}) as response:
        assert "lumad release" in (await problem_in(response, 409))["detail"]
    desk.standby = ACTIVE | {"heard": True}
    async with client.post("/api/v1/standby", json={"do": "hand-back"}) as response:
        assert response.status == 202


@pytest.mark.parametrize("body", [{}, {"do": "dance"}, {"do": []}, ["take"], {"do": "take", "now": 1}])
async def test_an_order_that_nobody_knows_is_refused(client: Client, desk: FakeDesk, body: Any):
    desk.standby = ACTIVE
    async with client.post("/api/v1/standby", json=body) as response:
        await problem_in(response, 422)
    assert desk.stood_by == []
