"""A desk without light: plain values where the light path would be, and the real store."""

from typing import Any

from show.sample import Clock, sample_loaded

from lumad.show.store import Store

JPEG = b"\xff\xd8 a picture \xff\xd9"


class FakeDesk:
    def __init__(self) -> None:
        self.clock = Clock()
        self.store = Store(sample_loaded(), self.clock.later)
        self.reasons: list[str] = []
        self.number = 1
        self.widths: list[int] = []
        self.broken = False

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
            "engine": {"state": "running", "pid": 1, "rate": 30.0, "latency_ms": {"median": 2.0, "p95": 4.0}},
            "renderer": {"state": "running", "pid": 2},
            "outputs": [],
            "warnings": list(self.store.warnings),
            "unsaved": self.store.unsaved,
        }

    def ready(self) -> list[str]:
        return self.reasons

    def levels(self, universe: int) -> bytes | None:
        return bytes(range(256)) * 2 if universe == 1 else None

    def swatches(self) -> dict[str, Any]:
        return {
            "regions": {"sky-left": "#ff8800"},
            "fixtures": {"key": {"wall": ["#ff8800"], "light": ["#ffaa00"]}},
            "stage": {"key": {"light": ["#ffaa00"], "age_ms": 3, "protocol": "sacn"}},
        }

    async def preview(self, width: int) -> tuple[int, bytes] | None:
        self.widths.append(width)
        return (self.number, JPEG) if self.number else None

    def profiles(self) -> list[dict[str, Any]]:
        return [
            {"id": one.id, "name": one.name, "status": one.status, "modes": list(one.modes)}
            for one in self.store.profiles.values()
        ]


async def problem_in(response: Any, status: int) -> dict[str, Any]:
    assert response.status == status
    assert response.content_type == "application/problem+json"
    problem: dict[str, Any] = await response.json(content_type=None)
    assert (problem["status"], set(problem)) == (status, {"type", "title", "status", "detail", "faults"})
    assert "Traceback" not in problem["detail"]
    return problem
