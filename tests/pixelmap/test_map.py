"""Show and frame in, levels out."""

from math import ceil

import numpy as np
import numpy.typing as npt
import pytest
from shows import FORMAT, PROFILES, fixture, frame, show

from lumad.frames.frame import Frame
from lumad.link.arrays import pack, unpack
from lumad.link.live import Live
from lumad.model.show import Show
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.map import PixelMap

Levels = npt.NDArray[np.uint8]


def render(pixel_map: PixelMap, picture: Frame, live: Live | None = None, *, lost: bool = False) -> Levels:
    """Levels (U, 512) of one picture."""
    memory = pixel_map.new_memory()
    memory.remember(pixel_map.sample(picture), picture.number, only_waiting=False)
    return pixel_map.light(memory.light, pixel_map.first_light(), live or Live(), lost=lost).levels


def levels(the_show: Show, picture: Frame, live: Live | None = None, *, lost: bool = False) -> list[int]:
    """The first 16 levels of universe 1."""
    return render(compiled_map(the_show), picture, live, lost=lost)[0, :16].tolist()


def linear(code: int) -> float:
    """Light of an sRGB code (IEC 61966-2-1)."""
    return ((code / 255 + 0.055) / 1.055) ** 2.4


def test_a_linear_rgb_lamp_gets_linear_light_not_codes():
    got = levels(show(fixtures={"key": fixture("rgb8")}), frame((128, 255, 64)))
    assert got[:3] == [round(255 * linear(128)), 255, round(255 * linear(64))]


def test_a_region_is_averaged_in_linear_light():
    half = {"center": [0.5, 0.5], "size": [1.0, 1.0]}
    got = levels(show(regions={"all": half}, fixtures={"key": fixture("rgb8", "all")}), frame((255, 0, 255)))
    assert got[:3] == pytest.approx([127.5, 0, 127.5], abs=0.5)


def test_wall_white_drives_a_lamp_to_its_full_output():
    got = levels(show(fixtures={"key": fixture("wide")}), frame((255, 255, 255)))
    drives = [got[at] * 256 + got[at + 1] for at in (2, 4, 6, 8)]
    assert got[:2] == [255, 255]
    assert max(drives) == 65535


def test_an_emitter_lamp_gives_the_walls_colour():
    got = levels(show(fixtures={"key": fixture("wide")}), frame((200, 100, 50)))
    drives = np.array([got[at] * 256 + got[at + 1] for at in (2, 4, 6, 8)]) / 65535
    emitters = np.array([emitter.xyY for emitter in PROFILES["test/rgbw"].emitters.values()])
    x, y, luminance = emitters.T
    xyz = (np.array([x, y, 1 - x - y]) * luminance / y) @ drives
    asked = compiled_map(show(fixtures={"key": fixture("wide")})).wall_to_xyz @ [
        linear(c) for c in (200, 100, 50)
    ]
    assert xyz[:2] / xyz.sum() == pytest.approx(asked[:2] / asked.sum(), abs=2e-4)


def compiled_map(the_show: Show) -> PixelMap:
    """The compiled map of a show."""
    return compile_show(the_show, PROFILES, FORMAT).pixel_map


def test_an_eight_bit_lamp_with_a_dimmer_lets_the_dimmer_carry_the_level():
    got = levels(show(fixtures={"key": fixture("dim")}), frame((100, 50, 25)))
    assert got[0] == ceil(255 * linear(100))
    light = [got[0] / 255 * code / 255 for code in got[1:4]]
    assert light == pytest.approx([linear(100), linear(50), linear(25)], abs=0.0006)


def test_a_bicolour_lamp_follows_luminance_and_colour_temperature():
    warm = levels(show(fixtures={"key": fixture("cct")}), frame((255, 180, 107)))
    cold = levels(show(fixtures={"key": fixture("cct")}), frame((180, 200, 255)))
    assert warm[2] < 40 < cold[2]
    assert warm[0] > 100


def test_a_dimmer_follows_luminance_through_its_curve():
    got = levels(show(fixtures={"key": fixture("dimmer")}), frame((188, 188, 188)))
    assert got[0] == round(255 * linear(188) ** 0.5)


def test_stops_double_the_light():
    dark = show(exposure=-1.0, fixtures={"key": fixture("rgb8", trims={"intensity": -1.0})})
    assert levels(dark, frame((255, 255, 255)))[:3] == [64, 64, 64]


def test_saturation_zero_leaves_grey_of_the_same_luminance():
    grey = show(fixtures={"key": fixture("rgb8", trims={"saturation": 0.0})})
    got = levels(grey, frame((255, 0, 0)))
    assert len(set(got[:3])) == 1
    assert 20 < got[0] < 100


def test_take_colour_leaves_the_intensity_at_the_fixtures_level():
    own = show(fixtures={"key": fixture("rgb8", {"region": "left", "take": "colour"}, level=0.2)})
    assert levels(own, frame((40, 40, 40)))[:3] == [51, 51, 51]


def test_take_intensity_leaves_the_colour_at_the_fixtures_colour():
    follow = {"region": "left", "take": "intensity"}
    own = show(fixtures={"key": fixture("rgb8", follow, colour={"xy": [0.64, 0.33]})})
    got = levels(own, frame((90, 90, 90)))
    assert got[0] > 0
    assert got[1:3] == [0, 0]


def test_manual_ignores_the_wall_and_its_exposure():
    own = show(exposure=-3.0, fixtures={"key": fixture("rgb8", control="manual", level=1.0)})
    assert levels(own, frame((0, 0, 0)))[:3] == [255, 255, 255]


def test_off_is_dark():
    assert levels(show(fixtures={"key": fixture("rgb8", control="off")}), frame((255, 255, 255)))[:3] == [
        0,
        0,
        0,
    ]


def test_each_cell_of_a_tube_shows_its_part_of_the_region():
    whole = {"all": {"center": [0.5, 0.5], "size": [1.0, 1.0]}}
    got = levels(
        show(regions=whole, fixtures={"tube": fixture("tube", "all")}), frame((255, 0, 0), (0, 0, 255))
    )
    assert got[:12] == [255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255]


def test_the_master_scales_emitted_light():
    got = levels(show(fixtures={"key": fixture("rgb8")}), frame((255, 255, 255)), Live(master=0.25))
    assert got[:3] == [64, 64, 64]


def test_blackout_takes_the_dimmer_only_where_there_is_one():
    both = show(fixtures={"a": fixture("dim"), "b": fixture("rgb8", address=5)})
    assert levels(both, frame((255, 255, 255)), Live(blackout=True))[:7] == [0, 255, 255, 255, 0, 0, 0]


def test_a_lost_feed_blacks_out_the_fixtures_that_ask_for_it():
    both = show(fixtures={"a": fixture("rgb8", on_loss="blackout"), "b": fixture("rgb8", address=4)})
    assert levels(both, frame((255, 255, 255)), lost=True)[:6] == [0, 0, 0, 255, 255, 255]


def test_a_map_is_the_same_after_its_journey_through_a_memfd():
    compiled = compile_show(
        show(fixtures={"a": fixture("wide"), "t": fixture("tube", address=20)}), PROFILES, FORMAT
    )
    arrived = PixelMap.from_message(*unpack(pack(compiled.arrays, compiled.body)))
    picture = frame((120, 30, 200), (3, 99, 4))
    assert (render(arrived, picture) == render(compiled.pixel_map, picture)).all()


def test_rows_of_fixtures_that_stay_keep_their_memory_when_the_map_changes():
    first = compile_show(
        show(fixtures={"a": fixture("rgb8"), "b": fixture("rgb8", address=4)}), PROFILES, FORMAT
    )
    second = compile_show(
        show(fixtures={"c": fixture("rgb8"), "b": fixture("rgb8", address=4)}), PROFILES, FORMAT
    )
    memory = first.pixel_map.new_memory()
    memory.remember(np.array([[1.0, 0, 0], [0, 1.0, 0]]), 7, only_waiting=False)
    carried = memory.carried(second.pixel_map.keys, second.pixel_map.smoothing)
    assert np.isnan(carried.samples[0]).all()
    assert carried.samples[1].tolist() == [0, 1, 0]


def test_a_region_outside_the_picture_is_black():
    outside = {"gone": {"center": [2.0, 2.0], "size": [0.1, 0.1]}}
    got = levels(show(regions=outside, fixtures={"key": fixture("rgb8", "gone")}), frame((255, 255, 255)))
    assert got[:3] == [0, 0, 0]


def test_a_show_without_fixtures_has_no_levels():
    assert render(compiled_map(show()), frame((1, 2, 3))).shape == (0, 512)
