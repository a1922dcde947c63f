"""One universe of several sources: in each slot the highest priority counts, and equals are merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from lumad.input.stream import Bytes, Stream

Takes = Literal["htp", "ltp"]
"""What counts among equals, slot by slot: the highest level, or the one that moved last."""

ARTNET_SOURCES = 2  # Art-Net merges two; a third is ignored until one of them falls silent


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """Levels and winning priority (512,) of one universe; where nobody owns a slot both are 0.

    `sources`: the streams that light any slot, the one heard first in front.
    """

    levels: Bytes
    priorities: Bytes
    sources: tuple[Stream, ...]


def merge(
    streams: Sequence[Stream], now: float, takes: Takes = "htp", *, patient: bool = True
) -> Merged | None:
    """What speaking streams of one universe make together, in the order heard; None when none counts yet.

    `patient`: a new sACN source counts only when it brought per-address priorities or had the time to.
    """
    counting = [stream for stream in streams if not patient or stream.is_settled(now)]
    if counting and counting[0].protocol == "artnet":
        counting = counting[:ARTNET_SOURCES]
    if not counting:
        return None
    levels = np.stack([stream.slots() for stream in counting])
    priorities = np.stack([stream.priorities(now) for stream in counting])
    highest = priorities.max(axis=0)
    winning = (priorities == highest) & (highest > 0)
    if takes == "htp":
        merged = np.where(winning, levels, 0).max(axis=0)
    else:
        moved = np.stack([_moved(stream) for stream in counting])
        last = np.where(winning, moved, -np.inf).argmax(axis=0)
        merged = np.where(highest > 0, levels[last, np.arange(levels.shape[1])], 0)
    lighting = [stream for stream, wins in zip(counting, winning.any(axis=1), strict=True) if wins]
    return Merged(merged.astype(np.uint8), highest, tuple(lighting))


def _moved(stream: Stream) -> npt.NDArray[np.float64]:
    if stream.changed is None:
        raise ValueError("these streams do not keep when their slots moved")
    return stream.changed
