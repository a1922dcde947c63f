"""Live values: what a thumb moves; they never recompile the show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

from lumad.link.take import Take


@dataclass(frozen=True, slots=True)
class Live:
    """`master` is a factor on emitted light, 0..1, linear (faders put a square law before it).

    `blackout` puts every lamp out; `freeze` holds the light on purpose. `solo`: the only fixtures that shine,
    () for all; `identify`: fixtures that show themselves; both by name, in the engine by key. `cue`: the
    number of the cue that went last; `take` the one that is shot.
    `flash_guard`: off, warn or limit, what holds for light that follows the wall; only the engine has it.
    """

    master: float = 1.0
    blackout: bool = False
    freeze: bool = False
    solo: tuple[str | int, ...] = ()
    identify: tuple[str | int, ...] = ()
    cue: float | None = None
    take: Take = field(default_factory=Take)
    flash_guard: str = "limit"

    @property
    def light(self) -> float:
        """Factor on emitted light, 0..1: the master, 0 in a blackout."""
        return 0.0 if self.blackout else self.master

    @property
    def kept(self) -> Self:
        """What outlives a restart: all but identify."""
        return replace(self, identify=())

    def among(self, fixtures: Mapping[str, Any]) -> Self:
        """The same without fixtures that are not there: a solo of nobody would be a blackout."""
        solo = tuple(one for one in self.solo if one in fixtures)
        identify = tuple(one for one in self.identify if one in fixtures)
        ride = tuple(one for one in self.take.ride if one in fixtures)
        return replace(self, solo=solo, identify=identify, take=replace(self.take, ride=ride))

    def keyed(self, key_of: Callable[[str], int], flash_guard: str) -> dict[str, Any]:
        """Plain values for the engine, which knows fixtures by key."""
        chosen = {"solo": self.solo, "identify": self.identify}
        guard = {"flash_guard": flash_guard}
        return (
            self.to_json()
            | guard
            | {name: [key_of(str(one)) for one in some] for name, some in chosen.items()}
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values for pages and the saved show."""
        return {
            "master": self.master,
            "blackout": self.blackout,
            "freeze": self.freeze,
            "solo": list(self.solo),
            "identify": list(self.identify),
            "cue": self.cue,
            "take": self.take.to_json(),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; missing values are the defaults."""
        cue = body.get("cue")
        return cls(
            min(max(float(body.get("master", 1.0)), 0.0), 1.0),
            bool(body.get("blackout", False)),
            bool(body.get("freeze", False)),
            tuple(one for one in body.get("solo", ()) if isinstance(one, str | int)),
            tuple(one for one in body.get("identify", ()) if isinstance(one, str | int)),
            None if cue is None else float(cue),
            Take.from_json(body.get("take") or {}),
            str(body.get("flash_guard", "limit")),
        )
