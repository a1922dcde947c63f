"""The show: what the gaffer decided, as one immutable value."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from lumad.model.circuit import Circuit
from lumad.model.cue import Cue
from lumad.model.feed import Feed, Scene
from lumad.model.fixture import Fixture
from lumad.model.input import Input
from lumad.model.look import Look
from lumad.model.noun import FileName, Name, Noun, Text, Version
from lumad.model.output import Output
from lumad.model.region import Region
from lumad.model.schedule import Appointment, Place
from lumad.model.trims import Group, Stops, Trims
from lumad.model.wall import Wall


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
    inputs: tuple[Input, ...] = ()
    looks: dict[Name, Look] = Field(default_factory=dict)
    cues: tuple[Cue, ...] = ()
    circuits: dict[Name, Circuit] = Field(default_factory=dict)
    schedule: tuple[Appointment, ...] = ()
    place: Place | None = None
    flash_guard: Literal["auto", "off", "warn", "limit"] = "auto"

    def trims_of(self, fixture: Fixture) -> Trims:
        """The trims a fixture ends up with: those of the region it follows, of its groups, its own."""
        return Trims.chained(*(trims for _, trims in self.trim_chain(fixture)))

    def trim_chain(self, fixture: Fixture) -> list[tuple[str, Trims]]:
        """What `trims_of` chains, each with whose it is ("region sky", "group keys", "its own"), in order."""
        region = fixture.followed
        found = self.regions.get(region)
        chain = [(f"region {region}", found.trims)] if found else []
        groups = (name for name in dict.fromkeys(fixture.groups) if name in self.groups)
        return [
            *chain,
            *((f"group {name}", self.groups[name].trims) for name in groups),
            ("its own", fixture.trims),
        ]
