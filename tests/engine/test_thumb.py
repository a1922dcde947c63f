"""A thumb that moves all the time hurries packets on, and never beyond the highest rate."""

from itertools import pairwise

import pytest

from lumad.engine.pace import HURRY_NS, SECOND_NS
from lumad.engine.timetable import Following, Metronome, Timetable

MS = SECOND_NS // 1000


def departures(timetable: Timetable, tick_every_ms: int, seconds: int = 4) -> list[int]:
    """When packets leave while a thumb moves every 3 ms, but for the last second."""
    left = []
    for now in range(0, seconds * SECOND_NS, MS):
        if now % (tick_every_ms * MS) == 0:
            timetable.tick(now)
        if now % (3 * MS) == 0 and now < (seconds - 1) * SECOND_NS:
            timetable.hurry(now)
        if timetable.deadline_ns <= now:
            timetable.left(now)
            left.append(now)
    return left


def quickest(left: list[int]) -> int:
    """The shortest time between two packets while the thumb moves."""
    moving = [at for at in left if at < 3 * SECOND_NS]
    return min(new - old for old, new in pairwise(moving))


@pytest.mark.parametrize("rate", [20, 30, 40, 43])
def test_a_thumb_never_makes_a_fixed_rate_too_quick(rate: int):
    left = departures(Metronome(rate, 0), 40)
    assert quickest(left) >= HURRY_NS - MS
    assert left[-1] % round(SECOND_NS / rate) < MS  # its own deadlines stay where they were


@pytest.mark.parametrize("delay_ms", [5, 30, 500])
@pytest.mark.parametrize("tick_every_ms", [25, 33, 40])
def test_a_thumb_never_makes_a_delayed_output_too_quick(delay_ms: int, tick_every_ms: int):
    left = departures(Following(delay_ms * MS, 0), tick_every_ms)
    assert quickest(left) >= HURRY_NS - MS
    assert (left[-1] - delay_ms * MS) % (tick_every_ms * MS) < MS
