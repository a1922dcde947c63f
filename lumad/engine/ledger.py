"""What left last, and in which packet: a successor goes on from there."""

import numpy as np
import numpy.typing as npt

from lumad.link.levels import LevelsBlock, Light
from lumad.output.senders import NUMBERS_A_TICK
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.memory import rows_of

Universes = npt.NDArray[np.uint32]
Counters = npt.NDArray[np.uint64]
Levels = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]

_LOOKS_BACK = np.uint64(256 - 19)  # numbers ahead that are as many behind, of 256


class Ledger:
    """By row of the map: `counters` (U,) of packets, `left` (U, 512) levels that left last.

    `held` is the light that another source left: a former engine, or a primary.
    """

    def __init__(self, block: LevelsBlock) -> None:
        self.held: Light = block.read()
        self.counters: Counters = np.zeros(0, np.uint64)
        self.left: Levels = np.zeros((0, 512), np.uint8)
        self._block = block
        self._sent: dict[int, int] = {}  # packets by universe, of all maps so far

    @property
    def holds(self) -> bool:
        """Whether there is light of another source."""
        return bool(self.held.time_ns)

    def use(self, pixel_map: PixelMap, before: PixelMap | None) -> None:
        """Goes on by the rows of another map; `remember` comes first."""
        left = self.held.picked(pixel_map.universes) if self.holds else pixel_map.safe_levels.copy()
        if before:
            rows = rows_of(pixel_map.universes.astype(np.uint64), before.universes.astype(np.uint64))
            left[rows >= 0] = self.left[rows[rows >= 0]]
        self.left = left
        self._count_on(pixel_map)

    def resume(self, pixel_map: PixelMap | None) -> None:
        """Goes on after the last light that a former engine published."""
        self.held = self._block.read()
        self.remember(self.held.universes, self.held.counters + np.uint64(NUMBERS_A_TICK - 1))
        if pixel_map:
            self.use(pixel_map, None)

    def inherit(self, look: Light, universes: Universes) -> None:
        """Goes on after the last light of a primary, as far as it was heard."""
        self.held = look
        heard = np.isin(universes, look.universes)
        self.left[heard] = look.picked(universes[heard])

    def count(self, rows: Flags, heard: Counters) -> None:
        """One packet more in these rows (U,); `heard` (U,): the last ones of who hears those alone, 0 = none.

        One that would look to them like a step back (E1.31 6.7.2: up to 19 behind) is left out.
        """
        self.counters[rows] += np.uint64(1)
        ahead = (self.counters - heard) % np.uint64(256)
        back = rows & (heard > 0) & ((ahead == 0) | (ahead >= _LOOKS_BACK))
        self.counters[back] += (np.uint64(257) - ahead[back]) % np.uint64(256)

    def remember(self, universes: Universes, counters: Counters) -> None:
        """Packets sent so far in some universes, whatever map comes next."""
        self._sent.update(zip(universes.tolist(), counters.tolist(), strict=True))

    def publish(self, now: int, universes: Universes, ahead: int = 0) -> None:
        """Writes it down for a successor, `ahead` packets in advance."""
        self._block.publish(now, universes, self.counters + np.uint64(ahead), self.left)

    def _count_on(self, pixel_map: PixelMap) -> None:
        counts = [self._sent.get(universe, 0) for universe in pixel_map.universes.tolist()]
        self.counters = np.array(counts, np.uint64)
