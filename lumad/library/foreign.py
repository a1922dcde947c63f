"""Channels as other libraries tell them, and what was found out about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lumad.errors import LumadError


class UnfitError(LumadError):
    """A mode that lumad cannot drive; says why. The other modes of the file are not concerned."""


class Span(NamedTuple):
    """Codes `first`..`last` mean `start`..`end` in `unit`, linearly; `neutral`: they change nothing."""

    first: int
    last: int
    start: float
    end: float
    unit: str = ""
    neutral: bool = False

    def form(self) -> dict[str, Any]:
        """As an entry of a native map."""
        alike = self.start == self.end
        form: dict[str, Any] = {"dmx": [self.first, self.last]}
        form["phys"] = (
            plain_number(self.start) if alike else [plain_number(self.start), plain_number(self.end)]
        )
        form |= {"unit": self.unit} if self.unit and not self.neutral else {}
        return form | ({"kind": "neutral"} if self.neutral else {})


def plain_number(value: float) -> int | float:
    """5600 instead of 5600.0."""
    return int(value) if value == int(value) else value


@dataclass(frozen=True, slots=True)
class Foreign:
    """One channel: GDTF attribute, slots from the fixture's address, codes in its own resolution.

    `place` is the pixel or geometry it belongs to, "" for the whole fixture; `held` why it is never driven;
    `colour_at` the code of a crossfade at which the colour channels shine, if the file tells it.
    """

    attribute: str
    offset: tuple[int, ...]
    place: str = ""
    default: int | None = None
    map: tuple[Span, ...] = ()
    emitter: str | None = None
    held: str = ""
    colour_at: int | None = None

    @property
    def highest(self) -> int:
        """Its highest code."""
        return (1 << 8 * len(self.offset)) - 1


@dataclass(frozen=True, slots=True)
class Findings:
    """What an import changed, does not know, and left out; each sentence once, in order."""

    repaired: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def take(self, parts: Sequence[tuple[str, "Findings"]]) -> None:
        """Takes over what was found about named parts; each thing once, with the parts it is true of."""
        for mine, key in ((self.repaired, "repaired"), (self.unknown, "unknown")):
            where: dict[str, list[str]] = {}
            for name, part in parts:
                for said in dict.fromkeys(getattr(part, key)):
                    where.setdefault(said, []).append(name)
            for said, names in where.items():
                few = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
                mine.append(said if len(names) == len(parts) else f"{said} ({few})")
