"""Lamps of one kind: the light asked of their cells to the values of their channels (numpy only)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.pixelmap.memory import LastLight
from lumad.pixelmap.models import ColourModel, model_of
from lumad.pixelmap.solvers import Solvers
from lumad.pixelmap.split import Split
from lumad.pixelmap.tables import Table

Floats = npt.NDArray[np.float64]

# limit flags: so little light that only a dozen of the channel's steps are left; dimmed for its circuit;
# held, for it would flash too often
RESOLUTION, POWER, FLASH = 32, 64, 128


@dataclass(frozen=True, slots=True)
class Solved:
    """What the n cells of one kind of lamp do.

    As `models.Given`, with the master in: `drives` (n, k) light of each emitter or primary relative to its
    own full, Dimmer not included; `level` (n,) light of the Dimmer; `values` (n, m) of the other driven
    channels; `limits` (n,) flags; `residual` (n,) Duv left out; `rows` (n,) their rows in the pixel map.
    """

    rows: npt.NDArray[np.int32]
    drives: Floats
    level: Floats
    values: Floats
    limits: npt.NDArray[np.uint8]
    residual: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Lamps:
    """All cells of one kind of lamp; `rows` (n,) are their rows in the pixel map.

    `dimmer`: the mode has one; `split` shares light between it and coarse colour channels, None where the
    drives carry all of it; `finest` light of the channel that carries the level at a dozen of its steps.
    """

    rows: npt.NDArray[np.int32]
    model: ColourModel
    dimmer: bool
    split: Split | None
    finest: float

    def light(self, colour: Floats, level: Floats, factor: Floats, last: LastLight) -> Solved:
        """Solves its rows of `colour` (C, 3), XYZ at Y = 1, times `level` (C,); `factor` (C,) scales light.

        `last` is what was remembered of the frame before; its rows go on to this one.
        """
        rows, scale = self.rows, factor[self.rows]
        given = self.model.solve(colour[rows], level[rows])
        drives, level = given.drives, given.level
        if self.split:
            level, drives, last.dimmers[rows] = self.split.divide(drives, scale, last.dimmers[rows])
            carried = level
        elif self.dimmer:
            level = level * scale
            carried = drives.max(axis=1) if drives.shape[1] else level
        else:
            drives = drives * scale[:, None]
            carried = drives.max(axis=1)
        coarse = np.where((carried > 0) & (carried < self.finest), RESOLUTION, 0).astype(np.uint8)
        values = given.values
        if values.shape[1]:
            values = np.where(np.isnan(values), last.values[rows], values)
            last.values[rows] = values
        return Solved(rows, drives, level, values, given.limits | coarse, given.residual)

    def given(self, solved: Solved) -> Floats:
        """XYZ (n, 3) of the light that was solved, the fixtures' full output in wall white at Y = 1."""
        return self.model.light(solved.drives, solved.level, solved.values)

    @classmethod
    def from_message(
        cls,
        body: Mapping[str, Any],
        arrays: Mapping[str, npt.NDArray[Any]],
        tables: Mapping[str, Table],
        solvers: Solvers,
    ) -> Self:
        """The lamps as `compile` described them."""
        split = body["split"]
        return cls(
            rows=arrays[body["rows"]],
            model=model_of(body["model"], arrays, tables, solvers),
            dimmer=body["dimmer"],
            split=Split(split["curve"], split["bits"]) if split else None,
            finest=body["finest"],
        )
