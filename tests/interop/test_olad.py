"""olad, the Open Lighting Architecture's daemon, receives what we send and says what it got."""

import json
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from namespaces import THERE, isolated, missing, need, neighbour, started, until
from wire import frame, levels_of, senders

from lumad.output.route import Route
from lumad.output.senders import Senders

pytestmark = pytest.mark.interop

SACN = [1, 255, 256, 300]
ARTNET = {1024: 0x7A50, 1025: 0x7A51}  # olad's universe -> port-address: the low four bits of both agree

CONFIGURATION = {
    "e131": f"""
        ip = {THERE}
        input_ports = 4
        output_ports = 0
        ignore_preview = true
        cid = 00010203-0405-0607-0809-0a0b0c0d0e0f
    """,
    "artnet": f"""
        ip = {THERE}
        net = {0x7A}
        subnet = 5
        output_ports = 4
    """,
}
OTHERS = """
    dummy espnet ftdidmx gpio karate kinet milinst opendmx openpixelcontrol osc pathport renard sandnet
    shownet spi stageprofi uartdmx usbdmx usbserial usbpro
"""


@contextmanager
def olad(over: tuple[str, ...]) -> Iterator[None]:
    """olad over there, its ports patched; it refuses root, so it sees itself as another user."""
    with tempfile.TemporaryDirectory() as folder:
        for plugin in [*CONFIGURATION, *OTHERS.split()]:
            text = CONFIGURATION.get(plugin, "")
            Path(folder, f"ola-{plugin}.conf").write_text(f"enabled = {str(bool(text)).lower()}\n{text}")
        command = ("olad", "-c", folder, "-l", "3", "--no-register-with-dns-sd")
        with started(*over, "unshare", "--user", "--map-user=1000", "--map-group=1000", *command) as daemon:
            devices = devices_of(over, daemon)
            for port, universe in enumerate(SACN):
                patch(over, devices["E1.31"], port, universe)
            for port, universe in enumerate(ARTNET):
                patch(over, devices["ArtNet"], port, universe)
            yield


def devices_of(over: tuple[str, ...], daemon: subprocess.Popen[str]) -> dict[str, str]:
    """olad's number of each plugin's device, once all are there."""
    found: dict[str, str] = {}

    def ready() -> bool:
        if daemon.poll() is not None:
            missing(f"olad does not run here: {daemon.stderr.read() if daemon.stderr else ''}")
        listed = subprocess.run([*over, "ola_dev_info"], capture_output=True, text=True, check=False).stdout
        for line in listed.splitlines():
            words = line.split()
            if words[:1] == ["Device"]:
                found[words[2]] = words[1].rstrip(":")
        return len(found) == len(CONFIGURATION)

    until(ready)
    return found


def patch(over: tuple[str, ...], device: str, port: int, universe: int) -> None:
    command = [*over, "ola_patch", "-d", device, "-p", str(port), "-i", "-u", str(universe)]
    subprocess.run(command, check=True, capture_output=True)


def levels_at_olad(universe: int) -> list[int]:
    with urllib.request.urlopen(f"http://{THERE}:9090/get_dmx?u={universe}", timeout=5) as answer:
        return json.load(answer)["dmx"]


def follow(sending: Senders, universes: list[int], counter: int, salt: int) -> int:
    """Sends frames at 40 Hz until olad holds what it listens to, 2 s at most; returns the next counter."""
    patched = [universe for universe in universes if universe in {*SACN, *ARTNET}]
    for tick in range(counter, counter + 80):
        sending.tick(tick / 40, *frame(universes, tick, salt))
        time.sleep(0.025)
        if all(levels_at_olad(universe) == levels_of(universe, salt) for universe in patched):
            break
    return tick + 1


def light_olad() -> dict[str, dict[str, list[int]]]:
    """What olad holds: after frames of ours, under a higher source, and once that one has ended."""
    universes = [*SACN, *ARTNET]
    with neighbour() as over, olad(over):
        sacn = Route("sacn", tuple(SACN), interface="va")
        artnet = Route("artnet", tuple(ARTNET), tuple(ARTNET.values()), (THERE,))
        ours = senders(sacn, artnet)
        counter = follow(ours, universes, 0, salt=1)
        held = {"ours": {str(universe): levels_at_olad(universe) for universe in universes}}

        higher = senders(Route("sacn", (256,), interface="va", priority=150), cid=bytes(16))
        last = follow(higher, [256], 0, salt=2)
        counter = follow(ours, [1], counter, salt=3)
        held["higher"] = {str(universe): levels_at_olad(universe) for universe in (1, 256)}

        higher.terminate(0.0, *frame([256], last, salt=2))
        started_at = time.monotonic()
        follow(ours, [256], counter, salt=4)
        held["ended"] = {"256": levels_at_olad(256), "seconds": [time.monotonic() - started_at]}

        many = list(range(250, 380))
        unicast = senders(Route("sacn", tuple(many), to=(THERE,)))
        follow(unicast, many, counter + 80, salt=5)
        held["many"] = {str(universe): levels_at_olad(universe) for universe in (255, 256, 300)}

        ports = tuple(ARTNET.values())
        finding = senders(Route("artnet", tuple(ARTNET), ports, interface="va", discover=True, sync=1))
        follow(finding, list(ARTNET), counter, salt=6)
        held["found"] = {str(universe): levels_at_olad(universe) for universe in ARTNET}
        held["nodes"] = finding.nodes()
        return held


@pytest.fixture(scope="module")
def held() -> dict[str, Any]:
    need("olad", "ola_patch", "ola_dev_info")
    return isolated(light_olad)


def test_olad_gets_every_level_of_every_universe(held: dict[str, Any]):
    assert held["ours"] == {str(universe): levels_of(universe, 1) for universe in [*SACN, *ARTNET]}


def test_olad_prefers_the_higher_priority_where_both_send(held: dict[str, Any]):
    assert held["higher"] == {"1": levels_of(1, 3), "256": levels_of(256, 2)}


def test_olad_comes_back_at_once_when_the_higher_source_ends_its_stream(held: dict[str, Any]):
    assert held["ended"]["256"] == levels_of(256, 4)
    assert held["ended"]["seconds"][0] < 1.0  # a source that falls silent takes 2.5 s


def test_olad_gets_its_levels_out_of_many_universes_for_one_node(held: dict[str, Any]):
    assert held["many"] == {str(universe): levels_of(universe, 5) for universe in (255, 256, 300)}


def test_olad_answers_our_polls_and_gets_what_it_asks_for(held: dict[str, Any]):
    (node,) = held["nodes"]
    assert (node["address"], node["missing"]) == (THERE, False)
    assert {port["port_address"] for port in node["ports"]} >= set(ARTNET.values())
    assert held["found"] == {str(universe): levels_of(universe, 6) for universe in ARTNET}
