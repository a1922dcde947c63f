"""A fixture: a profile in a mode, patched, and what decides its light."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, model_validator

from lumad.model.cells import Cells
from lumad.model.channel import Attribute
from lumad.model.loss import OnLoss
from lumad.model.noun import (
    Chromaticity,
    FileName,
    Flag,
    Fraction,
    Kelvin,
    Name,
    NameOrNumber,
    Noun,
    Number,
    Text,
    Whole,
    Within,
    complaint,
)
from lumad.model.smoothing import Smoothing
from lumad.model.trims import Trims

UniverseNumber = Annotated[Whole, Within(1, 63999, "a universe", "universes")]
Address = Annotated[Whole, Within(1, 512, "an address", "addresses")]
Patch = tuple[UniverseNumber, Address]


class Follow(Noun):
    """The region a fixture follows and what it takes from it; a bare region name takes both."""

    region: NameOrNumber
    take: Literal["both", "colour", "intensity"] = "both"


class Colour(Noun):
    """A colour set by hand: {cct, tint}, {xy} or {hue, saturation}; tint is Duv times 1000, + = green."""

    cct: Kelvin | None = None
    tint: Annotated[Number, Within(-50, 50)] = 0.0
    xy: Chromaticity | None = None
    hue: Annotated[Number, Within(0, 360)] | None = None
    saturation: Fraction | None = None

    @model_validator(mode="after")
    def _is_one_colour(self) -> Self:
        given = tuple(key for key in ("cct", "xy", "hue", "saturation") if getattr(self, key) is not None)
        if given not in {("cct",), ("xy",), ("hue", "saturation")} or (self.tint and given != ("cct",)):
            raise complaint("a colour is {cct, tint}, {xy} or {hue, saturation}, one of them")
        return self


def _region_alone(value: Any) -> Any:
    is_name = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    return {"region": str(value)} if is_name else value


FollowOrRegion = Annotated[Follow, BeforeValidator(_region_alone, json_schema_input_type=Follow | str)]
Control = Literal["follow", "manual", "off", "console"]


class Share(Noun):
    """Attributes that a console drives by the same mode, patched at `address` of one of its universes.

    `when_lost`: the last levels heard hold, or lumad takes over; left out: as its input says.
    """

    input: Name
    address: Patch
    attributes: tuple[Attribute, ...] = ("Dimmer",)
    when_lost: Literal["hold", "take"] | None = None


class Fixture(Noun):
    """A profile in a mode, patched; `units`, `number`, `label`, `position` are notes.

    `calibration` is a file beside the show; `white_preference` how much white emitters are preferred;
    `neutral_cct` where a white lamp goes when the wall is no white (None: wall white); `gamut` what is kept
    of a colour the lamp cannot make: its hue, or the least difference. `groups` may be declared nowhere.
    Behind `control: console` lie `follow`, or else `level` and `colour`: what is lit while lumad decides.
    """

    profile: Text
    mode: NameOrNumber
    universe: UniverseNumber
    address: Address
    control: Control = "follow"
    share: Share | None = None
    follow: FollowOrRegion | None = None
    level: Fraction = 1.0
    colour: Colour | None = None
    trims: Trims = Trims()
    smoothing: Smoothing | None = None
    delay_ms: Annotated[Number, Within(0, 1000)] = 0.0
    on_loss: OnLoss = "hold"
    cells: Cells | None = None
    calibration: FileName | None = None
    white_preference: Fraction = 1.0
    neutral_cct: Kelvin | None = None
    gamut: Literal["hue", "closest"] = "hue"
    accept_draft: Flag = False
    units: Annotated[Whole, Within(1, 512)] = 1
    number: Whole | None = None
    label: Text = ""
    circuit: Name | None = None
    groups: tuple[NameOrNumber, ...] = ()
    position: tuple[Number, Number, Number] | None = None
    serial: Text = ""

    @property
    def followed(self) -> str:
        """The region it follows, if need be behind a console; "" for none."""
        return self.follow.region if self.control in ("follow", "console") and self.follow else ""
