"""Whatever hands do to the light, in any order: dark is dark at once, and all ways end at the same light."""

import os
from typing import Any

import numpy as np
from engine.test_engine import MS, Bench, compiled
from hypothesis import given, settings
from hypothesis import strategies as st
from shows import fixture, show

from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.model.show import Show
from lumad.pixelmap.rows import fixture_key

FRAME_NS = 33 * MS
LOOKS: dict[str, Any] = {"low": {"fixtures": {"key": {"control": "manual", "level": 0.2}}}}
KEY, TUBE = fixture_key("key"), fixture_key("tube")
LAMPS: list[dict[str, Any]] = [
    {},
    {"control": "manual", "level": 0.3},
    {"control": "manual", "level": 1.0, "circuit": "wall"},
    {"control": "off"},
    {"on_loss": {"after_s": 0.3, "fade_s": 0.5, "to": "look:low"}},
    {"on_loss": "blackout"},
    {"delay_ms": 200.0},
    {"smoothing": {"filter": "ema", "attack_s": 0.2, "release_s": 0.2}},
]
LIVES: list[dict[str, Any]] = [
    {},
    {"blackout": True},
    {"master": 0.0},
    {"master": 0.5},
    {"freeze": True},
    {"solo": (KEY,)},
    {"identify": (TUBE,)},
    {"identify": (KEY,), "blackout": True},
]
guards = st.sampled_from(["off", "warn", "limit"])
shows = st.tuples(st.sampled_from(LAMPS), st.sampled_from([None, *LAMPS]), st.booleans())
deeds = st.one_of(
    st.tuples(st.just("show"), shows, st.sampled_from([None, 0.0, 0.7])),
    st.tuples(st.just("live"), st.sampled_from(LIVES), guards),
    st.tuples(st.just("draw"), st.integers(1, 12), st.sampled_from([0, 255])),
    st.tuples(st.just("stall"), st.integers(1, 30), st.just(0)),
    st.tuples(st.just("restart"), st.just(0), st.just(0)),
)


def staged(lamps: tuple[dict[str, Any], dict[str, Any] | None, bool]) -> Show:
    """A lamp, perhaps a tube, before or after it, on one more output that is late or not."""
    key, tube, late = lamps
    fixtures = {"key": fixture("rgb8", **key)}
    if tube is not None:
        other = {"tube": fixture("tube", address=11, **tube)}
        fixtures = {**other, **fixtures} if late else {**fixtures, **other}
    outputs = [{"protocol": "sacn", "universes": "1", "to": ["127.0.0.1"], "delay_ms": 40.0 if late else 0.0}]
    circuits = {"wall": {"limit_w": 60}}
    return show(fixtures=fixtures, looks=LOOKS, outputs=outputs, circuits=circuits)


class Stage:
    """An engine under many hands."""

    def __init__(self, the_show: Show, now: int = 0, block: LevelsBlock | None = None) -> None:
        self.bench, self.show, self.live, self.now = Bench(the_show, block), the_show, Live(), now
        self.levels = bytes(512)

    def do(self, deed: tuple[str, Any, Any]) -> None:
        match deed:
            case "show", lamps, fade_s:
                self.show = staged(lamps)
                pixel_map = compiled(self.show)
                fades = None if fade_s is None else np.full(len(pixel_map.keys), fade_s)
                self.bench.engine.use(pixel_map, self.now, fades)
            case "live", live, guard:
                self.live = Live(**live, flash_guard=guard)
                self.bench.engine.steer(self.live, self.now)
            case "restart", _, _:
                live, now, levels = self.live, self.now, self.levels
                self.bench = Bench(self.show, LevelsBlock(os.dup(self.bench.block.fd)))
                self.bench.engine.steer(live, now)
                self.levels = levels
            case word, count, code:
                for flash in range(count):
                    self.frame((code + 255 * flash) % 510 if word == "draw" else None)

    def frame(self, code: int | None) -> None:
        """One frame's time; without a `code` nothing is drawn."""
        if code is not None:
            self.bench.draw(code, self.now)
        left = self.bench.run(self.now + FRAME_NS, self.now, 17 * MS)
        self.now += FRAME_NS
        if left:
            self.levels = left[-1][1].slots
            if not self.live.light:
                assert not any(self.levels)

    def settled(self) -> list[int]:
        """Where it ends when all hands rest and the wall is white."""
        self.do(("live", {}, "limit"))
        for _ in range(75):
            self.frame(255)
        return list(self.levels)


@settings(max_examples=8, deadline=None)
@given(shows, st.lists(deeds, max_size=12))
def test_dark_is_dark_at_once_and_all_ways_end_at_the_same_light(
    lamps: Any, done: list[tuple[str, Any, Any]]
) -> None:
    stage = Stage(staged(lamps))
    for deed in done:
        stage.do(deed)
        stage.frame(None)
    assert stage.settled() == Stage(stage.show).settled()
