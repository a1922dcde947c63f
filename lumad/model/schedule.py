"""What happens by itself at its time of day, for installs that nobody watches."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from lumad.documents import nearest
from lumad.errors import Fault
from lumad.model.noun import Flag, Fraction, Name, Noun, Number, Text, Within, complaint

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_AT = re.compile(r"(?:(sunrise|sunset)([+-]))?([0-9]{1,2}):([0-9]{2})|(sunrise|sunset)")


def minutes_of(at: str) -> tuple[str, int]:
    """`18:30` is ("", 1110), `sunset-00:15` ("sunset", -15); raises ValueError in plain words."""
    found = _AT.fullmatch(at.strip())
    if found is None:
        raise ValueError(f"{at!r} is no time of day; write 18:30, sunrise, sunset or sunset-00:15")
    if found[5]:
        return found[5], 0
    hours, minutes = int(found[3]), int(found[4])
    if hours > 23 or minutes > 59:
        raise ValueError(f"{at!r} is no time of day; the last one is 23:59")
    return found[1] or "", (hours * 60 + minutes) * (-1 if found[2] == "-" else 1)


def _time_of_day(value: Any) -> str:
    """YAML 1.2 leaves 18:30 a text; a number is a slip."""
    if not isinstance(value, str):
        raise complaint("write the time of day in quotes, for example '18:30' or sunset")
    try:
        minutes_of(value)
    except ValueError as error:
        raise complaint(str(error)) from None
    return value


def _once(days: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(days)) < len(days):
        raise complaint("a day stands twice")
    return days


Days = Annotated[tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...], AfterValidator(_once)]


class Place(Noun):
    """Where the sun rises: degrees, north and east positive."""

    latitude: Annotated[Number, Within(-90, 90, "a latitude", "latitudes")]
    longitude: Annotated[Number, Within(-180, 180, "a longitude", "longitudes")]


class Appointment(Noun):
    """One entry: at a time on some days, one thing: recall a look, release one, set master or blackout.

    `fade_s` is for looks; left out, the look's own.
    """

    at: Annotated[str, BeforeValidator(_time_of_day)]
    days: Annotated[Days, Field(min_length=1)] = DAYS  # type: ignore[assignment] # the same words
    name: Text = ""
    look: Name | None = None
    release: Name | None = None
    fade_s: Annotated[Number, Within(0, 3600)] | None = None
    master: Fraction | None = None
    blackout: Flag | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        things = (self.look, self.release, self.master, self.blackout)
        if sum(thing is not None for thing in things) != 1:
            raise complaint("does one thing: look, release, master or blackout")
        if self.fade_s is not None and self.look is None and self.release is None:
            raise complaint("fade_s belongs to look or release")
        return self


def faults_of(
    schedule: Iterable[Appointment], place: Place | None, looks: Collection[str]
) -> Iterator[Fault]:
    """Looks that are not there, and a sun that rises nowhere."""
    for at, entry in enumerate(schedule):
        for key, look in (("look", entry.look), ("release", entry.release)):
            if look is not None and look not in looks:
                yield Fault(("schedule", at, key), f"no look {look!r}{nearest(look, looks)}")
        if place is None and minutes_of(entry.at)[0]:
            yield Fault(("schedule", at, "at"), "where? Give place: {latitude: …, longitude: …}")
