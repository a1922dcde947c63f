"""A camera file: what one camera makes of the wall and of each emitter, for matching in its colours."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from lumad.model.mode import Mode
from lumad.model.noun import LEAST_LIGHT, MOST_LIGHT, Name, Noun, Text, Three, Version, complaint
from lumad.model.profile import PROFILE_ID, Profile

SERIAL = "serial:"


def _seen(value: Three) -> Three:
    if min(value) < 0:
        raise complaint(
            f"{list(value)}: a camera sees no negative light; subtract the black frame, then stop at 0"
        )
    if max(value) > MOST_LIGHT or 0 < max(value) < LEAST_LIGHT:
        raise complaint(
            f"{list(value)} is out of reach: camera values are {LEAST_LIGHT:f} to {MOST_LIGHT:.0f}, or 0"
        )
    return value


def _bright(value: Three) -> Three:
    if max(value) <= 0:
        raise complaint("the camera sees no light of the wall")
    return value


def _lamp(value: str) -> str:
    if PROFILE_ID.fullmatch(value) or (value.startswith(SERIAL) and value.removeprefix(SERIAL).strip()):
        return value
    raise complaint(f"{value!r} is no lamp; write a profile id, or serial:NUMBER for one lamp alone")


Seen = Annotated[Three, AfterValidator(_seen)]  # all 0: an emitter that the camera does not see (UV)
Bright = Annotated[Seen, AfterValidator(_bright)]
Lamp = Annotated[dict[Name, Seen], Field(min_length=1)]


class WallSeen(Noun):
    """Camera RGB of the wall in full red, green and blue."""

    r: Bright
    g: Bright
    b: Bright

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
    """Linear camera RGB on a grey card, one exposure throughout; `lamps`: each emitter alone at full.

    A lamp of which an emitter is missing here is matched for the eye.
    """

    camera: Version
    name: Text = ""
    note: Text = ""
    wall: WallSeen
    lamps: dict[Annotated[str, AfterValidator(_lamp)], Lamp] = Field(default_factory=dict)

    def emitters_of(self, profile_id: str, serial: str = "") -> dict[str, tuple[float, float, float]]:
        """Camera RGB of a lamp's emitters: those of its profile, each replaced by its own by serial."""
        own = self.lamps.get(f"{SERIAL}{serial}", {}) if serial else {}
        return {**self.lamps.get(profile_id, {}), **own}

    def doubt(self, profile: Profile, mode: Mode, serial: str = "") -> str | None:
        """Why a lamp is matched for the eye; None: all it mixes colours of is known, or it mixes none."""
        names, seen = profile.mixed_of(mode), self.emitters_of(profile.id, serial)
        missing = [name for name in names if name not in seen]
        if not missing and (not names or any(any(seen[name]) for name in names)):
            return None
        unknown = ", ".join(missing) if 0 < len(missing) < len(names) else "emitters"
        return f"knows no {unknown} of it; it is matched for the eye"
