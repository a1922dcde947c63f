"""Live values: what a thumb moves; they never recompile the show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Live:
    """`master` is a factor on emitted light, 0..1, linear (faders put a square law before it).

    `blackout` puts every lamp out; `freeze` holds the light on purpose.
    """

    master: float = 1.0
    blackout: bool = False
    freeze: bool = False

    @property
    def light(self) -> float:
        """Factor on emitted light, 0..1: the master, 0 in a blackout."""
        return 0.0 if self.blackout else self.master

    def to_json(self) -> dict[str, Any]:
        """Plain values for the control channel and the saved show."""
        return {"master": self.master, "blackout": self.blackout, "freeze": self.freeze}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; missing values are the defaults."""
        return cls(
            min(max(float(body.get("master", 1.0)), 0.0), 1.0),
            bool(body.get("blackout", False)),
            bool(body.get("freeze", False)),
        )
