"""Colour tables of lamps: which ones a show wants, and how each is baked (numpy only)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.colour.emitters import EmitterSolve
from lumad.colour.lut import TABLE_VERSION, bake

Table = npt.NDArray[np.float32]
Recipe = Mapping[str, Any]
"""JSON: `columns` (n, 3), `white_preference`, `closest` of EmitterSolve, `wall_to_xyz` (3, 3)."""

_FEWEST_EMITTERS = 4  # fewer have one solution only, as quickly found as looked up


def wants_table(recipe: Recipe) -> bool:
    """Whether a table is quicker than the exact solve."""
    return len(recipe["columns"]) >= _FEWEST_EMITTERS


def key_of(recipe: Recipe) -> str:
    """Equal for recipes of equal tables, from one version of the tables to the next."""
    text = json.dumps([TABLE_VERSION, dict(recipe)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def solve_of(recipe: Recipe) -> tuple[EmitterSolve, float]:
    """The exact solve, and its full output in wall white."""
    white = np.array(recipe["wall_to_xyz"]).sum(axis=1)
    columns = np.array(recipe["columns"]).T
    exact = EmitterSolve(columns, white, recipe["white_preference"], closest=recipe["closest"])
    return exact, exact.full_output(white)


def baked(recipe: Recipe) -> Table:
    """The table of a recipe; slow (0.1 s for six emitters, seconds for eight)."""
    exact, full = solve_of(recipe)
    return bake(exact, np.array(recipe["wall_to_xyz"]), full)
