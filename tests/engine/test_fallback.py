"""Without a feed each lamp does as it was told: hold, go out, or go to a look, in its time, and come back."""

from typing import Any

import pytest
from engine.test_engine import MS, Bench, key
from shows import PROFILES, fixture, show

from lumad.engine.pace import SECOND_NS
from lumad.model.patch import faults_of, warnings_of
from lumad.model.show import Show

LOOKS: dict[str, Any] = {
    "low": {"fixtures": {"key": {"control": "manual", "level": 0.2}}},
    "out": {"fixtures": {"key": {"control": "off"}}},
    "wall": {"fixtures": {"key": {"level": 0.3}}},
}


def falling(on_loss: Any, **more: Any) -> Show:
    return show(fixtures={"key": fixture("rgb8", on_loss=on_loss, **more)}, looks=LOOKS)


def levels(on_loss: Any, until: int = 3 * SECOND_NS) -> dict[int, int]:
    """The lamp's level by time, the feed stops at once."""
    bench = Bench(falling(on_loss))
    bench.draw(255, 0)
    return {now // MS: key(packet) for now, packet in bench.run(until, 0, 5 * MS)}


@pytest.mark.parametrize(
    ("to", "end"), [("look:low", 51), ("look:out", 0), ("look:wall", 255), ("hold", 255)]
)
def test_a_lamp_goes_where_it_was_told(to: str, end: int):
    seen = levels(to)
    assert {level for now, level in seen.items() if now < 240} == {255}
    assert {level for now, level in seen.items() if now > 320} == {end}


def test_a_lamp_waits_and_takes_its_time():
    seen = levels({"after_s": 1, "fade_s": 1, "to": "look:low"})
    assert {level for now, level in seen.items() if now < 1240} == {255}
    falls = [level for now, level in seen.items() if 1260 < now < 2260]
    assert falls == sorted(falls, reverse=True)
    assert 130 <= falls[len(falls) // 2] <= 140  # the roots of 1 and 0.2 meet
    assert {level for now, level in seen.items() if now > 2320} == {51}


def test_a_lamp_may_go_out_slowly():
    seen = levels({"after_s": 0.5, "fade_s": 1, "to": "blackout"})
    assert (seen[max(now for now in seen if now < 740)], seen[max(seen)]) == (255, 0)


def test_a_lamp_comes_back_in_the_same_time():
    bench = Bench(falling({"fade_s": 1, "to": "look:low"}))
    bench.draw(255, 0)
    bench.run(2 * SECOND_NS, 0, 5 * MS)
    back = []
    for start in range(2000, 3400, 33):
        bench.draw(255, start * MS)
        back += [key(packet) for _, packet in bench.run((start + 33) * MS, start * MS, 11 * MS)]
    assert (back[0] < 60, back == sorted(back), back[-1]) == (True, True, 255)


def test_an_edit_without_a_feed_leaves_the_lamp_where_it_went():
    bench = Bench(falling("look:low"))
    bench.draw(255, 0)
    bench.run(SECOND_NS, 0, 5 * MS)
    bench.use(falling("look:low", label="Key"), SECOND_NS)
    assert {key(packet) for _, packet in bench.run(2 * SECOND_NS, SECOND_NS, 5 * MS)} == {51}
    bench.use(falling("hold"), 2 * SECOND_NS)
    assert {key(packet) for _, packet in bench.run(3 * SECOND_NS, 2 * SECOND_NS, 5 * MS)} == {255}


def test_a_lamp_by_hand_is_not_moved_by_the_feed():
    bench = Bench(falling("look:low", control="manual", level=1.0))
    assert {key(packet) for _, packet in bench.run(2 * SECOND_NS, 0, 5 * MS)} == {255}


def test_a_start_without_a_feed_is_lit_by_the_look():
    bench = Bench(falling("look:low"))
    assert {key(packet) for _, packet in bench.run(4 * SECOND_NS, 0, 20 * MS)} == {51}


def test_a_look_that_is_not_there_is_a_fault_and_one_without_light_a_warning():
    (fault,) = faults_of(falling("look:lo"), PROFILES)
    assert str(fault) == "fixtures.key.on_loss: no look 'lo' (nearest: low)"
    (warning,) = [one for one in warnings_of(falling("look:wall"), PROFILES) if "on_loss" in one.path]
    assert "does not put this lamp on manual or off; it holds" in warning.message
