"""Finding Art-Net nodes: polls out, replies in, and our own answer to who polls us."""

from collections import Counter

import numpy as np

from lumad.errors import PacketError
from lumad.output.datagrams import Datagram, Heard, Network, Place
from lumad.output.nodes import Nodes
from lumad.output.route import BROADCAST, Exit
from lumad.protocols import artnet, artnet_poll

INTERVAL_S = sum(artnet_poll.POLL_INTERVAL_S) / 2
MOST_ANSWERS = 8  # to polls, a frame: nobody makes us a loudspeaker


class Polls:
    """One controller on some interfaces; `nodes` is what it found."""

    def __init__(self, name: str) -> None:
        self.nodes = Nodes()
        self.faults = 0  # packets that claimed to be polls or replies and were none
        self._name = name
        self._polled_at: dict[str | None, float] = {}
        self._answers: Counter[str | None] = Counter()

    def tick(self, now: float, network: Network, interface: str | None) -> str:
        """Hears what came, polls when it is time; returns why that is not possible, or ""."""
        exit_ = Exit(interface, multicast=False, ttl=0, broadcast=True, port=artnet.PORT)
        place = network.place(exit_)
        pollers = [
            heard.address
            for heard in network.hear(exit_)
            if (place is None or heard.address != place.address) and self._asks(heard, interface, now)
        ]
        if place is not None:
            self._answer(network, exit_, place, list(dict.fromkeys(pollers))[:MOST_ANSWERS])
        if now - self._polled_at.get(interface, -INTERVAL_S) < INTERVAL_S:
            return ""
        poll = artnet_poll.encode(artnet_poll.ArtPoll(artnet_poll.REPLY_ON_CHANGE))
        batch = network.batch(exit_, [_datagram(poll, BROADCAST)])
        trouble = batch.trouble or "".join(failure.error for failure in batch.send())
        if not trouble:
            self._polled_at[interface] = now
            self.nodes.polled(interface)
        return trouble

    def _asks(self, heard: Heard, interface: str | None, now: float) -> bool:
        """Takes in one datagram; True if it is a poll that we answer."""
        try:
            if artnet.opcode(heard.data) not in {artnet_poll.OP_POLL, artnet_poll.OP_POLL_REPLY}:
                return False
            packet = artnet_poll.decode(heard.data)
        except PacketError:
            self.faults += 1
            return False
        if isinstance(packet, artnet_poll.ArtPollReply):
            self.nodes.hear(packet, heard.address, interface, now)
            return False
        return packet.asks()

    def _answer(self, network: Network, exit_: Exit, place: Place, pollers: list[str]) -> None:
        if not pollers:
            return
        self._answers[exit_.interface] += 1
        count = self._answers[exit_.interface]
        reply = artnet_poll.controller_reply(place.address, self._name, place.mac, count)
        data = artnet_poll.encode(reply)
        network.batch(exit_, [_datagram(data, poller) for poller in pollers]).send()


def _datagram(data: bytes, address: str) -> Datagram:
    return Datagram(np.frombuffer(data, np.uint8), address, artnet.PORT)
