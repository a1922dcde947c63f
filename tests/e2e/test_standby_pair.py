"""A real primary dies and its real standby goes on, by sACN and Art-Net; a pulled cable is nobody's death."""

import contextlib
import os
import signal
from itertools import pairwise
from typing import Any

import pytest
from namespaces import isolated, run, started, until
from pair import HERE, NAME, Machine, Node, pair

pytestmark = pytest.mark.e2e

RED = bytes([255, 0, 0])
SHARED = "10.77.0.50"
OUTPUT = f'  - {{protocol: artnet, universes: "1", port_address: 0, to: [{HERE}], interface: e0}}'


def has_shared(*machines: Machine) -> list[bool]:
    """Whether the shared address is on each machine."""
    return [SHARED in run(*each.inside, "ip", "address", "show", "dev", "e0") for each in machines]


def failure(machine: Machine) -> str:
    """Why the Art-Net of a machine does not leave."""
    outputs = machine.ask("api/v1/state")["outputs"]
    return next((each["last_error"] for each in outputs if each["failing"]), "")


def longest(times: list[float]) -> float:
    return max(after - before for before, after in pairwise(times))


def through_it_all(folder: str) -> dict[str, Any]:
    with contextlib.ExitStack() as stack:
        settings = f"artnet_address: {SHARED}\n"
        primary, standby = both = stack.enter_context(pair(folder, rate=20, more=OUTPUT, settings=settings))
        node, seen = Node(), {}
        primary.start()
        standby.start("--standby-of", NAME)
        for machine in both:
            stack.enter_context(started(*machine.command("vip", f"{SHARED}/24", "--interface", "e0")))
        for machine in both:
            machine.ready()
        until(lambda: node.listen(0.1) and standby.standby().get("state") == "watching")
        standby.cable("down")
        node.listen(0.4)
        seen["unplugged"] = standby.standby()["state"]
        standby.cable("up")
        until(lambda: (node.listen(0.1), standby.standby()["state"] == "watching")[1])
        engine = standby.ask("api/v1/state")["engine"]["pid"]
        for stop in (signal.SIGSTOP, signal.SIGCONT):
            os.kill(engine, stop)
            node.listen(0.4)
        seen["alone"] = {packet.cid.hex() for packet in node.heard} == {primary.cid()}
        seen["address before"] = has_shared(*both)
        sacn, art_net = len(node.accepted) - 1, len(node.artnet) - 1
        primary.kill()
        until(lambda: (node.listen(0.1), standby.standby()["state"] == "active")[1])
        node.listen(0.4)
        seen["address after"] = has_shared(*both)
        seen["gap"] = longest([at for at, _ in node.accepted[sacn:]])
        seen["gap of Art-Net"] = longest([at for at, _ in node.artnet[art_net:]])
        last = node.accepted[-1][1]
        seen["last"] = [last.cid.hex() == standby.cid(), last.priority]
        seen["told"] = {key: standby.standby()[key] for key in ("state", "cid", "heard")}
        seen["silence"] = standby.standby()["last_gap_ms"]
        seen["told"]["cid"] = seen["told"]["cid"] == primary.cid()
        seen["refused"] = standby.ask("api/v1/standby", {"do": "hand-back"}).get("status")
        os.kill(engine, signal.SIGKILL)
        primary.start()
        primary.ready()
        until(lambda: (node.listen(0.1), failure(primary))[1])
        seen["returned"] = [failure(primary), *has_shared(*both)]
        seen["after its engine died"] = [standby.standby()["state"], node.accepted[-1][1].priority]
        seen["artnet from"] = sorted({address for _, address in node.artnet})
        seen["dark"] = sum(packet.slots[:3] != RED for _, packet in node.accepted)
        return seen


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return isolated(through_it_all, str(tmp_path_factory.mktemp("pair")), timeout_s=90)


def test_neither_a_pulled_cable_of_the_standby_nor_its_own_stalling_makes_it_take_over(seen: dict[str, Any]):
    assert seen["unplugged"] == "isolated"
    assert seen["alone"]


def test_a_killed_primary_is_followed_by_its_standby_one_priority_above_and_never_dark(seen: dict[str, Any]):
    print(f"gap: {seen['gap'] * 1000:.0f} ms, of that silence that was waited for: {seen['silence']} ms")
    assert seen["last"] == [True, 101]
    assert seen["dark"] == 0
    assert seen["gap"] < 2.5
    assert seen["told"] == {"state": "active", "cid": True, "heard": False}


def test_a_standby_whose_engine_dies_keeps_the_light(seen: dict[str, Any]):
    assert seen["after its engine died"] == ["active", 101]


def test_nobody_hands_back_to_a_primary_that_is_not_heard(seen: dict[str, Any]):
    assert seen["refused"] == 409


def test_a_node_hears_art_net_from_one_address_now_here_now_there(seen: dict[str, Any]):
    print(f"gap of Art-Net: {seen['gap of Art-Net'] * 1000:.0f} ms")
    assert (seen["address before"], seen["address after"]) == ([True, False], [False, True])
    assert seen["artnet from"] == [SHARED]
    assert seen["gap of Art-Net"] < 2.5


def test_a_primary_that_returns_sends_no_art_net_while_the_standby_has_the_address(seen: dict[str, Any]):
    why, *held = seen["returned"]
    assert "shared address" in why
    assert held == [False, True]
