"""Who may undo what: an operator walks over steps of light, not over somebody's patch."""

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in
from api.test_api_ws import Page
from show.sample import sample_show

from lumad.api.roles import Role
from lumad.show.edits import merge

Bearer = Callable[[Role], dict[str, str]]
Client = TestClient[Any, Any]


@pytest.mark.parametrize(
    ("path", "value", "status"),
    [
        ("fixtures/key", {"trims": {"intensity": 1}}, 200),
        ("fixtures/key", {"level": 0.5, "control": "manual"}, 200),
        ("regions/sky-left", {"center": [0.3, 0.3]}, 200),
        ("looks/dusk", {"label": "Dusk"}, 200),
        ("fixtures/key", {"address": 301}, 403),
        ("fixtures/key", {"label": "Key"}, 403),
        ("groups/front", {}, 403),
        ("show", {"name": "another"}, 403),
    ],
)
async def test_an_operator_undoes_and_redoes_light_alone(
    guarded: Client, bearer: Bearer, desk: FakeDesk, path: str, value: Any, status: int
):
    desk.store.apply(merge(path, value, create=True))
    operator, admin = bearer(Role.OPERATOR), bearer(Role.ADMIN)
    async with guarded.post("/api/v1/undo", headers=operator) as response:
        assert response.status == status
    if status == 403:
        async with guarded.post("/api/v1/undo", headers=admin) as response:
            assert response.status == 200
    assert desk.store.show == sample_show()
    async with guarded.post("/api/v1/redo", headers=operator) as response:
        assert response.status == status


async def test_the_same_holds_for_a_page(guarded: Client, bearer: Bearer, desk: FakeDesk):
    desk.store.apply(merge("show", {"name": "another"}))
    async with guarded.ws_connect("/api/v1/ws", headers=bearer(Role.OPERATOR)) as door:
        told = await Page(door).ask(type="undo")
    assert (told["problem"]["status"], desk.store.show.name) == (403, "another")


async def test_nothing_to_undo_is_nobodys_fault(guarded: Client, bearer: Bearer):
    async with guarded.post("/api/v1/undo", headers=bearer(Role.OPERATOR)) as response:
        await problem_in(response, 422)
