from contextlib import suppress

import pytest
from foreign_files import BODY, channel, function, gdtf, mode, zipped
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import DocumentError
from lumad.library.draft import free_name, slug
from lumad.library.gdtf import read_gdtf
from lumad.model.channel import CodeRange
from lumad.model.mode import Mode

DIMMER = channel("1,2", attribute="Dimmer")
RGB = tuple(channel(str(at), attribute=f"ColorAdd_{name}") for at, name in enumerate("RGB", 3))
CTC = function("CTC", DMXFrom="0/1", PhysicalFrom="2800", PhysicalTo="10000")


def pixels(*offsets: int) -> str:
    """A body with references to one pixel, each from its own slot."""
    references = "".join(
        f'<GeometryReference Name="P{at}" Geometry="Pixel"><Break DMXBreak="1" DMXOffset="{offset}"/>'
        "</GeometryReference>"
        for at, offset in enumerate(offsets)
    )
    pixel = '<Geometry Name="Pixel"><Beam Name="Light"/></Geometry>'
    return f'<Geometries><Geometry Name="Body">{references}</Geometry>{pixel}</Geometries>'


def only_mode(data: bytes) -> Mode:
    (found,) = read_gdtf(data, "par.gdtf").profile.modes.values()
    return found


def attributes(of: Mode) -> list[str]:
    return [channel.attribute for channel in of.all_channels()]


def test_a_gdtf_file_becomes_a_draft_profile_with_its_names():
    imported = read_gdtf(gdtf(mode(DIMMER, *RGB, name="8 bit: Basic"), name="Par 64", maker="Acmé"), "x.gdtf")
    profile = imported.profile
    assert (profile.id, profile.name, profile.status) == ("acme/par-64", "Acmé Par 64", "draft")
    assert list(profile.modes) == ["8-bit-basic"]
    assert profile.modes["8-bit-basic"].colour.model == "rgb"
    assert imported.findings.repaired == imported.findings.unknown == []


def test_the_id_can_be_given_and_must_be_one():
    assert read_gdtf(gdtf(mode(DIMMER)), "x", "my/par").profile.id == "my/par"
    for bad in ("../x", "My/Par", "par", "a/b/c"):
        with pytest.raises(DocumentError, match="is no profile id"):
            read_gdtf(gdtf(mode(DIMMER)), "x", bad)


def test_a_channel_that_is_no_light_rests_at_the_default_the_file_states():
    strobe = channel(
        "6",
        function("Shutter1Strobe", Default="32/1"),
        InitialFunction="Beam_Shutter1Strobe.Shutter1Strobe.Shutter1Strobe 1",
    )
    found = only_mode(gdtf(mode(DIMMER, *RGB, strobe)))
    assert found.channels[-1].fixed == 32


def test_a_missing_default_is_no_knowledge_and_said():
    imported = read_gdtf(gdtf(mode(DIMMER, channel("3", attribute="Shutter1"))), "x")
    assert imported.findings.unknown == ["where Shutter1 on slot 3 may rest; it stays at 0"]


def test_dmx_values_reach_the_resolution_of_their_channel_by_repeating_or_shifting():
    zoom = [channel("3,4", attribute="Zoom", Default=told) for told in ("255/1", "255/1s", "4660/2", "1/3")]
    found = [only_mode(gdtf(mode(DIMMER, one))).channels[-1].fixed for one in zoom]
    assert found == [65535, 65280, 4660, 0]


def test_three_byte_channels_are_three_slots():
    found = only_mode(gdtf(mode(channel("1,2,3", attribute="Dimmer"))))
    assert found.channels[0].highest_code == 0xFFFFFF


def kelvin_of(found: Mode) -> list[CodeRange]:
    """What the codes of CTC mean."""
    return [told for one in found.channels if one.attribute == "CTC" for told in one.code_ranges()]


def test_a_cct_lamp_has_its_kelvin_map():
    white = channel("3", function("NoFeature"), CTC.replace("0/1", "13/1"), attribute="CTC")
    found = only_mode(gdtf(mode(DIMMER, white)))
    assert found.colour.model == "cct"
    assert kelvin_of(found) == [(13, 255, 2800, 10000, False)]


def test_a_range_that_is_no_kelvin_is_unknown_and_not_driven():
    told = function("CTC", PhysicalFrom="0", PhysicalTo="1")
    imported = read_gdtf(gdtf(mode(DIMMER, channel("3", told), channel("4", attribute="ColorAdd_W"))), "x")
    assert "what the codes of CTC mean; the file says 0 to 1" in imported.findings.unknown


def test_cie_xy_takes_the_range_of_the_file():
    ends = {"PhysicalFrom": "0", "PhysicalTo": "0.8"}
    xy = [channel(at, function(name, **ends)) for at, name in (("3,4", "CIE_X"), ("5,6", "CIE_Y"))]
    found = only_mode(gdtf(mode(DIMMER, *xy)))
    assert (found.colour.model, found.colour.range) == ("xy", (0.0, 0.8))


def test_hue_and_saturation_become_hsi():
    hue = channel("3", function("HSB_Hue", PhysicalFrom="0", PhysicalTo="360"))
    saturation = channel("4", function("HSB_Saturation", PhysicalFrom="0", PhysicalTo="100"))
    level = channel("5", attribute="HSB_Brightness")
    found = only_mode(gdtf(mode(hue, saturation, level)))
    assert (found.colour.model, attributes(found)[2:]) == ("hsi", ["HSB_Hue", "HSB_Saturation", "Dimmer"])


EMITTERS = (
    '<Emitter Name="Red" Color="0.68,0.31,20"/><Emitter Name="Lime" Color="0.40,0.54,90"/>'
    '<Emitter Name="UV" Color="0,0,0"/>'
)


def emitter_mode() -> str:
    named = (("ColorAdd_R", "Red"), ("ColorAdd_GY", "Lime"), ("ColorAdd_UV", "UV"))
    return mode(
        DIMMER, *(channel(str(at), function(one, Emitter=of)) for at, (one, of) in enumerate(named, 3))
    )


def test_emitters_are_a_hint_and_never_taken_for_measured():
    profile = read_gdtf(gdtf(emitter_mode(), emitters=EMITTERS), "x").profile
    assert profile.emitters["lime"].xyY == (0.40, 0.54, 90)
    assert all(emitter.nominal for emitter in profile.emitters.values())
    assert list(profile.emitters) == ["red", "lime"]
    assert "emitters" in profile.assumed_of(profile.modes["mode-1"])


def test_an_editors_placeholder_colours_are_dropped_and_said():
    colours = {"Red": "0.6401,0.3300", "Green": "0.3,0.6", "Blue": "0.15,0.06", "Lime": "0.4,0.5"}
    told = "".join(f'<Emitter Name="{name}" Color="{xy},50"/>' for name, xy in colours.items())
    imported = read_gdtf(gdtf(emitter_mode(), emitters=told), "x")
    assert imported.profile.emitters["lime"].xyY is None
    assert "an editor's placeholders" in imported.findings.repaired[0]


def test_emitters_with_spectra_are_measured_ones():
    def measured(name: str, centre: float) -> str:
        points = "".join(
            f'<MeasurementPoint WaveLength="{at}" Energy="{2.0 ** -(((at - centre) / 12) ** 2)}"/>'
            for at in range(400, 700, 4)
        )
        return f'<Emitter Name="{name}"><Measurement Physical="100">{points}</Measurement></Emitter>'

    told = measured("Red", 630) + measured("Lime", 560) + measured("UV", 450)
    profile = read_gdtf(gdtf(emitter_mode(), emitters=told), "x").profile
    red, lime = profile.emitters["red"], profile.emitters["lime"]
    assert not red.nominal
    assert red.xyY == pytest.approx((0.700, 0.300, 28.5), rel=0.02)
    assert lime.xyY == pytest.approx((0.378, 0.613, 100), rel=0.02)
    assert "emitters" not in profile.assumed_of(profile.modes["mode-1"])


def test_geometry_references_become_cells():
    cells = [
        channel(str(at), attribute=f"ColorAdd_{name}", geometry="Light") for at, name in enumerate("RGB", 2)
    ]
    level = channel("1", attribute="Dimmer", geometry="Body")
    found = only_mode(gdtf(mode(level, *cells), geometries=pixels(1, 4, 7, 10)))
    assert (found.cell_count, found.footprint) == (4, 13)
    assert [one.offset for one in found.channels_of_cell(3)] == [(11,), (12,), (13,)]
    assert [one.attribute for one in found.shared_channels] == ["Dimmer"]


def test_cells_that_are_not_evenly_spaced_are_refused_by_name():
    cells = [
        channel(str(at), attribute=f"ColorAdd_{name}", geometry="Light") for at, name in enumerate("RGB", 1)
    ]
    with pytest.raises(DocumentError, match="mode 'Mode 1': its 3 cells are not evenly spaced"):
        read_gdtf(gdtf(mode(*cells), geometries=pixels(1, 4, 10)), "x")


def test_a_second_break_leaves_that_mode_out_and_keeps_the_others():
    away = mode(channel("1", attribute="Dimmer", DMXBreak="2"), name="Split")
    imported = read_gdtf(gdtf(mode(DIMMER), away), "x")
    assert list(imported.profile.modes) == ["mode-1"]
    assert imported.findings.left_out == [
        "mode 'Split': its DMX break 2 needs an address of its own; lumad patches one"
    ]


def test_virtual_channels_are_left_out_and_gaps_stay_at_zero():
    imported = read_gdtf(
        gdtf(mode(DIMMER, channel("", attribute="Zoom"), channel("5", attribute="Pan"))), "x"
    )
    assert attributes(imported.profile.modes["mode-1"]) == ["Dimmer", "X_Reserved", "X_Reserved", "Pan"]
    assert "channels without slots (virtual ones) are left out: 1" in imported.findings.repaired
    assert "slots without a channel stay at 0: 3, 4" in imported.findings.repaired


def test_a_missing_dmx_from_begins_at_zero_and_is_said():
    told = '<ChannelFunction Name="a" Attribute="Dimmer"/>'
    imported = read_gdtf(gdtf(mode(channel("1", told))), "x")
    assert imported.findings.repaired == ["Dimmer has no DMXFrom; it begins at 0"]


def test_mode_masters_hold_what_they_say_while_they_rest():
    dependent = {"ModeMaster": "Beam_ColorMixMode", "ModeFrom": "0/1", "ModeTo": "9/1"}
    other = {**dependent, "ModeFrom": "10/1", "ModeTo": "255/1"}
    choice = channel("3", attribute="ColorMixMode", Default="0/1")
    white = channel(
        "4",
        function("CTC", **dependent, PhysicalFrom="2800", PhysicalTo="6500"),
        function("Hue", **other),
        attribute="CTC",
    )
    imported = read_gdtf(gdtf(mode(DIMMER, choice, white)), "x")
    found = imported.profile.modes["mode-1"]
    assert (found.colour.model, kelvin_of(found)) == ("cct", [(0, 255, 2800, 6500, False)])
    assert "read as while its mode master rests" in imported.findings.repaired[0]


def test_a_dimmer_that_also_strobes_is_not_driven():
    shared = channel("1", function("Dimmer"), function("Shutter1Strobe", DMXFrom="200/1"), attribute="Dimmer")
    with pytest.raises(DocumentError, match="its dimmer cannot be driven: it shares its codes"):
        read_gdtf(gdtf(mode(shared)), "x")


@pytest.mark.parametrize("offset", ["0", "-1", "x", "1,2,3,4,5", "99999999999", "513", "1;2"])
def test_an_offset_that_is_none_leaves_its_mode_out(offset: str):
    with pytest.raises(DocumentError, match=r"x: nothing to import; mode 'Mode 1': "):
        read_gdtf(gdtf(mode(channel(offset, attribute="Dimmer"))), "x")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (zipped({"other.xml": "<a/>"}), "has no description.xml"),
        (zipped({"description.xml": "<a>"}), "description.xml: broken XML"),
        (zipped({"description.xml": "<GDTF/>"}), "it has no FixtureType"),
        (gdtf(), "it has no modes"),
        (gdtf(mode()), "it has no channels"),
        (gdtf(mode(DIMMER), name="!", maker=""), "is no profile id"),
        (
            gdtf(mode(DIMMER), geometries=BODY, emitters='<Emitter DominantWaveLength="x"/>'),
            "not readable as GDTF",
        ),
        (gdtf(mode(channel("1", attribute="Pan"))), "make light in no way"),
    ],
)
def test_a_file_of_no_use_is_a_named_error(data: bytes, said: str):
    with pytest.raises(DocumentError, match=said):
        read_gdtf(data, "x.gdtf")


WORDS = st.sampled_from(
    ["Dimmer", "ColorAdd_R", "CTC", "Tint", "NoFeature", "Über 1", "", "CIE_X", "HSB_Hue"]
)
TEXT = st.sampled_from(["0", "1", "255/1", "65535/2", "nan", "inf", "-1", "", "None", "1e999", "7/9", "1,2"])


@given(st.lists(st.tuples(WORDS, TEXT, TEXT, TEXT), min_size=1, max_size=5))
def test_odd_values_are_a_named_error_or_a_profile(told: list[tuple[str, str, str, str]]):
    channels = [
        channel(offset, function(name or "X", DMXFrom=low, PhysicalFrom=high, PhysicalTo=low), Default=high)
        for name, offset, low, high in told
    ]
    with suppress(DocumentError):
        assert read_gdtf(gdtf(mode(*channels)), "x").profile.status == "draft"


@given(st.text(max_size=100))
def test_slugs_are_safe_names(text: str):
    found = slug(text)
    assert len(found) <= 64
    assert ".." not in found
    assert not set(found) - set("abcdefghijklmnopqrstuvwxyz0123456789.-")


def test_a_taken_name_gets_a_number():
    assert [free_name("a", taken) for taken in ((), ("a",), ("a", "a-2"))] == ["a", "a-2", "a-3"]
