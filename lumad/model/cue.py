"""Cues: looks in their order, with times."""

from typing import Annotated

from lumad.model.look import FadeTime
from lumad.model.noun import Name, Noun, Number, Text, Whole, Within

CueNumber = Annotated[Number, Within(0.001, 9999, "a cue number", "they")]


class Cue(Noun):
    """A look with its time; `wait_s` after it went the next cue goes by itself.

    `fade_s` wins over the look's; `scene`, `shot` and `take` are notes.
    """

    number: CueNumber
    look: Name
    name: Text = ""
    fade_s: FadeTime | None = None
    wait_s: FadeTime | None = None
    scene: Text = ""
    shot: Text = ""
    take: Annotated[Whole, Within(1, 9999)] | None = None
