"""Circuits of the show to arrays, on the desk: what each row draws at full, and what each circuit may."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.pixelmap.rows import Row


def circuit_arrays(
    show: Show, profiles: Mapping[str, Profile], rows: Sequence[Row]
) -> dict[str, npt.NDArray[Any]]:
    """The arrays of `power.Power`; none in a show without circuits. Circuits keep the show's order."""
    if not show.circuits:
        return {}
    order = {name: number for number, name in enumerate(show.circuits)}
    limit = np.array([circuit.limit_w for circuit in show.circuits.values()])
    idle, at_full = np.zeros(len(order)), dict.fromkeys(show.fixtures, 0.0)
    for name, fixture in show.fixtures.items():
        power = profiles[fixture.profile].power
        if fixture.circuit is not None and power is not None:
            cells = profiles[fixture.profile].modes[fixture.mode].cell_count
            idle[order[fixture.circuit]] += power.idle_w * fixture.units
            at_full[name] = max(power.full_w - power.idle_w, 0.0) * fixture.units / cells
    circuits = {name: fixture.circuit for name, fixture in show.fixtures.items()}
    return {
        "power.circuit": np.array([order.get(circuits[row.fixture] or "", -1) for row in rows], np.int32),
        "power.watts": np.array([at_full[row.fixture] for row in rows]),
        "power.idle": idle,
        "power.limit": limit,
    }
