"""One frame, straight on: ring, samples, colour, levels, socket."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lumad.engine.consoles import Consoles
from lumad.engine.departure import Departure, Key, key_of
from lumad.engine.feed import Feed
from lumad.engine.handover import Handover
from lumad.engine.history import History
from lumad.engine.ledger import Ledger
from lumad.engine.pace import SECOND_NS, STILL_RATE, Pace
from lumad.engine.picked import Picked
from lumad.engine.timetable import NEVER
from lumad.frames.frame import Frame
from lumad.frames.ring import RingReader
from lumad.link.levels import LevelsBlock, Light
from lumad.link.live import Live
from lumad.output.route import Route
from lumad.output.senders import Network, Senders, Source
from lumad.pixelmap.map import MANUAL, PixelMap
from lumad.pixelmap.memory import Memory, rows_of
from lumad.pixelmap.shares import Hand
from lumad.protocols import e131

Levels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

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
        self._picked = Picked()
        self._guarded: Flags | None = None  # rows (C,) that must not flash too often; None: nobody looks
        self.pace = Pace(STILL_RATE, now)
        self.feed = Feed(now)
        self.passive = False  # a standby's: light is made, and nothing leaves
        self.artnet_address = ""  # where Art-Net comes from, "" for any
        self._ledger = Ledger(block)
        self._new_network = new_network
        self._network: Network | None = None
        self._source = Source(block.cid, source_name)
        self._departures: dict[Key, Departure] = {}
        self._memory = Memory()
        self._history = History()
        self._handover: Handover | None = None
        self.consoles: Consoles | None = None  # in a show with inputs
        self.outranked: Mapping[int, int] = {}  # priorities of a primary, by universe: we send above it

    @property
    def cid(self) -> bytes:
        """Of the source that sends."""
        return self._source.cid

    @property
    def deadline_ns(self) -> int:
        """When `step` has something to do, should no frame come before."""
        planned = [departure.deadline_ns for departure in self._departures.values()]
        return min(self.pace.deadline_ns, *planned, NEVER)

    # ------------------------------------------------------------ what the desk changes between two frames
    def follow(self, reader: RingReader, now: int) -> None:
        """Takes frames from this ring from now on."""
        self.feed.follow(reader, now)
        self.pace = Pace(reader.format.rate, now)
        self._memory.number = 0

    def use(self, pixel_map: PixelMap, now: int, fade_s: Floats | None = None) -> None:
        """Swaps the pixel map; rows that go on keep their memory, universes their packet counters.

        `fade_s` (C,) seconds that rows take to their new light: 0 at once, NaN as they go already.
        """
        before = self.pixel_map
        if before:
            self._ledger.remember(before.universes, self._ledger.counters)
        if before is None or pixel_map.routes != before.routes:
            self._retire(pixel_map.routes, now)
            self._depart_by(pixel_map.routes, now)
        old = rows_of(pixel_map.keys, self._memory.keys)
        self._memory = self._memory.carried(pixel_map.keys, pixel_map.smoothing)
        self._history = self._history.carried(old)
        for departure in self._departures.values():
            departure.use(pixel_map, old, fade_s, now)
        self._ledger.use(pixel_map, before)
        self.pixel_map = pixel_map
        self._picked = Picked.of(pixel_map, self.live)
        self._guarded = self._rows_guarded(pixel_map)
        if pixel_map.inputs or self.consoles:
            self._obey_consoles(pixel_map, now)
        self.pace.hurry(now)

    def _obey_consoles(self, pixel_map: PixelMap, now: int) -> None:
        """Lights by what the inputs of a map say, from the next frame on."""
        if self.consoles is None:
            self.consoles = Consoles(now, resumed=self._ledger.holds and not self.counts.sent)
        self.consoles.use(pixel_map, self.live, self._ledger.left, now)
        if not self.consoles.needed:
            self.consoles = None

    def hear(self, interface: str | None, data: bytes, address: str, now: int) -> None:
        """Takes one datagram of a console."""
        if self.consoles and self.consoles.hear(interface, data, address, now):
            self._hurry(now)

    def _retire(self, routes: tuple[Route, ...], now: int) -> None:
        """Ends the sACN streams that nobody sends any more (E1.31 clause 6.7.1)."""
        if self.pixel_map is None:
            return
        universes = self.pixel_map.universes
        ended = _sacn_universes(self.pixel_map.routes) - _sacn_universes(routes)
        gone = np.isin(universes, np.array(sorted(ended), np.uint32))
        if gone.any() and self.counts.sent and not self.passive:
            counters, left = self._ledger.counters[gone], self._ledger.left[gone]
            for departure in self._departures.values():
                departure.senders.retire(now / SECOND_NS, universes[gone], counters + np.uint64(1), left)
            self._ledger.remember(universes[gone], counters + np.uint64(e131.TERMINATED_PACKETS))

    def _depart_by(self, routes: tuple[Route, ...], now: int) -> None:
        """New senders for the routes, grouped by what leaves together."""
        for departure in self._departures.values():
            departure.senders.finish()
        if self._network:
            self._network.close()
        self._network = self._new_network()
        groups: dict[Key, list[Route]] = {}
        for route in routes:
            ours = route.above(self.outranked).sent_from(self.artnet_address)
            groups.setdefault(key_of(route), []).append(ours)
        before, self._departures = self._departures, {}
        for key, group in groups.items():
            senders = Senders(group, self._source.cid, self._source.name, self._network, self._source)
            departure = before.get(key) or Departure(key, senders, now)
            departure.serve(group, senders)
            self._departures[key] = departure

    def resume(self, now: int) -> None:
        """Called once, when this engine becomes the sender: goes on after the last light that left."""
        self._ledger.resume(self.pixel_map)
        if self.pixel_map and self.consoles:
            self.consoles = None
            self._obey_consoles(self.pixel_map, now)
        self.feed.started_ns = now

    def steer(self, live: Live, now: int) -> None:
        """New live values."""
        self.live = live
        if self.pixel_map:
            self._picked = Picked.of(self.pixel_map, live)
            self._guarded = self._rows_guarded(self.pixel_map)
        self._hurry(now)

    def _rows_guarded(self, pixel_map: PixelMap) -> Flags | None:
        """What a hand or a program sets must never flash; what follows the wall, as the show says."""
        by_hand: Flags = (pixel_map.control == MANUAL) | self._picked.rows_shown(len(pixel_map.control))
        if self.live.flash_guard == "off" and not by_hand.any():
            return None
        return np.ones_like(by_hand) if self.live.flash_guard == "limit" else by_hand

    def take_flashing(self) -> list[int]:
        """Keys of the fixtures that wanted to flash too often since the last time."""
        if self.pixel_map is None:
            return []
        rows = np.zeros(len(self.pixel_map.keys), np.bool_)
        for departure in self._departures.values():
            rows |= departure.flashing
            departure.flashing = np.zeros_like(rows)
        return [int(key) for key in np.unique(self.pixel_map.fixtures[rows])]

    def _hurry(self, now: int) -> None:
        """A thumb moved something."""
        self.pace.hurry(now)
        for departure in self._departures.values():
            departure.timetable.hurry(now)

    # ------------------------------------------------------------ one frame
    def step(self, now: int) -> Frame | None:
        """Lets light leave if a frame is due or a deadline has come; returns the frame it follows first."""
        pixel_map = self.pixel_map
        if pixel_map is None:
            return None
        frame = self.feed.newest(now)
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
        for departure in self._departures.values():
            departure.senders.go_on(now / SECOND_NS)
        due = [each for each in self._departures.values() if each.timetable.deadline_ns <= now]
        hand = self.consoles.turn(self.live, self._ledger.left, now) if self.consoles and due else None
        for departure in due:
            levels = self._levels(pixel_map, departure, hand, now)
            if levels is not None:
                self._send(pixel_map, departure, levels, now)
            departure.timetable.left(now)
        return fresh if any(not departure.delay_ns for departure in due) else None

    @property
    def _is_outpaced(self) -> bool:
        """True if an output is quicker than the feed's own pace: it wants every frame."""
        return any(rate > self.pace.rate for rate, *_ in self._departures)

    def _sample(self, pixel_map: PixelMap, frame: Frame, now: int) -> bool:
        """Samples the frame in place into the memory; False if there was nothing new or true to remember."""
        memory = self._memory
        freeze = self._steered.freeze
        if freeze and memory.blank and self._ledger.holds:
            return False  # frozen before this engine started: the light that left stays
        if not memory.waiting and (freeze or frame.number == memory.number):
            return False
        if frame.format != pixel_map.format:
            self.counts.misfits += 1
            return False
        samples = pixel_map.sample(frame)
        if not self.feed.intact(frame):
            self.counts.torn += 1
            return False
        time_ns = None if self.feed.lost else frame.publish_time_ns
        memory.remember(samples, frame.number, only_waiting=freeze, time_ns=time_ns)
        if longest := self._longest_delay_ns(pixel_map):
            self._history.add(now, memory.light, longest)
        elif self._history:
            self._history = History()
        return True

    def _longest_delay_ns(self, pixel_map: PixelMap) -> int:
        of_lamps = int(pixel_map.delays_ns.max(initial=0))
        return of_lamps + max((departure.delay_ns for departure in self._departures.values()), default=0)

    @property
    def _steered(self) -> Live:
        """The live values, with what consoles hold."""
        return self.consoles.steered(self.live) if self.consoles else self.live

    def _levels(
        self, pixel_map: PixelMap, departure: Departure, hand: Hand | None, now: int
    ) -> Levels | None:
        """Levels (U, 512) for this moment, None while a cold start still waits for its first frame."""
        waits = self._memory.blank and pixel_map.follows
        is_cold = waits and not self._ledger.holds and not self.live.blackout
        if is_cold and now - self.feed.started_ns < FIRST_FRAME_NS:
            return None
        wall = departure.light(pixel_map, self._memory, self._history, self._steered, now)
        lost_s = self.feed.lost_s(now - departure.delay_ns)
        target = pixel_map.target(wall, departure.last)
        target = departure.asked(target, pixel_map.losses, lost_s, now)
        target = self._picked.target(target, pixel_map.white_xyz, now)
        if self._guarded is not None:
            target = departure.guarded(target, self._guarded, now)
        factor = self._picked.factor(pixel_map.factor(self.live, lost=lost_s >= 0), self.live)
        levels = pixel_map.given(target, factor, departure.last, hand).levels
        if waits and self._ledger.holds:
            dimmed = factor if hand is None else factor * hand.light
            levels = self._held(pixel_map, departure, levels, dimmed > 0)
        if self.consoles and hand:
            levels = self.consoles.finish(levels, self.live, self._ledger.left, now)
        return self._handed_over(pixel_map, levels, now) if self._handover else levels

    def _held(self, pixel_map: PixelMap, departure: Departure, levels: Levels, lit: Flags) -> Levels:
        """Levels (U, 512), but those that left before this engine where a lamp waits for its first frame.

        Not of rows that a hand has put out (`lit` (C,) are not), or that the loss of the feed sent elsewhere.
        """
        rows = lit & ~departure.turned & ~self._picked.rows_shown(len(lit))
        departure.forget(rows & (pixel_map.area >= 0))
        waiting = np.append(rows, False)[pixel_map.follower]  # -1 is the one at the end
        waiting &= np.isin(pixel_map.universes, self._ledger.held.universes)[:, None]
        return np.where(waiting, self._ledger.held.picked(pixel_map.universes), levels)

    def _send(self, pixel_map: PixelMap, departure: Departure, levels: Levels, now: int) -> None:
        """Publishes first, then sends: a successor goes on after the last packet that can have left."""
        ledger, rows = self._ledger, departure.rows
        ledger.left[rows] = levels[rows]
        if self.passive:
            return
        ledger.count(rows, departure.numbers)
        planned = ledger.counters.copy()
        ledger.publish(now, pixel_map.universes)
        departure.senders.tick(
            now / SECOND_NS, pixel_map.universes, ledger.counters, ledger.left, pixel_map.owned
        )
        left = rows & (ledger.counters >= planned)
        departure.numbers[left] = ledger.counters[left]
        self.counts.sent += 1

    def repeat(self, now: int) -> None:
        """The light that left last leaves once more, whatever keeps new light from being made."""
        if self.pixel_map and (self.counts.sent or self._ledger.holds):
            for departure in self._departures.values():
                self._send(self.pixel_map, departure, self._ledger.left, now)
                departure.timetable.left(now)
        self.pace.sent(0, now)

    def rehearse(self) -> None:
        """Samples the newest frame for nothing: it warms the pages, and its time is the map's."""
        frame = self.feed.frame()
        if self.pixel_map and frame and frame.format == self.pixel_map.format:
            self.pixel_map.sample(frame)

    # ------------------------------------------------------------ a standby's light
    def take(self, look: Light, priorities: Mapping[int, int], now: int) -> None:
        """The light is ours: from its primary's last look to our own, above its `priorities` by universe."""
        self.passive, self.outranked = False, dict(priorities)
        if self.pixel_map is None:
            return
        self._depart_by(self.pixel_map.routes, now)
        if look.time_ns:
            self._handover = Handover(look)
            self._ledger.inherit(look, self.pixel_map.universes)
        self.repeat(now)

    def hand_back(self, now: int) -> None:
        """The light is the primary's: our streams end (E1.31 clause 6.7.1), and nothing leaves any more."""
        self.release(now)
        self._ledger.counters += np.uint64(e131.TERMINATED_PACKETS)
        self.passive, self._handover = True, None

    def _handed_over(self, pixel_map: PixelMap, own: Levels, now: int) -> Levels:
        """Our own levels, or what still leaves instead of them after a take-over."""
        assert self._handover is not None
        ready = not pixel_map.follows or not (self._memory.blank or self.feed.lost)
        levels = self._handover.levels(pixel_map, own, now, ready=ready) if self._steered.light else own
        if self._handover.over:
            self._handover = None
        return levels

    # ------------------------------------------------------------ the end
    def release(self, now: int) -> None:
        """An operator lets the lights go: terminated packets on every sACN universe (E1.31 clause 6.7.1)."""
        if not self.pixel_map or not self.counts.sent or self.passive:
            return
        universes, ledger = self.pixel_map.universes, self._ledger
        for departure in self._departures.values():
            ending = ledger.counters + np.uint64(1)
            departure.senders.terminate(now / SECOND_NS, universes, ending, ledger.left)
        ledger.publish(now, universes, ahead=e131.TERMINATED_PACKETS)

    def health(self) -> list[dict[str, object]]:
        """What every output sent and what failed."""
        return [entry for departure in self._departures.values() for entry in departure.senders.health()]

    def nodes(self, now: int) -> list[dict[str, object]]:
        """The Art-Net nodes that answer our polls."""
        return self._source.nodes(now / SECOND_NS)


def _sacn_universes(routes: tuple[Route, ...]) -> set[int]:
    return {universe for route in routes if route.protocol == "sacn" for universe in route.universes}
