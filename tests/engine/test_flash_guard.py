"""The flash guard at work in the engine: what it holds, and what it lets pass with a word."""

from itertools import pairwise

from engine.test_engine import MS, Bench
from shows import fixture, show

from lumad.engine.pace import SECOND_NS
from lumad.link.live import Live
from lumad.pixelmap.rows import fixture_key

KEY = fixture_key("key")


def strobe(it: Bench, seconds: int = 2) -> list[int]:
    """First level of each packet, while the wall flashes ten times a second."""
    seen = []
    for flash in range(20 * seconds):
        now = flash * 50 * MS
        it.draw(255 if flash % 2 else 0, now)
        seen += [packet.slots[0] for _, packet in it.run(now + 50 * MS, now, 5 * MS)]
    return seen


def turns(levels: list[int]) -> int:
    return sum(abs(a - b) > 100 for a, b in pairwise(levels))


def following() -> Bench:
    return Bench(show(fixtures={"key": fixture("rgb8")}))


def test_a_wall_that_strobes_is_held_where_nobody_looks():
    it = following()
    it.engine.steer(Live(flash_guard="limit"), 0)
    assert turns(strobe(it)) <= 12  # six changes a second, of twenty
    assert it.engine.take_flashing() == [KEY]
    assert it.engine.take_flashing() == []


def test_it_passes_where_somebody_does_and_they_hear_of_it():
    it = following()
    it.engine.steer(Live(flash_guard="warn"), 0)
    assert turns(strobe(it)) >= 38
    assert it.engine.take_flashing() == [KEY]


def test_off_means_off_for_the_wall():
    it = following()
    it.engine.steer(Live(flash_guard="off"), 0)
    assert turns(strobe(it)) >= 38
    assert it.engine.take_flashing() == []


def test_light_set_by_a_program_is_held_whatever_the_show_says():
    it, levels = following(), []
    it.engine.steer(Live(flash_guard="off"), 0)
    for flash in range(40):
        now = flash * 50 * MS
        it.use(show(fixtures={"key": fixture("rgb8", control="manual", level=float(flash % 2))}), now)
        levels += [packet.slots[0] for _, packet in it.run(now + 50 * MS, now, 5 * MS)]
    assert 0 < turns(levels) <= 12


def test_blackout_is_never_held():
    it = following()
    it.engine.steer(Live(flash_guard="limit"), 0)
    strobe(it)
    it.draw(255, 2 * SECOND_NS)
    it.run(2 * SECOND_NS + 50 * MS, 2 * SECOND_NS, 5 * MS)
    it.engine.steer(Live(flash_guard="limit", blackout=True), 2 * SECOND_NS + 50 * MS)
    left = it.run(2 * SECOND_NS + 100 * MS, 2 * SECOND_NS + 50 * MS, 5 * MS)
    assert [packet.slots[0] for _, packet in left][-1] == 0
