"""When an output's packets leave: with the feed, some time after it, or at a rate of its own."""

from collections import deque
from fractions import Fraction
from typing import Protocol

from lumad.engine.pace import HURRY_NS, SECOND_NS

NEVER = 1 << 62


class Timetable(Protocol):
    """Departures of one group of outputs, in nanoseconds of the engine's clock."""

    @property
    def deadline_ns(self) -> int:
        """The next departure; NEVER if none is planned."""

    def tick(self, now: int) -> None:
        """Light is ready, or due again, for outputs that leave with the feed."""

    def hurry(self, now: int) -> None:
        """A thumb moved: packets leave as soon as the highest rate allows."""

    def left(self, now: int) -> None:
        """Packets left."""


class Following:
    """Leaves `delay_ns` after each tick; a new one with the ticks, too, until its first is due."""

    def __init__(self, delay_ns: int, now: int) -> None:
        self._delay_ns = delay_ns
        self._begun_ns = now + delay_ns
        self._planned: deque[int] = deque()
        self._hand = _Hand()

    @property
    def deadline_ns(self) -> int:
        """See Timetable."""
        return self._hand.between(self._planned[0] if self._planned else NEVER)

    def tick(self, now: int) -> None:
        """See Timetable."""
        if self._delay_ns and now < self._begun_ns:
            self._planned.appendleft(now)
        self._planned.append(now + self._delay_ns)

    def hurry(self, now: int) -> None:
        """See Timetable; without a delay the feed's own pace hurries."""
        if self._delay_ns:
            self._hand.hurry(now)

    def left(self, now: int) -> None:
        """See Timetable: what was due by now has left with it."""
        self._hand.left(now)
        while self._planned and self._planned[0] <= now:
            self._planned.popleft()


class Metronome:
    """Leaves at a fixed rate on absolute deadlines; missed ones are skipped."""

    def __init__(self, rate: float, now: int) -> None:
        self._period_ns = SECOND_NS / Fraction(rate)
        self._start_ns, self._count = now, 0
        self._hand = _Hand()

    @property
    def deadline_ns(self) -> int:
        """See Timetable."""
        return self._hand.between(self._at(self._count))

    def tick(self, now: int) -> None:
        """See Timetable; it keeps its own time."""

    def hurry(self, now: int) -> None:
        """See Timetable; the deadlines after it stay where they are."""
        self._hand.hurry(now)

    def left(self, now: int) -> None:
        """See Timetable."""
        self._hand.left(now)
        self._count = max(self._count, (now - self._start_ns) // self._period_ns)
        self._count += self._at(self._count) <= now

    def _at(self, count: int) -> int:
        return self._start_ns + round(count * self._period_ns)


class _Hand:
    """A hurrying thumb: it brings a departure forward, and keeps others off those it brought: 44 a second."""

    def __init__(self) -> None:
        self._hurried_ns = NEVER
        self._left_ns = self._kept_off_ns = -NEVER

    def hurry(self, now: int) -> None:
        self._hurried_ns = min(self._hurried_ns, max(now, self._left_ns + HURRY_NS))

    def between(self, planned: int) -> int:
        """When to leave, with `planned` the next departure of the timetable."""
        return max(min(self._hurried_ns, planned), self._kept_off_ns)

    def left(self, now: int) -> None:
        self._left_ns = now
        self._kept_off_ns = now + HURRY_NS if self._hurried_ns <= now else -NEVER
        self._hurried_ns = NEVER
