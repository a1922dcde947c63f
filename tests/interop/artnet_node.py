"""An Art-Net node with two ports in the form of today and one in Art-Net 2's, as a program of its own.

It answers polls, polls itself, and takes what else it is sent without a word.
"""

import select
import socket
import sys
import time

from lumad.errors import PacketError
from lumad.protocols import artnet, artnet_poll, e131

TODAY, OLD = (0x12E, 0x12F), 0x130  # port-addresses 1:2:14, 1:2:15 and 1:3:0
OLD_BYTES = 207  # of a reply without MAC, bind index and all that came later
POLL_S = 2.75


def replies(address: str) -> list[bytes]:
    """What it answers to a poll: one reply a sub-net."""
    ports = [artnet_poll.Port(artnet_poll.PORT_OUTPUT, output=port & 15) for port in TODAY]
    old = artnet_poll.Port(artnet_poll.PORT_OUTPUT, output=OLD & 15)
    today = artnet_poll.ArtPollReply(address, "node", ports=tuple(ports), net=1, sub_net=2, bind_index=1)
    before = artnet_poll.ArtPollReply(address, "node", ports=(old,), net=1, sub_net=3)
    return [artnet_poll.encode(today), artnet_poll.encode(before)[:OLD_BYTES]]


def asks(data: bytes) -> bool:
    try:
        return isinstance(artnet_poll.decode(data), artnet_poll.ArtPoll)
    except PacketError:
        return False


def serve(address: str, broadcast: str) -> None:
    """Works until it is killed."""
    ears = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
    for ear, port in zip(ears, (artnet.PORT, e131.PORT), strict=True):
        ear.bind(("", port))
    door, _ = ears
    door.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    polled_at = 0.0
    while True:
        if time.monotonic() - polled_at >= POLL_S:
            polled_at = time.monotonic()
            door.sendto(artnet_poll.encode(artnet_poll.ArtPoll()), (broadcast, artnet.PORT))
        for ear in select.select(ears, [], [], 0.1)[0]:
            data, peer = ear.recvfrom(2048)
            if ear is door and peer[0] != address and asks(data):
                for reply in replies(address):
                    door.sendto(reply, (peer[0], artnet.PORT))


if __name__ == "__main__":
    serve(*sys.argv[1:])
