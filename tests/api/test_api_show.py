"""The show over HTTP: what is read, edited, refused, undone."""

import json
from typing import Any

from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in
from show.sample import RECT, sample_show

Client = TestClient[Any, Any]
LEFT = "/api/v1/regions/sky-left"


async def test_the_show_is_read_with_its_revision(client: Client):
    async with client.get("/api/v1/show") as response:
        assert response.headers["ETag"] == '"1"'
        show = await response.json()
    assert list(show["regions"]) == ["sky-left", "sky-right"]
    assert show["fixtures"]["key"]["follow"] == {"region": "sky-left", "take": "both"}
    async with client.get("/api/v1/show", headers={"If-None-Match": '"1"'}) as response:
        assert response.status == 304


async def test_a_region_is_moved_and_the_lamps_of_the_desk_know(client: Client, desk: FakeDesk):
    async with client.patch(LEFT, json={"center": [0.5, 0.5]}) as response:
        assert (response.status, response.headers["ETag"]) == (200, '"2"')
        assert (await response.json())["center"] == [0.5, 0.5]
    assert desk.store.show.regions["sky-left"].center == (0.5, 0.5)


async def test_the_exposure_is_set_by_hand_and_by_matching_white(client: Client, desk: FakeDesk):
    async with client.patch("/api/v1/show", json={"exposure": -1}) as response:
        assert (response.headers["ETag"], (await response.json())["exposure"]) == ('"2"', -1)
    async with client.patch("/api/v1/show", json={"wall": {}}) as response:
        assert "cannot be changed here" in (await problem_in(response, 422))["detail"]
    async with client.patch("/api/v1/show", json={}, headers={"If-Match": '"1"'}) as response:
        await problem_in(response, 412)
    async with client.post("/api/v1/match-white") as response:
        assert await response.json() == {"revision": 3, "exposure": -0.515}
    assert desk.store.show.exposure == -0.515


async def test_one_region_is_read(client: Client):
    async with client.get(LEFT) as response:
        assert (await response.json())["size"] == [0.3, 0.4]


async def test_a_merge_patch_type_is_taken_too(client: Client):
    headers = {"Content-Type": "application/merge-patch+json"}
    async with client.patch(LEFT, data=json.dumps({"center": [0, 0]}), headers=headers) as response:
        assert response.status == 200


async def test_a_fixture_follows_another_region(client: Client):
    async with client.patch("/api/v1/fixtures/key", json={"follow": "sky-right"}) as response:
        assert (await response.json())["follow"]["region"] == "sky-right"
    async with client.get("/api/v1/fixtures") as response:
        assert (await response.json())["key"]["follow"]["region"] == "sky-right"


async def test_unknown_names_are_not_found_and_the_nearest_is_named(client: Client):
    for method, path in (
        ("GET", "regions"),
        ("PATCH", "regions"),
        ("GET", "fixtures"),
        ("PATCH", "fixtures"),
    ):
        name = "sky-lft" if path == "regions" else "kee"
        async with client.request(method, f"/api/v1/{path}/{name}", json={}) as response:
            assert "nearest: " in (await problem_in(response, 404))["detail"]


async def test_an_invalid_edit_names_its_faults_and_changes_nothing(client: Client, desk: FakeDesk):
    async with client.patch("/api/v1/fixtures/key", json={"address": 513, "levle": 1}) as response:
        faults = (await problem_in(response, 422))["faults"]
    assert {fault["path"] for fault in faults} == {"fixtures.key.address", "fixtures.key.levle"}
    assert (desk.store.show, desk.store.revision) == (sample_show(), 1)


async def test_a_region_is_made_replaced_and_removed_by_those_who_know_the_revision(client: Client):
    sun = "/api/v1/regions/sun"
    async with client.put(sun, json=RECT, headers={"If-Match": '"1"'}) as response:
        assert (response.status, response.headers["Location"]) == (201, sun)
    async with client.put(sun, json={**RECT, "size": [1, 1]}, headers={"If-Match": "*"}) as response:
        assert (response.status, (await response.json())["size"]) == (200, [1, 1])
    async with client.delete(sun, headers={"If-Match": '"3"'}) as response:
        assert (response.status, response.headers["ETag"]) == (204, '"4"')


async def test_structure_is_not_changed_by_those_who_do_not_say_what_they_saw(client: Client, desk: FakeDesk):
    for method in ("PUT", "DELETE"):
        async with client.request(method, LEFT, json=RECT) as response:
            assert "If-Match" in (await problem_in(response, 428))["detail"]
        for stale in ('"0"', 'W/"1"', "1", '""'):
            async with client.request(method, LEFT, json=RECT, headers={"If-Match": stale}) as response:
                await problem_in(response, 412)
    async with client.patch(LEFT, json={"center": [0, 0]}, headers={"If-Match": '"7", "9"'}) as response:
        await problem_in(response, 412)
    assert desk.store.revision == 1


async def test_a_followed_region_is_not_removed(client: Client):
    async with client.delete(LEFT, headers={"If-Match": '"1"'}) as response:
        assert "followed by key, fill" in (await problem_in(response, 422))["detail"]


async def test_undo_and_redo(client: Client, desk: FakeDesk):
    async with client.post("/api/v1/undo") as response:
        await problem_in(response, 422)
    await client.patch(LEFT, json={"center": [0.5, 0.5]})
    async with client.post("/api/v1/undo") as response:
        assert await response.json() == {"revision": 3}
    assert desk.store.show == sample_show()
    async with client.post("/api/v1/redo") as response:
        assert await response.json() == {"revision": 4}
