"""Lamps, groups and outputs over HTTP: made, placed, replaced, removed, explained."""

from typing import Any

from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in
from show.sample import sample_show

Client = TestClient[Any, Any]
LAMP = {"profile": "example/dimmer", "mode": "8bit"}
ANY = {"If-Match": "*"}


async def test_a_new_lamp_finds_a_name_and_the_first_free_place(client: Client, desk: FakeDesk):
    for name, address in (("dimmer", 3), ("dimmer-2", 4)):
        async with client.post("/api/v1/fixtures", json=LAMP) as response:
            assert (response.status, response.headers["Location"]) == (201, f"/api/v1/fixtures/{name}")
            assert (await response.json())["address"] == address
    async with client.post("/api/v1/fixtures", json={**LAMP, "id": "top", "universe": 7}) as response:
        assert (response.status, response.headers["ETag"]) == (201, '"4"')
    top = desk.store.show.fixtures["top"]
    assert (top.universe, top.address) == (7, 1)


async def test_a_lamp_that_cannot_be_is_refused_at_its_field(client: Client, desk: FakeDesk):
    cases: list[tuple[Any, str]] = [
        ([], ""),
        ({**LAMP, "id": "key"}, "id"),
        ({**LAMP, "id": "no name"}, "fixtures.no name"),
        ({**LAMP, "address": 513, "universe": 1}, "fixtures.dimmer.address"),
        ({**LAMP, "universe": "1"}, "fixtures.dimmer.universe"),
        ({"profile": "example/dimer", "mode": "8bit", "universe": 1, "address": 9}, "fixtures.dimer.profile"),
    ]
    for body, path in cases:
        async with client.post("/api/v1/fixtures", json=body) as response:
            assert path in [fault["path"] for fault in (await problem_in(response, 422))["faults"]]
    assert desk.store.show == sample_show()


async def test_a_lamp_is_replaced_and_removed_and_it_all_comes_back(client: Client, desk: FakeDesk):
    one = "/api/v1/fixtures/key"
    async with client.put(one, json={**LAMP, "universe": 1, "address": 20}, headers=ANY) as response:
        assert (response.status, (await response.json())["address"]) == (200, 20)
    async with client.delete(one, headers={"If-Match": '"2"'}) as response:
        assert response.status == 204
    assert list(desk.store.show.fixtures) == ["fill"]
    for _ in range(2):
        await client.post("/api/v1/undo")
    assert desk.store.show == sample_show()


async def test_groups_have_the_same_routes(client: Client):
    one = "/api/v1/groups/side"
    async with client.put(one, json={"label": "Seite"}, headers=ANY) as response:
        assert response.status == 201
    async with client.patch(one, json={"trims": {"mired": 20}}) as response:
        assert (await response.json())["label"] == "Seite"
    async with client.get("/api/v1/groups") as response:
        assert (await response.json())["side"]["trims"]["mired"] == 20
    async with client.delete("/api/v1/groups/sid", headers=ANY) as response:
        assert "nearest: side" in (await problem_in(response, 404))["detail"]


async def test_outputs_are_a_list_that_is_replaced_whole(client: Client):
    async with client.get("/api/v1/outputs") as response:
        outputs = await response.json()
    new = [*outputs, {"protocol": "artnet", "universes": "2", "to": "discover", "port_address": 0}]
    async with client.put("/api/v1/outputs", json=new) as response:
        await problem_in(response, 428)
    async with client.put("/api/v1/outputs", json=new, headers={"If-Match": '"1"'}) as response:
        assert [each["protocol"] for each in await response.json()] == ["sacn", "artnet"]
    new[1]["port_address"] = "1:2"
    async with client.put("/api/v1/outputs", json=new, headers=ANY) as response:
        assert (await problem_in(response, 422))["faults"][0]["path"] == "outputs.1.port_address"


async def test_a_lamp_is_explained_once_its_light_is_known(client: Client, desk: FakeDesk):
    async with client.get("/api/v1/fixtures/key/explain") as response:
        assert (await response.json())["fixture"] == "key"
    async with client.get("/api/v1/fixtures/kee/explain") as response:
        assert "nearest: key" in (await problem_in(response, 404))["detail"]
    desk.explained = None
    async with client.get("/api/v1/fixtures/key/explain") as response:
        await problem_in(response, 503)


async def test_the_patch_sheet_is_json_or_csv(client: Client):
    async with client.get("/api/v1/patch") as response:
        sheet = await response.json()
    assert [(row["fixture"], row["address"], row["footprint"]) for row in sheet["rows"]] == [
        ("key", 1, 1),
        ("fill", 2, 1),
    ]
    async with client.get("/api/v1/patch", headers={"Accept": "text/csv"}) as response:
        assert response.content_type == "text/csv"
        assert (await response.text()).startswith("fixture,number,label,profile,mode,universe,address")


async def test_names_keep_within_their_bounds_and_labels_take_any_character(client: Client):
    label = "Schlüssel 🎬 主光"
    async with client.patch("/api/v1/fixtures/key", json={"label": label}) as response:
        assert (await response.json())["label"] == label
    for name in ("x" * 65, "🎬", "a b", "-a"):
        async with client.put(f"/api/v1/groups/{name}", json={}, headers=ANY) as response:
            assert (await problem_in(response, 422))["faults"]
    async with client.patch("/api/v1/fixtures/key", json={"label": "x" * 900_000}) as response:
        assert "at most" in (await problem_in(response, 422))["detail"]


async def test_five_hundred_regions_are_edited_like_two(client: Client, desk: FakeDesk):
    rect = {"center": [0.5, 0.5], "size": [0.1, 0.1]}
    form = {"regions": {f"r{number}": rect for number in range(500)}}
    async with client.get("/api/v1/backup") as response:
        backup = await response.json()
    backup["show"]["regions"] |= form["regions"]
    async with client.post("/api/v1/backup", json=backup) as response:
        assert response.status == 200
    async with client.patch("/api/v1/regions/r499", json={"size": [0.2, 0.2]}) as response:
        assert response.status == 200
    assert len(desk.store.show.regions) == 502


async def test_a_page_patches_lamps_and_replaces_lists_by_the_same_message(client: Client, desk: FakeDesk):
    edits: list[tuple[str, Any]] = [
        ("fixtures/top", {**LAMP, "universe": 1, "address": 9}),
        ("groups/side", {"label": "Seite"}),
        ("outputs", [{"protocol": "sacn", "universes": "1-2"}]),
        ("fixtures/key", None),
        ("groups/side", None),
    ]
    async with client.ws_connect("/api/v1/ws") as page:
        for path, value in edits:
            await page.send_json({"type": "edit", "id": path, "path": path, "value": value})
            while (answer := await page.receive_json(timeout=5))["type"] not in {"done", "refused"}:
                pass
            assert answer["type"] == "done", answer
    show = desk.store.show
    assert (list(show.fixtures), dict(show.groups), show.outputs[0].universes) == (["fill", "top"], {}, "1-2")


async def test_a_drag_does_not_bring_back_what_somebody_else_removed(client: Client, desk: FakeDesk):
    await client.delete("/api/v1/regions/sky-right", headers=ANY)
    await client.delete("/api/v1/fixtures/fill", headers=ANY)
    async with client.ws_connect("/api/v1/ws") as page:
        for path, value in (("regions/sky-right", {"center": [0.5, 0.5]}), ("fixtures/fill", {"level": 0.5})):
            await page.send_json({"type": "edit", "id": 1, "path": path, "value": value})
            while (answer := await page.receive_json(timeout=5))["type"] not in {"done", "refused"}:
                pass
            assert answer["problem"]["status"] == 409
    assert desk.store.revision == 3
