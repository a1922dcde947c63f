"""When light leaves: right after the frames of the feed, on absolute deadlines where none come."""

from fractions import Fraction
from math import ceil, floor

HIGHEST_RATE = Fraction(44)  # full DMX512 universes a second (E1.31 clause 6.6.1)
STILL_RATE = Fraction(40)  # still pictures and no feed
SECOND_NS = 1_000_000_000
HURRY_NS = SECOND_NS // 44


def output_rate(feed_rate: Fraction) -> Fraction:
    """The highest whole multiple or division of the feed's rate that is at most 44 Hz."""
    if feed_rate > HIGHEST_RATE:
        return feed_rate / ceil(feed_rate / HIGHEST_RATE)
    return feed_rate * floor(HIGHEST_RATE / feed_rate)


class Pace:
    """Decides for one feed rate; all times are nanoseconds of one monotonic clock.

    A frame that is due leaves at once. The repeat after it comes one period later or, where the next frame is
    expected, half a period later still, so that a frame with a little jitter never meets its own repeat.
    """

    def __init__(self, feed_rate: Fraction, now: int) -> None:
        self.rate = output_rate(feed_rate)
        self.period_ns = round(SECOND_NS / self.rate)
        self._frames_per_send = max(1, round(feed_rate / self.rate))
        self._sends_per_frame = max(1, round(self.rate / feed_rate))
        self._repeats = 0
        self._sent_number = 0
        self._sent_ns = now - self.period_ns
        self.deadline_ns = now

    def due(self, number: int, now: int) -> bool:
        """True if light must leave now: frame `number` is due, or the deadline has come."""
        if number - self._sent_number >= self._frames_per_send:
            # it waits for the pace alone, not for the deadline: the light before it may have left late
            self.deadline_ns = min(self.deadline_ns, max(now, self._sent_ns + self.period_ns * 3 // 4))
        return now >= self.deadline_ns

    def sent(self, number: int, now: int) -> None:
        """Light left at `now`, carrying frame `number`."""
        if number != self._sent_number:
            self._sent_number, self._repeats = number, 0
            self.deadline_ns = now + self.period_ns
        else:
            self._repeats += 1
            missed = max(0, now - self.deadline_ns) // self.period_ns
            self.deadline_ns += self.period_ns * (1 + missed)
        if self._repeats == self._sends_per_frame - 1:
            self.deadline_ns += self.period_ns // 2
        self._sent_ns = now

    def hurry(self, now: int) -> None:
        """A thumb moved: light leaves as soon as the highest rate allows."""
        self.deadline_ns = min(self.deadline_ns, max(now, self._sent_ns + HURRY_NS))
