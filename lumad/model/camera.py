"""A camera file: what one camera makes of the wall and of each emitter, for matching in its colours."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from lumad.model.noun import Name, Noun, Text, Three, Version, complaint
from lumad.model.profile import PROFILE_ID

SERIAL = "serial:"


def _seen(value: Three) -> Three:
    if min(value) < 0:
        raise complaint(
            f"{list(value)}: a camera sees no negative light; subtract the black frame, then stop at 0"
        )
    if max(value) <= 0:
        raise complaint("the camera sees no light; leave out what it does not see, it stays dark")
    return value


def _lamp(value: str) -> str:
    if PROFILE_ID.fullmatch(value) or (value.startswith(SERIAL) and value.removeprefix(SERIAL).strip()):
        return value
    raise complaint(f"{value!r} is no lamp; write a profile id, or serial:NUMBER for one lamp alone")


Seen = Annotated[Three, AfterValidator(_seen)]
Lamp = Annotated[dict[Name, Seen], Field(min_length=1)]


class WallSeen(Noun):
    """Camera RGB of the wall in full red, green and blue."""

    r: Seen
    g: Seen
    b: Seen

    @model_validator(mode="after")
    def _tells_colours_apart(self) -> Self:
        (a, b, c), (d, e, f), (g, h, i) = (
            [value / sum(seen) for value in seen] for seen in (self.r, self.g, self.b)
        )
        if abs(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) < 1e-4:
            raise complaint(
                "the camera sees red, green and blue alike; show the wall in one of them at a time"
            )
        return self


class Camera(Noun):
    """Linear camera RGB on a grey card, one exposure throughout; `lamps`: each emitter alone at full."""

    camera: Version
    name: Text = ""
    note: Text = ""
    wall: WallSeen
    lamps: dict[Annotated[str, AfterValidator(_lamp)], Lamp] = Field(default_factory=dict)

    def emitters_of(self, profile_id: str, serial: str = "") -> dict[str, tuple[float, float, float]]:
        """Camera RGB of a lamp's emitters: its own by serial, else those of its profile, else none."""
        own = self.lamps.get(f"{SERIAL}{serial}") if serial else None
        return own or self.lamps.get(profile_id, {})
