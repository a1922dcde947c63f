"""A channel: one controlled attribute on 1 to 4 slots, and what its codes mean."""

import re
from itertools import pairwise
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from lumad.model.noun import NameOrNumber, Noun, Number, Text, Whole, Within, complaint

_ATTRIBUTE = re.compile(r"[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")


def _attribute(value: str) -> str:
    if _ATTRIBUTE.fullmatch(value) and len(value) <= 64:
        return value
    raise complaint(f"{value!r} is no GDTF attribute; examples: Dimmer, ColorAdd_R, CTC, X_Crossfade")


def _offset(value: tuple[int, ...]) -> tuple[int, ...]:
    if len(set(value)) < len(value):
        raise complaint("a slot stands twice")
    return value


def _ends(value: Any) -> Any:
    return (value, value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Slot = Annotated[Whole, Within(1, 512, "a slot", "slots")]
Offset = Annotated[tuple[Slot, ...], Field(min_length=1, max_length=4), AfterValidator(_offset)]
Attribute = Annotated[Text, AfterValidator(_attribute)]
Code = Annotated[Whole, Field(ge=0)]
CodeRange: TypeAlias = tuple[int, int, float, float, bool]  # first and last code, physical ends, neutral


class Range(Noun):
    """Codes `dmx[0]`..`dmx[1]` mean `phys[0]`..`phys[1]` in `unit`, linearly; `kind`: neutral or none."""

    dmx: tuple[Code, Code]
    phys: Annotated[
        tuple[Number, Number],
        BeforeValidator(_ends, json_schema_input_type=float | tuple[float, float]),
    ]
    unit: Text = ""
    kind: Text = ""

    @model_validator(mode="after")
    def _runs_upwards(self) -> Self:
        if self.dmx[0] > self.dmx[1]:
            raise complaint(f"dmx: {self.dmx[0]} to {self.dmx[1]} runs backwards; turn phys around instead")
        return self


class Channel(Noun):
    """One attribute; `offset` 1-based from the address, coarse first; codes in the channel's resolution.

    `encoding: coarse-fine`: the fine slot is no low byte but adds 0..`fine_span` of full to the coarse one;
    codes of `map` are then 65535 times the sum, `fixed` and `default` the two slots as they stand.
    """

    attribute: Attribute
    offset: Offset
    emitter: NameOrNumber | None = None
    fixed: Code | None = None
    default: Code | None = None
    map: tuple[Range, ...] | None = None
    encoding: Literal["plain", "coarse-fine"] = "plain"
    fine_span: Annotated[Number, Within(0.001, 1)] | None = None

    @model_validator(mode="after")
    def _fits_its_resolution(self) -> Self:
        for value in (self.fixed, self.default):
            if value is not None and value > self.highest_code:
                raise complaint(f"{value} does not fit; the highest code here is {self.highest_code}")
        ranges = sorted(self.map or (), key=lambda entry: entry.dmx)
        if ranges and ranges[-1].dmx[1] > self.highest_code:
            raise complaint(f"map goes up to {ranges[-1].dmx[1]}; the highest code is {self.highest_code}")
        if any(after.dmx[0] <= before.dmx[1] for before, after in pairwise(ranges)):
            raise complaint("two ranges of the map share a code")
        return self

    @model_validator(mode="after")
    def _fine_belongs_to_coarse(self) -> Self:
        if self.encoding == "coarse-fine" and (self.fine_span is None or len(self.offset) != 2):
            raise complaint(
                "coarse-fine takes two slots and fine_span: how much of full the fine one adds, e.g. 0.1"
            )
        if self.encoding == "plain" and self.fine_span is not None:
            raise complaint("fine_span belongs to encoding: coarse-fine")
        return self

    @property
    def resolution_bits(self) -> int:
        """8, 16, 24 or 32."""
        return 8 * len(self.offset)

    @property
    def highest_code(self) -> int:
        """255, 65535 and so on."""
        return (1 << self.resolution_bits) - 1

    @property
    def resting_code(self) -> int:
        """The code where nothing drives it: fixed, else default, else 0."""
        return next((code for code in (self.fixed, self.default) if code is not None), 0)

    @property
    def tells_tint(self) -> bool:
        """Whether its map says which codes are how much green or magenta."""
        ranges = [entry for entry in self.map or () if entry.kind != "neutral"]
        told = {end for entry in ranges if entry.unit == "%green" for end in entry.phys}
        return len(told) > 1

    def code_ranges(self) -> tuple[CodeRange, ...]:
        """The map, codes rising; () without one, or where it tells neutral codes alone."""
        ranges = sorted(self.map or (), key=lambda entry: entry.dmx)
        if all(entry.kind == "neutral" for entry in ranges):
            return ()
        return tuple((*entry.dmx, *entry.phys, entry.kind == "neutral") for entry in ranges)

    def shifted(self, slots: int) -> "Channel":
        """The same channel `slots` further on (that of another cell)."""
        moved = tuple(slot + slots for slot in self.offset)
        return self if not slots else self.model_copy(update={"offset": moved})

    def write(self, code: int, levels: bytearray) -> None:
        """Puts a code on the channel's slots of `levels` (footprint long), coarse first."""
        for slot, level in zip(self.offset, code.to_bytes(len(self.offset), "big"), strict=True):
            levels[slot - 1] = level
