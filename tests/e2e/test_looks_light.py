"""Real processes: a look fades on the wire, whatever dies on the way; a solo outlives the desk."""

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from namespaces import isolated
from stage import still_stage

pytestmark = pytest.mark.e2e

LOW = {
    "fade_s": 1.5,
    "fixtures": {"key": {"control": "manual", "level": 0.05, "colour": {"xy": [0.64, 0.33]}}},
}


def reds(stage: Any) -> list[int]:
    """The first level of universe 1 in all packets so far."""
    return [each.packet.slots[0] for each in stage.heard if each.packet.universe == 1]


def played(folder: str) -> dict[str, Any]:
    with still_stage(folder) as stage:
        stage.start()
        stage.until(lambda: reds(stage)[-1:] == [255])
        stage.send("PATCH", "api/v1/fixtures/key", {"level": 1.0})
        stage.send("POST", "api/v1/looks/low/store", {"fixtures": ["key"]})
        stage.send("PATCH", "api/v1/looks/low", LOW)
        stage.heard.clear()
        stage.send("POST", "api/v1/looks/low/go", {})
        stage.until(lambda: reds(stage)[-1:] and 145 < reds(stage)[-1] < 240)
        os.kill(stage.pid("engine"), signal.SIGKILL)
        stage.until(lambda: reds(stage)[-1] <= 134)
        seen: dict[str, Any] = {"fall": reds(stage)}
        stage.send("PUT", "api/v1/solo", {"value": ["rim"]})
        stage.until(lambda: reds(stage)[-1] == 0)
        stage.desks[0].terminate()
        stage.desks[0].wait(10)
        seen["saved"] = json.loads(Path(folder, "show.lumad.json").read_text())["live"]["solo"]
        stage.heard.clear()
        stage.start()
        stage.until(lambda: len(reds(stage)) > 5)
        seen["after"] = sorted(set(reds(stage)))
        return seen


def test_a_look_fades_on_the_wire_and_a_solo_outlives_the_desk(tmp_path: Path):
    seen = isolated(played, str(tmp_path), timeout_s=40)
    assert seen["fall"] == sorted(seen["fall"], reverse=True)
    assert seen["fall"][0] > 230
    assert (seen["saved"], seen["after"]) == (["rim"], [0])
