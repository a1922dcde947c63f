"""Dimming curves as files state them: what light a code means."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from lumad.model.noun import Fraction, Noun, Number, Within, complaint

Shape = Literal["linear", "square", "s"]
TurnOn = Annotated[Number, Within(0, 0.9)]


class Shaped(Noun):
    """A curve by name; up to code `turn_on` nothing shines, the curve runs over the codes above it."""

    shape: Shape
    turn_on: TurnOn = 0.0


class Gamma(Noun):
    """light = code ** gamma, both 0..1; `turn_on` as in Shaped."""

    gamma: Annotated[Number, Within(0.2, 5)]
    turn_on: TurnOn = 0.0


class Points(Noun):
    """Measured points (code, light), both 0..1; codes rise, light never falls and ends above 0; `turn_on` as
    in Shaped.
    """

    points: Annotated[tuple[tuple[Fraction, Fraction], ...], Field(min_length=2)]
    turn_on: TurnOn = 0.0

    @model_validator(mode="after")
    def _rises(self) -> Self:
        codes, lights = [code for code, _ in self.points], [light for _, light in self.points]
        if any(a >= b for a, b in pairwise(codes)) or any(a > b for a, b in pairwise(lights)):
            raise complaint("the points of a curve are in order: codes rise, light never falls")
        if lights[-1] <= 0:
            raise complaint("the points of a curve end without light; the last one is the brightest")
        return self


_KINDS: Mapping[str, type[Noun]] = {"gamma": Gamma, "shape": Shaped, "points": Points}


def _curve_kind(value: Any) -> str:
    if isinstance(value, dict):
        return f"<{next((key for key in _KINDS if key in value), 'points')}>"
    return next((f"<{key}>" for key, kind in _KINDS.items() if isinstance(value, kind)), "<name>")


CurveSpec = Annotated[
    Annotated[Shape, Tag("<name>")]
    | Annotated[Gamma, Tag("<gamma>")]
    | Annotated[Shaped, Tag("<shape>")]
    | Annotated[Points, Tag("<points>")],
    Discriminator(_curve_kind),
]


def _one_curve_for_all(value: Any) -> Any:
    single = value is not None and not (isinstance(value, dict) and _KINDS.keys().isdisjoint(value))
    return {"default": value} if single else value


Curves = Annotated[
    dict[str, CurveSpec],
    BeforeValidator(_one_curve_for_all, json_schema_input_type=CurveSpec | dict[str, CurveSpec]),
]
PlainCurve = str | dict[str, float | str | tuple[tuple[float, float], ...]]


def plain_curve(curves: Mapping[str, CurveSpec], *names: str) -> PlainCurve | None:
    """The curve of the first of `names` that has one, else the default, as `colour.curve` reads it: a name,
    {gamma}, {shape} or {points}, with `turn_on` where there is one. None: no such curve.
    """
    found = next((curves[name] for name in (*names, "default") if name in curves), None)
    return found if found is None or isinstance(found, str) else found.model_dump(exclude_defaults=True)
