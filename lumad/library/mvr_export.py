"""A show as an MVR scene (DIN SPEC 15801): patch, positions, and regions as mappings of the wall."""

import io
from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element

import pymvr

from lumad.library.mapping import rectangle_of
from lumad.model.fixture import Fixture
from lumad.model.profile import Profile
from lumad.model.show import Show


def write_plot(show: Show, profiles: Mapping[str, Profile]) -> tuple[bytes, list[str]]:
    """The MVR file of a show, and what it cannot say; the same show gives the same identifiers."""
    notes: list[str] = []
    wall = pymvr.MappingDefinition(
        name=show.name or "wall",
        uuid=_uuid("wall", show.name),
        size_x=show.wall.size[0],
        size_y=show.wall.size[1],
        source=pymvr.Source(linked_geometry="", type_="NDI", value="wall"),
    )
    fixtures = [_fixture(name, show, profiles, wall.uuid, notes) for name in show.fixtures]
    layer = pymvr.Layer(
        name="lumad", uuid=_uuid("layer", show.name), child_list=pymvr.ChildList(fixtures=fixtures)
    )
    scene = pymvr.Scene(layers=pymvr.Layers([layer]), aux_data=pymvr.AUXData(mapping_definitions=[wall]))
    writer = pymvr.GeneralSceneDescriptionWriter()
    writer.xml_root.set("provider", "lumad")
    writer.serialize_user_data(_user_data(show))
    writer.serialize_scene(scene)
    buffer = io.BytesIO()
    writer.write_mvr(buffer)
    return buffer.getvalue(), notes


def _fixture(
    name: str, show: Show, profiles: Mapping[str, Profile], wall: str, notes: list[str]
) -> "pymvr.Fixture":
    fixture = show.fixtures[name]
    maker, _, model = fixture.profile.partition("/")
    profile = profiles.get(fixture.profile)
    mode = profile.modes.get(fixture.mode) if profile else None
    x, y, z = (1000.0 * metres for metres in fixture.position or (0.0, 0.0, 0.0))
    return pymvr.Fixture(
        name=name,
        uuid=_uuid("fixture", name),
        gdtf_spec=f"{maker}@{model}.gdtf",
        gdtf_mode=(mode.name if mode and mode.name else fixture.mode),
        matrix=pymvr.Matrix(
            [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [x, y, z, 0.0]]
        ),
        fixture_id=str(fixture.number or 0),
        fixture_id_numeric=fixture.number or 0,
        addresses=pymvr.Addresses([pymvr.Address(0, fixture.universe, fixture.address)]),
        mappings=pymvr.Mappings(_mappings(name, fixture, show, wall, notes)),
    )


def _mappings(name: str, fixture: Fixture, show: Show, wall: str, notes: list[str]) -> list["pymvr.Mapping"]:
    """The part of the wall a fixture follows, if it follows one."""
    if fixture.follow is None or fixture.follow.region not in show.regions:
        return []
    region = show.regions[fixture.follow.region]
    box, exact = rectangle_of(region, show.wall.size)
    if not exact:
        notes.append(
            f"fixture {name}: {fixture.follow.region} is a {region.shape}; MVR takes the box around it"
        )
    return [pymvr.Mapping(wall, box.ux, box.uy, box.ox, box.oy, box.rz)]


def _user_data(show: Show) -> "pymvr.UserData":
    """Names of regions and what is taken from them, which mappings cannot tell."""
    data = pymvr.Data(provider="lumad", ver="1")
    for name, fixture in show.fixtures.items():
        if fixture.follow is not None:
            told = {"region": fixture.follow.region, "take": fixture.follow.take}
            data.extra_children.append(Element("Follow", {"fixture": _uuid("fixture", name), **told}))
    return pymvr.UserData([data])


def _uuid(kind: str, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"lumad:{kind}:{name}")).upper()
