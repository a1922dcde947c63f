"""A backup comes back as one edit, or is refused at the field with the old show running."""

import json
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from api.fake_desk import FakeDesk, problem_in
from show.sample import sample_show

from lumad.documents import MAX_VALUES
from lumad.show.edits import merge

Client = TestClient[Any, Any]
BACKUP = "/api/v1/backup"


async def _made(client: Client) -> dict[str, Any]:
    async with client.get(BACKUP) as response:
        assert "attachment" in response.headers["Content-Disposition"]
        backup: dict[str, Any] = await response.json()
    return backup


async def test_a_backup_brings_show_and_profiles_back_and_undo_takes_that_back(
    client: Client, desk: FakeDesk
):
    backup = await _made(client)
    assert set(backup) == {"lumad_backup", "version", "time", "show", "live", "profiles"}
    desk.store.apply(merge("fixtures/key", {"label": "moved"}))
    desk.store.set_live(master=0.5)
    async with client.post(BACKUP, json=backup) as response:
        assert await response.json() == {"revision": 3}
    assert (desk.store.show, desk.store.live.master) == (sample_show(), 0.5)
    desk.store.undo()
    assert desk.store.show.fixtures["key"].label == "moved"
    assert desk.journal.after(0)[-1].kind == "backup"


async def test_profiles_that_are_missing_come_along(client: Client, desk: FakeDesk):
    text = json.dumps(await _made(client)).replace("example/dimmer", "example/other")
    async with client.post(BACKUP, data=text, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 200
    assert set(desk.store.profiles) == {"example/dimmer", "example/other"}
    assert desk.store.show.fixtures["key"].profile == "example/other"


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({"lumad_backup": 2, "version": "9.1"}, "lumad_backup", "format 2 of lumad 9.1"),
        ({"lumad_backup": "x"}, "lumad_backup", "no format"),
        ({"show": []}, "show", "not a mapping"),
        ({"show": {"show": 2}}, "show.show", "format version 2"),
        ({"show": {"show": 1, "fixtures": {"a": {}}}}, "show.fixtures.a.profile", "missing"),
        ({"live": 7}, "live", "not a mapping"),
        ({"profiles": {}}, "show.fixtures.key.profile", "no profile"),
        ({"profiles": {"gone/lamp": {"id": "gone/lamp"}}}, "profiles.gone/lamp.name", "missing"),
    ],
)
async def test_a_foreign_or_newer_backup_is_refused_at_the_field(
    client: Client, desk: FakeDesk, change: dict[str, Any], path: str, said: str
):
    backup = json.loads(json.dumps(await _made(client)).replace("example/dimmer", "gone/lamp")) | change
    async with client.post(BACKUP, json=backup) as response:
        problem = await problem_in(response, 422)
    assert [said in fault["message"] for fault in problem["faults"] if fault["path"] == path] == [True]
    assert (desk.store.show, desk.store.revision) == (sample_show(), 1)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b"PK\x03\x04", b'{"show": 1}', b"\xff\xfe"])
async def test_what_is_no_backup_is_refused(client: Client, body: bytes):
    async with client.post(BACKUP, data=body, headers={"Content-Type": "application/json"}) as response:
        assert "no backup" in (await problem_in(response, 422))["detail"]


async def test_a_file_of_millions_of_values_is_no_show(client: Client):
    backup = {"lumad_backup": 1, "show": {"show": 1, "x": [0] * MAX_VALUES}}
    async with client.post("/api/v1/backup", json=backup) as response:
        assert "values" in (await problem_in(response, 422))["detail"]
