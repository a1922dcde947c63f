"""One frame, straight on: ring, samples, colour, levels, socket."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lumad.engine.departure import Departure, Key, key_of
from lumad.engine.history import History
from lumad.engine.pace import SECOND_NS, STILL_RATE, Pace
from lumad.engine.timetable import NEVER
from lumad.frames.frame import Frame
from lumad.frames.ring import RingReader
from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.output.route import Route
from lumad.output.senders import NUMBERS_A_TICK, Network, Senders, Source
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.memory import Memory, rows_of
from lumad.protocols import e131

Levels = npt.NDArray[np.uint8]

FEED_LOST_NS = SECOND_NS // 4  # no new frame number for so long
FIRST_FRAME_NS = 2 * SECOND_NS  # how long a cold start waits for the first frame before it sends dark levels


@dataclass
class Counts:
    """What happened since the start."""

    ticks: int = 0  # times that light was due with the feed
    sent: int = 0  # frames of light that left, by each group of outputs
    late: int = 0  # ticks, more than half a period after their deadline
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
        self._new_network = new_network
        self._network: Network | None = None
        self._source = Source(block.cid, source_name)
        self._reader: RingReader | None = None
        self._departures: dict[Key, Departure] = {}
        self._memory = Memory()
        self._history = History()
        self._sent: dict[int, int] = {}  # packets by universe, of all maps so far
        self._counters = np.zeros(0, np.uint64)  # the same by row of this map
        self._left = np.zeros((0, 512), np.uint8)  # levels by row of this map, as they left last
        self._number = 0
        self._number_seen_ns = now
        self._losses: deque[tuple[int, bool]] = deque(maxlen=64)  # since when the feed was gone, or there
        self._started_ns = now

    @property
    def deadline_ns(self) -> int:
        """When `step` has something to do, should no frame come before."""
        planned = [departure.timetable.deadline_ns for departure in self._departures.values()]
        return min(self.pace.deadline_ns, *planned, NEVER)

    # ------------------------------------------------------------ what the desk changes between two frames
    def follow(self, reader: RingReader, now: int) -> None:
        """Takes frames from this ring from now on."""
        self._reader = reader
        self.pace = Pace(reader.format.rate, now)
        self._number, self._number_seen_ns = 0, now
        self._memory.number = 0

    def use(self, pixel_map: PixelMap, now: int) -> None:
        """Swaps the pixel map; rows that go on keep their memory, universes their packet counters."""
        before = self.pixel_map
        if before:
            self._remember_counters(before.universes, self._counters)
        if before is None or pixel_map.routes != before.routes:
            self._retire(pixel_map.routes, now)
            self._depart_by(pixel_map.routes, now)
        old = rows_of(pixel_map.keys, self._memory.keys)
        self._memory = self._memory.carried(pixel_map.keys, pixel_map.smoothing)
        self._history = self._history.carried(old)
        for departure in self._departures.values():
            departure.use(pixel_map, old)
        self._left = self._left_by(pixel_map, before)
        self.pixel_map = pixel_map
        self._count_on()
        self.pace.hurry(now)

    def _retire(self, routes: tuple[Route, ...], now: int) -> None:
        """Ends the sACN streams that nobody sends any more (E1.31 clause 6.7.1)."""
        if self.pixel_map is None:
            return
        universes = self.pixel_map.universes
        ended = _sacn_universes(self.pixel_map.routes) - _sacn_universes(routes)
        gone = np.isin(universes, np.array(sorted(ended), np.uint32))
        if gone.any() and self.counts.sent:
            ending = self._counters[gone] + np.uint64(1)
            for departure in self._departures.values():
                departure.senders.retire(now / SECOND_NS, universes[gone], ending, self._left[gone])
            self._remember_counters(
                universes[gone], self._counters[gone] + np.uint64(e131.TERMINATED_PACKETS)
            )

    def _depart_by(self, routes: tuple[Route, ...], now: int) -> None:
        """New senders for the routes, grouped by what leaves together."""
        if self._network:
            self._network.close()
        self._network = self._new_network()
        groups: dict[Key, list[Route]] = {}
        for route in routes:
            groups.setdefault(key_of(route), []).append(route)
        before, self._departures = self._departures, {}
        for key, group in groups.items():
            senders = Senders(group, self._source.cid, self._source.name, self._network, self._source)
            departure = before.get(key) or Departure(key, senders, now)
            departure.serve(group, senders)
            self._departures[key] = departure

    def _left_by(self, pixel_map: PixelMap, before: PixelMap | None) -> Levels:
        """Levels that left last, by row of a map; where none did yet, those of the former engine."""
        left = self._held.picked(pixel_map.universes) if self._held.time_ns else pixel_map.safe_levels.copy()
        if before:
            rows = rows_of(pixel_map.universes.astype(np.uint64), before.universes.astype(np.uint64))
            left[rows >= 0] = self._left[rows[rows >= 0]]
        return left

    def resume(self, now: int) -> None:
        """Called once, when this engine becomes the sender: goes on after the last light that left."""
        self._held = self._block.read()
        self._remember_counters(self._held.universes, self._held.counters + np.uint64(NUMBERS_A_TICK - 1))
        self._count_on()
        if self.pixel_map:
            self._left = self._left_by(self.pixel_map, None)
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
        for departure in self._departures.values():
            departure.timetable.hurry(now)

    # ------------------------------------------------------------ one frame
    def step(self, now: int) -> Frame | None:
        """Lets light leave if a frame is due or a deadline has come; returns the frame it follows first."""
        pixel_map = self.pixel_map
        if pixel_map is None:
            return None
        frame = self._newest(now)
        number = frame.number if frame else 0
        fresh = None
        ticks = self.pace.due(number, now)
        if frame and (ticks or self._is_outpaced):
            fresh = frame if self._sample(pixel_map, frame, now) else None
        if ticks:
            self.counts.ticks += 1
            self.counts.late += now - self.pace.deadline_ns > self.pace.period_ns // 2
            self.pace.sent(number, now)
            for departure in self._departures.values():
                departure.timetable.tick(now)
        due = [each for each in self._departures.values() if each.timetable.deadline_ns <= now]
        for departure in due:
            levels = self._levels(pixel_map, departure, now)
            if levels is not None:
                self._send(pixel_map, departure, levels, now)
            departure.timetable.left(now)
        return fresh if any(not departure.delay_ns for departure in due) else None

    @property
    def _is_outpaced(self) -> bool:
        """True if an output is quicker than the feed's own pace: it wants every frame."""
        return any(rate > self.pace.rate for rate, _ in self._departures)

    def _newest(self, now: int) -> Frame | None:
        frame = self._reader.latest() if self._reader else None
        if frame and frame.number != self._number:
            self._number, self._number_seen_ns = frame.number, now
        lost = now - self._number_seen_ns > FEED_LOST_NS
        if lost != self.feed_lost:
            self.feed_lost = lost
            self._losses.append((now, lost))
        return frame

    def _was_lost(self, time_ns: int) -> bool:
        """Whether the feed was gone at a time."""
        return next((lost for since, lost in reversed(self._losses) if since <= time_ns), True)

    def _sample(self, pixel_map: PixelMap, frame: Frame, now: int) -> bool:
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
        if longest := self._longest_delay_ns(pixel_map):
            self._history.add(now, memory.light, longest)
        elif self._history:
            self._history = History()
        return True

    def _longest_delay_ns(self, pixel_map: PixelMap) -> int:
        of_lamps = int(pixel_map.delays_ns.max(initial=0))
        return of_lamps + max((departure.delay_ns for departure in self._departures.values()), default=0)

    def _levels(self, pixel_map: PixelMap, departure: Departure, now: int) -> Levels | None:
        """Levels (U, 512) for this moment, None while a cold start still waits for its first frame."""
        waits = self._memory.blank and pixel_map.follows
        is_cold = waits and not self._held.time_ns and not self.live.blackout
        if is_cold and now - self._started_ns < FIRST_FRAME_NS:
            return None
        wall = departure.light(pixel_map, self._memory, self._history, self.live, now)
        lost = self._was_lost(now - departure.delay_ns)
        levels = pixel_map.light(wall, departure.last, self.live, lost=lost).levels
        if waits and self._held.time_ns and self.live.light:
            known = np.isin(pixel_map.universes, self._held.universes)[:, None]
            held = self._held.picked(pixel_map.universes)
            levels = np.where(pixel_map.following & known, held, levels)
        return levels

    def _send(self, pixel_map: PixelMap, departure: Departure, levels: Levels, now: int) -> None:
        """Publishes first, then sends: a successor goes on after the last packet that can have left."""
        rows = departure.rows
        self._counters[rows] += np.uint64(1)
        self._left[rows] = levels[rows]
        self._block.publish(now, pixel_map.universes, self._counters, self._left)
        departure.senders.tick(
            now / SECOND_NS, pixel_map.universes, self._counters, self._left, pixel_map.owned
        )
        self.counts.sent += 1

    def repeat(self, now: int) -> None:
        """The light that left last leaves once more, whatever keeps new light from being made."""
        if self.pixel_map and (self.counts.sent or self._held.time_ns):
            for departure in self._departures.values():
                self._send(self.pixel_map, departure, self._left, now)
                departure.timetable.left(now)
        self.pace.sent(0, now)

    def rehearse(self) -> None:
        """Samples the newest frame for nothing: it warms the pages, and its time is the map's."""
        frame = self._reader.latest() if self._reader else None
        if self.pixel_map and frame and frame.format == self.pixel_map.format:
            self.pixel_map.sample(frame)

    # ------------------------------------------------------------ the end
    def release(self, now: int) -> None:
        """An operator lets the lights go: terminated packets on every sACN universe (E1.31 clause 6.7.1)."""
        if not self.pixel_map or not self.counts.sent:
            return
        universes, ending = self.pixel_map.universes, self._counters + np.uint64(1)
        for departure in self._departures.values():
            departure.senders.terminate(now / SECOND_NS, universes, ending, self._left)
        last = self._counters + np.uint64(e131.TERMINATED_PACKETS)
        self._block.publish(now, universes, last, self._left)

    def health(self) -> list[dict[str, object]]:
        """What every output sent and what failed."""
        return [entry for departure in self._departures.values() for entry in departure.senders.health()]

    def nodes(self, now: int) -> list[dict[str, object]]:
        """The Art-Net nodes that answer our polls."""
        return self._source.nodes(now / SECOND_NS)


def _sacn_universes(routes: tuple[Route, ...]) -> set[int]:
    return {universe for route in routes if route.protocol == "sacn" for universe in route.universes}
