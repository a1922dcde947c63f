"""QLC+ hears our sACN and passes it on as Art-Net: what comes out is what we sent."""

import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from namespaces import HERE, THERE, isolated, missing, need, neighbour, started
from wire import frame, levels_of, senders

from lumad.errors import PacketError
from lumad.output.route import Route
from lumad.protocols import artnet

pytestmark = pytest.mark.interop

UNIVERSE, PORT_ADDRESS = 1, 5
LOOKS = [1, 2, 3]
WORKSPACE = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE Workspace>
<Workspace xmlns="http://www.qlcplus.org/Workspace" CurrentWindow="FixtureManager">
 <Creator><Name>Q Light Controller Plus</Name><Version>4.12.6</Version><Author>lumad</Author></Creator>
 <Engine>
  <InputOutputMap>
   <Universe Name="ours" ID="0" Passthrough="True">
    <Input Plugin="E1.31" UID="{THERE}" Line="0">
     <PluginParameters multicast="1" universe="{UNIVERSE}"/>
    </Input>
    <Output Plugin="ArtNet" UID="{THERE}" Line="0">
     <PluginParameters outputIP="{HERE}" outputUni="{PORT_ADDRESS}" transmitMode="Full"/>
    </Output>
   </Universe>
  </InputOutputMap>
 </Engine>
</Workspace>
"""


@contextmanager
def qlcplus(over: tuple[str, ...]) -> Iterator[None]:
    """QLC+ over there, at work on WORKSPACE, without a window."""
    with tempfile.TemporaryDirectory() as home:
        file = Path(home, "through.qxw")
        file.write_text(WORKSPACE)
        own = ("env", f"HOME={home}", f"XDG_RUNTIME_DIR={home}", "QT_QPA_PLATFORM=offscreen")
        arguments = ("--nogui", "--nowm", "--operate", "--open", str(file))
        with started(*over, *own, "qlcplus", *arguments) as program:
            yield
            if program.poll() is not None:
                missing(f"QLC+ does not run here: {program.stderr.read() if program.stderr else ''}")


def heard(ear: socket.socket) -> list[artnet.ArtDmx]:
    """The ArtDmx that came in since the last look; QLC+ sends polls and replies as well."""
    packets = []
    while True:
        try:
            packets.append(artnet.decode(ear.recv(2048)))
        except PacketError:
            continue
        except BlockingIOError:
            return packets


def pass_through() -> list[object]:
    """Looks that came out of QLC+ within 5 s each, and how many of its levels were never ours in that slot.

    QLC+ takes a packet over slot by slot: what it sends in between may hold slots of two looks.
    """
    looks = [bytes(levels_of(UNIVERSE, look)) for look in LOOKS]
    packets: list[artnet.ArtDmx] = []
    with neighbour() as over, qlcplus(over), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("", artnet.PORT))
        ear.setblocking(False)
        sending, tick = senders(Route("sacn", (UNIVERSE,), interface="va")), 0
        for look, levels in zip(LOOKS, looks, strict=True):
            end = time.monotonic() + 5.0
            while time.monotonic() < end and levels not in {packet.levels for packet in packets}:
                sending.tick(tick / 40, *frame([UNIVERSE], tick, look))
                tick += 1
                time.sleep(0.025)
                packets += heard(ear)
    passed = [
        look for look, levels in zip(LOOKS, looks, strict=True) if levels in {p.levels for p in packets}
    ]
    ours = [{0, *levels} for levels in zip(*looks, strict=True)]
    strange = [
        level
        for packet in packets
        for level, known in zip(packet.levels, ours, strict=True)
        if level not in known or packet.port_address != PORT_ADDRESS
    ]
    return [passed, len(strange)]


def test_qlcplus_passes_three_looks_of_ours_on_to_artnet_unchanged():
    need("qlcplus")
    assert isolated(pass_through) == [LOOKS, 0]
