"""Datagrams for one node travel as one message; what a node hears is the same."""

import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from namespaces import isolated, run

from lumad.output import outlet, segments
from lumad.output.datagrams import Datagram
from lumad.output.network import UdpNetwork
from lumad.output.route import Exit, Route
from lumad.output.senders import Senders
from lumad.protocols import artnet

UNICAST = Exit(None, multicast=False, ttl=0)
PACKET = 638  # bytes, as sACN has


@contextmanager
def node(address: str = "127.0.0.1", port: int = 0) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as receiver:
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        receiver.bind((address, port))
        yield receiver


def heard(receiver: socket.socket) -> list[bytes]:
    packets = []
    while True:
        try:
            packets.append(receiver.recv(2048))
        except BlockingIOError:
            return packets


def datagrams(*targets: tuple[str, int], size: int = PACKET) -> list[Datagram]:
    return [Datagram(np.full(size, at, np.uint8), *target) for at, target in enumerate(targets)]


def packets(*numbers: int) -> list[bytes]:
    return [bytes([number]) * PACKET for number in numbers]


targets = st.lists(
    st.tuples(st.sampled_from("abc"), st.just(1), st.sampled_from([530, 638, 9000])), max_size=300
)


@given(targets)
def test_messages_hold_every_datagram_once_and_each_targets_in_order(listed: list[tuple[str, int, int]]):
    batch = [Datagram(np.zeros(size, np.uint8), address, port) for address, port, size in listed]
    messages = segments.together(batch)
    assert sorted(at for message in messages for at in message) == list(range(len(batch)))
    assert segments.apart(messages) == [(at,) for at in range(len(batch))]
    for message in messages:
        assert len({listed[at] for at in message}) == 1
        assert all(one < next_ for one, next_ in pairwise(message))
        assert len(message) == 1 or listed.count(listed[message[0]]) >= segments.WORTHWHILE
        assert len(message) <= 64
        assert sum(listed[at][2] for at in message) <= 65507


def test_sixteen_for_one_node_travel_together_and_fifteen_do_not():
    assert segments.together(datagrams(*[("a", 1)] * 16)) == [tuple(range(16))]
    assert segments.together(datagrams(*[("a", 1)] * 15)) == [(at,) for at in range(15)]


def test_a_frame_of_universes_arrives_at_two_nodes_whole_and_in_order():
    universes = np.arange(1, 131, dtype=np.uint32)
    levels = np.random.default_rng(1).integers(0, 256, (130, 512), np.uint8)
    with node() as one, node("127.0.0.2", one.getsockname()[1]) as other:
        to, port = ("127.0.0.1", "127.0.0.2"), one.getsockname()[1]
        route = Route("artnet", tuple(universes.tolist()), tuple(range(130)), to, port=port)
        senders = Senders([route], bytes(16), "lumad", UdpNetwork({}))
        senders.tick(0.0, universes, universes.astype(np.uint64), levels)
        sent = [
            artnet.encode(artnet.ArtDmx(at, row.tobytes(), sequence=at + 2)) for at, row in enumerate(levels)
        ]
        assert heard(one) == heard(other) == sent
    senders.close()
    assert [(each["sent"], each["errors"]) for each in senders.health()] == [(130, 0), (130, 0)]


def test_a_batch_of_one_node_is_one_message():
    with node() as receiver, closing(UdpNetwork({})) as network:
        batch = network.batch(UNICAST, datagrams(*[receiver.getsockname()] * 64))
        assert (batch._send(batch._outlet.socket.fileno(), 0), len(heard(receiver))) == (1, 64)


def test_sendmmsg_can_be_had_plain():
    with closing(UdpNetwork({"LUMAD_SEND": "sendmmsg"})) as network:
        assert len(network.batch(UNICAST, datagrams(*[("127.0.0.1", 9)] * 64))._messages) == 64


def test_a_kernel_that_does_not_know_segments_is_recognised():
    with node() as knows, socket.socket(socket.AF_INET, socket.SOCK_STREAM) as does_not:
        assert outlet._can_cut(knows)
        assert not outlet._can_cut(does_not)


def one_node_without_a_way() -> list[list[int]]:
    with node() as receiver, closing(UdpNetwork({})) as network:
        lost, good = ("10.1.2.3", 9), receiver.getsockname()
        batch = network.batch(UNICAST, datagrams(*[lost, good] * 80))
        return [sorted(failure.at for failure in batch.send()), [packet[0] for packet in heard(receiver)]]


def test_an_error_counts_for_every_datagram_of_its_message_and_for_no_other():
    assert isolated(one_node_without_a_way) == [list(range(0, 160, 2)), list(range(1, 160, 2))]


def a_kernel_that_refuses_in_the_middle() -> list[object]:
    run("ip", "address", "add", "10.9.9.9", "dev", "lo")
    run("ip", "route", "replace", "table", "local", "local", "10.9.9.9", "dev", "lo", "mtu", "lock", "600")
    with node() as wide, node("10.9.9.9") as narrow, closing(UdpNetwork({})) as network:
        batch = network.batch(UNICAST, datagrams(*[wide.getsockname()] * 20, *[narrow.getsockname()] * 20))
        frames = [
            (len(batch.send()), heard(wide) == packets(*range(20)), heard(narrow) == packets(*range(20, 40)))
            for _ in range(2)
        ]
        return [*frames, batch._outlet.segments, len(batch._messages)]


def test_a_refused_message_is_taken_apart_and_the_frame_is_neither_lost_nor_doubled():
    assert isolated(a_kernel_that_refuses_in_the_middle) == [[0, True, True], [0, True, True], False, 40]
