"""What the door may see of the running light: `api.desk.Desk`, made of the light path."""

import asyncio
import time
from typing import Any

from lumad.api import jpeg
from lumad.daemon.light import LightPath
from lumad.daemon.swatches import Swatches
from lumad.frames.frame import Frame
from lumad.input.receiver import Receiver
from lumad.show.store import Store

LOST_MS = 250  # contract: no new frame number for so long


class Views:
    """The running light path, seen from outside; every value is read when it is asked for."""

    def __init__(self, light: LightPath, receiver: Receiver | None, warnings: list[str]) -> None:
        self.store: Store = light.store
        self._light = light
        self._swatches = Swatches(light, receiver)
        self._warnings = warnings

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
            "warnings": [
                *self._warnings,
                *self.store.warnings,
                *self._light.faults,
                *self._failing(),
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

    def _failing(self) -> list[str]:
        outputs = self._light.engine.health.get("outputs", [])
        failing = [
            f"{each['protocol']} to {each['to']}: {each['last_error']}" for each in outputs if each["failing"]
        ]
        error = self._light.wall.health.get("error")
        return failing + ([f"picture: {error}; the lights hold"] if error else [])

    def ready(self) -> list[str]:
        """Why frames or output do not run."""
        reasons = []
        if self._feed()["state"] != "playing":
            reasons.append("no frames come from the wall")
        if self._light.engine.state != "running" or not self._light.engine.health.get("sent"):
            reasons.append("the engine sends nothing yet")
        return reasons

    def levels(self, universe: int) -> bytes | None:
        """The newest levels that left."""
        return self._light.block.read().of(universe)

    def swatches(self) -> dict[str, Any]:
        """See Swatches."""
        return self._swatches.all(time.monotonic())

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

    def profiles(self) -> list[dict[str, Any]]:
        """Every profile there is."""
        return [
            {"id": name, "name": profile.name, "status": profile.status, "modes": list(profile.modes)}
            for name, profile in self.store.profiles.items()
        ]
