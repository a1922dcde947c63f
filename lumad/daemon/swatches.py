"""Colours to show: what each region shows, what each lamp gives, and what came back from the wire."""

from typing import Any

import numpy as np
import numpy.typing as npt

from lumad.colour.spaces import xyz_to_srgb8
from lumad.daemon.light import LightPath
from lumad.frames.frame import Frame
from lumad.input.arbiter import Arbiter
from lumad.input.receiver import Receiver
from lumad.input.stage import StageLamp
from lumad.model.calibration import Calibration
from lumad.model.profile import Profile
from lumad.pixelmap.compile import Compiled
from lumad.pixelmap.explain import judged
from lumad.pixelmap.plan import LampPlan
from lumad.sampling.formats import ootf_of
from lumad.sampling.kernel import Sampler

_Key = tuple[int, str, bytes, bytes, int]
_Made = dict[_Key, tuple[StageLamp, Profile, Calibration | None]]  # the last two: their ids stay theirs


def hexes(xyz: npt.NDArray[np.float64]) -> list[str]:
    """`#rrggbb` of XYZ (N, 3), white Y = 1."""
    return ["#{:02x}{:02x}{:02x}".format(*colour) for colour in xyz_to_srgb8(xyz).tolist()]


class _Regions:
    """Samples every region of the show, followed or not, for one compiled map."""

    def __init__(self, compiled: Compiled) -> None:
        self._names = compiled.regions
        self._to_xyz = compiled.pixel_map.wall_to_xyz
        table, pixel = compiled.arrays["table"], compiled.format.pixel
        ootf = ootf_of(compiled.format.transfer, compiled.format.peak_nits)
        self._sampler = Sampler(compiled.region_runs, table, pixel, luminance=self._to_xyz[1], ootf=ootf)

    def colours(self, frame: Frame) -> dict[str, str]:
        """Colour of each region in the picture."""
        xyz = self._sampler.sample(frame.pixels) @ self._to_xyz.T
        return dict(zip(self._names, hexes(xyz), strict=True))


class Swatches:
    """Reads what the light path shares; keeps what it compiled for one map."""

    def __init__(self, light: LightPath, receiver: Receiver | None) -> None:
        self._light = light
        self._receiver = receiver
        self._compiled: Compiled | None = None
        self._regions: _Regions | None = None
        self._lamps: dict[str, StageLamp] = {}
        self._made: _Made = {}
        self._watts: dict[str, float] = {}

    def all(self, now: float) -> dict[str, Any]:
        """`regions`, `fixtures`, `stage`: colours by name; `now` in seconds of the receiver's clock."""
        compiled = self._light.compiled
        if compiled is None:
            return {"regions": {}, "fixtures": {}}
        if compiled is not self._compiled:
            self._prepare(compiled)
        frame = self._light.ring.latest() if self._light.ring else None
        fitting = frame if frame and frame.format == compiled.format else None
        return {
            "regions": self._regions.colours(fitting) if fitting and self._regions else {},
            "fixtures": self._fixtures(compiled, fitting),
            **({"stage": self._stage(self._receiver.arbiter, now)} if self._receiver else {}),
        }

    def circuits(self) -> dict[str, dict[str, float]]:
        """By circuit, the watts it drew when somebody looked last, an estimate, and what it may draw."""
        return {
            name: {"watts": round(self._watts[name]), "limit_w": circuit.limit_w}
            for name, circuit in self._light.store.show.circuits.items()
            if name in self._watts
        }

    def _prepare(self, compiled: Compiled) -> None:
        show, profiles = self._light.store.show, self._light.store.profiles
        self._compiled = compiled
        self._regions = _Regions(compiled)
        before, self._made = self._made, {}  # a drag brings sixty maps a second, and no new lamp
        self._lamps = {
            name: self._lamp(before, profiles[fixture.profile], fixture.mode, compiled.plan_of(name))
            for name, fixture in show.fixtures.items()
        }

    def _lamp(self, before: _Made, profile: Profile, mode: str, plan: LampPlan | None) -> StageLamp:
        """The lamp of a mode, made once: lamps that are driven alike shine alike."""
        assert self._compiled is not None
        white = self._compiled.pixel_map.white_xyz
        columns, calibration = (plan.columns, plan.calibration) if plan else (None, None)
        key = (
            id(profile),
            mode,
            white.tobytes(),
            b"" if columns is None else columns.tobytes(),
            id(calibration),
        )
        made = self._made.get(key) or before.get(key)
        if made is None:
            lamp = StageLamp(profile, profile.modes[mode], white, columns=columns, calibration=calibration)
            made = lamp, profile, calibration
        self._made[key] = made
        return made[0]

    def _fixtures(self, compiled: Compiled, frame: Frame | None) -> dict[str, dict[str, list[str]]]:
        wall: dict[str, list[str]] = {}
        limits: dict[str, list[str]] = {}
        if frame:
            samples = compiled.pixel_map.sample(frame)
            for row, colour in zip(
                compiled.rows, hexes(samples @ compiled.pixel_map.wall_to_xyz.T), strict=True
            ):
                wall.setdefault(row.fixture, []).append(colour)
            told = judged(compiled, samples, self._light.store.live)
            limits, self._watts = told.limits, told.watts
        sent = self._light.block.read()
        fixtures = {}
        for name, fixture in self._light.store.show.fixtures.items():
            levels = sent.of(fixture.universe)
            light = self._given(name, levels, fixture.address)
            fixtures[name] = {"wall": wall.get(name, []), "light": light, "limits": limits.get(name, [])}
        return fixtures

    def _given(self, name: str, levels: bytes | None, address: int) -> list[str]:
        """What the lamp makes of the levels of its universe."""
        lamp = self._lamps.get(name)
        if lamp is None or levels is None:
            return []
        return hexes(lamp.light(levels[address - 1 : address - 1 + lamp.footprint]))

    def _stage(self, arbiter: Arbiter, now: float) -> dict[str, dict[str, Any]]:
        """By fixture, the light of the packets that really arrived."""
        stage = {}
        show = self._light.store.show
        numbers: dict[int, list[tuple[Any, int]]] = {}
        for output in show.outputs:
            wire = output.port_addresses() or output.universe_list()
            for universe, number in zip(output.universe_list(), wire, strict=True):
                numbers.setdefault(universe, []).append((output.protocol, number))
        for name, fixture in show.fixtures.items():
            for protocol, number in numbers.get(fixture.universe, []):
                stream = arbiter.live(protocol, number, now)
                if stream is not None:
                    stage[name] = {
                        "light": self._given(name, stream.levels.ljust(512, b"\0"), fixture.address),
                        "age_ms": round((now - stream.time) * 1000),
                        "protocol": protocol,
                        "universe": number,
                    }
                    break
        return stage
