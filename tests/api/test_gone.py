"""What somebody deleted is not brought back by a hand that still drags it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk
from api.test_api_ws import Page
from show.sample import Clock, sample_loaded

from lumad.api.gone import FRESH_S, Gone
from lumad.api.problem import RequestError
from lumad.show.edits import delete, merge
from lumad.show.store import Store

FRONT = "groups/front"


@pytest.fixture
async def hands(client: TestClient[Any, Any], desk: FakeDesk) -> AsyncIterator[tuple[Page, Page]]:
    desk.store.apply(merge(FRONT, {"label": "Front"}, create=True))
    async with client.ws_connect("/api/v1/ws") as one, client.ws_connect("/api/v1/ws") as other:
        yield Page(one), Page(other)


async def test_a_group_that_somebody_deleted_stays_deleted(hands: tuple[Page, Page], desk: FakeDesk):
    one, other = hands
    drag = {"type": "edit", "path": FRONT, "value": {"label": "F"}, "gesture": "g"}
    assert (await other.ask(**drag))["type"] == "done"
    assert (await one.ask(type="edit", path=FRONT, value=None))["type"] == "done"
    answer = await other.ask(**drag)
    assert (answer["problem"]["status"], answer["problem"]["detail"]) == (
        409,
        f"{FRONT} was deleted meanwhile",
    )
    assert "front" not in desk.store.show.groups
    assert (await one.ask(**drag))["type"] == "done"  # who deleted it knows what it does
    assert (await other.ask(**drag))["type"] == "done"


async def test_a_list_that_moved_on_is_not_overwritten_from_an_old_one(
    hands: tuple[Page, Page], desk: FakeDesk
):
    edit = {"type": "edit", "path": "cues", "value": []}
    assert (await hands[0].ask(**edit, base_rev=desk.store.revision))["type"] == "done"
    assert (await hands[0].ask(**edit, base_rev=1))["problem"]["status"] == 412
    assert (await hands[0].ask(**edit, base_rev="1"))["problem"]["status"] == 400


def test_a_long_drag_stays_refused_and_later_ones_begin_it_anew():
    clock = Clock()
    store = Store(sample_loaded(), clock.later)
    gone = Gone(store, lambda: clock.now)
    store.apply(merge(FRONT, {}, create=True))
    store.apply(delete(FRONT))
    with pytest.raises(RequestError):
        gone.check(FRONT, "page", "drag")
    clock.now += FRESH_S
    with pytest.raises(RequestError):
        gone.check(FRONT, "page", "drag")
    gone.check(FRONT, "page", "another")
    store.undo()
    gone.check(FRONT, "page", "drag")
