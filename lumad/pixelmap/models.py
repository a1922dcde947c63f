"""How lamps make colour: light asked to the values of channels, all cells at once (numpy only)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lumad.colour import cct, hsi, xy
from lumad.colour.emitters import GAMUT, LUMINANCE
from lumad.colour.gamut import Gamut
from lumad.colour.rgb import RgbSpace
from lumad.colour.spaces import rgb_to_xyz
from lumad.colour.white import cct_to_xy, xy_to_xyz
from lumad.pixelmap.solvers import Solver, Solvers
from lumad.pixelmap.tables import Table

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.uint8]

_ROUNDING = 1e-9
_FAINT = 1e-4  # of full: hue and saturation of less light are those of so much
_GREY = 0.004  # saturation, one step of 8 bits: the hue of less is noise
CCT = 4  # beside GAMUT and LUMINANCE: the colour temperature asked lies outside the lamp's range

# attributes that a colour model moves beside the Dimmer and the emitters, in the order of `Given.values`
VALUES: Mapping[str, tuple[str, ...]] = {
    "cct": ("CTC", "Tint"),
    "xy": ("CIE_X", "CIE_Y"),
    "hsi": ("HSB_Hue", "HSB_Saturation"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What n cells are to do.

    `drives` (n, k) light of each emitter or primary relative to its own full; `level` (n,) light of the
    Dimmer, 1 where the drives carry it; `values` (n, m) as VALUES names them: kelvin, %green, CIE x and y,
    degrees, 0..1; `limits` (n,) bits GAMUT, LUMINANCE, CCT; `residual` (n,) Duv that the lamp leaves out.
    """

    drives: Floats
    level: Floats
    values: Floats
    limits: Flags
    residual: Floats


class ColourModel(Protocol):
    """How a mode makes light; XYZ with the fixture's full output in wall white at Y = 1."""

    def solve(self, colour: Floats, level: Floats) -> Given:
        """The values that come nearest to XYZ `colour` (n, 3) of Y = 1, times `level` (n,)."""

    def light(self, drives: Floats, level: Floats, values: Floats) -> Floats:
        """XYZ (n, 3) of such values."""


class Emitters:
    """Emitters of known colour: exact solve, white preferred; by table where one is baked."""

    def __init__(self, solver: Solver) -> None:
        self._solver = solver
        self._columns = solver.exact.columns / (solver.full or 1.0)

    def solve(self, colour: Floats, level: Floats) -> Given:
        """See ColourModel."""
        drives, limits = self._solver.solve(colour * level[:, None])
        return _given(limits, drives=drives)

    def light(self, drives: Floats, level: Floats, values: Floats) -> Floats:  # noqa: ARG002 - see ColourModel
        """See ColourModel."""
        xyz: Floats = (drives * level[:, None]) @ self._columns.T
        return xyz


class Rgb:
    """A colour space that the lamp's firmware mixes."""

    def __init__(self, space: RgbSpace) -> None:
        self._space = space

    def solve(self, colour: Floats, level: Floats) -> Given:
        """See ColourModel."""
        drives, limits = self._space.solve(colour * level[:, None])
        return _given(limits, drives=drives)

    def light(self, drives: Floats, level: Floats, values: Floats) -> Floats:  # noqa: ARG002 - see ColourModel
        """See ColourModel."""
        xyz: Floats = (drives * level[:, None]) @ self._space.columns.T
        return xyz


class Hsi:
    """Hue and saturation in a colour space that the lamp's firmware mixes."""

    def __init__(self, space: RgbSpace) -> None:
        self._space = space

    def solve(self, colour: Floats, level: Floats) -> Given:
        """See ColourModel; a grey has no hue of its own."""
        seen = np.maximum(level, _FAINT)
        found = hsi.solve(self._space, colour * seen[:, None])
        hue = np.where(found.saturation < _GREY, np.nan, found.hue)
        values = np.column_stack([hue, np.where(found.saturation < _GREY, 0.0, found.saturation)])
        return _given(found.limits, level=found.level * (level / seen), values=values)

    def light(self, drives: Floats, level: Floats, values: Floats) -> Floats:  # noqa: ARG002 - see ColourModel
        """See ColourModel."""
        return hsi.light(self._space, values[:, 0], values[:, 1], level)


class Xy:
    """CIE x and y within `low`..`high` and, where it is known, within the lamp's own gamut."""

    def __init__(self, low: float, high: float, gamut: Gamut | None, white_xyz: Floats) -> None:
        self._asked = low, high, gamut, white_xyz

    def solve(self, colour: Floats, level: Floats) -> Given:
        """See ColourModel."""
        found = xy.solve(colour, *self._asked)
        dimmed, limits = _dimmed(level)
        return _given(limits | (found.limits & np.uint8(GAMUT)), level=dimmed, values=found.xy)

    def light(self, drives: Floats, level: Floats, values: Floats) -> Floats:  # noqa: ARG002 - see ColourModel
        """See ColourModel."""
        return xy.light(values, level)


class Cct:
    """White light between two colour temperatures, luminance kept, with tint where the lamp has it."""

    def __init__(
        self,
        warmest: float,
        coldest: float,
        neutral: float,
        duv_per_percent: float,
        greens: tuple[float, float] | None,
    ) -> None:
        self._range, self._neutral, self._percent = (coldest, warmest), neutral, duv_per_percent
        self._tint = None if greens is None else (greens[0] * duv_per_percent, greens[1] * duv_per_percent)

    def solve(self, colour: Floats, level: Floats) -> Given:
        """See ColourModel."""
        found = cct.follow(colour, self._neutral, *self._range, self._tint)
        level, limits = _dimmed(level)
        limits |= np.where(found.limited, CCT, 0).astype(np.uint8)
        values = np.column_stack([found.kelvin, found.duv / self._percent])
        return _given(limits, level=level, values=values, residual=found.residual)

    def light(self, drives: Floats, level: Floats, values: Floats) -> Floats:  # noqa: ARG002 - see ColourModel
        """See ColourModel."""
        return xy_to_xyz(cct_to_xy(values[:, 0], values[:, 1] * self._percent), level)


class Dimmer:
    """Intensity only; its light counts as wall white."""

    def __init__(self, white_xyz: Floats) -> None:
        self._white_xyz = white_xyz

    def solve(self, colour: Floats, level: Floats) -> Given:  # noqa: ARG002 - see ColourModel
        """See ColourModel."""
        level, limits = _dimmed(level)
        return _given(limits, level=level)

    def light(self, drives: Floats, level: Floats, values: Floats) -> Floats:  # noqa: ARG002 - see ColourModel
        """See ColourModel."""
        return level[:, None] * self._white_xyz


def _dimmed(luminance: Floats) -> tuple[Floats, Flags]:
    """Level 0..1 of a lamp whose Dimmer alone makes the luminance, and its limits."""
    limits = np.where(luminance > 1.0 + _ROUNDING, LUMINANCE, 0).astype(np.uint8)
    return np.clip(luminance, 0.0, 1.0), limits


def _given(
    limits: Flags,
    *,
    drives: Floats | None = None,
    level: Floats | None = None,
    values: Floats | None = None,
    residual: Floats | None = None,
) -> Given:
    """With what a colour model does not have: no drives, full level, no values, nothing left out."""
    count = len(limits)
    return Given(
        np.zeros((count, 0)) if drives is None else drives,
        np.ones(count) if level is None else level,
        np.zeros((count, 0)) if values is None else values,
        limits,
        np.zeros(count) if residual is None else residual,
    )


def model_of(
    body: Mapping[str, Any],
    arrays: Mapping[str, npt.NDArray[Any]],
    tables: Mapping[str, Table],
    solvers: Solvers,
) -> ColourModel:
    """A colour model as `plan` described it."""
    wall_to_xyz = arrays["wall_to_xyz"]
    if body["model"] == "emitters":
        key = body["key"]
        recipe = {**body, "columns": arrays[f"columns.{key}"], "wall_to_xyz": wall_to_xyz}
        return Emitters(solvers.of(key, recipe, tables))
    return _model(json.dumps(body), wall_to_xyz.sum(axis=1).tobytes())


@lru_cache(maxsize=256)
def _model(description: str, white: bytes) -> ColourModel:
    body, white_xyz = json.loads(description), np.frombuffer(white)
    match body["model"]:
        case "rgb" | "hsi":
            space = RgbSpace(body["primaries"], body["white"], white_xyz)
            return Rgb(space) if body["model"] == "rgb" else Hsi(space)
        case "xy":
            stated = body["primaries"]
            gamut = Gamut(rgb_to_xyz(stated, body["white"]), white_xyz) if stated else None
            low, high = body["range"]
            return Xy(low, high, gamut, white_xyz)
        case "cct":
            values = (body[key] for key in ("warmest", "coldest", "neutral", "duv_per_percent", "greens"))
            return Cct(*values)
        case _:
            return Dimmer(white_xyz)
