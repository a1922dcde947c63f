"""What all nouns share: frozen, strict, and honest about what only later versions do."""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
)
from pydantic_core import PydanticCustomError, core_schema

LEAST_LIGHT: Final = 1e-6  # of Y, in any unit
MOST_LIGHT: Final = 1e9  # of X, Y and Z, and of what a camera sees
LONGEST_TEXT: Final = 2000  # characters of a name, a note, a label


def complaint(message: str) -> PydanticCustomError:
    """An error that reaches the user in exactly these words."""
    return PydanticCustomError("lumad", "{said}", {"said": message})


class Noun(BaseModel):
    """A frozen value that knows its keys: others are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Within:
    """Bounds of a number, with words for the message: `513 is not an address; addresses are 1 to 512`."""

    low: float
    high: float
    one: str = ""
    many: str = ""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "minimum": self.low, "maximum": self.high}

    def check(self, value: float) -> float:
        """The value, if it lies within."""
        if self.low <= value <= self.high:
            return value
        span = f"{self.low:g} to {self.high:g}" if self.high < 1e5 else f"{self.low:g} to {int(self.high)}"
        if self.one:
            raise complaint(f"{value} is not {self.one}; {self.many} are {span}")
        raise complaint(f"{value} is out of range; possible is {span}")


@dataclass(frozen=True, slots=True)
class Later:
    """Values of a choice that later versions know: refused by a sentence that says so."""

    names: frozenset[str]
    today: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def check(self, value: Any) -> Any:
        """The value, if today's lumad may know it."""
        if isinstance(value, str) and value in self.names:
            raise complaint(f"{value} comes with a later version of lumad; this one {self.today}")
        return value


def later(names: str, today: str) -> Later:
    """`later("ellipse polygon", "samples rectangles")`."""
    return Later(frozenset(names.split()), today)


def _positive(value: float) -> float:
    if value <= 0:
        raise complaint(f"{value} is not above zero")
    return value


def _name(value: str) -> str:
    allowed = value[:1].isalnum() and value.isascii() and len(value) <= 64
    if allowed and value.replace("-", "").replace(".", "").replace("_", "").isalnum():
        return value
    raise complaint("not a usable name; take letters and digits, then also . _ - (no spaces, at most 64)")


def _text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise complaint(f"{len(value)} characters; at most {LONGEST_TEXT}")
    return value


def _file(value: str) -> str:
    if not value.strip() or "\0" in value:
        raise complaint("not a file name")
    return value


def _text_or_number(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict()]
Flag = Annotated[bool, Strict()]
Text = Annotated[str, Strict(), AfterValidator(_text), Field(json_schema_extra={"maxLength": LONGEST_TEXT})]
Positive = Annotated[
    float, Strict(), AfterValidator(_positive), Field(json_schema_extra={"exclusiveMinimum": 0})
]
Fraction = Annotated[float, Strict(), Within(0, 1)]
Name = Annotated[str, Strict(), AfterValidator(_name)]
NameOrNumber = Annotated[
    str, BeforeValidator(_text_or_number, json_schema_input_type=str | int), AfterValidator(_text)
]
FileName = Annotated[str, Strict(), AfterValidator(_file)]
Coordinate = Annotated[float, Strict(), Within(-100, 100)]
Point = tuple[Coordinate, Coordinate]
Kelvin = Annotated[float, Strict(), Within(1000, 25000, "a colour temperature", "they")]


def _chromaticity(value: tuple[float, float]) -> tuple[float, float]:
    x, y = value
    if x >= 0 and y > 0 and x + y <= 1:
        return value
    raise complaint(f"[{x:g}, {y:g}] is no colour; CIE x and y are above 0 and at most 1 together")


Chromaticity = Annotated[tuple[Number, Number], AfterValidator(_chromaticity)]


def _light(value: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, luminance = value
    if x >= 0 and y > 0 and x + y <= 1 and luminance > 0:
        check_reach((x * luminance / y, luminance, (1.0 - x - y) * luminance / y))
        return value
    raise complaint(f"[{x:g}, {y:g}, {luminance:g}] is no light: CIE x, y (together up to 1) and Y above 0")


def check_reach(xyz: tuple[float, float, float]) -> None:
    """Complains of an XYZ that no meter shows in any unit, and that arithmetic would lose or overflow on."""
    if xyz[1] < LEAST_LIGHT or max(xyz) > MOST_LIGHT:
        told = ", ".join(f"{value:g}" for value in xyz)
        raise complaint(
            f"XYZ [{told}] is out of reach: Y is {LEAST_LIGHT:f} or more, none is above {MOST_LIGHT:.0f}; "
            "take another unit"
        )


Three = tuple[Number, Number, Number]
LightXyY = Annotated[Three, AfterValidator(_light)]


def _version(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and value != 1:
        raise complaint(f"format version {value}; this lumad reads version 1")
    return value


Version = Annotated[Literal[1], BeforeValidator(_version)]  # every format of ours is in its first
