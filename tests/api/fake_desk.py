"""A desk without light: plain values where the light path would be, and the real store."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from show.sample import Clock, sample_loaded

from lumad.model.profile import Profile
from lumad.show.journal import Journal
from lumad.show.store import Store
from lumad.show.takes import Takes

JPEG = b"\xff\xd8 a picture \xff\xd9"

EXPLAINED: dict[str, Any] = {
    "frame": 7,
    "cells": [],
    "wanted": [12],
    "levels": [12],
    "universe": 1,
    "address": 1,
    "age_ms": 3.0,
    "outputs": [],
}


class FakeDesk:
    def __init__(self, folder: Path | None = None) -> None:
        self.clock = Clock()
        self.store = Store(sample_loaded(), self.clock.later)
        self.journal = Journal(None, self.clock.later, lambda: self.clock.now)
        self.takes = Takes(folder or Path("/nowhere"))
        self.explained: dict[str, Any] | None = {**EXPLAINED}
        self.reasons: list[str] = []
        self.number = 1
        self.widths: list[int] = []
        self.standby: dict[str, Any] | None = None
        self.stood_by: list[str] = []
        self.broken = False
        self.listened: list[int | None] = []
        self.level = 0
        self.attended = False

    def attend(self, *, present: bool) -> None:
        self.attended = present

    def status(self) -> dict[str, Any]:
        if self.broken:
            raise ZeroDivisionError
        return {
            "feed": {
                "state": "live",
                "fps": 30.0,
                "age_ms": 8,
                "number": self.number,
                "picture": [1280, 720],
            },
            "engine": {"state": "running", "pid": 1, "rate": 30.0, "latency_ms": {"median": 2.0, "p95": 4.0}}
            | ({"standby": self.standby} if self.standby else {}),
            "renderer": {"state": "running", "pid": 2},
            "outputs": [],
            "warnings": list(self.store.warnings),
            "unsaved": self.store.unsaved,
        }

    def ready(self) -> list[str]:
        return self.reasons

    def levels(self, universe: int) -> bytes | None:
        return bytes([self.level, *range(1, 256), *range(256)]) if universe == 1 else None

    async def listen(self, universe: int | None = None) -> None:
        self.listened.append(universe)

    def network(self, *, levels: bool) -> dict[str, Any]:
        return {"universes": [], "announced": [], "counts": {}, "conflicts": [], "levels": levels}

    def universe(self, protocol: str, number: int) -> dict[str, Any] | None:
        source = {"source": "00" * 15 + "01", "name": "console", "address": "10.0.0.9", "levels": [7, 8]}
        told = {"protocol": protocol, "universe": number, "levels": [9] * 512, "sources": [source]}
        return told if (protocol, number) == ("sacn", 1) else None

    def swatches(self) -> dict[str, Any]:
        return {
            "regions": {"sky-left": "#ff8800"},
            "fixtures": {"key": {"wall": ["#ff8800"], "light": ["#ffaa00"]}},
            "stage": {"key": {"light": ["#ffaa00"], "age_ms": 3, "protocol": "sacn"}},
        }

    def stand_by(self, do: str) -> None:
        self.stood_by.append(do)

    async def preview(self, width: int) -> tuple[int, bytes] | None:
        self.widths.append(width)
        return (self.number, JPEG) if self.number else None

    async def explain(self, name: str) -> dict[str, Any] | None:
        return self.explained and {**self.explained, "fixture": name}

    async def keep_profile(self, form: Mapping[str, Any]) -> None:
        self.store.profiles = {**self.store.profiles, form["id"]: Profile.model_validate(form)}


async def problem_in(response: Any, status: int) -> dict[str, Any]:
    assert response.status == status
    assert response.content_type == "application/problem+json"
    problem: dict[str, Any] = await response.json(content_type=None)
    assert (problem["status"], set(problem)) == (status, {"type", "title", "status", "detail", "faults"})
    assert "Traceback" not in problem["detail"]
    return problem
