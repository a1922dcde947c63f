"""Somebody else sends our universe: lumad tells who, and shows everybody's levels."""

import socket
from pathlib import Path
from typing import Any

import pytest
from namespaces import isolated, run
from stage import show_stage, two_colours

from lumad.protocols import e131

pytestmark = pytest.mark.e2e

SHOW = """
show: 1
name: shared
scene: {kind: plate, file: plate.png}
regions: {all: {center: [0.5, 0.5], size: [1, 1]}}
fixtures:
  key: {profile: generic/rgb, mode: 8bit, universe: 1, address: 1, follow: all}
  rim: {profile: generic/rgb, mode: 8bit, universe: 2, address: 1, follow: all}
outputs:
  - {protocol: sacn, universes: "1", to: multicast, interface: va}
  - {protocol: artnet, universes: "2", to: broadcast, interface: va, port_address: "0:1:2"}
"""


class Console:
    """Another source in universe 1."""

    def __init__(self) -> None:
        self.mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.77.0.1"))
        self.sent = 0

    def say(self, priority: int) -> None:
        self.sent += 1
        packet = e131.DataPacket(bytes(range(16)), 1, b"\7", self.sent % 256, priority, "console")
        self.mouth.sendto(e131.encode(packet), (e131.multicast_group(1), e131.PORT))


def over(events: list[dict[str, Any]]) -> list[str]:
    """What the journal says of conflicts, once that is over."""
    texts = [event["text"] for event in events if event["kind"] == "conflict"]
    return texts if texts and texts[-1].startswith("over: ") else []


def beside_a_console(folder: str) -> dict[str, Any]:
    run("ip", "link", "add", "va", "type", "veth", "peer", "name", "vb")
    run("ip", "address", "add", "10.77.0.1/24", "brd", "+", "dev", "va")
    for end in ("va", "vb"):
        run("ip", "link", "set", end, "up")
    two_colours(Path(folder, "plate.png"), (255, 0, 0), (188, 188, 188))
    with show_stage(folder, "", port=0) as stage:
        stage.show.write_text(SHOW)
        stage.start()
        console, seen = Console(), {}

        def told(priority: int, count: int) -> Any:
            """The state, once so many conflicts are told; the console speaks meanwhile."""
            console.say(priority)
            state = stage.get("api/v1/state")
            return state if len(state["conflicts"]) == count else None

        stage.until(lambda: stage.get("health/ready").get("ready"))
        assert stage.get("api/v1/state")["conflicts"] == []
        seen["during"] = stage.until(lambda: told(100, 1))
        seen["network"] = stage.get("api/v1/dmx")
        seen["console"] = stage.get("api/v1/dmx/1?source=console")
        seen["port-address"] = stage.get("api/v1/dmx/18?protocol=artnet")
        seen["after"] = stage.until(lambda: told(50, 0))
        seen["events"] = stage.until(lambda: over(stage.get("api/v1/events")))
        return seen


def test_another_source_of_our_universe_is_told_while_it_lasts(tmp_path: Path):
    seen = isolated(beside_a_console, str(tmp_path))
    (conflict,) = seen["during"]["conflicts"]
    told = {"name": "console", "address": "10.77.0.1", "universes": [1], "priority": 100}
    assert conflict.items() >= (told | {"source": bytes(range(16)).hex()}).items()
    said = "console (10.77.0.1) also sends sacn universe 1 at priority 100"
    assert [said in warning for warning in seen["during"]["warnings"]] == [True]
    assert seen["after"]["warnings"] == []
    assert seen["events"] == [said, f"over: {said}"]
    universes = {(one["protocol"], one["universe"]): one for one in seen["network"]["universes"]}
    assert [one["ours"] for one in universes["sacn", 1]["sources"]] == [True, False]
    assert universes["artnet", 18]["net_sub_universe"] == "0:1:2"
    assert (seen["console"]["levels"][:2], seen["console"]["ours"]) == ([7, 0], False)
    assert seen["port-address"]["levels"][0] > 0
