"""Show to pixel map, on the desk: names become rows, fractions become pixels, profiles become slots."""

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
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
from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.output.route import Route
from lumad.pixelmap.areas import AreaStore, Cutting, cuttings_of
from lumad.pixelmap.channels import Bundle, LampPlan, PatchedCell, join
from lumad.pixelmap.map import COLOUR_ONLY, FOLLOW, INTENSITY_ONLY, MANUAL, OFF, PixelMap
from lumad.pixelmap.smoothing import FILTERS
from lumad.sampling.formats import light_table
from lumad.sampling.runs import Runs, runs_of

Floats = npt.NDArray[np.float64]

_UINT64 = (1 << 64) - 1
_TAKES = {"both": FOLLOW, "colour": COLOUR_ONLY, "intensity": INTENSITY_ONLY}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the pixel map by name: a cell of a fixture and the region it follows ("" for none)."""

    fixture: str
    cell: int
    region: str


@dataclass(frozen=True)
class Compiled:
    """A pixel map ready to travel: plain `body`, named `arrays`, and the names the engine never sees."""

    revision: int
    format: Format
    body: dict[str, Any]
    arrays: dict[str, npt.NDArray[Any]]
    rows: tuple[Row, ...]
    plans: tuple[LampPlan, ...]
    footprints: dict[str, int]  # slots by fixture
    regions: tuple[str, ...]  # every region of the show,
    region_runs: Runs  # and the pixels of each: what the page's swatches sample
    faults: tuple[str, ...]  # regions that stay black, and why

    @cached_property
    def pixel_map(self) -> PixelMap:
        """The same map for use in this process (swatches, explain, probe)."""
        return PixelMap.from_message(self.body, self.arrays)


def compile_show(
    show: Show,
    profiles: Mapping[str, Profile],
    fmt: Format,
    revision: int = 0,
    *,
    interface: str | None = None,
    store: AreaStore | None = None,
) -> Compiled:
    """Compiles a checked show (`model.patch.faults_of` found nothing) for frames of one format.

    `interface` serves the outputs that name none; `store` keeps areas from the compile before.
    """
    store = store or AreaStore()
    store.begin()
    wall_to_xyz = rgb_to_xyz(fmt.primaries_value, fmt.white_value)
    universes = sorted({fixture.universe for fixture in show.fixtures.values()})
    cells = _Cells(show, fmt, wall_to_xyz.sum(axis=1), store)
    safe_levels = np.zeros((len(universes), 512), np.uint8)
    plans: dict[tuple[str, str], LampPlan] = {}
    for name, fixture in show.fixtures.items():
        profile = profiles[fixture.profile]
        mode = profile.modes[fixture.mode]
        universe_row = universes.index(fixture.universe)
        levels = np.frombuffer(mode.base_levels(), np.uint8)
        safe_levels[universe_row, fixture.address - 1 : fixture.address - 1 + len(levels)] = levels
        if profile.status == "draft" and not fixture.accept_draft:
            continue  # nobody confirmed the table: the fixture stays at its safe values
        plan = plans.setdefault((fixture.profile, fixture.mode), LampPlan(profile, mode))
        first_slot = universe_row * 512 + fixture.address - 1
        plan.cells += [
            PatchedCell(row, first_slot, cell) for cell, row in enumerate(cells.add(name, fixture, mode))
        ]
    arrays: dict[str, npt.NDArray[Any]] = {
        "table": light_table(fmt.pixel, fmt.transfer, fmt.range, fmt.peak_nits),
        "wall_to_xyz": wall_to_xyz,
        "universes": np.array(universes, np.uint32),
        "safe_levels": safe_levels,
        **cells.arrays(),
    }
    lamps: list[dict[str, Any]] = []
    bundles: list[Bundle] = []
    values = 0
    for number, plan in enumerate(plans.values()):
        rows = f"lamps.{number}.rows"
        arrays[rows] = np.array([cell.row for cell in plan.cells], np.int32)
        lamps.append(plan.describe(rows))
        bundles += plan.bundles(values)
        values += plan.value_count
    body = {
        "revision": revision,
        "format": fmt.to_json(),
        "routes": [route.to_json() for route in routes_of(show, interface)],
        "lamps": lamps,
        "writers": join(bundles, arrays),
    }
    footprints = {name: profiles[f.profile].modes[f.mode].footprint for name, f in show.fixtures.items()}
    whole = {name: cuttings_of(show.regions, name, None, fmt.width, fmt.height)[0] for name in show.regions}
    region_runs = runs_of([store.area(cutting) for cutting in whole.values()], fmt.width, fmt.height)
    faults = [f"region {name}: {store.faults[cut]}" for name, cut in whole.items() if cut in store.faults]
    return Compiled(
        revision,
        fmt,
        body,
        arrays,
        tuple(cells.rows),
        tuple(plans.values()),
        footprints,
        tuple(show.regions),
        region_runs,
        tuple(faults),
    )


def routes_of(show: Show, interface: str | None = None) -> list[Route]:
    """The show's outputs as the engine's routes; universes that nothing is patched in are not sent."""
    patched = {fixture.universe for fixture in show.fixtures.values()}
    routes = []
    for output in show.outputs:
        universes = output.universe_list()
        kept = [at for at, universe in enumerate(universes) if universe in patched]
        if not kept:
            continue
        routes.append(
            Route(
                protocol=output.protocol,
                universes=tuple(universes[at] for at in kept),
                port_addresses=tuple(
                    output.port_addresses()[at] for at in kept if output.protocol == "artnet"
                ),
                to=() if output.to == "multicast" else output.to,
                interface=output.interface or interface,
                priority=output.priority,
                ttl=output.ttl,
            )
        )
    return routes


_COLUMNS: Mapping[str, Any] = {
    "area": np.int32,
    "control": np.uint8,
    "gain": float,
    "saturation": float,
    "own_xyz": float,
    "own_level": float,
    "blackout_on_loss": np.bool_,
    "filter": np.uint8,
    "attack_s": float,
    "release_s": float,
}


@dataclass
class _Cells:
    """Collects the rows of the map, one a cell."""

    show: Show
    format: Format
    white_xyz: Floats
    store: AreaStore
    rows: list[Row] = field(default_factory=list)
    areas: dict[Cutting, int] = field(default_factory=dict)
    values: list[dict[str, Any]] = field(default_factory=list)  # by row, as in _COLUMNS

    def add(self, name: str, fixture: Fixture, mode: Mode) -> range:
        """Rows of all cells of one fixture."""
        first, count = len(self.rows), mode.cell_count
        region = fixture.follow.region if fixture.control == "follow" and fixture.follow else ""
        control = _control(fixture)
        on_wall = control in (FOLLOW, INTENSITY_ONLY)
        smoothing = (fixture.smoothing or self.show.regions[region].smoothing) if region else None
        value = {
            "control": control,
            "gain": 2.0 ** (fixture.trims.intensity + (self.show.exposure if on_wall else 0.0)),
            "saturation": fixture.trims.saturation,
            "own_xyz": own_xyz(fixture.colour, self.white_xyz),
            "own_level": fixture.level,
            "blackout_on_loss": fixture.on_loss == "blackout" and bool(region),
            "filter": FILTERS.index(smoothing.filter) if smoothing else 0,
            "attack_s": smoothing.attack_s if smoothing else 0.0,
            "release_s": smoothing.release_s if smoothing else 0.0,
        }
        for cell, area in enumerate(self._areas(region, fixture.cells or Cells(columns=count))):
            self.rows.append(Row(name, cell, region))
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
        arrays["keys"] = np.array([_key(row) for row in self.rows], np.uint64)
        arrays["places"] = self._places(arrays["area"])
        return arrays | {f"runs.{name}": array for name, array in runs.arrays().items()}

    def _places(self, area: npt.NDArray[np.int32]) -> npt.NDArray[np.uint64]:
        """By row, equal where the same pixels are seen, in all maps of this desk; 0: none are."""
        of_areas = [hash(cutting) & _UINT64 or 1 for cutting in self.areas]
        return np.array([*of_areas, 0], np.uint64)[area]  # -1 is the 0 at the end


def _key(row: Row) -> int:
    """What stays the same of a row from map to map."""
    return int.from_bytes(blake2b(f"{row.fixture}\0{row.cell}".encode(), digest_size=8).digest(), "little")


def _control(fixture: Fixture) -> int:
    if fixture.control == "follow":
        return _TAKES[fixture.follow.take] if fixture.follow else OFF
    return MANUAL if fixture.control == "manual" else OFF


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
