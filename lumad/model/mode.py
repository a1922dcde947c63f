"""A mode: one channel layout of a profile, always the DMX mode."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from lumad.documents import nearest
from lumad.model.channel import Channel
from lumad.model.noun import Fraction, Kelvin, Noun, Number, Text, Whole, Within, complaint, later
from lumad.model.wall import AnyPrimaries, White

RGB = ("ColorAdd_R", "ColorAdd_G", "ColorAdd_B")  # what colour model rgb drives
_NEEDED: Mapping[str, frozenset[str]] = {
    "emitters": frozenset(),
    "rgb": frozenset(RGB),
    "cct": frozenset({"Dimmer", "CTC"}),
    "dimmer": frozenset({"Dimmer"}),
}


class Gamma(Noun):
    """light = code ** gamma, both 0..1."""

    gamma: Annotated[Number, Within(0.2, 5)]


class Points(Noun):
    """Measured points (code, light), both 0..1; codes rise, light never falls."""

    points: Annotated[tuple[tuple[Fraction, Fraction], ...], Field(min_length=2)]

    @model_validator(mode="after")
    def _rises(self) -> Self:
        codes, lights = [code for code, _ in self.points], [light for _, light in self.points]
        if any(a >= b for a, b in pairwise(codes)) or any(a > b for a, b in pairwise(lights)):
            raise complaint("the points of a curve are in order: codes rise, light never falls")
        return self


def _curve_kind(value: Any) -> str:
    if isinstance(value, dict):
        return "<gamma>" if "gamma" in value else "<points>"
    return "<gamma>" if isinstance(value, Gamma) else "<points>" if isinstance(value, Points) else "<name>"


CurveSpec = Annotated[
    Annotated[Literal["linear", "square", "s"], Tag("<name>")]
    | Annotated[Gamma, Tag("<gamma>")]
    | Annotated[Points, Tag("<points>")],
    Discriminator(_curve_kind),
]


def _one_curve_for_all(value: Any) -> Any:
    single = value is not None and (not isinstance(value, dict) or "gamma" in value or "points" in value)
    return {"default": value} if single else value


CurveLike = str | dict[str, float | tuple[tuple[float, float], ...]]
Curves = Annotated[
    dict[str, CurveSpec],
    BeforeValidator(_one_curve_for_all, json_schema_input_type=CurveSpec | dict[str, CurveSpec]),
]


class ColourModel(Noun):
    """How channels make colour: own emitters, a firmware colour space, white of a CCT, or a level alone."""

    LATER: ClassVar[Mapping[str, Any]] = {"range": "full"}
    model: Annotated[
        Literal["emitters", "rgb", "cct", "dimmer"],
        later("xy hsi", "drives emitters, rgb, cct and dimmer"),
    ]
    primaries: AnyPrimaries | None = None
    white: White = None
    transfer: Literal["srgb", "gamma2.2", "bt1886", "gamma2.6", "linear"] | None = None
    cct: tuple[Kelvin, Kelvin] | None = None


class CellLayout(Noun):
    """Cells of equal build: the first one's channels, and how many slots on the next one's begin."""

    count: Annotated[Whole, Within(2, 512)]
    stride: Annotated[Whole, Within(1, 512)]
    channels: Annotated[tuple[Channel, ...], Field(min_length=1)]


class Mode(Noun):
    """One layout; `channels` are the whole fixture's, or with `cells` those that all cells share."""

    name: Text = ""
    note: Text = ""
    colour: ColourModel
    curve: Curves = Field(default_factory=dict)
    split: Literal["auto", "dimmer", "emitters"] = "auto"
    channels: tuple[Channel, ...] = ()
    cells: CellLayout | None = None
    stated_footprint: Annotated[Whole, Within(1, 4096)] | None = Field(default=None, alias="footprint")

    @model_validator(mode="after")
    def _slots_are_told_once_and_all(self) -> Self:
        if not self.channels and self.cells is None:
            raise complaint("a mode needs channels")
        used: dict[int, str] = {}
        for channel in self.all_channels():
            for slot in channel.offset:
                if slot in used:
                    raise complaint(f"slot {slot} belongs to {used[slot]} and to {channel.attribute}")
                used[slot] = channel.attribute
        last = max(used)
        untold = [slot for slot in range(1, last) if slot not in used]
        if untold:
            raise complaint(f"slot {untold[0]} belongs to no channel; write it as X_Reserved with fixed: 0")
        if self.stated_footprint is not None and self.stated_footprint < last:
            raise complaint(f"footprint {self.stated_footprint}, but a channel lies on slot {last}")
        return self

    @model_validator(mode="after")
    def _curves_belong_to_channels(self) -> Self:
        known = {"default"}
        for channel in self.all_channels():
            known |= {channel.attribute} | ({channel.emitter} if channel.emitter else set())
        for attribute in self.curve:
            if attribute not in known:
                raise complaint(f"curve: no channel {attribute}{nearest(attribute, known)}")
        return self

    @property
    def footprint(self) -> int:
        """Slots the mode takes."""
        last = [max(channel.offset) for channel in self.channels]
        if self.cells is not None:
            further = (self.cells.count - 1) * self.cells.stride
            last += [max(channel.offset) + further for channel in self.cells.channels]
        return max(*last, self.stated_footprint or 0)

    @property
    def cell_count(self) -> int:
        """Separately coloured parts, at least 1."""
        return 1 if self.cells is None else self.cells.count

    @property
    def shared_channels(self) -> tuple[Channel, ...]:
        """Channels that all cells share; () in a mode without cells, whose channels all belong to cell 0."""
        return () if self.cells is None else self.channels

    @property
    def driven_attributes(self) -> frozenset[str]:
        """Attributes the colour model moves, emitters not counted."""
        return _NEEDED[self.colour.model] | {"Dimmer"}

    @property
    def needed_attributes(self) -> frozenset[str]:
        """Attributes the colour model cannot do without."""
        return _NEEDED[self.colour.model]

    @property
    def curve_is_known(self) -> bool:
        """Whether the profile states any dimming curve."""
        return bool(self.curve)

    def channels_of_cell(self, cell: int) -> tuple[Channel, ...]:
        """The channels of one cell (0-based), offsets from the fixture's address."""
        if not 0 <= cell < self.cell_count:
            raise IndexError(f"cell {cell} of {self.cell_count}")
        if self.cells is None:
            return self.channels
        return tuple(channel.shifted(cell * self.cells.stride) for channel in self.cells.channels)

    def all_channels(self) -> tuple[Channel, ...]:
        """Every channel of every cell and the shared ones."""
        own = (self.channels_of_cell(cell) for cell in range(self.cell_count))
        return sum(own, self.shared_channels)

    def curve_of(self, attribute: str) -> CurveLike:
        """The curve of an attribute or emitter: a name, {gamma} or {points}; linear where it is unknown."""
        spec = self.curve.get(attribute, self.curve.get("default", "linear"))
        return spec if isinstance(spec, str) else spec.model_dump()

    def kelvin_knots(self, otherwise: tuple[float, float] | None = None) -> tuple[tuple[int, float], ...]:
        """(code, kelvin) corners of CTC: its map, else `colour.cct` or `otherwise` over all codes, or ()."""
        channel = next((found for found in self.all_channels() if found.attribute == "CTC"), None)
        if channel is None:
            return ()
        ends = self.colour.cct or otherwise
        return channel.knots() or (((0, ends[0]), (channel.highest_code, ends[1])) if ends else ())

    def base_levels(self) -> bytes:
        """Footprint long: every channel at rest (fixed, else default, else 0)."""
        levels = bytearray(self.footprint)
        for channel in self.all_channels():
            channel.write(channel.resting_code, levels)
        return bytes(levels)
