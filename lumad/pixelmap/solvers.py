"""Solvers of emitters, kept from one map to the next: an edit seldom brings a new lamp (numpy only)."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from lumad.colour.emitters import Flags
from lumad.colour.lut import BakedSolve
from lumad.pixelmap.tables import Recipe, Table, solve_of

Floats = npt.NDArray[np.float64]

FADE = 40  # frames over which a table takes over: both make the colour, but of other drives here and there


class Solver:
    """Exact at first; once it has a table, that takes over within a second."""

    def __init__(self, recipe: Recipe) -> None:
        self.exact, self.full = solve_of(recipe)
        self._to_xyz = np.asarray(recipe["wall_to_xyz"])
        self._baked: BakedSolve | None = None
        self._share = 0.0  # of the table

    def learn(self, table: Table) -> None:
        """Its table has come."""
        if self._baked is None:
            self._baked = BakedSolve(self.exact, table, self._to_xyz, self.full)

    def solve(self, target_xyz: Floats) -> tuple[Floats, Flags]:
        """(drives (N, n), limit flags (N,)) of target XYZ (N, 3), full output in wall white Y = 1."""
        asked = target_xyz * self.full
        if self._baked is None:
            return self.exact.solve(asked)
        drives, flags = self._baked.solve(asked)
        if self._share < 1.0:
            self._share = min(1.0, self._share + 1.0 / FADE)
            drives = self._share * drives + (1.0 - self._share) * self.exact.solve(asked)[0]
        return drives, flags


class Solvers:
    """Solvers by key (`tables.key_of`); those that the newest map does not use are forgotten."""

    def __init__(self) -> None:
        self._before: dict[str, Solver] = {}
        self._now: dict[str, Solver] = {}

    def begin(self) -> None:
        """A new map."""
        self._before, self._now = self._now, {}

    def of(self, key: str, recipe: Recipe, tables: Mapping[str, Table]) -> Solver:
        """The solver of a recipe, with its table if there is one by now."""
        solver = self._now.get(key) or self._before.get(key) or Solver(recipe)
        if key in tables:
            solver.learn(tables[key])
        self._now[key] = solver
        return solver
