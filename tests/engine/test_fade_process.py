"""The engine's process fades; one that is killed on the way is followed by one that is at the end."""

import os
import select
import time
from pathlib import Path

import numpy as np
from engine.test_process import FORMAT, Desk
from namespaces import isolated
from shows import PROFILES, fixture, show

from lumad.link.arrays import pack
from lumad.link.levels import LevelsBlock
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.rows import fade_arrays


class FadingDesk(Desk):
    """A desk that recalls looks."""

    def go(self, level: float, seconds: float) -> None:
        """A look of the one lamp."""
        lamp = fixture("rgb8", control="manual", level=level)
        compiled = compile_show(show(fixtures={"key": lamp}), PROFILES, FORMAT)
        arrays = compiled.arrays | fade_arrays(compiled.rows, {"key": seconds})
        self.channel.send("map", {}, {"map": pack(arrays, compiled.body)})

    def seen_until(self, low: int, high: int) -> list[int]:
        """Levels that left until one lies between."""
        seen = [(self.block.read().of(1) or b"\0")[0]]
        end = time.monotonic() + 10
        while not low <= seen[-1] <= high:
            assert time.monotonic() < end
            select.select([self.channel], [], [], 0.002)
            self.channel.receive()
            seen.append((self.block.read().of(1) or b"\0")[0])
        return seen


def killed_on_the_way(runtime: str) -> list[int]:
    first = FadingDesk(runtime)
    first.go(1.0, 0.0)
    first.seen_until(255, 255)
    first.go(0.2, 20.0)
    first.seen_until(200, 252)
    first.engine.kill()
    first.engine.wait()
    second = FadingDesk(runtime, LevelsBlock(os.dup(first.block.fd)))
    second.go(0.2, 20.0)
    try:
        return second.seen_until(51, 51)
    finally:
        second.engine.kill()
        second.engine.wait()


def test_an_engine_killed_in_a_fade_leaves_no_dark_moment(tmp_path: Path):
    seen = isolated(killed_on_the_way, str(tmp_path))
    assert np.min(seen) == 51
    assert seen[0] >= 200
