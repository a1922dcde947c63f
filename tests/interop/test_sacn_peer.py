"""The `sacn` library, an independent implementation: its receiver hears us, our receiver hears its sender."""

import asyncio
import time
from typing import Any

import pytest
import sacn
from hypothesis import given
from hypothesis import strategies as st
from namespaces import isolated, until
from sacn.messages.data_packet import DataPacket as PeerPacket
from wire import CID, NAME, frame, levels_of, senders

from lumad.input.receiver import Receiver
from lumad.output.route import Route
from lumad.protocols import e131

pytestmark = pytest.mark.interop

UNIVERSES = [1, 255, 256, 300, 63999]


@given(
    universe=st.integers(1, 63999),
    levels=st.binary(min_size=512, max_size=512),
    sequence=st.integers(0, 255),
    priority=st.integers(0, 200),
    preview=st.booleans(),
    terminated=st.booleans(),
)
def test_both_encoders_write_the_same_bytes(
    universe: int, levels: bytes, sequence: int, priority: int, *, preview: bool, terminated: bool
):
    ours = e131.DataPacket(
        CID, universe, levels, sequence, priority, NAME, preview=preview, terminated=terminated
    )
    peer = PeerPacket(tuple(CID), NAME, universe, tuple(levels), priority, sequence, terminated, preview)
    assert e131.encode(ours) == bytes(peer.getBytes())
    assert e131.decode(bytes(peer.getBytes())) == ours


def send_to_peer() -> dict[str, Any]:
    """What the library's receiver holds after one frame of ours."""
    heard: dict[str, Any] = {}
    receiver = sacn.sACNreceiver(bind_address="127.0.0.1")
    for universe in UNIVERSES:
        receiver.register_listener(
            "universe", lambda p: heard.setdefault(str(p.universe), p), universe=universe
        )
        receiver.join_multicast(universe)
    receiver.start()
    senders(Route("sacn", tuple(UNIVERSES), interface="lo", priority=123)).tick(0.0, *frame(UNIVERSES, 77))
    try:
        until(lambda: len(heard) == len(UNIVERSES))
    finally:
        receiver.stop()
    return {
        universe: [p.sourceName, p.priority, p.sequence, list(p.dmxData)] for universe, p in heard.items()
    }


def test_its_receiver_gets_every_level():
    heard = isolated(send_to_peer)
    assert heard == {str(universe): [NAME, 123, 77, levels_of(universe)] for universe in UNIVERSES}


def hear_peer() -> dict[str, list[int]]:
    """What our receiver holds after the library has sent on loopback."""

    async def listen() -> dict[str, list[int]]:
        receiver = Receiver([1, 300], "lo")
        assert receiver.start() == []
        sender = sacn.sACNsender(bind_address="127.0.0.1", bind_port=0, universeDiscovery=False)
        sender.start()
        for universe, multicast in ((1, True), (300, True), (7, False)):
            sender.activate_output(universe)
            sender[universe].multicast = multicast
            sender[universe].dmx_data = tuple(levels_of(universe))
        await asyncio.sleep(0.2)
        await asyncio.to_thread(sender.stop)
        streams = receiver.arbiter.streams(time.monotonic())
        receiver.close()
        return {str(stream.universe): list(stream.levels) for stream in streams}

    return asyncio.run(listen())


def test_our_receiver_gets_every_level_of_its_sender():
    assert isolated(hear_peer) == {str(universe): levels_of(universe) for universe in (1, 7, 300)}
