import re
from contextlib import suppress
from typing import Any

import pytest
from foreign_files import ofl
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import DocumentError
from lumad.library.ofl import read_ofl
from lumad.library.ofl_text import green_in, kelvin_in, numbers_in
from lumad.model.mode import Mode


def generic(comment: str = "", **more: Any) -> dict[str, Any]:
    return {"capability": {"type": "Generic", "comment": comment}, **more}


def emitter(colour: str, **more: Any) -> dict[str, Any]:
    return {"capability": {"type": "ColorIntensity", "color": colour}, **more}


def ranged(*told: tuple[int, int, str], kind: str = "Generic", **more: Any) -> dict[str, Any]:
    rows = [{"dmxRange": [low, high], "type": kind, "comment": comment} for low, high, comment in told]
    return {"capabilities": rows, **more}


CHANNELS: dict[str, Any] = {
    "Dimmer": {"fineChannelAliases": ["Dimmer fine"], "capability": {"type": "Intensity"}},
    "CCT": {
        "fineChannelAliases": ["CCT fine"],
        "capability": {
            "type": "ColorTemperature",
            "colorTemperatureStart": "2800K",
            "colorTemperatureEnd": "10000K",
        },
    },
    "Crossfade": generic("White … RGBW color", fineChannelAliases=["Crossfade fine"]),
    "Hue": generic("0…360°", fineChannelAliases=["Hue fine"]),
    "Saturation": generic("0…100%"),
    "CIE X": generic("0…0.8"),
    "CIE Y": generic("0…0.8"),
    "Strobe": {
        "capabilities": [
            {"dmxRange": [0, 9], "type": "ShutterStrobe", "shutterEffect": "Strobe"},
            {"dmxRange": [10, 255], "type": "ShutterStrobe", "shutterEffect": "Open"},
        ]
    },
    **{name: emitter(name) for name in ("Red", "Green", "Blue", "White", "Warm White", "Cold White")},
}
RGB = ["Red", "Green", "Blue"]


def only_mode(channels: dict[str, Any], told: list[Any], **more: Any) -> Mode:
    (found,) = read_ofl(ofl(channels, told, **more), "par.json").profile.modes.values()
    return found


def attributes(of: Mode) -> list[str]:
    return [channel.attribute for channel in of.all_channels()]


def test_a_fixture_becomes_a_draft_that_names_its_authors():
    imported = read_ofl(ofl(CHANNELS, ["Dimmer", *RGB], physical={"power": 90}), "par.json")
    profile = imported.profile
    assert (profile.id, profile.status, profile.power.full_w if profile.power else 0) == (
        "acme/par",
        "draft",
        90,
    )
    assert profile.provenance[0].doc == "Open Fixture Library (MIT), by Somebody, last changed 2024-01-31"
    assert profile.modes["mode-1"].colour.model == "rgb"


def test_a_file_of_the_repository_does_not_know_its_maker_and_asks_for_it():
    data = ofl(CHANNELS, ["Dimmer"], manufacturerKey="")
    with pytest.raises(DocumentError, match="say maker/model in small letters"):
        read_ofl(data, "par.json")
    assert read_ofl(data, "par.json", "acme/par").profile.id == "acme/par"


def test_fine_channels_join_their_coarse_one_wherever_they_stand():
    found = only_mode(CHANNELS, ["Dimmer", "CCT", "CCT fine", "Dimmer fine"])
    assert [one.offset for one in found.channels] == [(1, 4), (2, 3)]
    assert found.channels[1].code_ranges() == ((0, 65535, 2800, 10000, False),)


def test_a_fine_channel_without_its_coarse_one_stays_at_zero():
    found = only_mode(CHANNELS, ["Dimmer", "CCT", "Crossfade fine"])
    assert found.channels[2].fixed == 0


def test_null_channels_are_reserved_at_zero():
    found = only_mode(CHANNELS, [None, "Dimmer", None])
    assert attributes(found) == ["X_Reserved", "Dimmer", "X_Reserved"]


TINT = [
    (0, 10, "Neutral"),
    (11, 20, "Full minus green"),
    (21, 119, "-99%…-1%"),
    (120, 145, "Neutral"),
    (146, 244, "1%…99%"),
    (245, 255, "Full plus green"),
]


def test_green_and_magenta_typed_generic_become_a_tint_that_is_driven():
    channels = {**CHANNELS, "Green-Magenta Point": ranged(*TINT, defaultValue=0)}
    found = only_mode(channels, ["Dimmer", "CCT", "Green-Magenta Point"])
    tint = found.channels[2]
    assert (tint.attribute, tint.default, tint.tells_tint) == ("Tint", None, True)
    assert next(each[:4] for each in tint.code_ranges() if not each[4]) == (11, 20, -100, -100)


def test_a_tint_typed_as_a_magenta_emitter_is_repaired_and_never_mixed_in():
    imported = read_ofl(ofl({**CHANNELS, "G/M": emitter("Magenta")}, ["Dimmer", "CCT", "G/M"]), "x")
    assert "'G/M' is Tint, not ColorIntensity" in imported.findings.repaired
    assert imported.profile.modes["mode-1"].channels[2].fixed == 0


def test_a_tint_that_is_not_driven_rests_where_it_is_neutral():
    steps = ranged((0, 99, "-1,0"), (100, 150, "0"), (151, 255, "1,0"), defaultValue=0)
    imported = read_ofl(ofl({**CHANNELS, "Green/Magenta": steps}, ["Dimmer", *RGB, "Green/Magenta"]), "x")
    assert imported.profile.modes["mode-1"].channels[-1].fixed == 125
    assert "Tint rests at its neutral code 125, not at 0" in imported.findings.repaired


def test_a_crossfade_stays_at_the_end_its_comment_calls_colour():
    found = only_mode(CHANNELS, ["Dimmer", "CCT", "Crossfade", "Crossfade fine", *RGB, "White"])
    assert found.colour.model == "rgb"
    assert [one.fixed for one in found.channels if one.attribute in {"X_Crossfade", "ColorAdd_W"}] == [
        65535,
        0,
    ]


def test_a_crossfade_that_says_nothing_makes_a_white_lamp_of_it():
    channels = {**CHANNELS, "Crossfade": generic()}
    found = only_mode(channels, ["Dimmer", "CCT", "Crossfade", *RGB])
    assert found.colour.model == "cct"
    assert [one.fixed for one in found.channels[2:]] == [0, 0, 0, 0]


def test_hue_saturation_and_cie_xy_are_found_behind_generic():
    assert only_mode(CHANNELS, ["Dimmer", "Hue", "Hue fine", "Saturation"]).colour.model == "hsi"
    found = only_mode(CHANNELS, ["Dimmer", "CIE X", "CIE Y"])
    assert (found.colour.model, found.colour.range) == ("xy", (0.0, 0.8))


def test_many_steps_of_hue_become_one_straight_range():
    steps = ranged(*((code, code, f"{code / 255 * 358 + 1:.0f}°") for code in range(256)))
    found = only_mode({**CHANNELS, "Hue": steps}, ["Dimmer", "Hue", "Saturation"])
    assert found.channels[1].code_ranges() == ((0, 255, 1, 359, False),)


def test_two_whites_are_emitters_nobody_measured():
    imported = read_ofl(ofl(CHANNELS, ["Dimmer", "Warm White", "Cold White"]), "x")
    assert imported.profile.emitters["ColorAdd_WW"].xyY is None
    assert imported.profile.modes["mode-1"].colour.model == "emitters"


def test_a_strobe_without_a_default_rests_open():
    assert only_mode(CHANNELS, ["Dimmer", "Strobe"]).channels[1].fixed == 10


PIXELS: dict[str, Any] = {
    "matrix": {"pixelCount": [4, 1, 1], "pixelGroups": {"Master": "all"}},
    "templateChannels": {f"{name} $pixelKey": emitter(name) for name in RGB},
}


def insert(order: str = "perPixel", repeat: Any = "eachPixelABC") -> dict[str, Any]:
    templates = [f"{name} $pixelKey" for name in RGB]
    return {
        "insert": "matrixChannels",
        "repeatFor": repeat,
        "channelOrder": order,
        "templateChannels": templates,
    }


@pytest.mark.parametrize(
    ("order", "stride", "last"), [("perPixel", 3, (11, 12, 13)), ("perChannel", 1, (5, 9, 13))]
)
def test_matrix_inserts_become_cells(order: str, stride: int, last: tuple[int, ...]):
    found = only_mode(CHANNELS, ["Dimmer", insert(order)], **PIXELS)
    assert found.cells is not None
    assert (found.cells.count, found.cells.stride) == (4, stride)
    assert tuple(one.offset[0] for one in found.channels_of_cell(3)) == last


def test_pixels_are_named_by_the_file_or_counted_and_repeated_in_the_order_asked_for():
    square = {**PIXELS, "matrix": {"pixelCount": [2, 2, 1]}}
    assert only_mode(CHANNELS, [insert(repeat="eachPixelYXZ")], **square).cell_count == 4
    named = {**PIXELS, "matrix": {"pixelKeys": [[["a", None, "b"]]]}}
    assert only_mode(CHANNELS, [insert(repeat=["b", "a"])], **named).cell_count == 2
    assert only_mode(CHANNELS, [insert(repeat="eachPixelGroup")], **PIXELS).cell_count == 1


def test_pixels_that_are_not_evenly_spaced_are_a_named_fall_back():
    told = ["Red 1", "Green 1", "Blue 1", "Red 2", "Green 2", "Blue 2", None, "Red 3", "Green 3", "Blue 3"]
    with pytest.raises(DocumentError, match="its 3 cells are not evenly spaced"):
        read_ofl(ofl(CHANNELS, told, **PIXELS), "x")


def test_a_switching_channel_is_read_as_while_its_trigger_rests():
    trigger = ranged((0, 9, "a"), (10, 255, "b"), kind="Maintenance", defaultValue=0)
    for row, target in zip(trigger["capabilities"], ("Red", "Blue"), strict=True):
        row["switchChannels"] = {"Switched": target}
    imported = read_ofl(ofl({**CHANNELS, "Mode": trigger}, ["Mode", "Switched", "Green", "Blue"]), "x")
    found = imported.profile.modes["mode-1"]
    assert attributes(found) == ["X_Mode", "ColorAdd_R", "ColorAdd_G", "ColorAdd_B"]
    assert "'Switched' is read as 'Red': as 'Mode' rests" in imported.findings.repaired


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        (ranged((0, -1, "")), r"the dmxRange \[0, -1\] lies outside 0 to 255"),
        (ranged((-1, 5, "")), "lies outside"),
        (ranged((0, 256, "")), "lies outside"),
        ({**generic(), "defaultValue": 300}, "the default 300 lies outside"),
        (generic(fineChannelAliases=["a", "b", "c", "d"]), "lumad knows up to 4"),
    ],
)
def test_codes_that_cannot_be_leave_their_mode_out(channel: dict[str, Any], said: str):
    extra = channel.get("fineChannelAliases", [])
    imported = read_ofl(ofl({**CHANNELS, "Odd": channel}, ["Dimmer"], ["Dimmer", "Odd", *extra]), "x")
    assert list(imported.profile.modes) == ["mode-1"]
    assert re.search(said, imported.findings.left_out[0])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not readable as a fixture"),
        (b"[" * 100_000, "not readable as a fixture"),
        (b"{}", "it has no modes"),
        (b'{"modes": NaN}', "NaN is no number"),
        (ofl(CHANNELS), "nothing to import; it has no modes"),
        (ofl(CHANNELS, ["Nix"]), "names a channel 'Nix' that is not defined"),
        (ofl(CHANNELS, ["Dimmer", "Dimmer"]), "the channel 'Dimmer' stands twice"),
        (ofl(CHANNELS, ["Hue"]), "make light in no way"),
        (ofl(CHANNELS, ["Dimmer", *[None] * 600]), "it takes 601 slots; a universe has 512"),
        (ofl(CHANNELS, [{"insert": "magic"}]), "inserts 'magic'"),
        (ofl(CHANNELS, [insert(repeat="eachMonth")], **PIXELS), "repeats channels for 'eachMonth'"),
        (ofl(CHANNELS, ["Dimmer"], matrix={"pixelCount": [9999, 9999, 1]}), "a matrix of"),
        (ofl(CHANNELS, ["Dimmer"], modes=7), "not readable as a fixture"),
    ],
)
def test_a_file_of_no_use_is_a_named_error(data: bytes, said: str):
    with pytest.raises(DocumentError, match=said) as caught:
        read_ofl(data, "par.json")
    assert str(caught.value).startswith("par.json: ")


JSON = st.recursive(
    st.none() | st.integers(-2, 300) | st.sampled_from(["Generic", "Red", "0…100%", "", "16bit"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "color", "capability", "capabilities", "dmxRange"]), inner)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["Red", "Hue", "Dimmer", "Tint"]), JSON))
def test_odd_channels_are_a_named_error_or_a_profile(channels: dict[str, Any]):
    with suppress(DocumentError):
        assert read_ofl(ofl({**CHANNELS, **channels}, ["Dimmer", *channels]), "x").profile.status == "draft"


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("0…360°", (0, 360)),
        ("-99%…-1%", (-99, -1)),
        ("0-100%", (0, 100)),
        ("\u22120,9", (-0.9, -0.9)),
        ("1 to 99%", (1, 99)),
        ("none", None),
        ("1, 2 and 3", None),
    ],
)
def test_numbers_are_found_in_comments(text: str, ends: tuple[float, float] | None):
    assert numbers_in(text) == ends


def test_kelvin_and_green_are_found_in_comments():
    assert kelvin_in("3200K") == (3200, 3200)
    assert kelvin_in("2000 K…10000 K") == (2000, 10000)
    assert kelvin_in("3200") is kelvin_in("7K") is None
    assert green_in("Full magenta") == (-100, -100)
    assert green_in("Magenta … Green") == (-100, 100)
    assert green_in("something") is None
