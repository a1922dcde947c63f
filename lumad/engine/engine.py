"""One frame, straight on: ring, samples, colour, levels, socket."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lumad.engine.pace import SECOND_NS, STILL_RATE, Pace
from lumad.frames.frame import Frame
from lumad.frames.ring import RingReader
from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.output.senders import Network, Senders
from lumad.pixelmap.map import Memory, PixelMap

FEED_LOST_NS = SECOND_NS // 4  # no new frame number for so long
FIRST_FRAME_NS = 2 * SECOND_NS  # how long a cold start waits for the first frame before it sends dark levels


@dataclass
class Counts:
    """What happened since the start."""

    sent: int = 0  # frames of light that left
    late: int = 0  # of them, more than half a period after their deadline
    torn: int = 0  # frames overwritten while they were sampled; their samples were thrown away
    misfits: int = 0  # frames of another format than the pixel map's


class Engine:
    """The light of one stage. Time comes as an argument, in nanoseconds of CLOCK_MONOTONIC."""

    def __init__(
        self, block: LevelsBlock, source_name: str, new_network: Callable[[], Network], now: int
    ) -> None:
        self.counts = Counts()
        self.pixel_map: PixelMap | None = None
        self.live = Live()
        self.pace = Pace(STILL_RATE, now)
        self.feed_lost = True
        self._block = block
        self._held = block.read()
        self._source_name = source_name
        self._new_network = new_network
        self._reader: RingReader | None = None
        self._senders: Senders | None = None
        self._memory = Memory()
        self._sent: dict[int, int] = {}  # packets by universe, of all maps so far
        self._counters = np.zeros(0, np.uint64)  # the same by row of this map
        self._number = 0
        self._number_seen_ns = now
        self._started_ns = now

    # ------------------------------------------------------------ what the desk changes between two frames
    def follow(self, reader: RingReader, now: int) -> None:
        """Takes frames from this ring from now on."""
        self._reader = reader
        self.pace = Pace(reader.format.rate, now)
        self._number, self._number_seen_ns = 0, now
        self._memory.number = 0

    def use(self, pixel_map: PixelMap, now: int) -> None:
        """Swaps the pixel map; rows that go on keep their memory, universes their packet counters."""
        self._memory = self._memory.carried_to(pixel_map)
        if self.pixel_map:
            self._remember_counters(self.pixel_map.universes, self._counters)
        if self._senders is None or self.pixel_map is None or pixel_map.routes != self.pixel_map.routes:
            if self._senders:
                self._senders.close()
            self._senders = Senders(pixel_map.routes, self._block.cid, self._source_name, self._new_network())
        self.pixel_map = pixel_map
        self._count_on()
        self.pace.hurry(now)

    def resume(self, now: int) -> None:
        """Called once, when this engine becomes the sender: goes on after the last light that left."""
        self._held = self._block.read()
        self._remember_counters(self._held.universes, self._held.counters)
        self._count_on()
        self._started_ns = now

    def _remember_counters(self, universes: npt.NDArray[np.uint32], counters: npt.NDArray[np.uint64]) -> None:
        self._sent.update(zip(universes.tolist(), counters.tolist(), strict=True))

    def _count_on(self) -> None:
        universes = self.pixel_map.universes.tolist() if self.pixel_map else []
        self._counters = np.array([self._sent.get(universe, 0) for universe in universes], np.uint64)

    def steer(self, live: Live, now: int) -> None:
        """New live values."""
        self.live = live
        self.pace.hurry(now)

    # ------------------------------------------------------------ one frame
    def step(self, now: int) -> Frame | None:
        """Lets light leave if a frame is due or the deadline has come; returns the frame it follows first."""
        pixel_map = self.pixel_map
        if pixel_map is None or self._senders is None:
            return None
        frame = self._newest(now)
        number = frame.number if frame else 0
        if not self.pace.due(number, now):
            return None
        fresh = frame if frame and self._sample(pixel_map, frame) else None
        levels = self._levels(pixel_map, now)
        if levels is not None:
            self._send(pixel_map, levels, now)
        self.counts.late += now - self.pace.deadline_ns > self.pace.period_ns // 2
        self.pace.sent(number, now)
        return fresh

    def _newest(self, now: int) -> Frame | None:
        frame = self._reader.latest() if self._reader else None
        if frame and frame.number != self._number:
            self._number, self._number_seen_ns = frame.number, now
        self.feed_lost = now - self._number_seen_ns > FEED_LOST_NS
        return frame

    def _sample(self, pixel_map: PixelMap, frame: Frame) -> bool:
        """Samples the frame in place into the memory; False if there was nothing new or true to remember."""
        memory = self._memory
        if self.live.freeze and memory.blank and self._held.time_ns:
            return False  # frozen before this engine started: the light that left stays
        if not memory.waiting and (self.live.freeze or frame.number == memory.number):
            return False
        if frame.format != pixel_map.format:
            self.counts.misfits += 1
            return False
        samples = pixel_map.sample(frame)
        if self._reader is None or not self._reader.intact(frame):
            self.counts.torn += 1
            return False
        time_ns = None if self.feed_lost else frame.publish_time_ns
        memory.remember(samples, frame.number, only_waiting=self.live.freeze, time_ns=time_ns)
        return True

    def _levels(self, pixel_map: PixelMap, now: int) -> npt.NDArray[np.uint8] | None:
        """Levels (U, 512) for this moment, None while a cold start still waits for its first frame."""
        if self._memory.blank and pixel_map.follows and not self.live.blackout:
            if self._held.time_ns:
                return self._held.picked(pixel_map.universes)
            if now - self._started_ns < FIRST_FRAME_NS:
                return None
        return pixel_map.light(self._memory, self.live, lost=self.feed_lost).levels

    def _send(self, pixel_map: PixelMap, levels: npt.NDArray[np.uint8], now: int) -> None:
        """Publishes first, then sends: a successor goes on after the last packet that can have left."""
        assert self._senders is not None
        self._counters += np.uint64(1)
        self._block.publish(now, pixel_map.universes, self._counters, levels)
        self._senders.tick(now / SECOND_NS, pixel_map.universes, self._counters, levels)
        self.counts.sent += 1

    def repeat(self, now: int) -> None:
        """The light that left last leaves once more, whatever keeps new light from being made."""
        light = self._block.read()
        if self._senders and light.time_ns:
            following = light.counters + np.uint64(1)
            self._block.publish(now, light.universes, following, light.levels)
            self._remember_counters(light.universes, following)
            self._count_on()
            self._senders.tick(now / SECOND_NS, light.universes, following, light.levels)
        self.pace.sent(0, now)

    def rehearse(self) -> None:
        """Samples the newest frame for nothing: it warms the pages, and its time is the map's."""
        frame = self._reader.latest() if self._reader else None
        if self.pixel_map and frame and frame.format == self.pixel_map.format:
            self.pixel_map.sample(frame)

    # ------------------------------------------------------------ the end
    def release(self, now: int) -> None:
        """An operator lets the lights go: terminated packets on every sACN universe (E1.31 clause 6.7.1)."""
        if self.pixel_map and self._senders and self.counts.sent:
            light = self._block.read()
            following = light.counters + np.uint64(1)
            packets = self._senders.terminate(now / SECOND_NS, light.universes, following, light.levels)
            self._block.publish(now, light.universes, light.counters + np.uint64(packets), light.levels)

    def health(self) -> list[dict[str, object]]:
        """What every output sent and what failed."""
        return self._senders.health() if self._senders else []
