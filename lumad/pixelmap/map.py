"""The pixel map: a show compiled for one frame format, arrays only; the engine's half (numpy only)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.colour.trims import trimmed
from lumad.frames.frame import Format, Frame
from lumad.link.live import Live
from lumad.output.route import Route
from lumad.pixelmap.lamps import Lamps, Solved
from lumad.pixelmap.losses import NO_LOSSES, Losses
from lumad.pixelmap.memory import LastLight, Memory
from lumad.pixelmap.power import Power
from lumad.pixelmap.shares import NO_SHARES, Hand, Shares
from lumad.pixelmap.smoothing import NO_SMOOTHING, Smoothing
from lumad.pixelmap.solvers import Solvers
from lumad.pixelmap.tables import Table
from lumad.pixelmap.writers import ChannelWriter, values_of
from lumad.sampling.formats import ootf_of
from lumad.sampling.kernel import Sampler
from lumad.sampling.runs import Runs

Floats = npt.NDArray[np.float64]

# who decides a cell's light (the show's `control` and `take`)
FOLLOW, COLOUR_ONLY, INTENSITY_ONLY, MANUAL, OFF = range(5)
_NO_WATTS = np.zeros(0)
MIN, MAX = 8, 16  # limit flags: a trim lifted the light to its floor, or held it at its ceiling


@dataclass(frozen=True, slots=True)
class Target:
    """The light asked of every cell.

    `wall_xyz` (C, 3) is what its region shows, smoothed, wall white Y = 1. The lamp is to give `colour`
    (C, 3), XYZ at Y = 1, times `level` (C,), its full output in wall white = 1. `limits` (C,): MIN, MAX.
    """

    wall_xyz: Floats
    colour: Floats
    level: Floats
    limits: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Lit:
    """One moment's light, every step kept: `levels` (U, 512) uint8 and how they came about."""

    target: Target
    solved: tuple[Solved, ...]
    levels: npt.NDArray[np.uint8]
    watts: Floats = field(default_factory=lambda: np.zeros(0))  # (K,) that each circuit draws, an estimate


@dataclass(frozen=True, eq=False)
class PixelMap:
    """Everything one frame needs. C: cells, U: universes, A: areas of the wall.

    `area` (C,) is the area a cell follows, -1 for none; `gain` (C,) exposure and intensity trims as a factor;
    `mired`, `tint` (Duv), `saturation`, `floor`, `ceiling` (C,) the other trims; `own_xyz` (C, 3) a cell's
    own colour at Y = 1; `own_level` (C,) its own intensity, linear light. `fixtures` (C,) are their keys.
    """

    revision: int
    format: Format
    routes: tuple[Route, ...]
    sampler: Sampler
    wall_to_xyz: Floats
    white_xyz: Floats
    keys: npt.NDArray[np.uint64]
    fixtures: npt.NDArray[np.uint64]
    area: npt.NDArray[np.int32]
    control: npt.NDArray[np.uint8]
    gain: Floats
    mired: Floats
    tint: Floats
    saturation: Floats
    floor: Floats
    ceiling: Floats
    own_xyz: Floats
    own_level: Floats
    blackout_on_loss: npt.NDArray[np.bool_]
    delays_ns: npt.NDArray[np.int64]
    lamps: tuple[Lamps, ...]
    writers: tuple[ChannelWriter, ...]
    universes: npt.NDArray[np.uint32]
    safe_levels: npt.NDArray[np.uint8]  # (U, 512): fixed and default values
    owned: npt.NDArray[np.bool_]  # (U, 512): slots with a fixture
    follower: npt.NDArray[np.int32]  # (U, 512): first row of the fixture there that follows a region, else -1
    smoothing: Smoothing = NO_SMOOTHING
    losses: Losses = NO_LOSSES
    shares: Shares = NO_SHARES
    power: Power | None = None  # in a show with circuits
    inputs: tuple[dict[str, Any], ...] = ()  # of consoles, as `sharing` described them

    @property
    def follows(self) -> bool:
        """True if any cell follows the wall."""
        return bool((self.area >= 0).any())

    # ------------------------------------------------------------ one frame, step by step
    def sample(self, frame: Frame) -> Floats:
        """Linear light (C, 3) of each cell's area in the wall's primaries, wall white = 1; 0 for no area."""
        means = self.sampler.sample(frame.pixels)
        samples = np.zeros((len(self.area), 3))
        following = self.area >= 0
        samples[following] = means[self.area[following]]
        return samples

    def new_memory(self) -> Memory:
        """The memory of a map that follows no other."""
        return Memory().carried(self.keys, self.smoothing)

    def first_light(self) -> LastLight:
        """Before any light left."""
        return LastLight().carried(np.full(len(self.keys), -1), self.white_xyz)

    def light(self, wall: Floats, last: LastLight, live: Live, *, lost: bool) -> Lit:
        """What the wall shows to levels: `wall` (C, 3) linear light in its primaries, NaN for not known yet.

        `lost`: the feed is gone, each fixture does as its `on_loss` says. `last` goes on to this light.
        """
        return self.given(self.target(wall, last), self.factor(live, lost=lost), last)

    def given(self, target: Target, factor: Floats, last: LastLight, hand: Hand | None = None) -> Lit:
        """The light asked of every cell, times `factor` (C,), to levels; `last` goes on to it.

        `hand`: what consoles do.
        """
        if hand is not None:
            target = replace(target, level=self.shares.asked(target.level, self.ceiling, hand))
            factor = factor * hand.light
        levels = self.safe_levels.copy()
        solved = tuple(lamps.light(target.colour, target.level, factor, last) for lamps in self.lamps)
        watts = _NO_WATTS
        if self.power:
            solved, scale, watts = self.power.limited(solved, self.lamps)
            factor = factor * scale  # what a console dims as well
        values, flat = values_of(solved), levels.reshape(-1)
        for writer in self.writers:
            writer.write(values, flat)
        if hand is not None:
            self.shares.write(flat, hand, factor)
        return Lit(target, solved, levels, watts)

    def factor(self, live: Live, *, lost: bool) -> Floats:
        """Factor (C,) on the light that each cell emits: master, blackout, `blackout_on_loss`."""
        return np.where(lost & self.blackout_on_loss, 0.0, live.light)

    def target(self, wall: Floats, last: LastLight) -> Target:
        """The light asked of every cell, see `light`."""
        wall_xyz = np.where(np.isnan(wall), 0.0, wall) @ self.wall_to_xyz.T
        luminance = wall_xyz[:, 1]
        lit = luminance > 0
        last.chromaticity[lit] = wall_xyz[lit] / luminance[lit, None]
        level = np.where(self._on_wall, luminance * self.gain, self._own_light)
        colour = np.where(self._own_coloured, self.own_xyz, last.chromaticity)
        rows = self._trimmed_rows
        if len(rows):
            trims = self.mired[rows], self.tint[rows], self.saturation[rows]
            colour[rows] = trimmed(colour[rows], self.white_xyz, *trims)
        limits = (level < self.floor) * np.uint8(MIN) | (level > self.ceiling) * np.uint8(MAX)
        level = np.minimum(np.maximum(level, self.floor), self.ceiling)
        return Target(wall_xyz, colour, level, limits)

    @cached_property
    def _on_wall(self) -> npt.NDArray[np.bool_]:
        """Rows (C,) whose intensity follows the wall."""
        return np.isin(self.control, (FOLLOW, INTENSITY_ONLY))

    @cached_property
    def _own_light(self) -> Floats:
        """Level (C,) of the others."""
        return np.where(self.control == OFF, 0.0, self.own_level * self.gain)

    @cached_property
    def _own_coloured(self) -> npt.NDArray[np.bool_]:
        """Rows (C, 1) whose colour does not follow the wall."""
        return np.isin(self.control, (INTENSITY_ONLY, MANUAL))[:, None]

    @cached_property
    def _trimmed_rows(self) -> npt.NDArray[np.intp]:
        """Rows whose colour a trim changes."""
        return np.flatnonzero((self.mired != 0) | (self.tint != 0) | (self.saturation != 1))

    # ------------------------------------------------------------ from the desk
    @classmethod
    def from_message(
        cls,
        body: Mapping[str, Any],
        arrays: Mapping[str, npt.NDArray[Any]],
        tables: Mapping[str, Table] = MappingProxyType({}),
        solvers: Solvers | None = None,
    ) -> Self:
        """The map a desk compiled, `body` and `arrays` as `compile` made them; `tables` there are by now.

        `solvers` keeps what is slow to make from the map before.
        """
        solvers = solvers or Solvers()
        solvers.begin()
        runs = Runs.from_arrays(
            {name[5:]: array for name, array in arrays.items() if name.startswith("runs.")}
        )
        fmt = Format.from_json(body["format"])
        return cls(
            revision=body["revision"],
            format=fmt,
            routes=tuple(Route.from_json(route) for route in body["routes"]),
            sampler=Sampler(
                runs,
                arrays["table"],
                fmt.pixel,
                luminance=arrays["wall_to_xyz"][1],
                ootf=ootf_of(fmt.transfer, fmt.peak_nits),
            ),
            wall_to_xyz=arrays["wall_to_xyz"],
            white_xyz=arrays["wall_to_xyz"].sum(axis=1),
            lamps=tuple(Lamps.from_message(lamps, arrays, tables, solvers) for lamps in body["lamps"]),
            writers=tuple(ChannelWriter.from_message(writer, arrays) for writer in body["writers"]),
            smoothing=Smoothing.from_arrays(arrays),
            losses=Losses.from_arrays(arrays),
            power=Power.from_arrays(arrays) if "power.limit" in arrays else None,
            shares=Shares.from_message(body, arrays) if body.get("inputs") else NO_SHARES,
            inputs=tuple(body.get("inputs", ())),
            **{name: arrays[name] for name in CELL_ARRAYS},
        )


CELL_ARRAYS = (
    "keys", "fixtures", "area", "control", "gain", "mired", "tint", "saturation", "floor", "ceiling",
    "own_xyz", "own_level", "blackout_on_loss", "delays_ns", "universes", "safe_levels", "owned", "follower",
)  # fmt: skip
