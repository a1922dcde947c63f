"""Cells of the show to rows of the pixel map: who decides the light, from which pixels, how trimmed."""

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from math import inf, nan
from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.colour.spaces import rgb_to_xyz
from lumad.colour.transfer import decode
from lumad.colour.white import cct_to_xy, xy_to_xyz
from lumad.frames.frame import Format
from lumad.model.cells import Cells
from lumad.model.fixture import Colour, Fixture
from lumad.model.mode import Mode
from lumad.model.show import Show
from lumad.pixelmap.areas import AreaStore, Cutting, cuttings_of
from lumad.pixelmap.map import COLOUR_ONLY, FOLLOW, INTENSITY_ONLY, MANUAL, OFF
from lumad.pixelmap.smoothing import FILTERS
from lumad.sampling.runs import runs_of

Floats = npt.NDArray[np.float64]

_UINT64 = (1 << 64) - 1
_TAKES = {"both": FOLLOW, "colour": COLOUR_ONLY, "intensity": INTENSITY_ONLY}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the pixel map by name: a cell of a fixture and the region it follows ("" for none)."""

    fixture: str
    cell: int
    region: str


_COLUMNS: Mapping[str, Any] = {
    "area": np.int32,
    "control": np.uint8,
    "gain": float,
    "mired": float,
    "tint": float,
    "saturation": float,
    "floor": float,
    "ceiling": float,
    "own_xyz": float,
    "own_level": float,
    "blackout_on_loss": np.bool_,
    "delays_ns": np.int64,
    "filter": np.uint8,
    "attack_s": float,
    "release_s": float,
}


@dataclass
class Rows:
    """Collects the rows of the map, one a cell."""

    show: Show
    format: Format
    white_xyz: Floats
    store: AreaStore
    names: list[Row] = field(default_factory=list)
    areas: dict[Cutting, int] = field(default_factory=dict)
    values: list[dict[str, Any]] = field(default_factory=list)  # by row, as in _COLUMNS

    def add(self, name: str, fixture: Fixture, mode: Mode) -> range:
        """Rows of all cells of one fixture."""
        first, count = len(self.names), mode.cell_count
        region = fixture.followed
        control = _control(fixture)
        on_wall = control in (FOLLOW, INTENSITY_ONLY)
        smoothing = (fixture.smoothing or self.show.regions[region].smoothing) if region else None
        trims = self.show.trims_of(fixture)
        value = {
            "control": control,
            "gain": 2.0 ** (trims.intensity + (self.show.exposure if on_wall else 0.0)),
            "mired": trims.mired,
            "tint": trims.tint / 1000,
            "saturation": trims.saturation,
            "floor": trims.min if control != OFF else 0.0,
            "ceiling": trims.max if trims.max < 1.0 else inf,  # a lamp's own full is told by its colour model
            "own_xyz": own_xyz(fixture.colour, self.white_xyz),
            "own_level": fixture.level,
            "blackout_on_loss": fixture.on_loss == "blackout"
            and fixture.control == "follow"
            and bool(region),
            "delays_ns": round(fixture.delay_ms * 1e6),
            "filter": FILTERS.index(smoothing.filter) if smoothing else 0,
            "attack_s": smoothing.attack_s if smoothing else 0.0,
            "release_s": smoothing.release_s if smoothing else 0.0,
        }
        for cell, area in enumerate(self._areas(region, fixture.cells or Cells(columns=count))):
            self.names.append(Row(name, cell, region))
            self.values.append({**value, "area": area})
        return range(first, first + count)

    def _areas(self, region: str, layout: Cells) -> list[int]:
        """Number of each cell's area, -1 where there is nothing to see."""
        if not region:
            return [-1] * layout.count
        cuttings = cuttings_of(self.show.regions, region, layout, self.format.width, self.format.height)
        return [
            -1 if self.store.area(cutting) is None else self.areas.setdefault(cutting, len(self.areas))
            for cutting in cuttings
        ]

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """The arrays by row that `PixelMap` names, and the runs of the areas."""
        areas = [self.store.area(cutting) for cutting in self.areas]
        runs = runs_of(areas, self.format.width, self.format.height)
        arrays: dict[str, npt.NDArray[Any]] = {
            name: np.array([value[name] for value in self.values], dtype) for name, dtype in _COLUMNS.items()
        }
        arrays["own_xyz"] = arrays["own_xyz"].reshape(-1, 3)
        arrays["keys"] = np.array([_key(row) for row in self.names], np.uint64)
        arrays["fixtures"] = np.array([fixture_key(row.fixture) for row in self.names], np.uint64)
        arrays["places"] = self._places(arrays["area"])
        return arrays | {f"runs.{name}": array for name, array in runs.arrays().items()}

    def _places(self, area: npt.NDArray[np.int32]) -> npt.NDArray[np.uint64]:
        """By row, equal where the same pixels are seen, in all maps of this desk; 0: none are."""
        of_areas = [hash(cutting) & _UINT64 or 1 for cutting in self.areas]
        return np.array([*of_areas, 0], np.uint64)[area]  # -1 is the 0 at the end


def _key(row: Row) -> int:
    """What stays the same of a row from map to map."""
    return _number(f"{row.fixture}\0{row.cell}")


def fixture_key(name: str) -> int:
    """What stands for a fixture where names are not known; the same in all maps."""
    return _number(name)


def fade_arrays(rows: Sequence[Row], seconds: Mapping[str, float]) -> dict[str, Floats]:
    """What a map says of fades: seconds by row, NaN where it says nothing; no array where nothing is said."""
    return {"fade_s": np.array([seconds.get(row.fixture, nan) for row in rows])} if seconds else {}


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def _control(fixture: Fixture) -> int:
    if fixture.followed and fixture.follow:
        return _TAKES[fixture.follow.take]
    return MANUAL if fixture.control in ("manual", "console") else OFF


def own_xyz(colour: Colour | None, white_xyz: Floats) -> Floats:
    """XYZ (3,) at Y = 1 of a colour set by hand; None is wall white. Hue and saturation are sRGB's HSV."""
    if colour is None:
        return white_xyz
    if colour.cct is not None:
        return xy_to_xyz(cct_to_xy(colour.cct, colour.tint / 1000))
    if colour.xy is not None:
        return xy_to_xyz(colour.xy)
    rgb = colorsys.hsv_to_rgb((colour.hue or 0.0) / 360, colour.saturation or 0.0, 1.0)
    xyz: Floats = rgb_to_xyz("rec709") @ decode("srgb", rgb)
    return np.asarray(xyz / xyz[1])
