"""The show: what the gaffer decided, as one immutable value."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from lumad.model.feed import Feed, Scene
from lumad.model.fixture import Fixture, Stops
from lumad.model.noun import Name, Noun, Text, complaint
from lumad.model.output import Output
from lumad.model.region import Region
from lumad.model.wall import Wall

FORMAT_VERSION = 1


def _version(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and value != FORMAT_VERSION:
        raise complaint(f"format version {value}; this lumad reads version {FORMAT_VERSION}")
    return value


def _none_yet(value: Any) -> Any:
    if value:
        raise complaint("comes with a later version of lumad; this one does not do it yet, leave it empty")
    return value


class Show(Noun):
    """A whole show; edited by making a new one. Dicts keep the order of the file."""

    LATER: ClassVar[Mapping[str, Any]] = {
        key: {} for key in ("groups", "circuits", "match", "cues", "schedule")
    }
    show: Annotated[Literal[1], BeforeValidator(_version)]
    name: Text = ""
    exposure: Stops = 0.0
    wall: Wall = Wall()
    feed: Feed = Feed()
    scene: Scene = Scene()
    regions: dict[Name, Region] = Field(default_factory=dict)
    fixtures: dict[Name, Fixture] = Field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    inputs: Annotated[tuple[()], BeforeValidator(_none_yet)] = ()
    looks: Annotated[dict[str, Any], AfterValidator(_none_yet)] = Field(default_factory=dict)
