"""What the door may see of the running light: `api.desk.Desk`, made of the light path."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from lumad.api import jpeg
from lumad.daemon.explanation import explanation
from lumad.daemon.light import LightPath
from lumad.daemon.lookout import Lookout
from lumad.daemon.swatches import Swatches
from lumad.frames.frame import Frame
from lumad.input.receiver import Receiver
from lumad.library.native import write_profile
from lumad.pixelmap.rows import fixture_key
from lumad.show.journal import Journal
from lumad.show.profiles import Profiles
from lumad.show.store import Store
from lumad.show.takes import Takes

LOST_MS = 250  # contract: no new frame number for so long


class Views:
    """The running light path, seen from outside; every value is read when it is asked for."""

    def __init__(
        self,
        light: LightPath,
        receiver: Receiver | None,
        warnings: list[str],
        journal: Journal,
        library: Path,
        *,
        lookout: Lookout,
        takes: Takes,
    ) -> None:
        self.store: Store = light.store
        self.journal = journal
        self.takes = takes
        self._library = library
        self._lookout = lookout
        self._light = light
        self._swatches = Swatches(light, receiver)
        self._warnings = warnings

    def attend(self, *, present: bool) -> None:
        """See LightPath."""
        self._light.attend(present=present)

    def status(self) -> dict[str, Any]:
        """Feed, engine, renderer, outputs, warnings."""
        engine, wall = self._light.engine, self._light.wall
        health = engine.health
        return {
            "feed": self._feed(),
            "engine": {
                "state": engine.state,
                "pid": engine.pid,
                "restarts": engine.restarts,
                **{key: value for key, value in health.items() if key not in {"outputs", "nodes", "pid"}},
                "latency_ms": health.get("latency_ms", {"median": None, "p95": None}),
            },
            "renderer": {"state": wall.state, "pid": wall.pid, "restarts": wall.restarts},
            "outputs": health.get("outputs", []),
            "nodes": health.get("nodes", []),
            "conflicts": self._lookout.conflicts(),
            "flashing": self._flashing(health.get("flashing", ())),
            "circuits": self._swatches.circuits(),
            "warnings": [
                *self._warnings,
                *self.store.warnings,
                *self._light.faults,
                *self._failing(),
                *self._standing_by(),
                *self._consoles(),
                *self._lookout.warnings,
            ],
            "unsaved": self.store.unsaved,
        }

    def _feed(self) -> dict[str, Any]:
        ring, health = self._light.ring, self._light.wall.health
        age = (time.monotonic_ns() - ring.heartbeat_ns) / 1e6 if ring and ring.heartbeat_ns else None
        alive = age is not None and age <= LOST_MS
        return {
            "state": "playing"
            if alive
            else "failed"
            if health.get("error")
            else "lost"
            if age
            else "starting",
            "fps": health.get("fps"),
            "age_ms": None if age is None else round(age, 1),
            "number": ring.published if ring else 0,
            "picture": health.get("picture", ""),
            "error": health.get("error") or None,
            "size": [ring.format.width, ring.format.height] if ring else None,
        }

    def _flashing(self, keys: Iterable[int]) -> list[str]:
        """Lamps that flash too often just now, be it that they are held."""
        wanted = set(keys)
        return [name for name in self.store.show.fixtures if wanted and fixture_key(name) in wanted]

    def _failing(self) -> list[str]:
        outputs = self._light.engine.health.get("outputs", [])
        failing = [
            f"{each['protocol']} to {each['to']}: {each['last_error']}" for each in outputs if each["failing"]
        ]
        error = self._light.wall.health.get("error")
        return failing + ([f"picture: {error}; the lights hold"] if error else [])

    def _consoles(self) -> list[str]:
        """Inputs that hear nothing, or not any more."""
        inputs = self._light.engine.health.get("inputs", [])
        lost = [
            f"input {each['name']}: the console fell silent; what it drove holds, or is lumad's again"
            for each in inputs
            if each["state"] == "lost"
        ]
        return lost + [f"input {each['name']}: {text}" for each in inputs for text in each["warnings"]]

    def _standing_by(self) -> list[str]:
        """What somebody should know who looks at a standby."""
        standby = self._light.engine.health.get("standby") or {}
        if standby.get("state") == "active":
            there = "is heard again" if standby["heard"] else "is not heard"
            return [f"this standby has the light; its primary, {standby['primary']}, {there}"]
        return [f"standby: {standby['note']}"] if standby.get("note") else []

    def ready(self) -> list[str]:
        """Why frames or output do not run."""
        reasons = []
        if self._feed()["state"] != "playing":
            reasons.append("no frames come from the wall")
        health = self._light.engine.health
        silent = not health.get("sent") and health.get("standby", {}).get("state", "active") == "active"
        if self._light.engine.state != "running" or silent:
            reasons.append("the engine sends nothing yet")
        return reasons

    def levels(self, universe: int) -> bytes | None:
        """The newest levels that left."""
        return self._light.block.read().of(universe)

    def all_levels(self) -> dict[int, bytes]:
        """The same of every universe."""
        light = self._light.block.read()
        pairs = zip(light.universes.tolist(), light.levels, strict=True)
        return {universe: levels.tobytes() for universe, levels in pairs}

    async def listen(self, universe: int | None = None) -> None:
        """See Lookout."""
        await self._lookout.listen(universe)

    def network(self, *, levels: bool) -> dict[str, Any]:
        """See Lookout."""
        conflicts = self._lookout.conflicts()
        return {**self._lookout.network(levels=levels), "conflicts": conflicts}

    def universe(self, protocol: Literal["sacn", "artnet"], number: int) -> dict[str, Any] | None:
        """See Lookout."""
        self._lookout.ask(number if protocol == "sacn" else None)
        return self._lookout.universe(protocol, number)

    def swatches(self) -> dict[str, Any]:
        """See Swatches."""
        return self._swatches.all(time.monotonic())

    def stand_by(self, do: str) -> None:
        """On to the engine, which decides."""
        self._light.engine.tell("standby", {"do": do})

    async def preview(self, width: int) -> tuple[int, bytes] | None:
        """The newest frame as JPEG."""
        return await asyncio.to_thread(self._encode, width)

    def _encode(self, width: int) -> tuple[int, bytes] | None:
        ring = self._light.ring
        for _ in range(3):
            frame: Frame | None = ring.latest() if ring else None
            if ring is None or frame is None:
                return None
            data = jpeg.encode(frame, width)
            if ring.intact(frame):
                return frame.number, data
        return None

    async def explain(self, name: str) -> dict[str, Any] | None:
        """See explanation."""
        return explanation(self._light, name)

    async def keep_profile(self, form: Mapping[str, Any]) -> None:
        """Into the user's library, from where it can be patched at once."""
        await asyncio.to_thread(write_profile, self._library, form)
        if isinstance(self.store.profiles, Profiles):
            self.store.profiles.library.look_again()
