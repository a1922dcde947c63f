"""A console at the engine's own process, while the desk is there and after it is gone."""

import socket
from pathlib import Path
from typing import Any

from consoles import console_show, fixture
from namespaces import isolated, until
from shows import PROFILES, show
from test_process import FORMAT, Desk, desk

from lumad.link.arrays import pack
from lumad.link.levels import LevelsBlock
from lumad.pixelmap.compile import compile_show
from lumad.protocols import e131

LOOKS = {"dusk": {"fixtures": {"key": {"level": 0.5}}}}
CONTROLS = {"master": [101, 1], "looks": {"dusk": [101, 2]}}


def use(it: Desk) -> None:
    """Sends a map of a lamp in white, its master and a look at a console on loopback."""
    lamps = {"key": fixture("rgb8", control="manual")}
    form = console_show(lamps, controls=CONTROLS, looks=LOOKS).model_dump(mode="json")
    form["inputs"][0]["interface"] = "lo"
    compiled = compile_show(show(**form), PROFILES, FORMAT)
    it.channel.send("map", {}, {"map": pack(compiled.arrays, compiled.body)})


class Wing:
    """A console that says its levels again and again until what it waits for is there."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
        self._sequence = 0

    def say(self, *levels: int) -> None:
        self._sequence = (self._sequence + 1) % 256
        packet = e131.DataPacket(bytes(range(16)), 101, bytes(levels), self._sequence, source_name="wing")
        self._socket.sendto(e131.encode(packet), (e131.multicast_group(101), e131.PORT))

    def lights(self, block: LevelsBlock, level: int, *levels: int) -> None:
        """Says `levels` until `level` has left."""
        until(lambda: self.say(*levels) or (block.read().of(1) or b"\0")[0] == level)


def played(runtime: str) -> dict[str, Any]:
    """What a desk hears of a console, and that its fader works on when the desk is gone."""
    wing = Wing()
    with desk(runtime) as it:
        use(it)
        it.lit(255)
        wing.lights(it.block, 64, 128, 0)
        wing.say(128, 255)
        look = it.hear("console")
        (told,) = it.hear("health")["inputs"]
        while told["state"] != "heard":  # a report of before
            (told,) = it.hear("health")["inputs"]
        it.channel.close()
        wing.lights(it.block, 16, 64)
        alive = it.engine.poll() is None
    (source,) = told.pop("sources")
    return {"look": look, "input": told, "source": source["name"], "alive": alive}


def test_a_console_works_with_a_desk_and_without(tmp_path: Path):
    seen = isolated(played, str(tmp_path))
    assert seen["look"] == {"look": "dusk"}
    told = {"name": "desk", "state": "heard", "master": 0.252, "blackout": None, "freeze": None}
    assert seen["input"] == {**told, "warnings": []}
    assert seen["source"] == "wing"
    assert seen["alive"]
