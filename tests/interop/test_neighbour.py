"""Ordinary sockets at the other end of a wire, as nodes have them, hear every packet whole and in order."""

import subprocess
import sys

import pytest
from namespaces import THERE, isolated, neighbour
from wire import CID, NAME, frame, levels_of

from lumad.output.network import UdpNetwork
from lumad.output.route import Route
from lumad.output.senders import Senders
from lumad.protocols import e131

pytestmark = pytest.mark.interop

UNIVERSES = list(range(1, 65))
PORT = 5568
NODE = f"""
import socket
node = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
node.bind(("", {PORT}))
node.settimeout(5)
print("ready", flush=True)
for _ in range(2 * {len(UNIVERSES)}):
    print(node.recv(2048).hex())
"""


def send_to(address: str, way: str) -> list[str]:
    """What a node over there hears of two frames."""
    with neighbour() as over:
        node = subprocess.Popen([*over, sys.executable, "-c", NODE], stdout=subprocess.PIPE, text=True)
        assert node.stdout is not None
        assert node.stdout.readline() == "ready\n"
        route = Route("sacn", tuple(UNIVERSES), to=(address,))
        sending = Senders([route], CID, NAME, UdpNetwork({"LUMAD_SEND": way}))
        for counter in (0, 1):
            sending.tick(0.0, *frame(UNIVERSES, counter, salt=counter))
        return node.communicate(timeout=10)[0].split()


@pytest.mark.parametrize("way", ["gso", "sendmmsg", "sendto"])
@pytest.mark.parametrize("address", [THERE, "10.77.0.255"])
def test_a_node_hears_each_packet_of_many_whole_and_in_order(address: str, way: str):
    assert isolated(send_to, address, way) == [
        e131.encode(
            e131.DataPacket(CID, u, bytes(levels_of(u, counter)), sequence=counter, source_name=NAME)
        ).hex()
        for counter in (0, 1)
        for u in UNIVERSES
    ]
