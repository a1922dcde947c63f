"""Show to pixel map, on the desk: names become rows, fractions become pixels, profiles become slots."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lumad.colour.spaces import rgb_to_xyz
from lumad.errors import DocumentError
from lumad.frames.frame import Format
from lumad.model.calibration import Calibration
from lumad.model.camera import Camera
from lumad.model.fixture import Fixture
from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.pixelmap.areas import AreaStore, cuttings_of
from lumad.pixelmap.channels import Bundle, PatchedCell, join
from lumad.pixelmap.circuits import circuit_arrays
from lumad.pixelmap.columns import camera_columns, columns_of
from lumad.pixelmap.fallback import loss_arrays
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.plan import LampPlan
from lumad.pixelmap.routes import routes_of
from lumad.pixelmap.rows import Row, Rows
from lumad.pixelmap.sharing import Sharing, dims
from lumad.pixelmap.solvers import Solvers
from lumad.pixelmap.tables import Recipe, Table, key_of, wants_table
from lumad.sampling.formats import light_table
from lumad.sampling.runs import Runs, runs_of

Floats = npt.NDArray[np.float64]


class Measured(Protocol):
    """Where measurements of lamps and cameras lie; DocumentError if one cannot be read."""

    def calibration(self, file: str) -> Calibration:
        """What was measured of one lamp."""

    def camera(self, file: str) -> Camera:
        """What a camera makes of wall and lamps."""


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
    circuits: tuple[str, ...]
    regions: tuple[str, ...]  # every region of the show,
    region_runs: Runs  # and the pixels of each: what the page's swatches sample
    recipes: dict[str, Recipe]  # colour tables that would serve it, by key
    faults: dict[str, str]  # what could not be made as the show says, by name, and what happens instead
    tables: Mapping[str, Table]  # those there were when it was compiled
    solvers: Solvers

    def plan_of(self, fixture: str) -> LampPlan | None:
        """How a fixture is driven; None for drafts that nobody accepted."""
        return self._plans_by_fixture.get(fixture)

    @cached_property
    def _plans_by_fixture(self) -> dict[str, LampPlan]:
        return {self.rows[cell.row].fixture: plan for plan in self.plans for cell in plan.cells}

    @cached_property
    def pixel_map(self) -> PixelMap:
        """The same map for use in this process (swatches, explain, probe)."""
        return PixelMap.from_message(self.body, self.arrays, self.tables, self.solvers)


def compile_show(
    show: Show,
    profiles: Mapping[str, Profile],
    fmt: Format,
    revision: int = 0,
    *,
    interface: str | None = None,
    store: AreaStore | None = None,
    measured: Measured | None = None,
    tables: Mapping[str, Table] = MappingProxyType({}),
    solvers: Solvers | None = None,
) -> Compiled:
    """Compiles a checked show (`model.patch.faults_of` found nothing) for frames of one format.

    `interface` serves the outputs that name none; `store` keeps areas, `solvers` solvers, from the compile
    before; `measured` reads the files that fixtures and `match` name; `tables` are the ones there are.
    """
    store = store or AreaStore()
    store.begin()
    wall_to_xyz = rgb_to_xyz(fmt.primaries_value, fmt.white_value)
    universes = sorted({fixture.universe for fixture in show.fixtures.values()})
    rows = Rows(show, fmt, wall_to_xyz.sum(axis=1), store)
    plans = _Plans(show, profiles, wall_to_xyz, measured)
    sharing = Sharing(show, interface)
    safe_levels = np.zeros((len(universes), 512), np.uint8)
    owned = np.zeros((len(universes), 512), np.bool_)
    follower = np.full((len(universes), 512), -1, np.int32)
    for name, fixture in show.fixtures.items():
        profile = profiles[fixture.profile]
        mode = profile.modes[fixture.mode]
        universe_row = universes.index(fixture.universe)
        levels = np.frombuffer(mode.base_levels(), np.uint8)
        slots = slice(fixture.address - 1, fixture.address - 1 + len(levels))
        safe_levels[universe_row, slots], owned[universe_row, slots] = levels, True
        if profile.status == "draft" and not fixture.accept_draft:
            continue  # nobody confirmed the table: the fixture stays at its safe values
        first_slot = universe_row * 512 + fixture.address - 1
        added = rows.add(name, fixture, mode)
        follower[universe_row, slots] = added[0] if fixture.followed else -1
        cells = [PatchedCell(row, first_slot, cell) for cell, row in enumerate(added)]
        plan = plans.of(name, fixture)
        plan.cells += cells
        if show.inputs:
            sharing.add(name, fixture, plan, cells)
    arrays: dict[str, npt.NDArray[Any]] = {
        "table": light_table(fmt.pixel, fmt.transfer, fmt.range, fmt.peak_nits),
        "wall_to_xyz": wall_to_xyz,
        "universes": np.array(universes, np.uint32),
        "safe_levels": safe_levels,
        "owned": owned,
        "follower": follower,
        **rows.arrays(),
        **loss_arrays(show, rows.names, rows.white_xyz),
    }
    lamps: list[dict[str, Any]] = []
    bundles: list[Bundle] = []
    values = 0
    for number, plan in enumerate(plans.all):
        own_rows = f"lamps.{number}.rows"
        arrays[own_rows] = np.array([cell.row for cell in plan.cells], np.int32)
        lamps.append(plan.describe(own_rows, wall_to_xyz, arrays))
        bundles += plan.bundles(values)
        values += plan.value_count
    recipes = plans.recipes()
    body = {
        "revision": revision,
        "format": fmt.to_json(),
        "routes": [route.to_json() for route in routes_of(show, interface)],
        "lamps": lamps,
        "writers": join(bundles, arrays),
        "tables": list(recipes),
        "inputs": sharing.inputs(),
        "shares": sharing.describe(arrays),
    }
    arrays |= circuit_arrays(show, profiles, rows.names)
    region_runs, dark = _region_runs(show, fmt, store)
    return Compiled(
        revision=revision,
        format=fmt,
        body=body,
        arrays=arrays,
        rows=tuple(rows.names),
        plans=plans.all,
        footprints={n: profiles[f.profile].modes[f.mode].footprint for n, f in show.fixtures.items()},
        circuits=tuple(show.circuits),
        regions=tuple(show.regions),
        region_runs=region_runs,
        recipes=recipes,
        faults=dark | plans.faults,
        tables={key: tables[key] for key in recipes if key in tables},
        solvers=solvers or Solvers(),
    )


def _region_runs(show: Show, fmt: Format, store: AreaStore) -> tuple[Runs, dict[str, str]]:
    """The pixels of every whole region, and those regions that stay black."""
    whole = {name: cuttings_of(show.regions, name, None, fmt.width, fmt.height)[0] for name in show.regions}
    runs = runs_of([store.area(cutting) for cutting in whole.values()], fmt.width, fmt.height)
    faults = {
        f"region {name}": f"{store.faults[cut]}; it stays black"
        for name, cut in whole.items()
        if cut in store.faults
    }
    return runs, faults


@dataclass
class _Plans:
    """One plan for all fixtures that are driven alike."""

    show: Show
    profiles: Mapping[str, Profile]
    wall_to_xyz: Floats
    measured: Measured | None
    faults: dict[str, str] = field(default_factory=dict)
    _plans: dict[tuple[Any, ...], LampPlan] = field(default_factory=dict)

    @property
    def all(self) -> tuple[LampPlan, ...]:
        """In the order of the patch."""
        return tuple(self._plans.values())

    def recipes(self) -> dict[str, Recipe]:
        """Of the colour tables that would serve them, by key; the one most waited for comes first."""
        made = {}
        for plan in sorted(self.all, key=lambda plan: -plan.burden):
            recipe = plan.recipe(self.wall_to_xyz)
            if recipe and wants_table(recipe):
                made[key_of(recipe)] = recipe
        return made

    def of(self, name: str, fixture: Fixture) -> LampPlan:
        """The plan of a fixture."""
        key = (
            fixture.profile,
            fixture.mode,
            fixture.calibration,
            fixture.white_preference,
            fixture.gamut,
            fixture.neutral_cct,
            fixture.serial if self._camera else "",
            dims(fixture),
        )
        if key not in self._plans:
            self._plans[key] = self._new(name, fixture)
        plan = self._plans[key]
        doubt = self._camera and self._camera.doubt(plan.profile, plan.mode, fixture.serial)
        if doubt:
            self._say(name, f"{self._camera_file} {doubt}")
        return plan

    def _say(self, name: str, fault: str) -> None:
        at = f"fixture {name}"
        self.faults[at] = f"{self.faults[at]}; {fault}" if at in self.faults else fault

    def _new(self, name: str, fixture: Fixture) -> LampPlan:
        profile = self.profiles[fixture.profile]
        mode = profile.modes[fixture.mode]
        calibration = self._calibration(name, fixture)
        camera = self._camera
        seen = camera_columns(profile, mode, fixture.serial, camera, self.wall_to_xyz) if camera else None
        return LampPlan(
            profile,
            mode,
            columns_of(profile, mode, calibration) if seen is None else seen,
            calibration,
            fixture.white_preference,
            fixture.gamut == "closest",
            fixture.neutral_cct,
            seen is not None,
            dims(fixture),
        )

    def _calibration(self, name: str, fixture: Fixture) -> Calibration | None:
        if fixture.calibration is None or self.measured is None:
            return None
        try:
            return self.measured.calibration(fixture.calibration)
        except DocumentError as error:
            self._say(name, f"{error.faults[0]}; it counts as not calibrated")
            return None

    @property
    def _camera_file(self) -> str:
        match = self.show.match
        return "" if isinstance(match, str) else match.camera

    @cached_property
    def _camera(self) -> Camera | None:
        if not self._camera_file or self.measured is None:
            return None
        try:
            return self.measured.camera(self._camera_file)
        except DocumentError as error:
            self.faults["match"] = f"{error.faults[0]}; lamps are matched for the eye"
            return None
