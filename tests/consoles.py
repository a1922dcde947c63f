"""A bench with a console: an engine that obeys levels a test sets, with time as an argument."""

import os
from typing import Any

import numpy as np
import numpy.typing as npt
from fake_network import FakeNetwork
from shows import FORMAT, PROFILES, fixture, show

from lumad.engine.engine import Engine
from lumad.engine.pace import SECOND_NS
from lumad.frames.ring import RingReader, RingWriter
from lumad.link.levels import LevelsBlock
from lumad.model.show import Show
from lumad.pixelmap.compile import compile_show
from lumad.protocols import e131

MS = SECOND_NS // 1000
CID = bytes(range(16))


def console_show(fixtures: dict[str, Any], **more: Any) -> Show:
    """A show with input `desk` of universe 101; `controls` and other keys of the input by name."""
    keys = {key: more.pop(key) for key in ("controls", "when_lost") if key in more}
    source = {"name": "desk", "protocol": "sacn", "universes": "101", **keys}
    return show(fixtures=fixtures, inputs=[source], **more)


def share(*attributes: str, address: int = 1, **more: Any) -> dict[str, Any]:
    """A share of universe 101."""
    return {"input": "desk", "address": [101, address], "attributes": attributes or ["Dimmer"], **more}


class Stage:
    """An engine at work; `slots` are what the console says, None while it is silent."""

    def __init__(self, the_show: Show, block: LevelsBlock | None = None) -> None:
        self.network = FakeNetwork()
        self.block = block or LevelsBlock.create(os.urandom(16))
        self.engine = Engine(self.block, "lumad test", lambda: self.network, 0)
        self.engine.resume(0)
        self.now = 0
        self.slots: dict[int, int] | None = None
        self._writer = RingWriter.create(FORMAT)
        self._code, self._sequence, self._said = 255, 0, -SECOND_NS
        self.engine.follow(RingReader(self._writer.fd), 0)
        self.use(the_show)

    def use(self, the_show: Show) -> None:
        """Another edit of the show."""
        self.engine.use(compile_show(the_show, PROFILES, FORMAT).pixel_map, self.now)

    def run(self, seconds: float, step: int = 5 * MS) -> npt.NDArray[np.int64]:
        """Levels (n, 16) of universe 1 that left in that time."""
        left, end = [], self.now + round(seconds * SECOND_NS)
        while self.now < end:
            if self.now % (25 * MS) == 0:
                self._writer.begin()[:] = self._code
                self._writer.publish(self.now, self.now)
                self.speak()
            self.engine.step(self.now)
            packets = [e131.decode(data) for _, _, data in self.network.take()]
            left += [list(packet.slots[:16]) for packet in packets if packet.universe == 1]
            self.now += step
        return np.array(left).reshape(-1, 16)

    def wall(self, code: int) -> None:
        """The wall shows this grey from now on."""
        self._code = code

    def speak(self) -> None:
        """The console says its slots."""
        if self.slots is None:
            return
        levels = bytearray(512)
        for address, level in self.slots.items():
            levels[address - 1] = level
        self._sequence = (self._sequence + 1) % 256
        packet = e131.DataPacket(CID, 101, bytes(levels), self._sequence, source_name="desk")
        self.engine.hear(None, e131.encode(packet), "10.0.0.5", self.now)


__all__ = ["CID", "MS", "Stage", "console_show", "fixture", "share"]
