"""The frames that come from the wall, and since when none do."""

from collections import deque

from lumad.engine.pace import SECOND_NS
from lumad.frames.frame import Frame
from lumad.frames.ring import RingReader

LOST_NS = SECOND_NS // 4  # no new frame number for so long


class Feed:
    """One ring after the other; lost until its first frame. Times in nanoseconds of CLOCK_MONOTONIC."""

    def __init__(self, now: int) -> None:
        self.lost = True
        self.started_ns = now  # when light was first wanted
        self._reader: RingReader | None = None
        self._number = 0
        self._number_seen_ns = now
        self._changes: deque[tuple[int, bool]] = deque(maxlen=64)  # since when it was gone, or there

    def follow(self, reader: RingReader, now: int) -> None:
        """Frames come from this ring from now on."""
        self._reader = reader
        self._number, self._number_seen_ns = 0, now

    def newest(self, now: int) -> Frame | None:
        """The newest frame; notes whether the feed is lost."""
        frame = self.frame()
        if frame and frame.number != self._number:
            self._number, self._number_seen_ns = frame.number, now
        lost = now - self._number_seen_ns > LOST_NS
        if lost != self.lost:
            self.lost = lost
            self._changes.append((now, lost))
        return frame

    def frame(self) -> Frame | None:
        """The newest frame, without a look at the clock."""
        return self._reader.latest() if self._reader else None

    def intact(self, frame: Frame) -> bool:
        """Whether nothing was drawn over a frame up to now."""
        return self._reader is not None and self._reader.intact(frame)

    def lost_s(self, time_ns: int) -> float:
        """How long the feed had been gone at a time, -1: it was there."""
        start = self.started_ns, True
        since, lost = next((each for each in reversed(self._changes) if each[0] <= time_ns), start)
        return max(0, time_ns - since) / SECOND_NS if lost else -1.0
