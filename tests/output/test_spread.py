"""A frame that is spread for slow links leaves in parts, and nothing overtakes it."""

import math
from typing import Any

import numpy as np
import pytest
from fake_network import FakeNetwork

from lumad.output.route import Route
from lumad.output.senders import Senders
from lumad.protocols import e131

CID = bytes(range(16))
COUNT = 20
UNIVERSES = np.arange(1, COUNT + 1, dtype=np.uint32)
SLOW = Route("sacn", tuple(UNIVERSES.tolist()), to=("10.0.0.5",), spread_ms=10, sync=7999)


class Stage:
    """Senders, their wire, and an engine's counters."""

    def __init__(self, route: Route = SLOW, **changes: Any) -> None:
        self.network = FakeNetwork()
        self.route = Route(**{**route.to_json(), "to": route.to, "universes": route.universes} | changes)
        self.senders = Senders([self.route], CID, "lumad", self.network)
        self.counters = np.zeros(COUNT, np.uint64)
        self.levels = np.zeros((COUNT, 512), np.uint8)

    def tick(self, now: float) -> None:
        self.counters += np.uint64(1)
        self.senders.tick(now, UNIVERSES, self.counters, self.levels, np.ones((COUNT, 512), np.bool_))

    def sent(self) -> list[Any]:
        """Universes of data packets, "0xDD", or "sync", in order."""
        return [
            "sync"
            if e131.is_extended(data)
            else "0xDD"
            if (packet := e131.decode(data)).start_code
            else packet.universe
            for *_, data in self.network.take()
        ]


def test_a_frame_leaves_in_parts_each_at_its_time_and_the_sync_after_the_last():
    stage = Stage()
    stage.tick(5.0)  # its sync leaves twice
    stage.senders.finish()
    stage.sent()
    stage.tick(6.0)
    times, parts = [6.0], [stage.sent()]
    while not math.isinf(deadline := stage.senders.deadline):
        stage.senders.go_on(deadline)
        times.append(deadline)
        parts.append(stage.sent())
    assert times == pytest.approx([6 + part / 1000 for part in range(10)])
    assert parts == [*([1 + 2 * at, 2 + 2 * at] for at in range(9)), [19, 20, "sync"]]


def test_nothing_leaves_before_its_time():
    stage = Stage()
    stage.tick(5.0)
    stage.senders.go_on(5.0009)
    assert stage.sent() == [1, 2]


def test_the_next_frame_waits_for_no_part_of_the_one_before_and_overtakes_none():
    stage = Stage(per_address_priority=True, sync=0)
    stage.tick(5.0)
    stage.tick(5.002)
    assert stage.sent() == [*range(1, COUNT + 1), *["0xDD"] * COUNT, 1, 2]
    stage.senders.finish()
    numbers = [e131.decode(data).sequence for *_, data in stage.network.sent]
    assert set(numbers) == {3, 4}  # 1 and 2 were the first frame's levels and 0xDD


def test_the_end_of_a_stream_comes_after_all_its_frames():
    stage = Stage(sync=0)
    stage.tick(5.0)
    stage.senders.terminate(5.001, UNIVERSES, stage.counters + np.uint64(1), stage.levels)
    ends = [e131.decode(data).terminated for *_, data in stage.network.take()]
    assert ends == [False] * COUNT + [True] * 3 * COUNT


@pytest.mark.parametrize("changes", [{"spread_ms": 0}, {"universes": (1,)}])
def test_what_needs_no_spreading_leaves_at_once(changes: dict[str, Any]):
    stage = Stage(**changes)
    stage.tick(5.0)
    assert math.isinf(stage.senders.deadline)
    assert stage.sent()[-1] == "sync"


def test_only_what_is_due_is_spread():
    stage = Stage(suppress=True, sync=0)
    for at in range(5):
        stage.tick(5 + at / 40)
        stage.senders.finish()
    stage.sent()
    stage.levels[7:9, 0] = 1
    stage.tick(5.2)
    assert stage.sent() == [8]
    assert stage.senders.deadline == pytest.approx(5.205)
    stage.senders.finish()
    assert stage.sent() == [9]


def test_a_part_that_is_lost_is_counted_once_and_the_rest_goes_on():
    stage = Stage()
    stage.network.broken["10.0.0.5"] = "no route"
    stage.tick(5.0)
    stage.network.broken.clear()
    stage.senders.finish()
    health = stage.senders.health()[0]
    assert (health["errors"], health["last_error"]) == (2, "no route")
    assert stage.sent()[:2] == [3, 4]


def test_a_spread_frame_without_a_node_says_so_once():
    ports = tuple(range(COUNT))
    stage = Stage(protocol="artnet", to=(), discover=True, interface="eth0", port_addresses=ports, sync=1)
    stage.tick(5.0)
    stage.senders.finish()
    assert stage.senders.health()[0]["errors"] == COUNT


def test_sync_stays_with_its_frame():
    stage = Stage()
    for at in range(3):
        stage.tick(5 + at / 100)
    stage.senders.finish()
    syncs = [e131.is_extended(data) for *_, data in stage.network.take()]
    frames = "".join("s" if sync else "d" for sync in syncs).split("d" * COUNT)
    assert frames == ["", "ss", "s", "s"]
