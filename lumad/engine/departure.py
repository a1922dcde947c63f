"""Outputs that leave together: one timetable, one set of senders, one memory of the light they gave."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from lumad.engine.history import History
from lumad.engine.timetable import Following, Metronome, Timetable
from lumad.link.live import Live
from lumad.output.route import Route
from lumad.output.senders import Senders
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.memory import LastLight, Memory, Rows
from lumad.pixelmap.smoothing import picked

Floats = npt.NDArray[np.float64]

Key = tuple[float, float]
"""Rate in Hz (0: the feed's) and delay in milliseconds."""


def key_of(route: Route) -> Key:
    """Equal for routes that leave together."""
    return route.rate, route.delay_ms


class Departure:
    """The outputs of one rate and delay."""

    def __init__(self, key: Key, senders: Senders, now: int) -> None:
        rate, delay_ms = key
        self.delay_ns = round(delay_ms * 1e6)
        self.timetable: Timetable = Metronome(rate, now) if rate else Following(self.delay_ns, now)
        self.senders = senders
        self.universes: frozenset[int] = frozenset()
        self.rows = np.zeros(0, np.bool_)  # of the map's universes, those that leave here
        self.last = LastLight()
        self._wall = np.zeros((0, 3))

    def serve(self, routes: Iterable[Route], senders: Senders) -> None:
        """Takes over these routes."""
        self.universes = frozenset(universe for route in routes for universe in route.universes)
        self.senders = senders

    def use(self, pixel_map: PixelMap, old: Rows) -> None:
        """Another map; its rows go on from the `old` ones of the map before, if this departure knew that."""
        if old.max(initial=-1) >= len(self._wall):
            old = np.full(len(old), -1)
        self.rows = np.isin(pixel_map.universes, np.array(sorted(self.universes), np.uint32))
        self.last = self.last.carried(old, pixel_map.white_xyz)
        self._wall = picked(self._wall, old, np.nan)

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
