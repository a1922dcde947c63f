"""Looks: settings to come back to, of any fixtures and regions, and only what they name."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from lumad.model.fixture import Colour, Control, Fixture, Follow, FollowOrRegion
from lumad.model.noun import Fraction, Name, NameOrNumber, Noun, Number, Point, Text, Within, complaint
from lumad.model.region import GEOMETRY, MOST_POINTS, Extent, Region
from lumad.model.smoothing import Smoothing
from lumad.model.trims import Mired, Saturation, Stops, Tint, Trims

FadeTime = Annotated[Number, Within(0, 3600)]
WALL_WHITE = "wall-white"


class TrimsLook(Noun):
    """The trims that a look names; the others stay."""

    intensity: Stops | None = None
    mired: Mired | None = None
    tint: Tint | None = None
    saturation: Saturation | None = None
    min: Fraction | None = None
    max: Fraction | None = None

    def over(self, trims: Trims) -> Trims:
        """The trims with what this names; a floor above the ceiling is held down by it."""
        new = trims.model_copy(update=named(self))
        return new if new.min <= new.max else new.model_copy(update={"min": new.max})


def _colour_kind(value: Any) -> str:
    return "<colour>" if isinstance(value, dict | Colour) else "<name>"


ColourOrWhite = Annotated[
    Annotated[Literal["wall-white"], Tag("<name>")] | Annotated[Colour, Tag("<colour>")],
    Discriminator(_colour_kind),
]


def _nothing_or_region(value: Any) -> Any:
    if value is True or (value == 0 and value is not False):
        raise complaint("is no region; name one, or say false for none")
    return value


class FixtureLook(Noun):
    """What a look says of a fixture; `follow: false`: no region, `colour: wall-white`: none set by hand."""

    control: Control | None = None
    follow: Annotated[Literal[False] | FollowOrRegion, BeforeValidator(_nothing_or_region)] | None = None
    level: Fraction | None = None
    colour: ColourOrWhite | None = None
    trims: TrimsLook | None = None

    def over(self, fixture: Fixture) -> Fixture:
        """The fixture with what this names."""
        values = named(self)
        if self.trims is not None:
            values["trims"] = self.trims.over(fixture.trims)
        values |= {key: None for key in ("follow", "colour") if values.get(key) in (False, WALL_WHITE)}
        return fixture.model_copy(update=values)


class RegionLook(Noun):
    """What a look says of a region; with a `shape` come its own center, size, points, width, rotation."""

    shape: Literal["rect", "ellipse", "polygon", "line"] | None = None
    center: Point | None = None
    size: tuple[Extent, Extent] | None = None
    rotation: Annotated[Number, Within(-360, 360)] | None = None
    points: Annotated[tuple[Point, ...], Field(max_length=MOST_POINTS)] | None = None
    width: Extent | None = None
    feather: Annotated[Number, Within(0, 2)] | None = None
    statistic: Literal["mean", "weighted-mean", "median", "p99", "max", "dominant"] | None = None
    exclude: tuple[NameOrNumber, ...] | None = None
    smoothing: Smoothing | None = None
    trims: TrimsLook | None = None

    @model_validator(mode="after")
    def _has_what_its_shape_needs(self) -> Self:
        if self.shape is not None:
            self.over(Region(center=(0.5, 0.5), size=(1.0, 1.0)))
        return self

    @property
    def moves(self) -> bool:
        """Whether it moves the region without saying of which shape it is."""
        return self.shape is None and any(getattr(self, key) is not None for key in GEOMETRY)

    def over(self, region: Region) -> Region:
        """The region with what this names; pydantic's ValidationError where that is no region."""
        values = named(self)
        if self.trims is not None:
            values["trims"] = self.trims.over(region.trims)
        left = dict(region)
        if self.shape is not None:
            left = {key: value for key, value in left.items() if key not in GEOMETRY}
        return Region.model_validate({**left, **values})


class Look(Noun):
    """Settings to come back to, in `fade_s` seconds."""

    label: Text = ""
    fade_s: FadeTime = 0.0
    fixtures: dict[Name, FixtureLook] = Field(default_factory=dict)
    regions: dict[Name, RegionLook] = Field(default_factory=dict)


def named(part: Noun) -> dict[str, Any]:
    """The values that a part of a look names, as nouns."""
    return {key: value for key, value in part if value is not None}


def follows_of(part: FixtureLook) -> str | None:
    """The region that a look links a fixture to."""
    return part.follow.region if isinstance(part.follow, Follow) else None
