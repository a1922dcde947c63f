"""A console's levels over ours: copied, dimmed, mixed."""

from typing import Any

import numpy as np
import pytest
from consoles import console_show, fixture, share
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shows import FORMAT, PROFILES, frame, profile

from lumad.link.live import Live
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.shares import Channels, Coding, Hand

FINE = {
    "colour": {"model": "dimmer"},
    "channels": [
        {"attribute": "Dimmer", "offset": [1, 2], "encoding": "coarse-fine", "fine_span": 0.1},
        {"attribute": "Shutter1Strobe", "offset": [3], "fixed": 9},
        {"attribute": "Pan", "offset": [4, 5], "default": 32768},
    ],
}
LAMPS = {**PROFILES, "test/fine": profile("test/fine", fine=FINE)}
HERE = {"profile": "test/fine", "mode": "fine", "universe": 1, "address": 1, "follow": "left"}


def compiled(fixtures: dict[str, Any], **more: Any) -> PixelMap:
    return compile_show(console_show(fixtures, **more), LAMPS, FORMAT).pixel_map


def lit(pixel_map: PixelMap, code: int, says: list[int], weight: float = 1.0, **live: Any) -> list[int]:
    """The first 16 levels with a console at 1.. of universe 101."""
    memory = pixel_map.new_memory()
    memory.remember(pixel_map.sample(frame((code,) * 3, (code,) * 3)), 1, only_waiting=False)
    levels = np.zeros((1, 512), np.uint8)
    levels[0, : len(says)] = says
    shares, last = pixel_map.shares, pixel_map.first_light()
    hand = Hand(levels, np.full(len(shares.owners), weight), np.ones(len(pixel_map.keys)))
    steered = Live(**live)
    target, factor = pixel_map.target(memory.light, last), pixel_map.factor(steered, lost=False)
    found: list[int] = pixel_map.given(target, factor, last, hand).levels[0, :16].tolist()
    return found


def test_attributes_that_are_no_light_are_copied_as_they_are():
    pixel_map = compiled({"key": {**HERE, "share": share("Pan", "Shutter1Strobe")}})
    assert lit(pixel_map, 255, [1, 2, 77, 88, 99], master=0.1)[2:5] == [77, 88, 99]


def test_a_channel_that_chooses_a_mode_is_never_between_two():
    pixel_map = compiled({"key": {**HERE, "control": "console", "share": share()}})
    says = [0, 0, 200, 0, 0]
    assert [lit(pixel_map, 0, says, weight)[2] for weight in (0.0, 0.49, 0.5, 1.0)] == [9, 9, 200, 200]
    assert lit(pixel_map, 0, says, 0.5)[3:5] == [0x40, 0x00]


def test_a_fine_slot_that_is_no_low_byte_is_dimmed_and_mixed_as_what_it_is():
    pixel_map = compiled({"key": {**HERE, "control": "console", "share": share()}})
    assert lit(pixel_map, 0, [200, 255])[:2] == [200, 255]
    coarse, fine = lit(pixel_map, 0, [200, 255], master=0.5)[:2]
    assert (coarse + 0.1 * fine) / 255 == pytest.approx((200 + 25.5) / 255 / 2, abs=0.001)
    coarse, fine = lit(pixel_map, 0, [200, 255], 0.5)[:2]
    assert (coarse + 0.1 * fine) / 255 == pytest.approx((200 + 25.5) / 255 / 2, abs=0.001)


def test_every_cell_of_a_tube_is_the_consoles():
    pixel_map = compiled({"key": fixture("tube", control="console", share=share())})
    assert lit(pixel_map, 255, list(range(1, 13)))[:12] == list(range(1, 13))
    assert lit(pixel_map, 255, [200] * 12, master=0.5)[:12] == [100] * 12


def test_the_light_of_a_fixture_that_is_off_is_nobodys():
    pixel_map = compiled({"key": {**HERE, "control": "off", "share": share("Dimmer", "Pan")}})
    assert lit(pixel_map, 255, [200, 0, 0, 7, 8])[:5] == [0, 0, 9, 7, 8]


def test_a_shared_dimmer_leaves_the_colour_of_a_coarse_lamp_at_full():
    pixel_map = compiled({"key": fixture("dim", share=share())})
    for code in (255, 60, 3):
        assert lit(pixel_map, code, [34], master=0.5) == [17, 255, 255, 255] + [0] * 12


def test_a_ceiling_stays_above_a_shared_dimmer():
    pixel_map = compiled({"key": fixture("dim", share=share(), trims={"max": 0.25})})
    assert lit(pixel_map, 255, [255])[:4] == [255, 64, 64, 64]


def channels(width: int, span: float | None = None) -> Channels:
    none = np.zeros(0, np.int32)
    return Channels(np.zeros((1, width), np.int32), none, none, none, Coding("square"), span, steps=False)


@given(arrays(np.uint8, (5, 4)), st.integers(1, 4), st.floats(0, 1))
def test_mixing_and_dimming_end_at_the_very_bytes(slots: Any, width: int, weight: float):
    ours, theirs = slots[:, :width], slots[::-1, :width]
    one = channels(width)
    assert (one.mixed(ours, theirs, np.zeros(5)) == ours).all()
    assert (one.mixed(ours, theirs, np.ones(5)) == theirs).all()
    assert (one.dimmed(ours, np.ones(5)) == ours).all()
    assert not one.dimmed(ours, np.zeros(5)).any()
    way = one.codes(one.mixed(ours, theirs, np.full(5, weight)))
    ends = np.sort(np.stack([one.codes(ours), one.codes(theirs)]), axis=0)
    assert ((way >= ends[0] - 1e-9) & (way <= ends[1] + 1e-9)).all()
