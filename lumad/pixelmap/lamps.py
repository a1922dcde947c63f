"""Lamps of one mode: target light to the values of their channels, all cells at once (numpy only)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, Self

import numpy as np
import numpy.typing as npt

from lumad.colour.emitters import LUMINANCE, EmitterSolve
from lumad.colour.rgb import RgbSpace
from lumad.colour.white import cct_to_xy, xy_to_xyz, xyz_to_cct

Floats = npt.NDArray[np.float64]

CCT = 4  # beside GAMUT and LUMINANCE: the colour temperature asked lies outside the lamp's range


@dataclass(frozen=True, slots=True)
class Solved:
    """What the n cells of one mode do.

    `drives` (n, k) light of each emitter or primary relative to its own full, Dimmer not included; `level`
    (n,) light of the Dimmer; `cct` (n,) kelvin, nan where the mode has none; `limits` (n,) bits GAMUT,
    LUMINANCE, CCT; `rows` (n,) the cells' rows in the pixel map.
    """

    rows: npt.NDArray[np.int32]
    drives: Floats
    level: Floats
    cct: Floats
    limits: npt.NDArray[np.uint8]


class ColourModel(Protocol):
    """How a mode makes a target of light."""

    def light(self, solved: "Solved") -> Floats:
        """XYZ (n, 3) of what was solved, on the target's scale."""

    def solve(self, target_xyz: Floats) -> tuple[Floats, Floats, Floats, npt.NDArray[np.uint8]]:
        """Target (n, 3), full output in wall white Y = 1, to drives, level, cct, limits as in Solved."""


class Emitters:
    """Emitters of known colour: exact solve, white preferred."""

    def __init__(self, columns: Floats, white_xyz: Floats) -> None:
        self._solve = EmitterSolve(columns, white_xyz)
        self._full = self._solve.full_output(white_xyz)

    def solve(self, target_xyz: Floats) -> tuple[Floats, Floats, Floats, npt.NDArray[np.uint8]]:
        """See ColourModel."""
        drives, limits = self._solve.solve(target_xyz * self._full)
        return drives, np.ones(len(drives)), np.full(len(drives), np.nan), limits

    def light(self, solved: Solved) -> Floats:
        """See ColourModel."""
        xyz: Floats = (solved.drives * solved.level[:, None]) @ self._solve.columns.T
        return xyz / self._full if self._full else xyz


class Rgb:
    """A colour space that the lamp's firmware mixes."""

    def __init__(self, primaries: Any, white: Any, white_xyz: Floats) -> None:
        self._space = RgbSpace(primaries, white, white_xyz)

    def solve(self, target_xyz: Floats) -> tuple[Floats, Floats, Floats, npt.NDArray[np.uint8]]:
        """See ColourModel."""
        drives, limits = self._space.solve(target_xyz)
        return drives, np.ones(len(drives)), np.full(len(drives), np.nan), limits

    def light(self, solved: Solved) -> Floats:
        """See ColourModel."""
        xyz: Floats = (solved.drives * solved.level[:, None]) @ self._space.columns.T
        return xyz


class Cct:
    """White light between two colour temperatures (kelvin): nearest CCT, luminance kept."""

    def __init__(self, coldest: float, warmest: float, white_xyz: Floats) -> None:
        self._range = warmest, coldest
        self._default = float(xyz_to_cct(white_xyz[None])[0][0])  # for black

    def solve(self, target_xyz: Floats) -> tuple[Floats, Floats, Floats, npt.NDArray[np.uint8]]:
        """See ColourModel."""
        asked, _ = xyz_to_cct(target_xyz, self._default)
        cct = np.clip(asked, *self._range)
        level = np.clip(target_xyz[:, 1], 0.0, 1.0)
        limits = np.where(cct != asked, CCT, 0) | np.where(target_xyz[:, 1] > 1.0, LUMINANCE, 0)
        return np.zeros((len(cct), 0)), level, cct, limits.astype(np.uint8)

    def light(self, solved: Solved) -> Floats:
        """See ColourModel."""
        return xy_to_xyz(cct_to_xy(solved.cct), solved.level)


class Dimmer:
    """Intensity only; its light counts as wall white."""

    def __init__(self, white_xyz: Floats) -> None:
        self._white_xyz = white_xyz

    def light(self, solved: Solved) -> Floats:
        """See ColourModel."""
        return solved.level[:, None] * self._white_xyz

    def solve(self, target_xyz: Floats) -> tuple[Floats, Floats, Floats, npt.NDArray[np.uint8]]:
        """See ColourModel."""
        luminance = target_xyz[:, 1]
        limits = np.where(luminance > 1.0, LUMINANCE, 0).astype(np.uint8)
        count = len(luminance)
        return np.zeros((count, 0)), np.clip(luminance, 0.0, 1.0), np.full(count, np.nan), limits


@dataclass(frozen=True, slots=True, eq=False)
class Lamps:
    """All cells that share one mode; `rows` (n,) are their rows in the pixel map."""

    rows: npt.NDArray[np.int32]
    model: ColourModel
    dimmer: bool  # the mode has a Dimmer
    dimmer_carries: bool  # the Dimmer carries the level, else the emitters do

    def light(self, target_xyz: Floats, factor: Floats) -> Solved:
        """Solves its rows of the target (C, 3); `factor` (C,) scales emitted light."""
        drives, level, cct, limits = self.model.solve(target_xyz[self.rows])
        if self.dimmer_carries and drives.shape[1]:
            level = drives.max(axis=1)
            drives = np.divide(drives, level[:, None], out=np.zeros_like(drives), where=level[:, None] > 0)
        if self.dimmer:
            level = level * factor[self.rows]
        else:
            drives = drives * factor[self.rows, None]
        return Solved(self.rows, drives, level, cct, limits)

    @classmethod
    def from_message(cls, body: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> Self:
        """The lamps as `compile` described them."""
        return cls(
            rows=arrays[body["rows"]],
            model=_model(json.dumps(body["model"]), arrays["wall_to_xyz"].sum(axis=1).tobytes()),
            dimmer=body["dimmer"],
            dimmer_carries=body["dimmer_carries"],
        )


@lru_cache(maxsize=64)
def _model(description: str, white: bytes) -> ColourModel:
    """A colour model by its JSON; slow to prepare, and an edit seldom brings a new lamp, so they are kept."""
    body, white_xyz = json.loads(description), np.frombuffer(white)
    match body["model"]:
        case "emitters":
            return Emitters(np.array(body["columns"]).T, white_xyz)
        case "rgb":
            return Rgb(body["primaries"], body["white"], white_xyz)
        case "cct":
            return Cct(body["coldest"], body["warmest"], white_xyz)
        case _:
            return Dimmer(white_xyz)
