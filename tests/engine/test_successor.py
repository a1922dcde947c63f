"""An engine that starts again while nothing comes from the wall: what it holds, what a hand still does."""

import os
from typing import Any

import numpy as np
import pytest
from engine.test_engine import MS, Bench, compiled, key
from shows import fixture, show

from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.pixelmap.rows import fixture_key

LOOKS: dict[str, Any] = {"low": {"fixtures": {"key": {"control": "manual", "level": 0.2}}}}
KEY, OTHER = fixture_key("key"), fixture_key("other")


def successor(on_loss: Any = "hold") -> Bench:
    """The lamp left at full, and there is no wall any more."""
    lamps = {"key": fixture("rgb8", on_loss=on_loss), "other": fixture("rgb8", address=11, control="manual")}
    the_show = show(fixtures=lamps, looks=LOOKS)
    first = Bench(the_show)
    first.draw(255, 0)
    first.run(100 * MS)
    return Bench(the_show, block=LevelsBlock(os.dup(first.block.fd)))


def seen(it: Bench, until_ms: int, start_ms: int = 0) -> list[int]:
    return [key(packet) for _, packet in it.run(until_ms * MS, start_ms * MS, 5 * MS)]


@pytest.mark.parametrize(
    ("on_loss", "end"),
    [("hold", 255), ("look:low", 51), ("blackout", 0), ({"after_s": 1, "to": "look:low"}, 51)],
)
def test_it_holds_the_light_and_goes_where_the_lamp_was_told(on_loss: Any, end: int):
    it = successor(on_loss)
    assert set(seen(it, 240)) == {255}
    assert seen(it, 1500, 240)[-1] == end


def test_nothing_fades_in_from_black():
    it = successor({"after_s": 0.5, "fade_s": 1, "to": "look:low"})
    assert set(seen(it, 1500)) == {255, 51}
    it = successor()
    seen(it, 100)
    lamps = {"key": fixture("rgb8", control="manual", level=0.2)}
    it.engine.use(compiled(show(fixtures=lamps)), 100 * MS, np.ones(1))
    assert set(seen(it, 300, 100)) == {51}


def test_it_comes_back_to_the_wall_from_there():
    it = successor("look:low")
    seen(it, 1000)
    it.draw(255, 1000 * MS)
    assert seen(it, 1100, 1000)[-1] == 255


@pytest.mark.parametrize(
    ("live", "end"),
    [(Live(blackout=True), 0), (Live(master=0.0), 0), (Live(solo=(OTHER,)), 0), (Live(solo=(KEY,)), 255)],
)
def test_a_hand_reaches_light_that_is_held(live: Live, end: int):
    it = successor()
    seen(it, 100)
    it.engine.steer(live, 100 * MS)
    assert seen(it, 200, 100)[-1] == end


def test_a_lamp_shows_itself_while_its_light_is_held():
    it = successor()
    it.engine.steer(Live(identify=(KEY,)), 0)
    assert max(seen(it, 700)) < 255
