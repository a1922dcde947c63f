import errno
import socket
from collections.abc import Iterator

import numpy as np
import pytest

from lumad.output import network as network_module
from lumad.output.datagrams import Datagram
from lumad.output.network import UdpNetwork
from lumad.output.route import Exit, Route
from lumad.output.senders import Senders
from lumad.protocols import e131

UNICAST = Exit(None, multicast=False, ttl=0)


@pytest.fixture(params=["gso", "sendmmsg", "sendto"])
def network(request: pytest.FixtureRequest) -> Iterator[UdpNetwork]:
    udp = UdpNetwork({"LUMAD_SEND": request.param})
    yield udp
    udp.close()


@pytest.fixture
def node() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as receiver:
        receiver.bind(("127.0.0.1", 0))
        yield receiver


def heard(node: socket.socket) -> list[bytes]:
    packets = []
    while True:
        try:
            packets.append(node.recv(2048))
        except BlockingIOError:
            return packets


def datagrams(*targets: tuple[str, int]) -> list[Datagram]:
    return [Datagram(np.full(4, index, np.uint8), *target) for index, target in enumerate(targets)]


def test_a_batch_arrives_whole_and_in_order(network: UdpNetwork, node: socket.socket):
    batch = network.batch(UNICAST, datagrams(*[node.getsockname()] * 100))
    assert batch.send() == []
    assert heard(node) == [bytes([index] * 4) for index in range(100)]


def test_packets_are_read_anew_at_each_send(network: UdpNetwork, node: socket.socket):
    listed = datagrams(node.getsockname())
    batch = network.batch(UNICAST, listed)
    batch.send()
    listed[0].packet[:] = 9
    batch.send()
    assert heard(node) == [b"\0\0\0\0", b"\x09\x09\x09\x09"]


def test_exactly_the_failing_datagrams_are_skipped(network: UdpNetwork, node: socket.socket):
    good, bad = node.getsockname(), ("127.0.0.1", 0)  # port 0 is refused by the kernel at once
    batch = network.batch(UNICAST, datagrams(bad, good, good, bad, bad, good, bad))
    assert [failure.at for failure in batch.send()] == [0, 3, 4, 6]
    assert [packet[0] for packet in heard(node)] == [1, 2, 5]


def test_a_closed_port_is_reported_late_and_costs_the_others_nothing(
    network: UdpNetwork, node: socket.socket
):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        closed = gone.getsockname()
    batch = network.batch(UNICAST, datagrams(closed, node.getsockname(), closed, node.getsockname()))
    for _ in range(3):
        assert batch.send() == []
        refusals = network.begin(0.0)
        assert {refusal[:2] for refusal in refusals} == {closed}
        assert "refused" in refusals[0].error
    assert len(heard(node)) == 6


def test_a_missing_interface_is_a_trouble_that_names_it(network: UdpNetwork):
    batch = network.batch(Exit("lumad-none0", multicast=True, ttl=8), datagrams(("239.255.0.1", 9)))
    assert batch.trouble == "there is no interface lumad-none0 now"


def test_a_full_send_buffer_is_waited_for_twice_a_frame_at_most(node: socket.socket):
    udp = UdpNetwork({})
    batch = udp.batch(UNICAST, datagrams(*[node.getsockname()] * 3))
    full = batch._send = FullBuffer()
    assert [failure.at for failure in batch.send()] == [0, 1, 2]
    assert full.tries == 3 + network_module.WAITS
    udp.close()


class FullBuffer:
    tries = 0

    def __call__(self, _descriptor: int, _start: int) -> int:
        self.tries += 1
        return -errno.EAGAIN


def test_a_closed_network_fails_and_does_not_raise(network: UdpNetwork, node: socket.socket):
    batch = network.batch(UNICAST, datagrams(node.getsockname()))
    network.close()
    assert batch.trouble == "closed"
    assert [failure.error for failure in batch.send()] == ["closed"]


def test_multicast_on_loopback_reaches_who_joined_there(network: UdpNetwork):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as listener:
        listener.bind(("", 0))
        group = socket.inet_aton(e131.multicast_group(300)) + socket.inet_aton("127.0.0.1")
        listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
        route = Route("sacn", (300,), interface="lo", port=listener.getsockname()[1])
        senders = Senders([route], bytes(16), "lumad", network)
        levels = np.arange(512, dtype=np.uint8).reshape(1, 512)
        senders.tick(0.0, np.array([300], np.uint32), np.array([7], np.uint64), levels)
        (packet,) = map(e131.decode, heard(listener))
    assert (packet.universe, packet.sequence, packet.slots) == (300, 7, levels.tobytes())
