"""The wall: its canvas and the signal its pictures are coded in."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Tag, model_validator

from lumad.model.noun import Chromaticity, Kelvin, Noun, Number, Positive, Whole, Within, complaint

PixelCount = Annotated[Whole, Within(1, 16384, "a number of pixels lumad can sample", "they")]
Nits = Annotated[Number, Within(1, 10000)]
PrimariesName = Literal["rec709", "p3-d65", "p3-dci", "rec2020"]
Transfer = Literal["srgb", "gamma2.2", "bt1886", "gamma2.6", "pq", "hlg", "linear"]


class Primaries(Noun):
    """Own primaries, CIE 1931 x, y of each."""

    r: Chromaticity
    g: Chromaticity
    b: Chromaticity

    @model_validator(mode="after")
    def _enclose_a_triangle(self) -> Self:
        (rx, ry), (gx, gy), (bx, by) = self.r, self.g, self.b
        if abs((gx - rx) * (by - ry) - (bx - rx) * (gy - ry)) < 1e-3:
            raise complaint("the three primaries lie on one line; they must enclose the colours of the wall")
        return self


def _primaries_kind(value: Any) -> str:
    return "<own>" if isinstance(value, dict | Primaries) else "<name>"


def _white_kind(value: Any) -> str:
    if value is None or isinstance(value, str):
        return "<none>" if value is None else "<name>"
    return "<kelvin>" if isinstance(value, int | float) else "<xy>"


AnyPrimaries = Annotated[
    Annotated[PrimariesName, Tag("<name>")] | Annotated[Primaries, Tag("<own>")],
    Discriminator(_primaries_kind),
]
White = Annotated[
    Annotated[None, Tag("<none>")]
    | Annotated[Literal["D65"], Tag("<name>")]
    | Annotated[Kelvin, Tag("<kelvin>")]
    | Annotated[Chromaticity, Tag("<xy>")],
    Discriminator(_white_kind),
]


class Signal(Noun):
    """How picture codes mean light; `white` None is the primaries' own white (D65 for own primaries)."""

    transfer: Transfer = "srgb"
    primaries: AnyPrimaries = "rec709"
    white: White = None
    range: Literal["full", "legal"] = "full"
    peak_nits: Nits = 1000.0


class Physical(Noun):
    """The wall in the room, metres."""

    width_m: Positive
    base_m: Number = 0.0


class Wall(Noun):
    """Canvas in pixels, signal, and optionally its measure in the room."""

    size: tuple[PixelCount, PixelCount] = (1920, 1080)
    signal: Signal = Signal()
    physical: Physical | None = None
