"""Trims: the gaffer's taste, on a region, a group or a fixture."""

from math import prod
from typing import Annotated, Self

from pydantic import model_validator

from lumad.model.noun import Fraction, Noun, Number, Text, Within, complaint

Stops = Annotated[Number, Within(-20, 20)]
Mired = Annotated[Number, Within(-500, 500)]
Tint = Annotated[Number, Within(-50, 50)]
Saturation = Annotated[Number, Within(0, 10)]


class Trims(Noun):
    """Applied in the order of the keys, each neutral where it is left out.

    `intensity` in stops; `mired` shift, + is warmer; `tint` in Duv times 1000, + is green; `saturation` a
    factor of Oklab chroma; `min` and `max` floor and ceiling of linear light, fractions of full output.
    """

    intensity: Stops = 0.0
    mired: Mired = 0.0
    tint: Tint = 0.0
    saturation: Saturation = 1.0
    min: Fraction = 0.0
    max: Fraction = 1.0

    @model_validator(mode="after")
    def _floor_below_ceiling(self) -> Self:
        if self.min > self.max:
            raise complaint(f"min {self.min:g} is above max {self.max:g}")
        return self

    @classmethod
    def chained(cls, *trims: "Trims") -> "Trims":
        """Region, groups, fixture as one: stops, mired and tint add, saturation multiplies, the tightest
        floor and ceiling win; where a floor lies above a ceiling the ceiling wins. Sums know no bounds.
        """
        ceiling = min((one.max for one in trims), default=1.0)
        return cls.model_construct(
            intensity=sum((one.intensity for one in trims), 0.0),
            mired=sum((one.mired for one in trims), 0.0),
            tint=sum((one.tint for one in trims), 0.0),
            saturation=prod((one.saturation for one in trims), start=1.0),
            min=min(ceiling, max((one.min for one in trims), default=0.0)),
            max=ceiling,
        )


class Group(Noun):
    """Fixtures trimmed together: those that name it in their `groups`."""

    label: Text = ""
    trims: Trims = Trims()
