"""Consoles at the engine: who decides each fixture now, and the way from one to the other."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lumad.engine.pace import SECOND_NS
from lumad.engine.passing import HANDOVER_NS, LONG_AGO, Passing, moved, progress
from lumad.input.console import Console, Input
from lumad.link.live import Live
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.memory import Rows, rows_of
from lumad.pixelmap.shares import NO_SHARES, SLOTS, Channels, Hand, Shares

Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PATIENCE_NS = SECOND_NS * 3 // 2  # how long an engine that starts again waits for a console before it goes on


class Consoles:
    """What consoles do to a map. In a show without inputs there is none of it.

    `resumed`: this engine goes on after another one, whose light stays until the consoles are heard again.
    """

    def __init__(self, now: int, *, resumed: bool) -> None:
        self.console = Console()
        self._map: PixelMap | None = None
        self._passing = Passing()
        self._heard: Flags = np.zeros(0, np.bool_)
        self._mix = np.zeros(0)
        self._waiting: Flags = np.zeros(0, np.bool_)  # shares whose former light stays until they are heard
        self._position, self._start = np.zeros(0), np.zeros(0)  # of all faders over a cell together, 0..1
        self._begun = np.zeros(0, np.int64)  # when the hand on them changed, at `_start`
        self._factor = np.zeros(0)  # on the light that left last
        self._turned_ns = now
        self._patient_until = now + PATIENCE_NS if resumed else LONG_AGO

    @property
    def needed(self) -> bool:
        """False once nothing is left of the last input."""
        fading = (self._turned_ns < self._begun + HANDOVER_NS).any()
        return bool(self.console.inputs or self._passing.running(self._turned_ns) or fading)

    # ------------------------------------------------------------ another map
    def use(self, pixel_map: PixelMap, live: Live, left: Bytes, now: int) -> None:
        """Another map, and the levels (U, 512) that left last in its universes."""
        before, self._map = self._map, pixel_map
        asked_before = _asked(self.console, before)
        unsettled = not np.array_equal(self.console.heard, self._heard)
        self.console = Console([Input.from_json(each) for each in pixel_map.inputs], self.console)
        self.console.watch(pixel_map.shares.sources())
        self._heard = self.console.heard.copy()
        old = rows_of(pixel_map.keys, before.keys) if before else np.full(len(pixel_map.keys), -1)
        self._position = np.append(self._position, 1.0)[old]
        self._start = np.append(self._start, 1.0)[old]
        self._begun = np.append(self._begun, LONG_AGO)[old]
        self._factor = np.append(self._factor, live.light)[old]
        changed = unsettled or _asked(self.console, pixel_map) != asked_before
        if changed and now >= self._patient_until:
            self._start, self._begun[:] = self._position.copy(), now
        known = self._known(pixel_map, before)
        self._mix = np.append(self._mix, np.nan)[known]
        resumed = before is None and now < self._patient_until
        self._waiting = np.append(self._waiting, resumed)[known]
        leaving = self._carry(pixel_map, before)
        fresh = (
            np.ones(len(known), np.bool_) if unsettled else _anew(known, pixel_map, before) & ~self._waiting
        )
        self._mix[fresh] = np.nan  # at once to where the fader stands: this is way enough
        self._passing.begin(pixel_map.shares.channels, fresh, left, self._factor, now)
        for each in leaving:
            self._passing.begin([each], np.ones(int(each.owner.max()) + 1, np.bool_), left, self._factor, now)

    def _known(self, pixel_map: PixelMap, before: PixelMap | None) -> Rows:
        """Of each share, its number in the map before, -1 where it was not there."""
        owners = pixel_map.shares.owners
        return rows_of(owners, before.shares.owners) if before else np.full(len(owners), -1)

    def _carry(self, pixel_map: PixelMap, before: PixelMap | None) -> list[Channels]:
        """Takes what is on its way to another map; returns the channels that it shares no longer."""
        if before is None:
            self._passing = Passing(len(pixel_map.universes))
            return []
        covered = np.zeros((len(pixel_map.universes), SLOTS), np.bool_)
        for each in pixel_map.shares.channels:
            covered.reshape(-1)[each.slots] = True
        numbers, theirs = (each.universes.astype(np.uint64) for each in (pixel_map, before))
        ways = rows_of(theirs, numbers), rows_of(before.keys, pixel_map.keys), covered
        gone = np.asarray(np.isin(before.shares.owners, pixel_map.shares.owners, invert=True))
        lost = [each.kept(gone[each.owner], each.slots, each.rows) for each in before.shares.channels]
        going = [moved(each, *ways) for each in self._passing.leaving]
        leaving = [each for each in (moved(each, *ways) for each in lost) if len(each.slots)]
        self._passing = self._passing.carried(rows_of(numbers, theirs), [*going, *leaving])
        return leaving

    # ------------------------------------------------------------ one moment
    def hear(self, interface: str | None, data: bytes, address: str, now: int) -> bool:
        """Takes one datagram; True if a level changed that counts."""
        return self.console.hear(interface, data, address, now / SECOND_NS)

    def turn(self, live: Live, left: Bytes, now: int) -> Hand:
        """What the consoles do now; `left` (U, 512) left last."""
        if self._map is None:
            raise ValueError("no map was ever used")
        self.console.turn(now / SECOND_NS)
        shares, console = self._map.shares, self.console
        found, lost = console.heard & ~self._heard, self._heard & ~console.heard
        known = np.asarray(console.known.any(axis=1))[shares.inputs]
        patient = now < self._patient_until
        given_up = self._waiting & ~known & (not patient) & ~shares.hold
        if found.any() or lost.any() or given_up.any():
            owners = found[shares.inputs] & ~(self._waiting & patient) | given_up
            owners |= lost[shares.inputs] & ~shares.hold
            self._passing.begin(shares.channels, owners, left, self._factor, now)
            self._mix[owners] = np.nan  # as above
            self._change_hands(found, lost, now)
            self._heard = console.heard.copy()
        self._waiting &= ~known & ~given_up
        decides = known & (console.heard[shares.inputs] | shares.hold)
        if live.identify:  # who looks for a lamp is to see it
            decides &= ~np.isin(shares.fixtures, np.array(list(live.identify), np.uint64))
        hand = Hand(console.levels, np.where(decides, self._mixed(now), 0.0), self._light(now))
        self._factor = live.light * hand.light
        self._turned_ns = now
        return hand

    def steered(self, live: Live) -> Live:
        """The live values with what consoles hold."""
        return replace(live, freeze=True) if self.console.is_on("freeze") else live

    def finish(self, levels: Bytes, live: Live, left: Bytes, now: int) -> Bytes:
        """The levels (U, 512) that leave now, on their way from what `left` last."""
        if self._map is None or not live.light:
            return levels
        channels = self._map.shares.channels
        if self._passing.running(now):
            self._passing.blend(levels, channels, self._factor, now)
        if now < self._patient_until and self._faders_wait():
            return left.copy()
        if self._waiting.any():
            for each in channels:
                slots = each.slots[self._waiting[each.owner]]
                levels.reshape(-1)[slots] = left.reshape(-1)[slots]
        return levels

    def _faders_wait(self) -> bool:
        """Whether a fader over all or some lamps was not heard yet."""
        flats = [flat for each in self.console.inputs for flat in each.controls.values()]
        flats += self._map.shares.dimmers.tolist() if self._map else []
        return not self.console.known.reshape(-1)[flats].all()

    def _change_hands(self, found: Flags, lost: Flags, now: int) -> None:
        """Faders that are found, or lost and not held, pass over; not those of an engine before this one."""
        if now < self._patient_until:
            return
        for each in self.console.inputs:
            rows = slice(each.rows.start, each.rows.stop)
            if found[rows].any() or (lost[rows].any() and not each.hold):
                self._start, self._begun[:] = self._position.copy(), now

    def _mixed(self, now: int) -> Floats:
        """How far each share is mixed to the console, 0..1: with the fader, no quicker than a hand-over."""
        mix, console = self._map_shares.mix, self.console
        asked = np.ones(len(mix))
        with_fader = np.flatnonzero(mix >= 0)
        flats = mix[with_fader]
        counts = console.decides(flats, self._holds(flats))
        asked[with_fader] = np.where(counts, console.levels.reshape(-1)[flats] / 255, 1.0)
        most = (now - self._turned_ns) / HANDOVER_NS
        before = np.where(np.isnan(self._mix), asked, self._mix)
        self._mix = before + np.clip(asked - before, -most, most)
        return self._mix

    def _light(self, now: int) -> Floats:
        """Factor (C,) on light: masters, intensities, blackouts; faders have a square law."""
        console, shares = self.console, self._map_shares
        position = np.ones(len(self._position))
        for each in console.inputs:
            if (master := console.value(each, "master")) is not None:
                position *= master / 255
        counts = console.decides(shares.dimmers, self._holds(shares.dimmers))
        dims = np.where(counts, console.levels.reshape(-1)[shares.dimmers] / 255, 1.0)
        np.multiply.at(position, shares.dimmed, dims)
        self._position = self._start + progress(self._begun, now) * (position - self._start)
        if console.is_on("blackout"):
            self._position = np.zeros(len(position))
        return self._position**2

    @property
    def _map_shares(self) -> Shares:
        return self._map.shares if self._map else NO_SHARES

    def _holds(self, flats: npt.NDArray[np.int32]) -> Flags:
        """Whether the inputs of channels at these flat indices hold."""
        holds = np.array([each.hold for each in self.console.inputs for _ in each.wire], np.bool_)
        held: Flags = holds[flats // SLOTS]
        return held


def _anew(known: Rows, pixel_map: PixelMap, before: PixelMap | None) -> Flags:
    """Which shares of a map were not in the one before, as `known` says, or had another mix fader there."""
    if before is None:
        return known < 0
    changed: Flags = np.append(before.shares.mix, -1)[known] != pixel_map.shares.mix
    return (known < 0) | changed


def _asked(console: Console, pixel_map: PixelMap | None) -> list[object]:
    """What faders there are; equal where none came, went or changed what it does."""
    faders: list[object] = [(each.place, each.hold, each.controls) for each in console.inputs]
    if pixel_map is not None:
        shares = pixel_map.shares
        faders += [pixel_map.keys[shares.dimmed].tolist(), shares.dimmers.tolist()]
    return faders
