import subprocess
import sys
import weakref
from typing import Any

import numpy as np
import pytest
from fake_network import FakeNetwork
from hypothesis import given
from hypothesis import strategies as st

from lumad.output.datagrams import Refusal
from lumad.output.route import Exit, Route
from lumad.output.senders import Senders, Source
from lumad.protocols import artnet, e131

CID = bytes(range(16))
SACN = Route("sacn", (1, 2, 300), interface="eth0", priority=120)
ARTNET = Route("artnet", (1, 2), (16, 17), ("10.0.0.5", "10.0.0.6"))


def frame(*universes: int, counter: int = 0, seed: int = 0) -> tuple[Any, Any, Any]:
    """universes, counters, levels as the engine hands them over."""
    levels = np.random.default_rng(seed).integers(0, 256, (len(universes), 512), np.uint8)
    return np.array(universes, np.uint32), np.full(len(universes), counter, np.uint64), levels


def start(*routes: Route) -> tuple[Senders, FakeNetwork]:
    network = FakeNetwork()
    return Senders(routes, CID, "lumad", network), network


def test_a_frame_leaves_as_one_data_packet_a_universe():
    senders, network = start(SACN)
    universes, counters, levels = frame(1, 2, 300, counter=41)
    senders.tick(0.0, universes, counters, levels)
    sent = network.take()
    assert [target[:2] for target in sent] == [(e131.multicast_group(u), 5568) for u in (1, 2, 300)]
    assert [e131.decode(packet) for *_, packet in sent] == [
        e131.DataPacket(CID, u, levels[i].tobytes(), sequence=41, priority=120, source_name="lumad")
        for i, u in enumerate((1, 2, 300))
    ]


def test_a_frame_leaves_as_artdmx_to_each_node_with_the_nth_port_address():
    senders, network = start(ARTNET)
    universes, counters, levels = frame(1, 2, counter=41)
    senders.tick(0.0, universes, counters, levels)
    sent = {(address, artnet.decode(packet)) for address, _, packet in network.take()}
    assert sent == {
        (node, artnet.ArtDmx(port_address, levels[i].tobytes(), sequence=42))
        for node in ARTNET.to
        for i, port_address in enumerate((16, 17))
    }


def test_senders_that_are_replaced_are_gone_at_once():
    network, source = FakeNetwork(), Source(CID, "lumad")
    senders = Senders([SACN, ARTNET], CID, "lumad", network, source)
    senders.tick(0.0, *frame(1, 2, 300))
    gone = weakref.ref(senders)
    del senders
    assert gone() is None
    assert not source.destinations


def test_universes_keep_their_levels_whatever_their_order():
    senders, network = start(SACN)
    for order in [(300, 1, 2), (7, 2, 300, 1)]:
        universes, counters, levels = frame(*order)
        senders.tick(0.0, universes, counters, levels)
        for *_, data in network.take():
            packet = e131.decode(data)
            assert packet.slots == levels[order.index(packet.universe)].tobytes()


def test_only_routed_universes_of_the_frame_are_sent():
    senders, network = start(SACN)
    senders.tick(0.0, *frame(2, 4))
    assert [e131.decode(packet).universe for *_, packet in network.take()] == [2]
    senders.tick(0.0, *frame(4))
    assert network.take() == []


@given(counter=st.integers(0, 2**64 - 1))
def test_sequences_follow_the_counter_round_their_ranges(counter: int):
    senders, network = start(SACN, ARTNET)
    senders.tick(0.0, *frame(1, counter=counter))
    (*_, multicast), (*_, unicast), _ = network.take()
    assert e131.decode(multicast).sequence == counter % 256
    assert artnet.decode(unicast).sequence == counter % 255 + 1


def test_routes_with_one_way_out_leave_together():
    more = Route("sacn", (4,), interface="eth0")
    senders, network = start(SACN, more, ARTNET, Route("sacn", (1,), interface="eth1"))
    senders.tick(0.0, *frame(1, 2, 4))
    ways = [("eth0", True), (None, False), ("eth1", True)]
    assert network.batches == [Exit(name, multicast=to_groups, ttl=8 * to_groups) for name, to_groups in ways]


def test_packets_are_laid_out_once_for_many_frames():
    senders, network = start(SACN)
    for counter in range(5):
        senders.tick(counter / 44, *frame(1, 2, counter=counter))
    assert len(network.batches) == 1
    assert [e131.decode(packet).sequence for *_, packet in network.take()] == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_a_failing_node_is_counted_and_the_others_are_served():
    senders, network = start(ARTNET, SACN)
    network.broken["10.0.0.5"] = "No route to host"
    senders.tick(1.0, *frame(1, 2, 300))
    assert len(network.take()) == 5
    bad, good, multicast = senders.health()
    assert bad == {
        "protocol": "artnet", "to": "10.0.0.5", "interface": None,
        "sent": 0, "errors": 2, "last_error": "No route to host", "failing": True,
        "reasons": {"No route to host": 2}, "note": "",
    }  # fmt: skip
    assert (good["to"], good["sent"], good["errors"], good["failing"]) == ("10.0.0.6", 2, 0, False)
    assert (multicast["to"], multicast["interface"], multicast["sent"]) == ("multicast", "eth0", 3)


def test_a_missing_interface_is_counted_and_ends_when_it_comes_back():
    senders, network = start(SACN)
    network.trouble["eth0"] = "there is no interface eth0 now"
    senders.tick(0.0, *frame(1, 2))
    assert network.take() == []
    assert senders.health()[0]["last_error"] == "there is no interface eth0 now"
    assert senders.health()[0]["errors"] == 2
    network.trouble.clear()
    senders.tick(3.0, *frame(1, 2))
    assert len(network.take()) == 2
    assert not senders.health()[0]["failing"]


def test_a_late_refusal_is_charged_to_the_node_it_names():
    senders, network = start(ARTNET)
    senders.tick(0.0, *frame(1))
    network.refusals = [Refusal("10.0.0.6", 6454, "Connection refused"), Refusal("10.0.0.6", 9, "other port")]
    senders.tick(0.1, *frame(1))
    assert [node["errors"] for node in senders.health()] == [0, 1]
    assert senders.health()[1]["last_error"] == "Connection refused"


def test_terminating_sends_three_last_packets_and_says_how_far_it_counted():
    senders, network = start(SACN, ARTNET)
    universes, counters, levels = frame(1, 2, counter=254)
    assert senders.terminate(0.0, universes, counters, levels) == 3
    packets = [e131.decode(packet) for *_, packet in network.take()]
    assert [(p.universe, p.sequence) for p in packets] == [(u, s) for s in (254, 255, 0) for u in (1, 2)]
    assert all(packet.terminated for packet in packets)
    assert all(packet.slots == levels[packet.universe - 1].tobytes() for packet in packets)


def test_after_terminating_the_next_frame_is_live_again():
    senders, network = start(SACN)
    senders.terminate(0.0, *frame(1))
    network.take()
    senders.tick(0.1, *frame(1, counter=3))
    assert [e131.decode(packet).terminated for *_, packet in network.take()] == [False]


def test_closing_gives_the_sockets_back_and_sends_nothing():
    senders, network = start(SACN)
    senders.close()
    assert network.closed
    assert network.sent == []


def test_no_routes_send_nothing():
    senders, network = start()
    senders.tick(0.0, *frame(1))
    assert (network.take(), senders.health()) == ([], [])


@pytest.mark.parametrize("module", ["pydantic", "asyncio", "aiohttp", "yaml"])
def test_the_engine_can_send_without_the_desks_libraries(module: str):
    program = f"import sys, lumad.output.network; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
