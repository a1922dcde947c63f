"""Lamps on the demo stage: levels back to light."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.emitters import EmitterSolve
from lumad.colour.spaces import WHITE_D65, rgb_to_xyz
from lumad.colour.transfer import decode
from lumad.colour.white import cct_to_xy, xy_to_xyz
from lumad.input.stage import StageLamp
from lumad.model.profile import Profile

RGB = ("ColorAdd_R", "ColorAdd_G", "ColorAdd_B")
EMITTERS = {
    "ColorAdd_R": {"xyY": (0.690, 0.305, 60.0)},
    "ColorAdd_G": {"xyY": (0.170, 0.700, 120.0)},
    "ColorAdd_B": {"xyY": (0.150, 0.045, 25.0)},
    "warm": {"attribute": "ColorAdd_W", "xyY": (0.4290, 0.4010, 200.0)},
}


def lamp(mode: dict[str, Any], emitters: dict[str, Any] | None = None) -> StageLamp:
    profile = Profile.model_validate(
        {
            "id": "test/lamp",
            "name": "Test lamp",
            "provenance": [{"doc": "made up", "status": "vendor"}],
            "emitters": emitters or {},
            "modes": {"m": mode},
        }
    )
    return StageLamp(profile, profile.modes["m"])


def channels(*attributes: str, slots: int = 1, first: int = 1) -> list[dict[str, Any]]:
    offsets = range(first, first + slots * len(attributes), slots)
    return [
        {"attribute": attribute, "offset": list(range(at, at + slots))}
        for attribute, at in zip(attributes, offsets, strict=True)
    ]


def test_a_dimmer_shines_wall_white_by_its_curve():
    dimmer = lamp({"colour": {"model": "dimmer"}, "curve": "square", "channels": channels("Dimmer", slots=2)})
    assert dimmer.light(b"\xff\xff") == pytest.approx(WHITE_D65[None])
    assert dimmer.light(b"\x80\x00") == pytest.approx(WHITE_D65[None] * (0x8000 / 0xFFFF) ** 2)


def test_a_white_lamp_shines_the_temperature_of_its_channel():
    ranges = [{"dmx": [0, 10], "phys": 2000}, {"dmx": [20, 220], "phys": [2000, 10000], "unit": "K"}]
    cct = [{"attribute": "CTC", "offset": [2], "map": ranges}]
    bicolour = lamp({"colour": {"model": "cct"}, "channels": channels("Dimmer") + cct})
    assert bicolour.light(bytes([255, 120])) == pytest.approx(xy_to_xyz(cct_to_xy([6000.0]), 1.0))
    assert bicolour.light(bytes([51, 5])) == pytest.approx(xy_to_xyz(cct_to_xy([2000.0]), 0.2))


def test_a_white_lamp_of_unknown_range_runs_from_2700_to_6500_kelvin():
    bicolour = lamp({"colour": {"model": "cct"}, "channels": channels("Dimmer", "CTC")})
    assert bicolour.light(bytes([255, 0])) == pytest.approx(xy_to_xyz(cct_to_xy([2700.0]), 1.0))
    assert bicolour.light(bytes([255, 255])) == pytest.approx(xy_to_xyz(cct_to_xy([6500.0]), 1.0))


def test_a_white_lamp_with_tint_shines_green_or_magenta():
    green = [
        {"dmx": [0, 10], "phys": 0, "kind": "neutral"},
        {"dmx": [11, 111], "phys": [-100, 0], "unit": "%green"},
        {"dmx": [112, 212], "phys": [0, 100], "unit": "%green"},
    ]
    tint = {"attribute": "Tint", "offset": [3], "map": green}
    for stated, most in (({}, 0.02), ({"tint": 30}, 0.03)):
        tinted = lamp({"colour": {"model": "cct", **stated}, "channels": [*channels("Dimmer", "CTC"), tint]})
        for code, duv in ((0, 0.0), (11, -most), (162, most / 2), (212, most)):
            wanted = xy_to_xyz(cct_to_xy([2700.0], [duv]), 1.0)
            assert tinted.light(bytes([255, 0, code])) == pytest.approx(wanted)


@pytest.mark.parametrize(("stated", "high"), [({}, 0.8), ({"range": [0.0, 1.0]}, 1.0)])
def test_a_lamp_of_chromaticities_shines_the_one_of_its_channels(stated: dict[str, Any], high: float):
    chromatic = lamp(
        {"colour": {"model": "xy", **stated}, "channels": channels("Dimmer", "CIE_X", "CIE_Y", slots=2)}
    )
    codes = [round(value / high * 65535).to_bytes(2, "big") for value in (0.31, 0.35)]
    wanted = xy_to_xyz([[0.31, 0.35]], 0.5)
    assert chromatic.light(b"\x80\x00" + b"".join(codes)) == pytest.approx(wanted, abs=1e-4)
    assert not chromatic.light(bytes(6)).any()


def test_a_lamp_of_hue_and_saturation_shines_the_colour_of_its_space():
    colour = {"model": "hsi", "primaries": "p3-d65"}
    hued = lamp({"colour": colour, "channels": channels("Dimmer", "HSB_Hue", "HSB_Saturation")})
    space = rgb_to_xyz("p3-d65")
    assert hued.light(bytes([255, 0, 0]))[0] == pytest.approx(WHITE_D65)
    assert hued.light(bytes([51, 85, 255]))[0] == pytest.approx(space @ (0.0, 0.2, 0.0))  # 120 degrees
    assert hued.light(bytes([255, 170, 51]))[0] == pytest.approx(space @ (0.8, 0.8, 1.0))


def test_a_fine_slot_that_is_no_low_byte_adds_its_span():
    dimmer = {"attribute": "Dimmer", "offset": [1, 2], "encoding": "coarse-fine", "fine_span": 0.1}
    coarse = lamp({"colour": {"model": "dimmer"}, "channels": [dimmer]})
    assert coarse.light(bytes([51, 0])) == pytest.approx(WHITE_D65[None] * 0.2)
    assert coarse.light(bytes([51, 51])) == pytest.approx(WHITE_D65[None] * 0.22)
    assert coarse.light(bytes([255, 255])) == pytest.approx(WHITE_D65[None])


def test_up_to_its_turn_on_a_lamp_is_dark():
    curve = {"shape": "square", "turn_on": 0.2}
    late = lamp({"colour": {"model": "dimmer"}, "curve": curve, "channels": channels("Dimmer")})
    assert not late.light(bytes([51])).any()
    assert late.light(bytes([153])) == pytest.approx(WHITE_D65[None] * 0.25)
    assert late.light(bytes([255])) == pytest.approx(WHITE_D65[None])


def test_a_colour_space_of_unknown_facts_is_linear_rec709():
    unknown = lamp({"colour": {"model": "rgb"}, "channels": channels(*RGB)})
    assert unknown.light(bytes([255, 255, 255])) == pytest.approx(WHITE_D65[None])
    assert unknown.light(bytes([255, 51, 0]))[0] == pytest.approx(rgb_to_xyz("rec709") @ (1.0, 0.2, 0.0))


def test_a_stated_colour_space_is_decoded_with_its_transfer_function():
    colour = {"model": "rgb", "primaries": "p3-d65", "transfer": "srgb"}
    stated = lamp({"colour": colour, "channels": channels("Dimmer", *RGB)})
    light = rgb_to_xyz("p3-d65") @ decode("srgb", np.array([255, 128, 64]) / 255.0)
    assert stated.light(bytes([51, 255, 128, 64])) == pytest.approx(light[None] * 0.2)


@settings(deadline=None)
@given(st.integers(0, 2**32))
def test_emitters_shine_what_was_solved_for_them(seed: int):
    names = ("Dimmer", *RGB, "ColorAdd_W")
    mode = {"colour": {"model": "emitters"}, "channels": channels(*names, slots=2)}
    mode["channels"][-1]["emitter"] = "warm"
    raw = lamp(mode, EMITTERS)
    columns = np.stack([xy_to_xyz(e["xyY"][:2], e["xyY"][2]) for e in EMITTERS.values()], axis=1)
    solve = EmitterSolve(columns)
    target = rgb_to_xyz("rec709") @ np.random.default_rng(seed).random(3) * 0.5
    drives, _ = solve.solve([target * solve.full_output(WHITE_D65)])
    levels = b"".join(int(code).to_bytes(2, "big") for code in np.rint(drives[0] * 65535))
    assert raw.light(b"\xff\xff" + levels)[0] == pytest.approx(target, abs=1e-4)
    assert raw.light(b"\x80\x00" + levels)[0] == pytest.approx(target * 0x8000 / 0xFFFF, abs=1e-4)


def test_each_emitter_has_its_own_curve():
    mode = {
        "colour": {"model": "emitters"},
        "curve": {"warm": "square", "default": "linear"},
        "channels": [*channels(*RGB), {"attribute": "ColorAdd_W", "offset": [4], "emitter": "warm"}],
    }
    full, half = (lamp(mode, EMITTERS).light(bytes([0, 0, 0, code]))[0] for code in (255, 51))
    assert half == pytest.approx(full * 0.04)


def test_emitters_that_nobody_measured_are_nominal_or_dark():
    mode = {"colour": {"model": "emitters"}, "channels": channels("ColorAdd_R", "ColorAdd_UV")}
    odd = lamp(mode, {"ColorAdd_R": None, "ColorAdd_UV": None})
    assert odd.light(bytes([255, 0]))[0, 0] > 0.0
    assert not odd.light(bytes([0, 255])).any()


def test_cells_have_their_own_colours_and_share_the_dimmer():
    cells = {"count": 3, "stride": 3, "channels": channels(*RGB, first=2)}
    tube = lamp({"colour": {"model": "rgb"}, "channels": channels("Dimmer"), "cells": cells})
    light = tube.light(bytes([51, 255, 0, 0, 0, 255, 0, 0, 0, 255]))
    assert tube.footprint == 10
    assert light == pytest.approx(rgb_to_xyz("rec709").T * 0.2)


def test_channels_that_are_neither_intensity_nor_colour_change_nothing():
    shutter = {"attribute": "Shutter1Strobe", "offset": [4], "fixed": 0}
    rgb = lamp({"colour": {"model": "rgb"}, "channels": [*channels(*RGB), shutter]})
    assert rgb.light(bytes([9, 8, 7, 0])) == pytest.approx(rgb.light(bytes([9, 8, 7, 255])))


def test_levels_that_did_not_arrive_are_dark_and_more_are_ignored():
    rgb = lamp({"colour": {"model": "rgb"}, "channels": channels(*RGB)})
    assert not rgb.light(b"").any()
    assert rgb.light(bytes([9, 8, 7, 6, 5])) == pytest.approx(rgb.light(bytes([9, 8, 7])))
