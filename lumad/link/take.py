"""The take that is being shot: its slate, and what may move while it rolls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

LONGEST = 40  # characters of a scene's or shot's name


@dataclass(frozen=True, slots=True)
class Take:
    """While it is `rolling`, viewers and operators edit nothing but blackout, master, and the `ride` faders.

    `scene` and `shot` are names, `take` a number from 1; `ride`: fixtures whose intensity stays in hand.
    """

    rolling: bool = False
    scene: str = ""
    shot: str = ""
    take: int = 1
    ride: tuple[str, ...] = ()

    @property
    def slate(self) -> str:
        """`scene 12, shot A, take 3`, as far as there are names."""
        named = [f"{word} {name}" for word, name in (("scene", self.scene), ("shot", self.shot)) if name]
        return ", ".join([*named, f"take {self.take}"])

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "rolling": self.rolling,
            "scene": self.scene,
            "shot": self.shot,
            "take": self.take,
            "ride": list(self.ride),
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """The inverse of `to_json`; missing values are the defaults."""
        return cls(
            bool(body.get("rolling", False)),
            str(body.get("scene", ""))[:LONGEST],
            str(body.get("shot", ""))[:LONGEST],
            max(1, int(body.get("take", 1))),
            tuple(str(one) for one in body.get("ride", ())),
        )
