import io
import math
import zipfile
from pathlib import Path
from typing import Any

import pymvr
import pytest
from foreign_files import channel, gdtf, mode, zipped
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import DocumentError
from lumad.library.library import Library
from lumad.library.mapping import Rectangle, rectangle_of, region_of
from lumad.library.mvr import SCENE, read_plot
from lumad.library.mvr_export import write_plot
from lumad.library.xmltree import read_xml
from lumad.model.region import Region
from lumad.model.show import Show
from lumad.resources import fixtures_dir

LIBRARY = Library([fixtures_dir()])
NONE = Library([])
PAR = gdtf(mode(channel("1", attribute="Dimmer"), name="Basic"))
WALL = (
    '<AUXData><MappingDefinition name="Wall" uuid="W"><SizeX>1920</SizeX><SizeY>1080</SizeY>'
    '<Source linkedGeometry="x" type="NDI">x</Source></MappingDefinition></AUXData>'
)
MATRIX = "<Matrix>{{1,0,0}}{{0,1,0}}{{0,0,1}}{{{0},{1},{2}}}</Matrix>"


def fixture(
    name: str = "Key", address: str = "1", spec: str = "par.gdtf", mode_name: str = "Basic", **more: str
) -> str:
    """One fixture; keywords are further child nodes as text."""
    inner = "".join(more.values())
    return (
        f'<Fixture name="{name}" uuid="{name}"><GDTFSpec>{spec}</GDTFSpec><GDTFMode>{mode_name}</GDTFMode>'
        f'<Addresses><Address break="0">{address}</Address></Addresses>{inner}</Fixture>'
    )


def mapping(ux: Any = 0, uy: Any = 0, ox: Any = 480, oy: Any = 270, rz: Any = 0.0, link: str = "W") -> str:
    told = "".join(
        f"<{key}>{value}</{key}>"
        for key, value in zip(("ux", "uy", "ox", "oy", "rz"), (ux, uy, ox, oy, rz), strict=True)
    )
    return f'<Mappings><Mapping linkedDef="{link}">{told}</Mapping></Mappings>'


def scene(*fixtures: str, aux: str = WALL, before: str = "", **files: bytes) -> bytes:
    text = (
        f'<GeneralSceneDescription verMajor="1" verMinor="6">{before}<Scene>{aux}<Layers>'
        f'<Layer name="L" uuid="L"><ChildList>{"".join(fixtures)}</ChildList></Layer></Layers></Scene>'
        "</GeneralSceneDescription>"
    )
    return zipped({SCENE: text, "par.gdtf": PAR, **files})


def test_a_scene_becomes_a_show_with_its_profiles():
    found = read_plot(scene(fixture(number="<FixtureID>101</FixtureID>")), "stage.mvr", NONE)
    assert list(found.profiles) == ["acme/par"]
    show = Show.model_validate(found.show)
    assert (show.name, show.wall.size) == ("stage", (1920, 1080))
    key = show.fixtures["Key"]
    assert (key.profile, key.mode, key.universe, key.address, key.number) == ("acme/par", "basic", 1, 1, 101)


@pytest.mark.parametrize(
    ("address", "patch"), [("1", (1, 1)), ("512", (1, 512)), ("513", (2, 1)), ("3.7", (3, 7))]
)
def test_addresses_count_on_over_universes(address: str, patch: tuple[int, int]):
    form = read_plot(scene(fixture(address=address)), "x", NONE).show["fixtures"]["Key"]
    assert (form["universe"], form["address"]) == patch


@pytest.mark.parametrize(
    "address", ["0", "0.0", "3.0", "0.7", "", " ", "x", "-5", "1.2.3", "\u0663", "9" * 5000, "0" * 5000 + "1"]
)
def test_a_fixture_without_an_address_is_left_out_and_the_others_come(address: str):
    found = read_plot(scene(fixture(), fixture("B", address)), "x", NONE)
    assert list(found.show["fixtures"]) == ["Key"]
    assert found.notes == ["fixture B is left out: it is not patched"]


@pytest.mark.parametrize(("first", "patch"), [("4", 4), ("0", None)])
def test_the_first_break_is_the_patch_and_no_other_takes_its_place(first: str, patch: int | None):
    more = f'2</Address><Address break="x">{first}</Address><Address break="7">y'
    told = fixture("B").replace('break="0">1', f'break="2">{more}')
    form = read_plot(scene(fixture(), told), "x", NONE).show["fixtures"].get("B", {})
    assert form.get("address") == patch


def test_positions_are_metres_through_every_group():
    inner = fixture(place=MATRIX.format(1000, 0, 0))
    turned = "<Matrix>{0,1,0}{-1,0,0}{0,0,1}{0,0,2500}</Matrix>"  # a quarter turn, 2.5 m up
    group = f'<GroupObject name="G" uuid="G">{turned}<ChildList>{inner}</ChildList></GroupObject>'
    form = read_plot(scene(group), "x", NONE).show["fixtures"]["Key"]
    assert form["position"] == [0.0, 1.0, 2.5]


def test_a_mapping_is_a_region_in_fractions_turned_the_other_way():
    found = read_plot(scene(fixture(follows=mapping(480, 270, 960, 540, 30))), "x", NONE)
    assert found.show["fixtures"]["Key"]["follow"] == "Key"
    region = Show.model_validate(found.show).regions["Key"]
    assert (region.center, region.size, region.rotation) == ((0.5, 0.5), (0.5, 0.5), -30)


def test_fixtures_with_the_same_mapping_share_a_region():
    found = read_plot(
        scene(*(fixture(name, f"{at}", follows=mapping()) for at, name in enumerate("AB", 1))), "x", NONE
    )
    assert list(found.show["regions"]) == ["A"]
    assert [one["follow"] for one in found.show["fixtures"].values()] == ["A", "A"]


@pytest.mark.parametrize(
    "told", [mapping(ox=0), mapping(oy=-5), mapping(rz="nan"), mapping(ux=10**9), mapping(rz="inf")]
)
def test_a_mapping_without_a_size_is_left_out_and_said(told: str):
    found = read_plot(scene(fixture(follows=told)), "x", NONE)
    assert "follow" not in found.show["fixtures"]["Key"]
    assert found.notes[0].startswith("fixture Key follows nothing: ")


def test_a_source_without_a_size_is_no_wall():
    found = read_plot(scene(fixture(follows=mapping()), aux=WALL.replace("1920", "0")), "x", NONE)
    assert "wall" not in found.show
    assert found.notes == ["a mapping definition without a usable size is left out"]


def test_a_fixture_without_profile_mode_or_address_is_left_out_with_a_word():
    bad = [
        fixture("A", spec="none@here.gdtf"),
        fixture("B", mode_name="Turbo"),
        fixture("C", spec=""),
        fixture("D", address="64000.1"),
        '<Fixture name="E" uuid="E"><GDTFSpec>par.gdtf</GDTFSpec><GDTFMode>Basic</GDTFMode></Fixture>',
    ]
    found = read_plot(scene(fixture(), *bad), "x", NONE)
    assert list(found.show["fixtures"]) == ["Key"]
    words = (
        "no profile 'none/here'",
        "no mode 'Turbo'",
        "names no GDTF file",
        "universe 64000, address 1 cannot be sent",
        "it is not patched",
    )
    assert all(word in note for word, note in zip(words, found.notes, strict=True))


def test_names_become_usable_and_stay_different():
    found = read_plot(
        scene(fixture("Key light", "1"), fixture("Key/light", "2"), fixture("", "3")), "x", NONE
    )
    assert list(found.show["fixtures"]) == ["Key-light", "Key-light-2", "fixture-x"]
    assert found.show["fixtures"]["Key-light"]["label"] == "Key light"


def test_a_profile_of_the_library_wins_over_that_in_the_scene(tmp_path: Path):
    text = "id: acme/par\nname: mine\nprovenance: [{doc: x, status: vendor}]\nmodes: {basic: "
    text += "{colour: {model: dimmer}, channels: [{attribute: Dimmer, offset: [1]}]}}\n"
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme/par.yaml").write_text(text)
    found = read_plot(scene(fixture()), "x", Library([tmp_path]))
    assert found.profiles == {}
    assert found.notes == ["acme/par is in the library already; that one is used"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x", "not a zip file"),
        (zipped({"a": "x"}), "has no GeneralSceneDescription.xml"),
        (zipped({SCENE: "<a"}), "broken XML"),
        (zipped({SCENE: "<a/>"}), "it has no Scene"),
        (zipped({SCENE: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "contains a DTD"),
        (scene(), "nothing to import; it has no fixtures"),
        (scene(fixture(address="x")), "nothing to import; fixture Key is left out: it is not patched"),
        (scene(fixture(follows=mapping(ux="x"))), "not readable as MVR"),
        (scene(fixture(place="<Matrix>{1,2}</Matrix>")), "not readable as MVR"),
    ],
)
def test_a_scene_of_no_use_is_a_named_error(data: bytes, said: str):
    with pytest.raises(DocumentError, match=said):
        read_plot(data, "x.mvr", NONE)


def test_a_bad_gdtf_inside_leaves_out_its_fixtures_alone():
    bomb = zipped({"description.xml": bytes(20 << 20)})
    found = read_plot(scene(fixture(), fixture("B", "2", "bomb.gdtf"), **{"bomb.gdtf": bomb}), "x", NONE)
    assert (
        "fixture B is left out: x: bomb.gdtf: description.xml unpacks to more than 100 times"
        in found.notes[0]
    )


PIXELS = st.integers(1, 1920)


@given(st.integers(-500, 2500), st.integers(-500, 2500), PIXELS, PIXELS, st.floats(-180, 180))
def test_mappings_go_to_regions_and_back_unchanged(ux: int, uy: int, ox: int, oy: int, rz: float):
    region = region_of(Rectangle(ux, uy, ox, oy, rz), (1920, 1080))
    back, exact = rectangle_of(region, (1920, 1080))
    assert (back.ux, back.uy, back.ox, back.oy) == (ux, uy, ox, oy)
    assert exact
    assert math.isclose(math.remainder(back.rz - rz, 360), 0, abs_tol=1e-9)


UNIT = st.floats(0.05, 0.95)


@given(UNIT, UNIT, st.floats(0.01, 1), st.floats(0.01, 1), st.floats(-180, 180))
def test_regions_go_to_mappings_and_back_within_a_pixel(
    x: float, y: float, wide: float, high: float, turned: float
):
    region = Region(shape="rect", center=(x, y), size=(wide, high), rotation=turned)
    back = region_of(rectangle_of(region, (1920, 1080))[0], (1920, 1080))
    assert back.center is not None
    assert back.size is not None
    assert abs(back.center[0] - x) * 1920 <= 1
    assert abs(back.center[1] - y) * 1080 <= 1
    assert abs(back.size[0] - wide) * 1920 <= 0.5 + 1e-6
    assert math.isclose(math.remainder(back.rotation - turned, 360), 0, abs_tol=1e-6)


def test_other_shapes_go_out_as_the_box_around_them():
    triangle = Region(shape="polygon", points=((0.25, 0.5), (0.75, 0.5), (0.5, 0.75)))
    assert rectangle_of(triangle, (1920, 1080)) == (Rectangle(480, 540, 960, 270), False)
    line = Region(shape="line", points=((0.25, 0.5), (0.75, 0.5)), width=0.1)
    assert rectangle_of(line, (1920, 1080))[0] == Rectangle(480, 486, 960, 108)


SHOW = Show.model_validate({
    "show": 1,
    "name": "stage",
    "wall": {"size": (1920, 1080)},
    "regions": {"sky": {"center": (0.5, 0.25), "size": (0.5, 0.5), "rotation": 10.0}},
    "fixtures": {
        "key": {"profile": "generic/rgb", "mode": "8bit", "universe": 2, "address": 7, "number": 3,
                "follow": {"region": "sky", "take": "colour"}, "position": (1.5, -2.0, 3.25)},
        "rim": {"profile": "generic/rgb", "mode": "16bit", "universe": 1, "address": 11, "control": "off"},
    },
})  # fmt: skip


def test_a_show_goes_out_and_comes_back_the_same():
    data, notes = write_plot(SHOW, {"generic/rgb": LIBRARY.profile("generic/rgb")})
    assert notes == []
    back = Show.model_validate(read_plot(data, "stage.mvr", LIBRARY).show)
    key, was = back.fixtures["key"], SHOW.fixtures["key"]
    kept = ("profile", "mode", "universe", "address", "number", "follow", "position")
    assert [getattr(key, name) for name in kept] == [getattr(was, name) for name in kept]
    assert back.regions == SHOW.regions
    assert back.fixtures["rim"].follow is None


def test_an_independent_reader_finds_the_mapping_of_an_exported_scene():
    data, _ = write_plot(SHOW, {})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = read_xml(archive.read(SCENE), "x")
    assert root.get("provider") == "lumad"
    found = pymvr.Scene(xml_node=root.find("Scene"))
    (mapped,) = found.layers[0].child_list.fixtures[0].mappings
    assert (mapped.ux, mapped.uy, mapped.ox, mapped.oy, mapped.rz) == (480, 0, 960, 540, -10.0)
    assert mapped.link_def == found.aux_data.mapping_definitions[0].uuid
    assert write_plot(SHOW, {})[0] != b""
