"""What the engine tells the desk about itself, twice a second."""

from collections import deque
from collections.abc import Sequence
from statistics import median
from typing import Any

from lumad.engine.engine import Engine
from lumad.engine.pace import SECOND_NS

REPORT_NS = SECOND_NS // 2
_KEPT = 512


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` (0..1) of the values do not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


class Health:
    """Latencies (milliseconds, image published to last packet out) and the measured rate."""

    def __init__(self) -> None:
        self._latencies: deque[float] = deque(maxlen=_KEPT)
        self._reported_ns = 0
        self._ticks = 0
        self.sample_ms = 0.0  # how long the current map takes to sample a frame

    def left(self, published_ns: int, now: int) -> None:
        """Light of the frame published then has left now."""
        self._latencies.append((now - published_ns) / 1e6)

    def due(self, now: int) -> bool:
        """True if it is time for a report."""
        return now - self._reported_ns >= REPORT_NS

    def report(self, engine: Engine, now: int) -> dict[str, Any]:
        """The body of a `health` message."""
        elapsed = (now - self._reported_ns) / SECOND_NS if self._reported_ns else 0.0
        ticks, self._ticks = engine.counts.ticks - self._ticks, engine.counts.ticks
        self._reported_ns = now
        return {
            "revision": engine.pixel_map.revision if engine.pixel_map else 0,
            "kernel": engine.pixel_map.sampler.variant if engine.pixel_map else "",
            "sample_ms": round(self.sample_ms, 3),
            "rate": float(engine.pace.rate),
            "measured_rate": round(ticks / elapsed, 2) if elapsed else 0.0,
            "latency_ms": {
                "median": round(median(self._latencies), 2) if self._latencies else None,
                "p95": round(percentile(self._latencies, 0.95), 2) if self._latencies else None,
            },
            "feed_lost": engine.feed.lost,
            "flashing": engine.take_flashing(),
            "sent": engine.counts.sent,
            "late": engine.counts.late,
            "torn": engine.counts.torn,
            "misfits": engine.counts.misfits,
            "not_finite": engine.pixel_map.sampler.counted if engine.pixel_map else 0,
            "outputs": engine.health(),
            "nodes": engine.nodes(now),
        }
