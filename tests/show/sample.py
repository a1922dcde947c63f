"""A small show with its profiles, and a clock that passes when a test says so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lumad.library.measurements import Measurements
from lumad.link.live import Live
from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.show.files import Loaded

SHOW_YAML = """\
show: 1
name: Micro stage
regions:
  sky-left: {shape: rect, center: [0.2, 0.25], size: [0.3, 0.4]}
  sky-right: {center: [0.8, 0.25], size: [0.3, 0.4]}
fixtures:
  key: {profile: example/dimmer, mode: "8bit", universe: 1, address: 1, follow: sky-left}
  fill:
    profile: example/dimmer
    mode: "8bit"
    universe: 1
    address: 2
    follow: {region: sky-left, take: intensity}
outputs:
  - {protocol: sacn, universes: "1", to: 127.0.0.1}
"""
PROFILE_YAML = """\
id: example/dimmer
name: Dimmer
provenance: [{doc: made up for tests, status: community}]
modes:
  "8bit":
    colour: {model: dimmer}
    curve: linear
    channels: [{attribute: Dimmer, offset: [1]}]
"""
PROFILE: dict[str, Any] = {
    "id": "example/dimmer",
    "name": "Dimmer",
    "provenance": [{"doc": "made up for tests", "status": "community"}],
    "modes": {"8bit": {"colour": {"model": "dimmer"}, "channels": [{"attribute": "Dimmer", "offset": [1]}]}},
}
RECT = {"shape": "rect", "center": [0.2, 0.25], "size": [0.3, 0.4]}


def sample_show() -> Show:
    lamp = {"profile": "example/dimmer", "mode": "8bit", "universe": 1}
    return Show.model_validate(
        {
            "show": 1,
            "name": "Micro stage",
            "regions": {"sky-left": RECT, "sky-right": {**RECT, "center": [0.8, 0.25]}},
            "fixtures": {
                "key": {**lamp, "address": 1, "follow": "sky-left"},
                "fill": {**lamp, "address": 2, "follow": {"region": "sky-left", "take": "intensity"}},
            },
            "outputs": [{"protocol": "sacn", "universes": "1", "to": ["127.0.0.1"]}],
        }
    )


def sample_profiles() -> dict[str, Profile]:
    return {"example/dimmer": Profile.model_validate(PROFILE)}


def sample_loaded(*save_paths: Path, fresh: bool = False) -> Loaded:
    return Loaded(
        sample_show(),
        Live(),
        1,
        sample_profiles(),
        Measurements(Path()),
        "0" * 64,
        (),
        save_paths,
        fresh=fresh,
    )


class Clock:
    """`later` notes what is due; `pass_by` runs what comes due until then."""

    def __init__(self) -> None:
        self.now = 0.0
        self.due: list[tuple[float, Callable[[], None]]] = []

    def later(self, delay: float, call: Callable[[], None]) -> "Clock.Timer":
        entry = (self.now + delay, call)
        self.due.append(entry)
        return Clock.Timer(self, entry)

    def pass_by(self, seconds: float) -> None:
        self.now += seconds
        ready = [entry for entry in self.due if entry[0] <= self.now]
        self.due = [entry for entry in self.due if entry[0] > self.now]
        for _, call in ready:
            call()

    class Timer:
        def __init__(self, clock: "Clock", entry: tuple[float, Callable[[], None]]) -> None:
            self._clock, self._entry = clock, entry

        def cancel(self) -> None:
            self._clock.due = [entry for entry in self._clock.due if entry is not self._entry]
