import numpy as np
from fake_network import FakeNetwork
from hypothesis import given
from hypothesis import strategies as st

from lumad.output.datagrams import Heard
from lumad.output.nodes import MISSED_POLLS, MOST_NODES, Nodes, written
from lumad.output.route import BROADCAST, Route
from lumad.output.senders import Senders
from lumad.protocols import artnet, artnet_poll
from lumad.protocols.artnet_poll import ArtPoll, ArtPollReply, Port

CID = bytes(range(16))
ROUTE = Route("artnet", (1, 2), (0x12, 0x13), interface="eth0", discover=True)
FRAME = np.array([1, 2], np.uint32), np.zeros(2, np.uint64), np.zeros((2, 512), np.uint8)


def reply(*outputs: int, good_output: int = 0, index: int = 1) -> ArtPollReply:
    """A node in 0:1 with these output universes."""
    ports = tuple(Port(artnet_poll.PORT_OUTPUT, output=output, good_output=good_output) for output in outputs)
    return ArtPollReply("10.0.0.5", "node", "a node", ports=ports, sub_net=1, bind_index=index)


def start() -> tuple[Senders, FakeNetwork]:
    network = FakeNetwork()
    return Senders([ROUTE], CID, "lumad", network), network


def answer(network: FakeNetwork, packet: ArtPoll | ArtPollReply, address: str = "10.0.0.5") -> None:
    network.incoming.append(Heard(artnet_poll.encode(packet), address))


def levels_sent(network: FakeNetwork) -> list[tuple[str, int]]:
    sent = [(address, data) for address, _, data in network.take() if artnet.opcode(data) == artnet.OP_DMX]
    return [(address, artnet.decode(data).port_address) for address, data in sent]


def test_polls_leave_for_the_broadcast_address_every_two_and_a_half_to_three_seconds():
    senders, network = start()
    for tick in range(44 * 60):
        senders.tick(tick / 44, *FRAME)
    polls = network.take()
    assert 20 <= len(polls) <= 24
    assert {(address, port, artnet.opcode(data)) for address, port, data in polls} == {
        (BROADCAST, 6454, artnet_poll.OP_POLL)
    }


def test_each_universe_goes_to_its_subscribers_alone():
    senders, network = start()
    answer(network, reply(2), "10.0.0.5")
    answer(network, reply(2, 3), "10.0.0.6")
    senders.tick(0.0, *FRAME)
    assert sorted(levels_sent(network)) == [("10.0.0.5", 0x12), ("10.0.0.6", 0x12), ("10.0.0.6", 0x13)]


def test_without_a_subscriber_nothing_is_sent_and_health_names_the_two_ways_out():
    senders, network = start()
    senders.tick(0.0, *FRAME)
    assert levels_sent(network) == []
    (health,) = senders.health()
    assert health["failing"]
    assert health["last_error"] == (
        "no node asks for port-address 18 (0:1:2) and 1 more, so nothing is sent; "
        "give the node's address with to:, or take to: broadcast"
    )


def test_a_node_that_stops_answering_is_marked_after_three_polls_and_still_served():
    senders, network = start()
    answer(network, reply(2))
    senders.tick(0.0, *FRAME)
    missing = []
    for poll in range(1, 5):
        senders.tick(poll * 3.0, *FRAME)
        missing.append(senders.nodes()[0]["missing"])
    assert missing == [False, False, True, True]
    assert ("10.0.0.5", 0x12) in levels_sent(network)
    assert senders.health()[1]["note"] == "has not answered three polls; it is still sent to"


def test_a_silent_node_is_kept_until_another_takes_its_port():
    senders, network = start()
    answer(network, reply(2))
    for poll in range(5):
        senders.tick(poll * 3.0, *FRAME)
    answer(network, reply(2), "10.0.0.9")
    network.take()
    senders.tick(15.0, *FRAME)
    assert levels_sent(network) == [("10.0.0.9", 0x12)]


def test_the_table_tells_counting_from_0_and_from_1_apart():
    senders, network = start()
    answer(network, reply(2))
    senders.tick(0.0, *FRAME)
    senders.tick(1.5, *FRAME)
    assert senders.nodes() == [
        {
            "address": "10.0.0.5", "interface": "eth0", "bind_index": 1, "name": "node",
            "long_name": "a node", "controller": False, "age_s": 1.5, "missing": False,
            "ports": [{"port_address": 18, "net_sub_universe": "0:1:2", "from_1": 19}],
        }
    ]  # fmt: skip
    assert written(32767) == "32767 (127:15:15)"


def test_an_answer_that_says_nothing_new_lays_out_nothing_anew():
    senders, network = start()
    answer(network, reply(2))
    senders.tick(0.0, *FRAME)
    laid_out = len(network.batches)
    answer(network, reply(2))
    senders.tick(1.0, *FRAME)
    assert len(network.batches) == laid_out


def test_a_node_that_is_found_moves_only_what_goes_to_nodes():
    network = FakeNetwork()
    told = Route("artnet", (1, 2), (0, 1), ("10.0.9.9",), interface="eth9")
    senders = Senders([told, ROUTE], CID, "lumad", network)
    senders.tick(0.0, *FRAME)
    answer(network, reply(2))
    network.batches.clear()
    senders.tick(1.0, *FRAME)
    assert {exit_.interface for exit_ in network.batches} == {"eth0"}
    assert ("10.0.0.5", 0x12) in levels_sent(network)


def test_the_node_that_was_silent_longest_makes_room():
    nodes = Nodes()
    for at in range(MOST_NODES):
        nodes.hear(reply(2), f"10.0.{at // 256}.{at % 256}", None, 0.0)
    nodes.hear(reply(3), "10.0.9.9", None, 1.0)
    assert nodes.subscribers(0x13, None) == ()
    for _ in range(MISSED_POLLS + 1):
        nodes.polled(None)
    nodes.hear(reply(2), "10.0.0.0", None, 2.0)
    nodes.hear(reply(3), "10.0.9.9", None, 3.0)
    assert nodes.subscribers(0x13, None) == ("10.0.9.9",)
    assert nodes.is_missing("10.0.0.2", None)
    assert not nodes.is_missing("10.0.0.1", None)  # nobody knows it any more


def test_a_port_that_takes_sacn_gets_no_artnet():
    nodes = Nodes()
    nodes.hear(reply(2, good_output=artnet_poll.OUTPUT_SACN), "10.0.0.5", None, 0.0)
    assert nodes.subscribers(0x12, None) == ()


def test_we_answer_polls_as_a_controller_and_never_our_own():
    senders, network = start()
    answer(network, ArtPoll(), "10.0.0.7")
    answer(network, ArtPoll(), "10.0.0.1")
    senders.tick(0.0, *FRAME)
    replies = [
        (to, artnet_poll.decode(data)) for to, _, data in network.take() if artnet.opcode(data) == 0x2100
    ]
    ((to, said),) = replies
    assert (to, said.address, said.style) == ("10.0.0.7", "10.0.0.1", artnet_poll.STYLE_CONTROLLER)
    assert (said.short_name, said.mac.hex()) == ("lumad", "020000000001")


def test_a_flood_of_polls_gets_few_answers():
    senders, network = start()
    for host in range(2, 60):
        answer(network, ArtPoll(), f"10.0.0.{host}")
    senders.tick(0.0, *FRAME)
    assert len([data for *_, data in network.take() if artnet.opcode(data) == 0x2100]) == 8


def test_a_missing_interface_is_told_instead_of_a_missing_node():
    senders, network = start()
    network.trouble["eth0"] = "there is no interface eth0 now"
    senders.tick(0.0, *FRAME)
    assert "there is no interface eth0 now" in senders.health()[0]["reasons"]


@given(
    st.lists(st.binary(max_size=300) | st.binary(max_size=300).map(lambda tail: b"Art-Net\0\0\x21" + tail))
)
def test_no_bytes_from_the_network_stop_the_light(noise: list[bytes]):
    senders, network = start()
    network.incoming = [Heard(data, "10.0.0.66") for data in noise]
    answer(network, reply(2))
    senders.tick(0.0, *FRAME)
    assert ("10.0.0.5", 0x12) in levels_sent(network)


@given(st.lists(st.tuples(st.integers(1, 254), st.sets(st.integers(0, 15), max_size=4)), max_size=30))
def test_every_node_that_answered_last_with_a_port_is_its_subscriber(answers: list[tuple[int, set[int]]]):
    nodes, last = Nodes(), {}
    for host, outputs in answers:
        nodes.hear(reply(*outputs), f"10.0.0.{host}", None, 0.0)
        last[f"10.0.0.{host}"] = outputs
    for port in range(16):
        expected = {address for address, outputs in last.items() if port in outputs}
        assert set(nodes.subscribers(0x10 | port, None)) == expected
