"""What one universe's stream looks like on the wire: numbers, per-address priority, suppression, its end."""

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from fake_network import FakeNetwork
from hypothesis import given
from hypothesis import strategies as st

from lumad.output.route import Route
from lumad.output.senders import NUMBERS_A_TICK, Senders, Source
from lumad.protocols import artnet, e131

CID = bytes(range(16))
SACN = Route("sacn", (1, 2), interface="eth0", priority=120)
SHARED = Route("sacn", (1, 2), interface="eth0", priority=120, per_address_priority=True)
SPARING = Route("sacn", (1, 2), interface="eth0", suppress=True)
RATE = 40


class Stage:
    """Senders, their wire, and an engine's counters."""

    def __init__(self, *routes: Route, counter: int = 0, universes: int = 2) -> None:
        self.network = FakeNetwork()
        self.source = Source(CID, "lumad")
        self.edit(*routes)
        self.universes = np.arange(1, universes + 1, dtype=np.uint32)
        self.counters = np.full(universes, counter, np.uint64)
        self.levels = np.zeros((universes, 512), np.uint8)
        self.owned = np.zeros((universes, 512), np.bool_)
        self.ticks = 0

    def edit(self, *routes: Route) -> None:
        """New senders take over."""
        self.senders = Senders(routes, CID, "lumad", self.network, self.source)

    def run(self, ticks: int, **change: Any) -> list[e131.DataPacket]:
        """Ticks at 40 Hz; returns the packets of universe 1."""
        for _ in range(ticks):
            self.counters += np.uint64(1)
            self.senders.tick(
                self.ticks / RATE, self.universes, self.counters, self.levels, change.get("owned", self.owned)
            )
            self.ticks += 1
        sent = [data for _, port, data in self.network.take() if port == e131.PORT]
        packets = [e131.decode(data) for data in sent if not e131.is_extended(data)]
        return [packet for packet in packets if packet.universe == 1]


def in_a_row(packets: list[e131.DataPacket]) -> bool:
    numbers = [packet.sequence for packet in packets]
    return numbers == [(numbers[0] + at) % 256 for at in range(len(numbers))]


def test_priorities_follow_the_levels_and_share_their_numbers():
    stage = Stage(SHARED)
    stage.owned[0, :4] = True
    levels, priorities, *more = stage.run(200)
    assert (levels.start_code, priorities.start_code) == (0, 0xDD)
    assert priorities.slots == bytes([120] * 4 + [0] * 508)
    assert priorities.priority == 120
    assert in_a_row([levels, priorities, *more])


def test_priorities_leave_on_a_change_three_times_more_and_then_within_a_second():
    stage = Stage(SHARED)
    stage.run(100)
    starts = [packet.start_code for packet in stage.run(100, owned=np.ones((2, 512), np.bool_))]
    at = [index for index, start in enumerate(starts) if start == 0xDD]
    assert at[:4] == [1, 3, 5, 7]
    assert all(later - earlier <= RATE for earlier, later in itertools.pairwise(at))
    assert len(at) == 6


def test_priorities_are_our_own_everywhere_until_somebody_says_what_is_owned():
    _, priorities = Stage(SHARED).run(1, owned=None)
    assert set(priorities.slots) == {120}


def test_without_the_option_no_priorities_leave():
    assert {packet.start_code for packet in Stage(SACN).run(100)} == {0}


@given(st.integers(0, 255), st.integers(1, 60))
def test_a_successor_that_knows_the_published_number_only_is_never_out_of_order(counter: int, ticks: int):
    former = Stage(SHARED, counter=counter)
    seen = former.run(ticks)
    published = former.counters - np.uint64(seen[-1].start_code == 0xDD)  # before the tick that was its last
    successor = Stage(SHARED, counter=int(published[0]) + NUMBERS_A_TICK - 1)
    first, *_ = successor.run(1)
    assert not e131.is_out_of_order(seen[-1].sequence, first.sequence)


def test_a_change_leaves_with_three_repeats_and_then_one_packet_within_a_second():
    stage = Stage(SPARING)
    assert len(stage.run(20)) == 4
    stage.levels[0, 0] = 9
    changed = stage.run(80)
    assert [packet.slots[0] for packet in changed] == [9] * 6
    assert in_a_row(changed)


def test_a_suppressed_universe_keeps_alive_every_800_to_1000_ms():
    stage = Stage(SPARING)
    stage.run(20)
    quiet = [len(stage.run(1)) for _ in range(200)]
    at = [index / RATE for index, packets in enumerate(quiet) if packets]
    assert all(0.8 <= later - earlier <= 1.0 for earlier, later in itertools.pairwise(at))
    assert len(at) == 6


def test_a_suppressed_universe_is_back_as_soon_as_its_link():
    stage = Stage(SPARING)
    stage.run(10)
    stage.network.trouble["eth0"] = "there is no interface eth0 now"
    stage.run(40)
    stage.network.trouble.clear()
    assert len(stage.run(1)) == 1


def test_an_edit_of_other_outputs_is_no_news_of_a_suppressed_universe():
    stage = Stage(SPARING)
    stage.run(20)
    stage.edit(SPARING, Route("sacn", (3,), interface="eth0"))
    assert stage.run(10) == []
    stage.edit(replace(SPARING, universes=(9, 1)))
    assert stage.run(4) == []
    assert len(stage.run(20)) == 1
    stage.levels[0, 0] = 9
    assert len(stage.run(20)) == 4


@pytest.mark.parametrize("change", [{"priority": 99}, {"to": ("10.0.0.5",)}, {"interface": "eth1"}])
def test_what_leaves_otherwise_than_before_is_news(change: dict[str, Any]):
    stage = Stage(SPARING)
    stage.run(20)
    stage.edit(replace(SPARING, **change))
    assert len(stage.run(20)) == 4


def test_a_stream_that_begins_again_is_news():
    stage = Stage(SPARING)
    stage.run(20)
    stage.senders.retire(0.5, stage.universes[:1], stage.counters[:1], stage.levels[:1])
    stage.network.take()
    stage.edit(SPARING)
    assert len(stage.run(10)) == 4
    stage.ticks += 3 * RATE
    assert len(stage.run(10)) == 4


def test_suppression_spares_the_universes_that_stay_and_no_other_route():
    stage = Stage(SPARING, Route("artnet", (1, 2), (0, 1), ("10.0.0.5",)))
    stage.run(20)
    stage.levels[0, 0] = 1
    stage.senders.tick(0.5, stage.universes, stage.counters, stage.levels)
    sent = stage.network.take()
    sacn = [e131.decode(data).universe for _, port, data in sent if port == e131.PORT]
    assert (sacn, len(sent)) == ([1], 3)


def test_numbers_of_a_stream_that_others_move_on_never_jump_out_of_order():
    stage = Stage(SPARING, Route("artnet", (1, 2), (0, 1), ("10.0.0.5",)))
    numbers = [packet.sequence for packet in stage.run(2000)]
    pairs = itertools.pairwise(numbers)
    assert not any(e131.is_out_of_order(earlier, later) for earlier, later in pairs)


def test_preview_is_marked_to_the_end_of_the_stream():
    stage = Stage(Route("sacn", (1, 2), interface="eth0", preview=True))
    stage.run(1)
    stage.senders.terminate(1.0, stage.universes, stage.counters, stage.levels)
    last = [e131.decode(data) for *_, data in stage.network.take()]
    assert all(packet.preview and packet.terminated for packet in last)
    assert [packet.terminated for packet in stage.run(1)] == [False]


def test_only_what_was_sent_is_retired():
    stage = Stage(SACN)
    stage.run(1)
    universes, counters = np.array([2, 3], np.uint32), np.array([7, 7], np.uint64)
    assert stage.senders.retire(1.0, universes, counters, stage.levels) == 3
    last = [e131.decode(data) for *_, data in stage.network.take()]
    assert [(packet.universe, packet.sequence) for packet in last] == [(2, 7), (2, 8), (2, 9)]


def test_artnet_numbers_run_from_1_to_255_and_never_through_0():
    stage = Stage(Route("artnet", (1,), (5,), ("10.0.0.5",)))
    stage.run(300)
    network = stage.network
    stage.run(0)
    for tick in range(300):
        stage.senders.tick(10 + tick, stage.universes, stage.counters + np.uint64(tick), stage.levels)
    numbers = [artnet.decode(data).sequence for *_, data in network.take()]
    assert set(numbers) == set(range(1, 256))
    assert all(later == earlier % 255 + 1 for earlier, later in itertools.pairwise(numbers))
