"""The `sacn` library as a console beside a real `lumad run`: who drives the lamps, what a dead one leaves."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from namespaces import DIES_WITH_PARENT, isolated
from stage import Stage, show_stage, two_colours

pytestmark = [pytest.mark.interop, pytest.mark.e2e]

SHOW = """
show: 1
wall: {size: [320, 180]}
scene: {kind: plate, file: plate.png}
regions: {all: {center: [0.5, 0.5], size: [1.0, 1.0]}}
fixtures:
  plain: {profile: generic/rgb, mode: 8bit, universe: 1, address: 1, follow: all}
  shared:
    {profile: generic/rgb, mode: dimmer-8bit, universe: 1, address: 11, follow: all,
     share: {input: desk, address: [101, 11]}}
  theirs:
    {profile: generic/rgb, mode: 8bit, universe: 1, address: 21, follow: all, control: console,
     share: {input: desk, address: [101, 21], when_lost: take}}
outputs:
  - {protocol: sacn, universes: "1", to: [127.0.0.1]}
inputs:
  - {name: desk, protocol: sacn, universes: "101", interface: lo,
     controls: {master: [101, 501], blackout: [101, 502], looks: {dim: [101, 503]}}}
looks: {dim: {fixtures: {plain: {control: manual, level: 0.5}}}}
"""

SENDER = """
import json, sys, sacn
sender = sacn.sACNsender(bind_address="127.0.0.1", bind_port=0, source_name="a console")
sender.start()
sender.activate_output(101)
sender[101].multicast = True
for line in sys.stdin:
    levels = [0] * 512
    for address, level in json.loads(line).items():
        levels[int(address) - 1] = level
    sender[101].dmx_data = tuple(levels)
"""


class Console:
    """The library's sender in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def say(self, **levels: int) -> None:
        """Levels by address, written `a501=255`; the others are 0."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({name[1:]: level for name, level in levels.items()}) + "\n")
        self.process.stdin.flush()


@contextmanager
def console() -> Iterator[Console]:
    process = subprocess.Popen(
        [*DIES_WITH_PARENT, sys.executable, "-c", SENDER], stdin=subprocess.PIPE, text=True
    )
    try:
        yield Console(process)
    finally:
        process.kill()
        process.communicate()


def levels(stage: Stage) -> list[int]:
    """The first slots of the plain lamp, the shared one, and the console's."""
    sent = stage.get("api/v1/dmx/1").get("levels") or [0] * 512
    return [sent[0], sent[10], sent[11], sent[20], sent[21]]


def heard(stage: Stage) -> dict[str, Any]:
    told: list[dict[str, Any]] = stage.get("api/v1/state")["engine"].get("inputs") or [{"state": ""}]
    return told[0]


def played(folder: str) -> dict[str, Any]:
    """What left at each step of a console's life."""
    two_colours(Path(folder, "plate.png"), (255, 255, 255), (255, 255, 255))
    seen: dict[str, Any] = {}
    with show_stage(folder, "", port=0) as stage, console() as desk:
        stage.show.write_text(SHOW)
        stage.start()
        stage.until(lambda: levels(stage)[0] == 255 and heard(stage)["state"] == "waiting")
        desk.say(a501=255, a11=77, a21=5, a22=6)
        stage.until(lambda: levels(stage) == [255, 77, 255, 5, 6])
        seen["sources"] = [source["name"] for source in heard(stage)["sources"]]
        desk.say(a501=128, a11=100, a21=100, a22=6)
        stage.until(lambda: levels(stage)[0] == 64)
        seen["dimmed"] = levels(stage)
        desk.say(a501=128, a502=200, a11=100, a21=100, a22=6)
        stage.until(lambda: not any(levels(stage)[:2]))
        seen["black"] = levels(stage)
        desk.say(a501=255, a503=255, a11=77, a21=5, a22=6)
        stage.until(lambda: levels(stage)[0] == 128)
        desk.process.kill()
        stage.until(lambda: heard(stage)["state"] == "lost")
        stage.until(lambda: levels(stage)[3] == 255)
        seen["killed"] = levels(stage)
        seen["warned"] = [text for text in stage.get("api/v1/state")["warnings"] if "desk" in text]
    return seen


def test_a_console_drives_what_the_show_says_and_its_death_leaves_light(tmp_path: Path):
    seen = isolated(played, str(tmp_path), timeout_s=60)
    assert seen["sources"] == ["a console"]
    assert seen["dimmed"] == [64, 25, 255, 25, 2]  # a Dimmer first where there is one
    assert seen["black"] == [0, 0, 255, 0, 0]
    assert [text[:42] for text in seen["warned"]] == ["input desk: the console fell silent; what "]
    assert seen["killed"] == [128, 77, 255, 255, 255]  # one holds, one goes back to the wall
