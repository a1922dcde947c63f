"""Outputs that leave together: one timetable, one set of senders, one memory of the light they gave."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from lumad.engine.fade import Fades
from lumad.engine.history import History
from lumad.engine.pace import SECOND_NS
from lumad.engine.timetable import NEVER, Following, Metronome, Timetable
from lumad.link.live import Live
from lumad.output.route import Route
from lumad.output.senders import Senders
from lumad.pixelmap.flashes import FlashGuard
from lumad.pixelmap.lamps import FLASH
from lumad.pixelmap.losses import Losses
from lumad.pixelmap.map import PixelMap, Target
from lumad.pixelmap.memory import LastLight, Memory, Rows, rows_of
from lumad.pixelmap.smoothing import picked

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

Key = tuple[float, float, float]
"""Rate in Hz (0: the feed's), delay and spread in milliseconds."""


def key_of(route: Route) -> Key:
    """Equal for routes that leave together."""
    return route.rate, route.delay_ms, route.spread_ms


class Departure:
    """The outputs of one rate, delay and spread."""

    def __init__(self, key: Key, senders: Senders, now: int) -> None:
        rate, delay_ms, _ = key
        self.delay_ns = round(delay_ms * 1e6)
        self.timetable: Timetable = Metronome(rate, now) if rate else Following(self.delay_ns, now)
        self.senders = senders
        self.universes: frozenset[int] = frozenset()
        self.rows = np.zeros(0, np.bool_)  # of the map's universes, those that leave here
        self.numbers = np.zeros(0, np.uint64)  # of the last packets that left here, by universe of the map
        self._numbered = np.zeros(0, np.uint64)
        self.last = LastLight()
        self._wall = np.zeros((0, 3))
        self._colour, self._level = np.zeros((0, 3)), np.zeros(0)  # asked last, NaN: never
        self._fades: Fades | None = None  # while any run
        self.turned = np.zeros(0, np.bool_)  # rows that left for what they do without a feed
        self._guard = FlashGuard()
        self.flashing = np.zeros(0, np.bool_)  # rows that wanted to flash too often since the last report

    @property
    def deadline_ns(self) -> int:
        """When something is to leave: a frame, or what is left of one that is spread."""
        rest = self.senders.deadline
        return min(self.timetable.deadline_ns, NEVER if math.isinf(rest) else math.ceil(rest * SECOND_NS))

    def serve(self, routes: Iterable[Route], senders: Senders) -> None:
        """Takes over these routes."""
        self.universes = frozenset(universe for route in routes for universe in route.universes)
        self.senders = senders

    def use(self, pixel_map: PixelMap, old: Rows, fade_s: Floats | None, now: int) -> None:
        """Another map; its rows go on from the `old` ones of the map before, if this departure knew that.

        `fade_s` (C,) as in `Fades.begun`, None leaves all as they go.
        """
        if old.max(initial=-1) >= len(self._wall):
            old = np.full(len(old), -1)
        self.rows = np.isin(pixel_map.universes, np.array(sorted(self.universes), np.uint32))
        numbered = pixel_map.universes.astype(np.uint64)
        self.numbers = np.append(self.numbers, np.uint64(0))[rows_of(numbered, self._numbered)]
        self._numbered = numbered
        self.last = self.last.carried(old, pixel_map.white_xyz)
        self._wall = picked(self._wall, old, np.nan)
        self._colour = picked(self._colour, old, np.nan)
        self._level = np.append(self._level, np.nan)[old]
        self.turned = np.append(self.turned, np.False_)[old]
        self._guard = self._guard.carried(old)
        self.flashing = np.append(self.flashing, np.False_)[old]
        fades = self._fades.carried(old) if self._fades else None
        if fade_s is not None:
            fades = (fades or Fades.none(len(old))).begun(fade_s, self._colour, self._level, now)
        self._fades = fades if fades and fades.running(now) else None

    def asked(self, target: Target, losses: Losses, lost_s: float, now: int) -> Target:
        """The light asked of every cell now, on its way to `target`; the next fade begins where it is.

        `lost_s`: since when the feed is gone, < 0: it is there.
        """
        if len(losses.rows) or self.turned.any():
            target = self._turn(target, losses, lost_s, now)
        if self._fades:
            target = self._fades.at(target, now)
            self._fades = self._fades if self._fades.running(now) else None
        self._colour, self._level = target.colour, target.level
        return target

    def forget(self, rows: Flags) -> None:
        """Another light than asked left in these rows (C,): a fade has nothing to come from."""
        self._level = np.where(rows, np.nan, self._level)

    def guarded(self, target: Target, limited: Flags, now: int) -> Target:
        """The same without flashes too many in rows that are `limited` (C,); others are only noticed."""
        light = self._guard.step(now / SECOND_NS, target.colour, target.level, limited)
        if not light.flashing.any():
            return target
        self.flashing |= light.flashing
        limits = np.where(light.flashing & limited, target.limits | FLASH, target.limits).astype(np.uint8)
        return replace(target, colour=light.colour, level=light.level, limits=limits)

    def _turn(self, target: Target, losses: Losses, lost_s: float, now: int) -> Target:
        """Has lamps leave for what they do without a feed, and come back."""
        before, self.turned = self.turned, losses.turned(len(self.turned), lost_s)
        changed = before != self.turned
        if changed.any():
            fades = self._fades or Fades.none(len(changed))
            self._fades = fades.begun(losses.seconds(changed), self._colour, self._level, now)
        colour, level = losses.light(target.colour, target.level, self.turned)
        return replace(target, colour=colour, level=level)

    def light(self, pixel_map: PixelMap, memory: Memory, history: History, live: Live, now: int) -> Floats:
        """What the wall shows (C, 3) to the lamps of this departure, late by its delay and by their own."""
        delays = pixel_map.delays_ns
        if not (self.delay_ns or delays.any()) or not history:
            self._wall = memory.light
        elif live.freeze:  # what is held on purpose is held at once
            self._wall = np.where(np.isnan(self._wall), memory.light, self._wall)
        else:
            self._wall = history.at(now - self.delay_ns, delays)
        return self._wall
