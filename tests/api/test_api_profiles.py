"""Files of lamps are taken in: as drafts, once, and never anything else."""

import json
from io import BytesIO
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in
from foreign_files import channel, gdtf, mode
from show.sample import PROFILE_YAML

from lumad.api import body

Client = TestClient[Any, Any]
DIMMER = gdtf(mode(channel("1", attribute="Dimmer")))
FILE = {"Content-Type": "application/octet-stream"}


async def test_profiles_are_found_by_words(client: Client):
    for query, found in (("", 1), ("?q=DIM+exam", 1), ("?q=arri", 0)):
        async with client.get(f"/api/v1/profiles{query}") as response:
            assert len(await response.json()) == found


async def test_one_profile_is_read_with_the_keys_of_its_file(client: Client):
    async with client.get("/api/v1/profiles/example/dimmer") as response:
        assert (await response.json())["modes"]["8bit"]["channels"][0]["offset"] == [1]
    async with client.get("/api/v1/profiles/example/none") as response:
        await problem_in(response, 404)


async def test_a_gdtf_file_becomes_a_draft_that_can_be_patched_at_once(client: Client, desk: FakeDesk):
    async with client.post("/api/v1/profiles?name=par.gdtf", data=DIMMER, headers=FILE) as response:
        assert (response.status, response.headers["Location"]) == (201, "/api/v1/profiles/acme/par")
        taken = await response.json()
    assert (taken["status"], taken["modes"]["mode-1"]["footprint"]) == ("draft", 1)
    async with client.post("/api/v1/fixtures", json={"profile": "acme/par", "mode": "mode-1"}) as response:
        assert response.status == 201
    assert [entry.kind for entry in desk.journal.after(0)] == ["profile"]


async def test_a_profile_that_is_there_is_not_replaced_under_burning_lamps(client: Client):
    yaml = {"Content-Type": "application/yaml"}
    async with client.post("/api/v1/profiles", data=PROFILE_YAML.encode(), headers=yaml) as response:
        assert "?as=" in (await problem_in(response, 409))["detail"]
    path = "/api/v1/profiles?as=my/dimmer"
    async with client.post(path, data=PROFILE_YAML.encode(), headers=yaml) as response:
        assert (await response.json())["id"] == "my/dimmer"


async def test_files_of_the_wrong_kind_are_refused_by_name(client: Client, desk: FakeDesk):
    for data in (b"", b"\xff\xd8\xff", b"PK\x03\x04", json.dumps({"a": 1}).encode()):
        async with client.post("/api/v1/profiles?name=holiday.jpg", data=data, headers=FILE) as response:
            assert "holiday.jpg" in (await problem_in(response, 422))["detail"]
    async with client.post("/api/v1/profiles", data={"file": "form"}) as response:
        assert "the file itself" in (await problem_in(response, 415))["detail"]
    assert len(desk.store.profiles) == 1


async def test_a_file_may_be_larger_than_other_bodies_and_yet_has_an_end(
    client: Client, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(body, "MAX_FILE", 2 << 20)
    async with client.post("/api/v1/profiles", data=BytesIO(b" " * (3 << 19)), headers=FILE) as response:
        await problem_in(response, 422)
    async with client.post("/api/v1/profiles", data=BytesIO(b" " * (3 << 20)), headers=FILE) as response:
        assert "2 MiB" in (await problem_in(response, 413))["detail"]
