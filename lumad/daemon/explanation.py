"""Why one lamp gives its light now: the newest picture's own steps, and what really left."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from lumad.daemon.light import LightPath
from lumad.frames.frame import Frame
from lumad.model.fixture import Fixture
from lumad.model.show import Show
from lumad.pixelmap.compile import Compiled
from lumad.pixelmap.explain import explain
from lumad.pixelmap.rows import fixture_key
from lumad.sampling.formats import BITS, codes_of


def explanation(light: LightPath, name: str) -> dict[str, Any] | None:
    """The form of GET /api/v1/fixtures/{id}/explain; None while the fixture is not in a compiled show.

    `levels` are those that left, `age_ms` since then; `wanted` those that the newest picture would give,
    without what `console` says that a console drives.
    """
    compiled, show = light.compiled, light.compiled_show
    if compiled is None or show is None or name not in show.fixtures:
        return None
    frame = light.ring.latest() if light.ring else None
    if frame is not None and frame.format != compiled.format:
        frame = None  # a new map is on its way
    memory = compiled.pixel_map.new_memory()
    if frame is not None:
        memory.remember(compiled.pixel_map.sample(frame), frame.number, only_waiting=False)
    lost = bool(light.engine.health.get("feed_lost"))
    fixture = show.fixtures[name]
    held = [name] if _is_held(light, name, fixture) else []
    found = explain(compiled, show, memory, light.store.live, lost=lost, flashing=held)[name]
    left = light.block.read()
    levels = left.of(fixture.universe)
    first = fixture.address - 1
    pixels = _pixels(compiled, name, frame)
    return {
        "fixture": name,
        "frame": None if frame is None else frame.number,
        "cells": [{**cell, "pixel": pixel} for cell, pixel in zip(found["cells"], pixels, strict=False)],
        "wanted": found["levels"],
        "levels": [] if levels is None else list(levels[first : first + len(found["levels"])]),
        "universe": fixture.universe,
        "address": fixture.address,
        "age_ms": round((time.monotonic_ns() - left.time_ns) / 1e6, 1) if levels is not None else None,
        "outputs": list(_outputs(show, fixture.universe)),
        "console": _console(fixture),
    }


def _is_held(light: LightPath, name: str, fixture: Fixture) -> bool:
    """Whether the flash guard held the lamp in the last half second: it flashes, and that is limited."""
    by_hand = fixture.control == "manual" or name in light.store.live.identify
    limited = by_hand or light.flash_guard == "limit"
    return limited and fixture_key(name) in light.engine.health.get("flashing", ())


def _console(fixture: Fixture) -> dict[str, Any] | None:
    """Which console drives which channels of a lamp, once it is heard."""
    if fixture.share is None:
        return None
    named = ["all"] if fixture.control == "console" else list(fixture.share.attributes)
    return {"input": fixture.share.input, "attributes": named}


def _pixels(compiled: Compiled, name: str, frame: Frame | None) -> list[dict[str, Any] | None]:
    """By cell, the pixel nearest to the middle of what it sees: `at` [x, y], `codes` [r, g, b] of `bits`."""
    found: list[dict[str, Any] | None] = []
    for row, names in enumerate(compiled.rows):
        if names.fixture == name:
            at = _middle(compiled, int(compiled.arrays["area"][row]))
            found.append(None if at is None else {"at": list(at), **_codes(frame, at)})
    return found


def _middle(compiled: Compiled, area: int) -> tuple[int, int] | None:
    """Column and row of a pixel of this area in the middle of it; None for no area."""
    mine = np.flatnonzero(compiled.arrays["runs.area"] == area) if area >= 0 else np.empty(0, np.intp)
    if not mine.size:
        return None
    y, x0, x1 = (compiled.arrays[f"runs.{key}"][mine].astype(float) for key in ("y", "x0", "x1"))
    wide = x1 - x0
    wanted = np.average(y, weights=wide), np.average((x0 + x1 - 1) / 2, weights=wide)
    nearest = np.clip(wanted[1], x0, x1 - 1)
    run = int(np.argmin((y - wanted[0]) ** 2 + (nearest - wanted[1]) ** 2))
    return int(nearest[run]), int(y[run])


def _codes(frame: Frame | None, at: tuple[int, int]) -> dict[str, Any]:
    if frame is None:
        return {"codes": None, "bits": None}
    pixel = frame.format.pixel
    codes = codes_of(frame.pixels[at[1] : at[1] + 1, at[0] : at[0] + 1], pixel)
    return {"codes": [int(code) for code in codes[0, 0]], "bits": BITS[pixel]}


def _outputs(show: Show, universe: int) -> Iterator[dict[str, Any]]:
    """The outputs that carry a universe; `number` is what it is called on that wire."""
    for output in show.outputs:
        wire = output.port_addresses() or output.universe_list()
        for own, number in zip(output.universe_list(), wire, strict=True):
            if own == universe:
                to = output.to if isinstance(output.to, str) else list(output.to)
                yield {"protocol": output.protocol, "to": to, "interface": output.interface, "number": number}
