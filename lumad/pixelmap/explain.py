"""Why a lamp gives the light it gives: the frame's own steps, with names put to them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.colour.emitters import GAMUT, LUMINANCE
from lumad.link.live import Live
from lumad.model.show import Show
from lumad.pixelmap.compile import Compiled
from lumad.pixelmap.lamps import FLASH, POWER, RESOLUTION, Lamps, Solved
from lumad.pixelmap.map import MAX, MIN, Lit
from lumad.pixelmap.memory import Memory
from lumad.pixelmap.models import CCT
from lumad.pixelmap.plan import LampPlan

Floats = npt.NDArray[np.float64]

_LIMITS = (
    (GAMUT, "gamut"),
    (LUMINANCE, "luminance"),
    (CCT, "cct"),
    (MIN, "min"),
    (MAX, "max"),
    (RESOLUTION, "resolution"),
    (POWER, "power"),
    (FLASH, "flash"),
)


def explain(
    compiled: Compiled,
    show: Show,
    memory: Memory,
    live: Live,
    *,
    lost: bool = False,
    flashing: Collection[str] = (),
) -> dict[str, dict[str, Any]]:
    """By fixture: universe, address, levels that would leave, and the steps of every cell (contract §4).

    It is lumad's side alone: what consoles share is not in it. `flashing`: fixtures that a guard holds.
    """
    lit = _lit(compiled, memory.light, live, lost=lost)
    cells: dict[str, list[dict[str, Any]]] = {name: [] for name in show.fixtures}
    for plan, lamps, solved in zip(compiled.plans, compiled.pixel_map.lamps, lit.solved, strict=True):
        given = lamps.given(solved)
        for at, row in enumerate(solved.rows.tolist()):
            name = compiled.rows[row]
            cells[name.fixture].append(
                {
                    "region": name.region,
                    "linear_rgb": _rounded(memory.samples[row]),
                    "xyz": _rounded(lit.target.wall_xyz[row]),
                    "target_xyz": _rounded(given[at]),
                    **_drives(plan, lamps, solved, at),
                    **({"duv_left_out": round(float(solved.residual[at]), 5)} if _is_white(plan) else {}),
                    "limits": _limits(
                        int(solved.limits[at] | lit.target.limits[row])
                        | (FLASH if name.fixture in flashing else 0),
                        live,
                        lost=lost and bool(name.region),
                    )
                    + _picked(name.fixture, live),
                    "assumed": list(plan.assumed),
                }
            )
    return {
        name: {
            "universe": fixture.universe,
            "address": fixture.address,
            "levels": _levels(compiled, show, name, lit),
            "cells": cells[name],
        }
        for name, fixture in show.fixtures.items()
    }


@dataclass(frozen=True, slots=True)
class Judged:
    """By fixture, what keeps any of its cells from the light asked; fixtures that give it are left out.
    By circuit, the watts that it draws, an estimate.
    """

    limits: dict[str, list[str]]
    watts: dict[str, float]


def judged(compiled: Compiled, wall: Floats, live: Live) -> Judged:
    """What there is to say about the light of a moment; `wall` (C, 3): each row's, in its primaries."""
    lit = _lit(compiled, wall, live, lost=False)
    flags: dict[str, int] = {}
    for solved in lit.solved:
        limits = solved.limits | lit.target.limits[solved.rows]
        for at in np.flatnonzero(limits):
            name = compiled.rows[solved.rows[at]].fixture
            flags[name] = flags.get(name, 0) | int(limits[at])
    words = {name: [word for flag, word in _LIMITS if found & flag] for name, found in flags.items()}
    return Judged(words, dict(zip(compiled.circuits, lit.watts.tolist(), strict=True)))


def _lit(compiled: Compiled, wall: Floats, live: Live, *, lost: bool) -> Lit:
    """The light of a moment, without a moment before it."""
    pixel_map = compiled.pixel_map
    last, factor = pixel_map.first_light(), pixel_map.factor(live, lost=lost)
    alone = np.array([row.fixture in live.solo for row in compiled.rows], np.bool_)
    if alone.any():
        factor = np.where(alone, factor, 0.0)
    return pixel_map.given(pixel_map.target(wall, last), factor, last)


def _is_white(plan: LampPlan) -> bool:
    return plan.mode.colour.model == "cct"


def _drives(plan: LampPlan, lamps: Lamps, solved: Solved, at: int) -> dict[str, dict[str, float]]:
    level = float(solved.level[at])
    names = dict(zip(plan.drive_names, solved.drives[at].tolist(), strict=True))
    values = zip(plan.value_names, solved.values[at].tolist(), strict=True)
    moved = {name: round(value, 5) for name, value in values if name in plan.moved}
    channels = ({"Dimmer": round(level, 6)} if lamps.dimmer else {}) | moved
    if not plan.emitters:
        return {"drives": {}, "channels": channels | {name: round(value, 6) for name, value in names.items()}}
    factor = level if lamps.dimmer else 1.0
    return {"drives": {name: round(value * factor, 6) for name, value in names.items()}, "channels": channels}


def _limits(flags: int, live: Live, *, lost: bool) -> list[str]:
    limits = [name for flag, name in _LIMITS if flags & flag]
    return limits + (["frozen"] if live.freeze else []) + (["feed-lost"] if lost else [])


def _picked(fixture: str, live: Live) -> list[str]:
    """By hand a lamp shows itself, or a solo of others keeps it dark."""
    if fixture in live.identify:
        return ["identify"]
    return ["solo"] if live.solo and fixture not in live.solo else []


def _levels(compiled: Compiled, show: Show, name: str, lit: Lit) -> list[int]:
    fixture = show.fixtures[name]
    row = int(np.flatnonzero(compiled.pixel_map.universes == fixture.universe)[0])
    footprint = compiled.footprints[name]
    levels: list[int] = lit.levels[row, fixture.address - 1 : fixture.address - 1 + footprint].tolist()
    return levels


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 6) for value in np.nan_to_num(values)]
