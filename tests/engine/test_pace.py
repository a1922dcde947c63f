"""When light leaves."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.engine.pace import SECOND_NS, Pace, output_rate

MS = 1_000_000


@pytest.mark.parametrize(
    ("feed", "output"),
    [(24, 24), (25, 25), (30, 30), (50, 25), (60, 30), (15, 30), (120, 40), (48, 24), (40, 40), (1, 44)],
)
def test_the_output_rate_is_the_highest_multiple_or_division_up_to_44(feed, output):
    assert output_rate(Fraction(feed)) == output


@given(st.fractions(min_value=Fraction(1, 2), max_value=1000))
def test_the_output_rate_never_exceeds_44_and_divides_evenly(feed):
    rate = output_rate(feed)
    assert rate <= 44
    assert (rate / feed).denominator == 1 or (feed / rate).denominator == 1


def run(pace: Pace, frames: list[int], until: int, step: int = MS) -> list[tuple[int, int]]:
    """(time, frame number) of every send; `frames` are the times frames come."""
    sends = []
    for now in range(0, until, step):
        number = sum(at <= now for at in frames)
        if pace.due(number, now):
            pace.sent(number, now)
            sends.append((now, number))
    return sends


def test_light_leaves_right_after_each_frame():
    frames = [at * 40 * MS for at in range(25)]
    sends = run(Pace(Fraction(25), 0), frames, SECOND_NS)
    assert [at for at, _ in sends] == frames


def test_jitter_of_a_quarter_period_causes_no_double_packets():
    frames = [at * 40 * MS + (at % 3) * 5 * MS for at in range(50)]
    sends = run(Pace(Fraction(25), 0), frames, 2 * SECOND_NS)
    assert len(sends) == 50


def test_every_second_frame_of_a_fast_feed_is_sent():
    frames = [at * 20 * MS for at in range(50)]
    sends = run(Pace(Fraction(50), 0), frames, SECOND_NS)
    assert [number for _, number in sends] == list(range(1, 51, 2))


def test_a_slow_feed_is_repeated_between_its_frames():
    frames = [round(at * SECOND_NS / 15) for at in range(15)]
    sends = run(Pace(Fraction(15), 0), frames, SECOND_NS)
    assert len(sends) == pytest.approx(30, abs=1)
    assert [number for _, number in sends[:4]] == [1, 1, 2, 2]


def test_a_stalled_feed_leaves_the_light_at_its_pace_for_ever():
    sends = run(Pace(Fraction(25), 0), [0, 40 * MS], 3 * SECOND_NS)
    gaps = [after - before for (before, _), (after, _) in pairwise(sends)]
    assert max(gaps) <= 60 * MS
    assert all(gap == 40 * MS for gap in gaps[3:])


def test_after_a_stall_light_follows_the_frames_again():
    frames = [0, *(SECOND_NS + 7 * MS + at * 40 * MS for at in range(20))]
    sends = run(Pace(Fraction(25), 0), frames, 1900 * MS)
    first_seen = {number: now for now, number in reversed(sends)}
    late = [now - frames[number - 1] for number, now in first_seen.items() if number > 1]
    assert min(late) == 0
    assert max(late) < 40 * MS


def test_a_frame_after_a_late_one_leaves_as_soon_as_the_pace_allows():
    pace, period = Pace(Fraction(30), 0), round(SECOND_NS / 30)
    pace.sent(1, 12 * MS)  # a wake-up came 12 ms late
    assert not pace.due(2, period)
    assert pace.due(2, 12 * MS + period * 3 // 4)


def test_a_thumb_is_on_the_wire_within_a_period_of_44_hz():
    pace = Pace(Fraction(24), 0)
    pace.sent(1, 0)
    pace.hurry(5 * MS)
    assert not pace.due(1, 20 * MS)
    assert pace.due(1, 23 * MS)


@given(st.integers(1, 120), st.lists(st.integers(0, 2000), max_size=200))
def test_whatever_the_feed_does_light_is_never_silent_nor_too_fast(rate, times):
    pace = Pace(Fraction(rate), 0)
    sends = run(pace, sorted(at * MS for at in times), 2 * SECOND_NS, step=2 * MS)
    gaps = [after - before for (before, _), (after, _) in pairwise(sends)]
    assert max(gaps, default=0) <= pace.period_ns * 3 // 2 + 4 * MS
    assert len(sends) <= 2 * 44 * 4 / 3 + 2
