"""Datagrams for one node travel as one message; what a node hears is the same."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from namespaces import isolated, run

from lumad.output import network as network_module
from lumad.output import segments
from lumad.output.network import UdpNetwork
from lumad.output.route import Exit, Route
from lumad.output.senders import Datagram, Senders
from lumad.protocols import artnet

UNICAST = Exit(None, multicast=False, ttl=0)
PACKET = 638  # bytes, as sACN has


@contextmanager
def node(address: str = "127.0.0.1") -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as receiver:
        receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        receiver.bind((address, 0))
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


targets = st.lists(st.tuples(st.sampled_from("abc"), st.just(1), st.sampled_from([530, 638, 9000])), max_size=300)


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


def test_a_frame_of_universes_for_two_nodes_arrives_at_both_in_order():
    universes = np.arange(1, 151, dtype=np.uint32)
    levels = np.random.default_rng(1).integers(0, 256, (150, 512), np.uint8)
    with node() as one, node("127.0.0.2") as other:
        port = one.getsockname()[1]
        other.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as second:
            second.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            second.bind(("127.0.0.2", port))
            route = Route("artnet", tuple(universes.tolist()), tuple(range(150)), ("127.0.0.1", "127.0.0.2"), port=port)
            Senders([route], bytes(16), "lumad", UdpNetwork({})).tick(0.0, universes, universes, levels)
