"""A real `lumad run` on a wire, from start to release: every rule of both standards, on every packet."""

import json
import subprocess
import sys
import uuid
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from artnet_node import OLD, TODAY
from conformance import ArtNet, Checker, Datagram, Sacn, datagrams_in
from namespaces import HERE, THERE, isolated, neighbour, run, started
from stage import Stage, environment, show_stage
from wire import Capture

from lumad.errors import PacketError
from lumad.protocols import e131

pytestmark = [pytest.mark.interop, pytest.mark.e2e]

EVERYBODY = "10.77.0.255"  # the directed broadcast address of the wire
NODE = Path(__file__).with_name("artnet_node.py")
NAME = "Die Brücke über den Fluß, zweiter Drehtag am späten Übergang"  # the field ends within the Ü
FAR = list(range(101, 118))  # so many for one node that the kernel cuts them
REMOVED, ADDED = 256, 257  # the second time, an edit moves a lamp from one universe to the other
MULTICAST = (1, 2, 3, 22, 255, REMOVED, 63999)
TTL = 5


def sacn(*universes: int, **told: Any) -> Sacn:
    """What all sACN outputs here share."""
    common = {"name": f"lumad {NAME}", "announced": MULTICAST, "source": HERE, "ttl": TTL}
    return Sacn(universes=frozenset(universes), ended=frozenset(universes), **(common | told))


def artnet(*ports: int, **told: Any) -> ArtNet:
    """What all Art-Net outputs here share."""
    common = {"source": HERE, "broadcast": EVERYBODY, "sync": True, "answers": True}
    return ArtNet(port_addresses=frozenset(ports), **(common | told))


OUTPUTS: dict[str, tuple[dict[str, Any], Sacn | ArtNet]] = {
    "in step, beside a console": (
        {"universes": "1,255-257", "priority": 150, "preview": True, "sync": 7999,
         "per_address_priority": True},
        sacn(1, 255, REMOVED, ADDED, priority=150, preview=True, sync=7999, per_address_priority=True),
    ),
    "suppressed": ({"universes": "2,63999", "suppress": True}, sacn(2, 63999, suppress=True)),
    "suppressed, beside a console": (
        {"universes": "3", "suppress": True, "per_address_priority": True},
        sacn(3, suppress=True, per_address_priority=True),
    ),
    "many for one node": (
        {"universes": "101-117", "to": [THERE], "sync": 8000, "priority": 0},
        sacn(*FAR, to=(THERE,), sync=8000, priority=0, ttl=None),
    ),
    "slow and late": ({"universes": "22", "rate": 20, "delay_ms": 40}, sacn(22)),
    "late": ({"universes": "23", "to": [THERE], "delay_ms": 30}, sacn(23, to=(THERE,), ttl=None)),
    "IPv6": ({"universes": "21", "to": "multicast6"}, sacn(21, ipv6=True, announced=(21,), source=None)),
    "a node that is named, on a slow link": (
        {"protocol": "artnet", "universes": "201-202", "to": [THERE], "port_address": 15, "sync": True,
         "spread_ms": 12},
        artnet(15, 16, to=(THERE,)),
    ),
    "everybody, as asked": (
        {"protocol": "artnet", "universes": "203", "to": "broadcast", "port_address": 32767, "sync": True},
        artnet(32767, to=(EVERYBODY,)),
    ),
    "nodes that are found": (
        {"protocol": "artnet", "universes": "211-214", "to": "discover", "port_address": TODAY[0],
         "sync": True},
        artnet(*TODAY, OLD, OLD + 1),
    ),
}  # fmt: skip
LAMPS = [*MULTICAST, 21, 23, *FAR, 201, 202, 203, 211, 212, 213, 214]  # one in each of these universes


def clip(path: Path) -> None:
    """A second of video that stands still, at 25 fps: a busy machine can keep the rules of time."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = 64, 36, "bgr0"
        picture = np.full((36, 64, 3), (40, 120, 240), np.uint8)
        for _ in range(25):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "bgr24")))
        container.mux(stream.encode())


def show() -> str:
    lamp = {"profile": "generic/rgb", "mode": "8bit", "address": 1, "follow": "all"}
    common = {"protocol": "sacn", "interface": "va", "ttl": TTL}
    return json.dumps({
        "show": 1,
        "name": NAME,
        "scene": {"kind": "video", "file": "clip.mkv"},
        "regions": {"all": {"center": [0.5, 0.5], "size": [1, 1]}},
        "fixtures": {f"lamp-{universe}": lamp | {"universe": universe} for universe in LAMPS},
        "outputs": [common | output for output, _ in OUTPUTS.values()],
    })  # fmt: skip


def release(stage: Stage) -> None:
    """`lumad release`, until the desk has ended."""
    command, own = [sys.executable, "-m", "lumad", "release"], environment(stage.folder)
    subprocess.run(command, env=own, check=True, capture_output=True)
    stage.desks[-1].wait(10)


def thumb(stage: Stage) -> None:
    """A thumb on the master, quicker than packets may leave; then a blackout that ends."""
    for step in range(60):
        stage.send("PUT", "api/v1/master", {"value": 1 - step / 100})
        stage.listen(0.01)
    for value in (True, False):
        stage.send("PUT", "api/v1/blackout", {"value": value})
        stage.listen(0.3)


def first(stage: Stage) -> Any:
    """Until after the list of universes, which comes after ten seconds; what state said before the end."""
    stage.start()
    stage.listen(4.0)
    thumb(stage)
    stage.listen(5.5)
    state = stage.get("api/v1/state")
    release(stage)
    return state


def again(stage: Stage) -> Any:
    """The next start, and an edit that takes away one universe and begins another."""
    stage.start()
    stage.listen(1.0)
    edited = stage.send("PATCH", f"api/v1/fixtures/lamp-{REMOVED}", {"universe": ADDED})
    stage.listen(1.0)
    release(stage)
    return edited


def perform(folder: str) -> list[Any]:
    """Both, each into a capture of its own."""
    clip(Path(folder, "clip.mkv"))
    said = []
    with neighbour() as over, show_stage(folder, "", port=0) as stage:
        run("ip", "link", "set", "va", "gso_max_segs", "1")  # the kernel cuts before the capture, not after
        run("ip", "address", "add", "fe80::1/64", "dev", "va", "nodad")
        stage.show.write_text(show())
        with started(*over, sys.executable, str(NODE), THERE, EVERYBODY):
            for act in (first, again):
                capture = Capture("va", both=True)
                said.append(act(stage))
                capture.save(str(Path(folder, f"{act.__name__}.pcap")))
    return said


class Performance:
    """What `perform` did, and the packets of it."""

    def __init__(self, folder: Path) -> None:
        self.state, self.edited = isolated(perform, str(folder), timeout_s=60)
        self.first, self.again = (
            list(datagrams_in(str(folder / f"{act.__name__}.pcap"))) for act in (first, again)
        )
        self.cid = uuid.UUID(next(folder.glob("XDG_STATE_HOME/**/cid")).read_text().strip()).bytes


@pytest.fixture(scope="module")
def performance(tmp_path_factory: pytest.TempPathFactory) -> Performance:
    return Performance(tmp_path_factory.mktemp("conformance"))


def judge(told: Sacn | ArtNet, datagrams: list[Datagram]) -> None:
    """Holds a capture against every rule; each IP version has a discovery of its own."""
    if isinstance(told, Sacn):
        datagrams = [one for one in datagrams if (":" in one.source) == told.ipv6]
    Checker(told).check(datagrams)


@pytest.mark.parametrize("name", OUTPUTS)
def test_no_packet_breaks_a_rule_from_the_start_to_the_release(name: str, performance: Performance):
    told = OUTPUTS[name][1]
    if isinstance(told, Sacn):  # the universe that begins later is none yet
        told = replace(told, cid=performance.cid, ended=told.ended - {ADDED})
    judge(told, performance.first)


@pytest.mark.parametrize("name", OUTPUTS)
def test_nor_after_a_restart_and_an_edit_of_the_universes(name: str, performance: Performance):
    told = OUTPUTS[name][1]
    if isinstance(told, Sacn):  # what is suppressed begins anew with such an edit
        told = replace(told, cid=performance.cid, suppress=False)
    judge(told, performance.again)


def universes_sent(datagrams: list[Datagram]) -> dict[int, list[tuple[float, bool]]]:
    """By universe, when each packet left and whether it was a terminated one."""
    found: dict[int, list[tuple[float, bool]]] = {}
    for one in datagrams:
        try:
            packet = e131.decode(one.payload)
        except PacketError:
            continue
        found.setdefault(packet.universe, []).append((one.time, packet.terminated))
    return found


def test_the_captures_hold_all_that_was_asked_for(performance: Performance):
    universes = set(universes_sent(performance.first))
    assert universes == {*MULTICAST, 21, 23, *FAR}
    assert set(universes_sent(performance.again)) == universes | {ADDED}
    opcodes = {(one.source, one.payload[8:10]) for one in performance.first if one.port == 6454}
    assert opcodes >= {(HERE, bytes([0, code])) for code in (0x50, 0x52, 0x20, 0x21)}
    assert opcodes >= {(THERE, bytes([0, code])) for code in (0x20, 0x21)}


@pytest.mark.parametrize("act", ["first", "again"])
def test_nothing_follows_the_three_packets_that_end_a_universe(act: str, performance: Performance):
    sent = universes_sent(getattr(performance, act))
    assert {universe: [ended for _, ended in packets[-4:]] for universe, packets in sent.items()} == {
        universe: [False, True, True, True] for universe in sent
    }


def test_a_universe_that_is_removed_ends_alone_and_the_others_go_on(performance: Performance):
    assert performance.edited["universe"] == ADDED
    sent = universes_sent(performance.again)
    ends = {universe: min(time for time, ended in packets if ended) for universe, packets in sent.items()}
    removed = ends.pop(REMOVED)
    assert max(time for time, _ in sent[REMOVED]) < min(ends.values()) - 0.5
    assert all(
        max(time for time, ended in sent[each] if not ended) > removed + 0.5 for each in (1, 255, ADDED)
    )


def test_state_tells_the_node_and_the_port_address_that_nobody_asks_for(performance: Performance):
    ports = [port["port_address"] for node in performance.state["nodes"] for port in node["ports"]]
    assert sorted(ports) == sorted([*TODAY, OLD])
    (found,) = [output for output in performance.state["outputs"] if output["to"] == "discover"]
    assert f"no node asks for port-address {OLD + 1}" in found["last_error"]
