"""How calmly light follows the picture."""

from typing import Annotated, Literal

from lumad.model.noun import Noun, Number, Within

Seconds = Annotated[Number, Within(0, 60)]


class Smoothing(Noun):
    """A filter of light in time; `attack_s` for rising and `release_s` for falling light are settle times.

    So long after any step light is within one 8-bit code of where it goes. `ema` takes that long; `one-euro`
    calms small changes and follows quick ones sooner; `none` follows at once. A hard cut of the picture shows
    at once with any of them.
    """

    attack_s: Seconds = 1.0
    release_s: Seconds = 1.0
    filter: Literal["none", "ema", "one-euro"] = "one-euro"
