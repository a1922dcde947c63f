"""Channels of many lamps, bundled for the writers that fill their slots."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class PatchedCell:
    """A cell of a fixture: its row in the map, the fixture's first slot in (U, 512) flat, its number."""

    row: int
    first_slot: int
    cell: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """m channels of one coding and width: `at` (m,) places in `writers.values_of`, `slots` (m, bytes) flat.

    `coding` is JSON, as `ChannelWriter.from_message` reads it.
    """

    at: npt.NDArray[np.int32]
    slots: npt.NDArray[np.int32]
    coding: dict[str, Any]

    @property
    def kind(self) -> str:
        """Equal for bundles that one writer can write."""
        return repr((self.coding, self.slots.shape[1]))


def join(bundles: Iterable[Bundle], arrays: dict[str, npt.NDArray[Any]]) -> list[dict[str, Any]]:
    """The bodies of `ChannelWriter.from_message`, one a kind; their arrays are added to `arrays`."""
    kinds: dict[str, list[Bundle]] = {}
    for bundle in bundles:
        kinds.setdefault(bundle.kind, []).append(bundle)
    bodies = []
    for number, alike in enumerate(kinds.values()):
        names = {name: f"writers.{number}.{name}" for name in ("at", "slots")}
        for name, array in names.items():
            arrays[array] = np.concatenate([getattr(bundle, name) for bundle in alike])
        bodies.append({**names, **alike[0].coding})
    return bodies
