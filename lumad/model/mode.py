"""A mode: one channel layout of a profile, always the DMX mode."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from lumad.documents import nearest
from lumad.model.channel import Channel, CodeRange
from lumad.model.curve import Curves, PlainCurve, plain_curve
from lumad.model.noun import Fraction, Kelvin, Noun, Number, Text, Whole, Within, complaint
from lumad.model.wall import AnyPrimaries, White

RGB = ("ColorAdd_R", "ColorAdd_G", "ColorAdd_B")  # what colour model rgb drives
_NEEDED: Mapping[str, frozenset[str]] = {
    "emitters": frozenset(),
    "rgb": frozenset(RGB),
    "xy": frozenset({"CIE_X", "CIE_Y", "Dimmer"}),
    "cct": frozenset({"Dimmer", "CTC"}),
    "hsi": frozenset({"HSB_Hue", "HSB_Saturation", "Dimmer"}),
    "dimmer": frozenset({"Dimmer"}),
}
XY_RANGE = (0.0, 0.8)  # CIE x and y of the lowest and highest code, where a profile says nothing else
_WHOLE = {"HSB_Hue": (0.0, 360.0), "HSB_Saturation": (0.0, 1.0)}  # physical ends of all codes without a map


class ColourModel(Noun):
    """How channels make colour: own emitters, a firmware colour space, CIE xy, HSI, white or a level.

    `range` is that of CIE x and y over all codes; `tint` of a CCT mode Duv times 1000 at 100 %green.
    """

    model: Literal["emitters", "rgb", "xy", "cct", "hsi", "dimmer"]
    primaries: AnyPrimaries | None = None
    white: White = None
    transfer: Literal["srgb", "gamma2.2", "bt1886", "gamma2.6", "linear"] | None = None
    cct: tuple[Kelvin, Kelvin] | None = None
    tint: Annotated[Number, Within(0.1, 100)] | None = None
    range: tuple[Fraction, Fraction] | None = None

    @model_validator(mode="after")
    def _keys_of_its_model(self) -> Self:
        for key, model in (("tint", "cct"), ("range", "xy")):
            if getattr(self, key) is not None and self.model != model:
                raise complaint(f"colour model {self.model} has no {key}; it belongs to {model}")
        if self.range is not None and self.range[0] >= self.range[1]:
            raise complaint(f"range: {self.range[1]:g} is not above {self.range[0]:g}")
        return self


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

    def curve_of(self, attribute: str) -> PlainCurve:
        """The curve of an attribute or emitter as `colour.curve` reads it; linear where it is unknown."""
        return plain_curve(self.curve, attribute) or "linear"

    def moves(self, channel: Channel) -> bool:
        """Whether the colour model moves `channel` as an attribute, emitters not counted."""
        if channel.fixed is not None:
            return False
        if channel.attribute == "Tint" and self.colour.model == "cct":
            return channel.tells_tint
        return channel.attribute in self.driven_attributes

    def code_ranges(
        self, channel: Channel, otherwise: tuple[float, float] | None = None
    ) -> tuple[CodeRange, ...]:
        """What the codes of a channel mean: its map, else what its attribute means over all codes, else
        `otherwise` over all codes, else ().
        """
        if told := channel.code_ranges():
            return told
        ends: tuple[float, float] | None = _WHOLE.get(channel.attribute, otherwise)
        if channel.attribute in {"CIE_X", "CIE_Y"}:
            ends = self.colour.range or XY_RANGE
        if channel.attribute == "CTC":
            ends = self.colour.cct or otherwise
        return ((0, channel.highest_code, *ends, False),) if ends else ()

    def base_levels(self) -> bytes:
        """Footprint long: every channel at rest (fixed, else default, else 0)."""
        levels = bytearray(self.footprint)
        for channel in self.all_channels():
            channel.write(channel.resting_code, levels)
        return bytes(levels)
