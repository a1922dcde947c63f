from typing import Any

import numpy as np
from fake_network import FakeNetwork

from lumad.output.route import Route
from lumad.output.senders import Senders, Source
from lumad.protocols import artnet, e131, e131_extended

CID = bytes(range(16))
GROUP = e131.multicast_group(7999)
FRAME = np.array([1, 2], np.uint32), np.zeros(2, np.uint64), np.zeros((2, 512), np.uint8)


def start(*routes: Route, source: Source | None = None) -> tuple[Senders, FakeNetwork]:
    network = FakeNetwork()
    return Senders(routes, CID, "lumad", network, source), network


def packets(network: FakeNetwork) -> list[tuple[str, Any]]:
    """(address, "data" or a sync's number), in order."""
    return [
        (address, e131_extended.decode(data).sequence if e131.is_extended(data) else "data")
        for address, _, data in network.take()
    ]


def test_the_sync_of_a_frame_leaves_after_its_last_packet():
    routes = [Route("sacn", (universe,), interface="eth0", sync=7999) for universe in (1, 2)]
    senders, network = start(*routes)
    for _ in range(3):
        senders.tick(0.0, *FRAME)
    data = [(e131.multicast_group(universe), "data") for universe in (1, 2)]
    assert packets(network) == [
        *data, (GROUP, 0), (GROUP, 128), *data, (GROUP, 129), *data, (GROUP, 130)
    ]  # fmt: skip


def test_data_names_the_universe_of_its_sync():
    senders, network = start(Route("sacn", (1,), sync=7999))
    senders.tick(0.0, *FRAME)
    (*_, data), (*_, sync), _ = network.take()
    assert e131.decode(data).sync_address == e131_extended.decode(sync).sync_address == 7999


def test_lamps_go_on_without_a_sync_that_is_lost():
    for sync in (7999, 0):
        senders, network = start(Route("sacn", (1,), sync=sync))
        senders.tick(0.0, *FRAME)
        assert e131.decode(network.take()[0][2]).force_sync is bool(sync)


def test_the_first_sync_is_in_order_whatever_a_former_engine_sent_last():
    senders, network = start(Route("sacn", (1,), sync=7999))
    senders.tick(0.0, *FRAME)
    numbers = [number for _, number in packets(network) if number != "data"]
    for last in range(256):
        assert not all(e131.is_out_of_order(last, number) for number in numbers)


def test_numbers_of_a_sync_go_on_through_new_senders_of_one_source():
    source, route = Source(CID, "lumad"), Route("sacn", (1,), sync=7999)
    for expected in ([0, 128], [129]):
        senders, network = start(route, source=source)
        senders.tick(0.0, *FRAME)
        assert [number for _, number in packets(network) if number != "data"] == expected


def test_unicast_nodes_get_the_sync_themselves():
    senders, network = start(Route("sacn", (1, 2), to=("10.0.0.5", "10.0.0.6"), sync=7999))
    senders.tick(0.0, *FRAME)
    assert [address for address, number in packets(network) if number == 128] == ["10.0.0.5", "10.0.0.6"]


def test_artsync_goes_to_each_node_once_a_frame():
    nodes = ("10.0.0.5", "10.0.0.6")
    routes = [Route("artnet", (u,), (u,), nodes, sync=1) for u in (1, 2)]
    senders, network = start(*routes)
    senders.tick(0.0, *FRAME)
    sent = network.take()
    assert [artnet.opcode(data) for *_, data in sent] == [artnet.OP_DMX] * 4 + [artnet.OP_SYNC] * 2
    assert [address for address, *_ in sent[4:]] == list(nodes)


def test_a_frame_of_which_nothing_leaves_has_no_sync():
    senders, network = start(Route("sacn", (1,), sync=7999, suppress=True))
    universes, counters, levels = FRAME
    for tick in range(20):
        senders.tick(tick / 40, universes, counters + np.uint64(tick), levels)
    assert [number for _, number in packets(network)].count("data") == 4
    senders.tick(0.5, universes, counters + np.uint64(20), levels)
    assert packets(network) == []
