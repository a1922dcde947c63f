from typing import Any

import pytest

from lumad.errors import EditError
from lumad.model.profile import Profile
from lumad.model.validate import check

DIMMER = {"attribute": "Dimmer", "offset": [1]}
CTC = {"attribute": "CTC", "offset": [2]}
SRGB = {"primaries": "rec709", "white": 6500, "transfer": "srgb"}
RGB = [{"attribute": f"ColorAdd_{c}", "offset": [i]} for i, c in enumerate("RGB", start=1)]
FINE = {"attribute": "X_A", "offset": [2, 3], "encoding": "coarse-fine", "fixed": 0}
XY = [DIMMER, {"attribute": "CIE_X", "offset": [2, 3]}, {"attribute": "CIE_Y", "offset": [4, 5]}]
HSI = [DIMMER, {"attribute": "HSB_Hue", "offset": [2]}, {"attribute": "HSB_Saturation", "offset": [3]}]
GREEN = [
    {"dmx": [0, 10], "phys": 0, "kind": "neutral"},
    {"dmx": [11, 255], "phys": [-100, 100], "unit": "%green"},
]
EMITTERS = {
    "ColorAdd_R": {"xyY": [0.69, 0.305, 60.0]},
    "warm": {"attribute": "ColorAdd_W", "xyY": [0.429, 0.401, 200.0], "nominal": True},
}
COOL = {"attribute": "ColorAdd_W", "offset": [1]}
WARM = {"attribute": "ColorAdd_W", "emitter": "warm", "offset": [3, 4]}


def profile(mode: dict[str, Any], **keys: Any):
    plain = {"id": "a/b", "name": "x", "provenance": [{"doc": "d", "status": "vendor"}], "modes": {"m": mode}}
    return check({**plain, **keys}, Profile)


def mode_of(mode: dict[str, Any], **keys: Any):
    return profile(mode, **keys).modes["m"]


def told(mode: dict[str, Any], **keys: Any):
    with pytest.raises(EditError) as caught:
        profile(mode, **keys)
    return str(caught.value)


def dimmer(*channels: Any, **keys: Any):
    return {"colour": {"model": "dimmer"}, "channels": [DIMMER, *channels], **keys}


def test_base_levels_hold_fixed_and_default_values_coarse_first():
    mode = mode_of(dimmer({"attribute": "X_Mode", "offset": [3, 2], "fixed": 0x1234},
                          {"attribute": "Tint", "offset": [4], "default": 132}, footprint=6))  # fmt: skip
    assert mode.base_levels() == bytes([0, 0x34, 0x12, 132, 0, 0])
    assert mode.footprint == 6


def test_without_cells_all_channels_belong_to_the_only_cell():
    mode = mode_of(dimmer())
    assert (mode.cell_count, mode.shared_channels, len(mode.channels_of_cell(0))) == (1, (), 1)
    with pytest.raises(IndexError):
        mode.channels_of_cell(1)


def test_cells_repeat_their_channels_at_a_stride_and_share_the_others():
    first = [{**channel, "offset": [channel["offset"][0] + 1]} for channel in RGB]
    cells = {"count": 4, "stride": 3, "channels": first}
    mode = mode_of({"colour": {"model": "rgb"}, "channels": [DIMMER], "cells": cells})
    assert mode.footprint == 13
    assert [channel.offset for channel in mode.channels_of_cell(2)] == [(8,), (9,), (10,)]
    assert [channel.attribute for channel in mode.shared_channels] == ["Dimmer"]


def test_an_emitter_is_found_by_its_name_or_by_its_attribute():
    channels = [{"attribute": "ColorAdd_R", "offset": [1, 2]}, WARM]
    found = profile({"colour": {"model": "emitters"}, "channels": channels}, emitters=EMITTERS)
    red, warm = found.modes["m"].channels
    assert (found.emitter_name_of(red), found.emitter_name_of(warm)) == ("ColorAdd_R", "warm")
    assert (red.resolution_bits, red.highest_code) == (16, 65535)
    assert found.assumed_of(found.modes["m"]) == ("curve", "emitters")


@pytest.mark.parametrize(
    ("mode", "assumed"),
    [
        ({"colour": {"model": "rgb"}, "channels": RGB}, ("curve", "primaries", "white", "transfer")),
        ({"colour": {"model": "rgb", **SRGB}, "channels": RGB, "curve": "linear"}, ()),
        (dimmer(curve="square"), ("white",)),
        ({"colour": {"model": "cct"}, "channels": [DIMMER, CTC], "curve": "s"}, ("cct",)),
        ({"colour": {"model": "xy"}, "channels": XY, "curve": "s"}, ()),
        ({"colour": {"model": "hsi"}, "channels": HSI, "curve": "s"}, ("primaries", "white")),
        ({"colour": {"model": "hsi", "primaries": "rec709", "white": 3200}, "channels": HSI}, ("curve",)),
    ],
)  # fmt: skip
def test_what_a_profile_does_not_know_is_assumed_and_said(mode: dict[str, Any], assumed: tuple[str, ...]):
    found = profile(mode)
    assert found.assumed_of(found.modes["m"]) == assumed


def test_curves_are_one_for_all_or_by_attribute():
    by_attribute = mode_of({"colour": {"model": "rgb"}, "channels": RGB,
                            "curve": {"ColorAdd_R": {"gamma": 2.2}, "default": "s"}})  # fmt: skip
    assert by_attribute.curve_of("ColorAdd_R") == {"gamma": 2.2}
    assert by_attribute.curve_of("ColorAdd_G") == "s"
    assert mode_of(dimmer(curve="square")).curve_of("Dimmer") == "square"
    points = [[0, 0], [0.5, 0.1], [1, 1]]
    assert mode_of(dimmer(curve={"points": points})).curve_of("Dimmer")["points"][1] == (0.5, 0.1)
    assert mode_of(dimmer()).curve_of("Dimmer") == "linear"


def test_a_curve_may_begin_at_a_turn_on_code():
    for curve in ({"gamma": 2.2}, {"shape": "s"}, {"points": ((0, 0.1), (1, 1))}):
        assert mode_of(dimmer(curve={**curve, "turn_on": 0.04})).curve_of("Dimmer") == {
            **curve,
            "turn_on": 0.04,
        }
    assert mode_of(dimmer(curve={"shape": "s"})).curve_of("Dimmer") == {"shape": "s"}


def tint_mode(**keys: Any):
    tint = {"attribute": "Tint", "offset": [3], "map": GREEN, **keys}
    return profile({"colour": {"model": "cct", "cct": [2800, 6500]}, "channels": [DIMMER, CTC, tint]})


@pytest.mark.parametrize(
    ("keys", "driven"),
    [
        ({}, True), ({"default": 0}, True), ({"fixed": 0}, False),
        ({"default": 0, "map": None}, False), ({"default": 0, "map": GREEN[:1]}, False),
    ],
)  # fmt: skip
def test_tint_is_driven_where_a_map_tells_its_green_and_nothing_fixes_it(keys: dict[str, Any], driven: bool):
    found = tint_mode(**keys)
    mode = found.modes["m"]
    assert found.drives(mode, mode.channels[2]) is driven
    assert ("tint" in found.assumed_of(mode)) is driven


def test_how_much_a_tint_is_may_be_stated():
    cct = {"model": "cct", "cct": [2800, 6500], "tint": 18}
    mode = {"colour": cct, "channels": [DIMMER, CTC, {"attribute": "Tint", "offset": [3], "map": GREEN}]}
    found = profile({**mode, "curve": "linear"})
    assert found.assumed_of(found.modes["m"]) == ()


def test_codes_of_colour_mean_what_their_attribute_means_unless_a_map_says_more():
    xy = mode_of({"colour": {"model": "xy", "range": [0, 0.75]}, "channels": XY})
    assert xy.code_ranges(xy.channels[1]) == ((0, 65535, 0.0, 0.75, False),)
    assert xy.code_ranges(xy.channels[0]) == ()
    hsi = mode_of({"colour": {"model": "hsi"}, "channels": HSI})
    assert [hsi.code_ranges(c)[0][3] for c in hsi.channels[1:]] == [360.0, 1.0]
    mapped = tint_mode().modes["m"]
    assert mapped.code_ranges(mapped.channels[2]) == ((0, 10, 0, 0, True), (11, 255, -100, 100, False))
    assert mapped.code_ranges(mapped.channels[1]) == ((0, 255, 2800, 6500, False),)


def test_a_fine_slot_may_be_a_part_of_full_instead_of_a_low_byte():
    mode = mode_of(dimmer({**FINE, "fine_span": 0.1}))
    assert (mode.channels[1].encoding, mode.channels[1].fine_span) == ("coarse-fine", 0.1)


def test_the_emitters_of_a_mode_come_in_the_order_of_its_channels():
    channels = [WARM, {"attribute": "ColorAdd_R", "offset": [1, 2]}]
    found = profile({"colour": {"model": "emitters"}, "channels": channels}, emitters=EMITTERS)
    assert found.emitters_of(found.modes["m"]) == ("warm", "ColorAdd_R")


def kelvin_of(body: dict[str, Any], otherwise: tuple[float, float] | None = None) -> tuple[Any, ...]:
    mode = mode_of(body)
    return mode.code_ranges(mode.channels[1], otherwise)


def test_kelvin_comes_from_the_map_or_from_the_limits_of_the_mode():
    limits = {"colour": {"model": "cct", "cct": [2600, 6200]}, "channels": [DIMMER, CTC]}
    assert kelvin_of(limits) == ((0, 255, 2600.0, 6200.0, False),)
    ranges = [{"dmx": [13, 242], "phys": [1750, 9950]}, {"dmx": [0, 12], "phys": 1700}]
    mapped = {"colour": {"model": "cct"}, "channels": [DIMMER, {**CTC, "map": ranges}]}
    assert kelvin_of(mapped) == ((0, 12, 1700.0, 1700.0, False), (13, 242, 1750.0, 9950.0, False))


def test_kelvin_that_no_range_tells_comes_from_the_mode_or_is_what_the_reader_assumes():
    neutral = {**CTC, "map": [{"dmx": [0, 255], "phys": 5600, "kind": "neutral"}]}
    limits = {"colour": {"model": "cct", "cct": [2600, 6200]}, "channels": [DIMMER, neutral]}
    assert kelvin_of(limits, (2700, 6500)) == ((0, 255, 2600.0, 6200.0, False),)
    unknown = {"colour": {"model": "cct"}, "channels": [DIMMER, CTC]}
    assert kelvin_of(unknown) == ()
    assert kelvin_of(unknown, (2700, 6500)) == ((0, 255, 2700, 6500, False),)


def test_the_hash_changes_with_any_fact_and_with_nothing_else():
    one, same = profile(dimmer()), profile(dict(reversed(dimmer().items())))
    assert one.hash == same.hash
    assert one.hash != profile(dimmer(curve="square")).hash
    assert len(one.hash) == 64


def test_the_weakest_source_is_the_status_of_the_profile():
    sources = [{"doc": "a", "status": status} for status in ("vendor", "draft", "community")]
    assert profile(dimmer(), provenance=sources).status == "draft"


def test_a_profile_survives_json():
    found = profile(dimmer(footprint=4, curve={"gamma": 2.0}))
    assert check(found.model_dump(mode="json", by_alias=True), Profile) == found


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (dimmer({"attribute": "Shutter1Strobe", "offset": [1], "fixed": 0}), "slot 1 belongs to Dimmer and"),
        (dimmer({"attribute": "X_Fan", "offset": [3], "fixed": 0}), "slot 2 belongs to no channel"),
        (dimmer({"attribute": "Dimer", "offset": [2]}), "nothing drives Dimer (nearest: Dimmer); say fixed"),
        (dimmer({"attribute": "Dimmer", "offset": [2]}), "an attribute that is driven stands twice"),
        (dimmer({"attribute": "X_Fan", "offset": [2], "fixed": 256}), "256 does not fit; the highest code"),
        (dimmer({"attribute": "fan", "offset": [2], "fixed": 0}), "'fan' is no GDTF attribute"),
        (dimmer({"attribute": "X_A", "offset": [2, 2], "fixed": 0}), "a slot stands twice"),
        (dimmer({"attribute": "X_A", "offset": [], "fixed": 0}), "too few entries: 0 instead of at least 1"),
        (dimmer({"attribute": "X_A", "offset": [513], "fixed": 0}), "513 is not a slot; slots are 1 to 512"),
        (dimmer({**FINE, "offset": [2], "fine_span": 0.1}), "coarse-fine takes two slots and fine_span"),
        (dimmer(FINE), "coarse-fine takes two slots and fine_span"),
        (dimmer({"attribute": "X_A", "offset": [2], "fine_span": 0.1, "fixed": 0}), "belongs to encoding"),
        (dimmer({"attribute": "X_A", "offset": [2], "fixed": -1}), "-1 is too small; at least 0"),
        (dimmer(footprint=0), "footprint: 0 is out of range"),
        (dimmer({"attribute": "X_A", "offset": [2], "fixed": 0}, footprint=1), "footprint 1, but a channel"),
        (dimmer(curve={"Dimer": "s"}), "curve: no channel Dimer (nearest: Dimmer)"),
        (dimmer(curve={"points": [[0, 0], [0.5, 0.6], [0.5, 1]]}), "codes rise, light never falls"),
        (dimmer(curve="cubic"), "'cubic' is not known here; possible: linear, square, s"),
        ({"colour": {"model": "rgb"}, "channels": RGB[:2]}, "colour model rgb needs ColorAdd_B"),
        ({"colour": {"model": "hsi"}, "channels": [DIMMER]}, "hsi needs HSB_Hue, HSB_Saturation"),
        ({"colour": {"model": "xy"}, "channels": XY[:2]}, "colour model xy needs CIE_Y"),
        ({"colour": {"model": "xy", "range": [0.8, 0.8]}, "channels": XY}, "0.8 is not above 0.8"),
        ({"colour": {"model": "rgb", "tint": 20}, "channels": RGB}, "rgb has no tint; it belongs to cct"),
        ({"colour": {"model": "xyz"}, "channels": XY}, "'xyz' is not known here (nearest: xy)"),
        (dimmer({"attribute": "Tint", "offset": [2], "map": GREEN}), "nothing drives Tint"),
        (dimmer(curve={"shape": "s", "turn_on": 1}), "turn_on: 1.0 is out of range"),
        (dimmer(curve={"shape": "cube"}), "'cube' is not known here"),
        ({"colour": {"model": "emitters"}, "channels": [DIMMER]}, "but no channel has an emitter"),
        ({"colour": {"model": "emitters"}, "channels": [{**COOL, "emitter": "warn"}]}, "no emitter 'warn'"),
        ({"colour": {"model": "dimmer"}}, "a mode needs channels"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_right_is_refused(mode: dict[str, Any], said: str):
    assert said in told(mode, emitters=EMITTERS)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ([{"dmx": [5, 4], "phys": 0}], "dmx: 5 to 4 runs backwards"),
        ([{"dmx": [0, 5], "phys": 0}, {"dmx": [5, 9], "phys": 1}], "two ranges of the map share a code"),
        ([{"dmx": [0, 256], "phys": [0, 1]}], "map goes up to 256; the highest code is 255"),
    ],
)
def test_a_map_that_contradicts_itself_is_refused(ranges: list[dict[str, Any]], said: str):
    assert said in told(dimmer({"attribute": "Tint", "offset": [2], "default": 0, "map": ranges}))


@pytest.mark.parametrize("name", ["par", "Acme/par", "acme/../x", "acme/par/x", "/x", "acme/"])
def test_an_id_is_maker_and_model(name: str):
    assert "is no profile id" in told(dimmer(), id=name)
