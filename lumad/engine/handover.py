"""From the light that another source left to our own, without a dark frame."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lumad.engine.pace import SECOND_NS
from lumad.link.levels import Light
from lumad.pixelmap.map import PixelMap

Levels = npt.NDArray[np.uint8]

FADE_NS = SECOND_NS // 2


@dataclass
class Handover:
    """The look that was heard, held slot by slot until our own light is there, then faded to it."""

    look: Light
    begun_ns: int | None = None  # when our own light was there first
    over: bool = False

    def levels(self, pixel_map: PixelMap, own: Levels, now: int, *, ready: bool) -> Levels:
        """What leaves instead of `own` levels (U, 512); `ready`: these show the wall as it is now."""
        if self.begun_ns is None and ready:
            self.begun_ns = now
        share = 0.0 if self.begun_ns is None else (now - self.begun_ns) / FADE_NS
        self.over = share >= 1
        if self.over:
            return own
        heard = np.isin(pixel_map.universes, self.look.universes)[:, None]
        held = np.where(heard, self.look.picked(pixel_map.universes), own)
        return held if self.begun_ns is None else _faded(pixel_map, held, own, share)


def _faded(pixel_map: PixelMap, held: Levels, own: Levels, share: float) -> Levels:
    """Channels that lamps are driven by move, fine and coarse slots as one number; others are ours at once.

    What is fixed may choose a mode, and every value between two modes is a third one.
    """
    levels = own.copy()
    before, after, flat = held.reshape(-1), own.reshape(-1), levels.reshape(-1)
    for writer in pixel_map.writers:
        slots = writer.slots
        if writer.span is not None:  # a fine slot that is no low byte: each slot is linear by itself
            slots = slots.reshape(-1, 1)
        weights = 256.0 ** np.arange(slots.shape[1] - 1, -1, -1)
        start, end = before[slots] @ weights, after[slots] @ weights
        codes = np.rint(start + (end - start) * share).astype(np.uint64)
        for at, weight in enumerate(weights.astype(np.uint64)):
            flat[slots[:, at]] = codes // weight % np.uint64(256)
    return levels
