"""pyartnet, an independent sender: our decoders read its packets (its multicast groups are not judged)."""

import asyncio
import time
from typing import Any

import pytest
from namespaces import isolated
from wire import levels_of

from lumad.input.receiver import Receiver
from lumad.protocols import artnet

pytestmark = pytest.mark.interop


def hear_pyartnet(protocol: str, universes: list[int]) -> list[Any]:
    """What our receiver holds after pyartnet has sent to loopback."""
    from pyartnet import ArtNetNode, SacnNode  # noqa: PLC0415 - only the child needs it

    async def listen() -> list[Any]:
        receiver = Receiver([], "lo")
        assert receiver.start() == []
        kind = ArtNetNode if protocol == "artnet" else SacnNode
        async with kind.create("127.0.0.1") as node:
            for universe in universes:
                channel = node.add_universe(universe).add_channel(1, 512)
                channel.set_values(levels_of(universe))
            await asyncio.sleep(0.2)
        streams = receiver.arbiter.streams(time.monotonic())
        receiver.close()
        assert receiver.arbiter.counts["bad"] == 0
        return [[stream.protocol, stream.universe, list(stream.levels)] for stream in streams]

    return asyncio.run(listen())


@pytest.mark.parametrize(
    ("protocol", "universes"), [("artnet", [0, 17, artnet.MAX_PORT_ADDRESS]), ("sacn", [1, 300])]
)
def test_our_receiver_gets_every_level_of_pyartnet(protocol: str, universes: list[int]):
    heard = isolated(hear_pyartnet, protocol, universes)
    assert heard == [[protocol, universe, levels_of(universe)] for universe in universes]
