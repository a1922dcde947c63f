"""The show: what the gaffer decided, as one immutable value."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from lumad.model.feed import Feed, Scene
from lumad.model.fixture import Fixture
from lumad.model.noun import FileName, Name, Noun, Text, Version, complaint
from lumad.model.output import Output
from lumad.model.region import Region
from lumad.model.trims import Group, Stops, Trims
from lumad.model.wall import Wall


def _none_yet(value: Any) -> Any:
    if value:
        raise complaint("comes with a later version of lumad; this one does not do it yet, leave it empty")
    return value


class CameraMatch(Noun):
    """Match what one measured camera sees, not the eye: `camera` is its file."""

    camera: FileName


def _match_kind(value: Any) -> str:
    return "<camera>" if isinstance(value, dict | CameraMatch) else "<name>"


Match = Annotated[
    Annotated[Literal["observer"], Tag("<name>")] | Annotated[CameraMatch, Tag("<camera>")],
    Discriminator(_match_kind),
]


class Show(Noun):
    """A whole show; edited by making a new one. Dicts keep the order of the file."""

    LATER: ClassVar[Mapping[str, Any]] = {key: {} for key in ("circuits", "cues", "schedule")}
    show: Version
    name: Text = ""
    exposure: Stops = 0.0
    match: Match = "observer"
    wall: Wall = Wall()
    feed: Feed = Feed()
    scene: Scene = Scene()
    regions: dict[Name, Region] = Field(default_factory=dict)
    groups: dict[Name, Group] = Field(default_factory=dict)
    fixtures: dict[Name, Fixture] = Field(default_factory=dict)
    outputs: tuple[Output, ...] = ()
    inputs: Annotated[tuple[()], BeforeValidator(_none_yet)] = ()
    looks: Annotated[dict[str, Any], AfterValidator(_none_yet)] = Field(default_factory=dict)

    def trims_of(self, fixture: Fixture) -> Trims:
        """The trims a fixture ends up with: those of the region it follows, of its groups, its own."""
        return Trims.chained(*(trims for _, trims in self.trim_chain(fixture)))

    def trim_chain(self, fixture: Fixture) -> list[tuple[str, Trims]]:
        """What `trims_of` chains, each with whose it is ("region sky", "group keys", "its own"), in order."""
        region = fixture.follow.region if fixture.control == "follow" and fixture.follow else None
        found = self.regions.get(region) if region is not None else None
        chain = [(f"region {region}", found.trims)] if found else []
        groups = (name for name in dict.fromkeys(fixture.groups) if name in self.groups)
        return [
            *chain,
            *((f"group {name}", self.groups[name].trims) for name in groups),
            ("its own", fixture.trims),
        ]
