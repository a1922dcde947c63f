"""A console beside the wall: who decides, and how the light passes from one to the other."""

from typing import Any

import numpy as np
import pytest
from consoles import Stage, console_show, fixture, share
from shows import show

from lumad.link.live import Live
from lumad.pixelmap.rows import fixture_key

CONTROLS: dict[str, Any] = {"master": [101, 501], "blackout": [101, 502], "freeze": [101, 503]}
FULL = {501: 255}


def test_a_master_of_the_console_dims_by_the_square_law():
    stage = Stage(console_show({"key": fixture("rgb8")}, controls=CONTROLS))
    stage.slots = {501: 128}
    assert stage.run(2)[-1, 0] == round(255 * (128 / 255) ** 2)


def test_blackout_of_the_console_is_at_once_and_ours_is_as_good():
    stage = Stage(console_show({"key": fixture("rgb8")}, controls=CONTROLS))
    stage.slots = {**FULL, 502: 127}
    assert stage.run(2)[-1, 0] == 255
    stage.slots = {**FULL, 502: 128}
    assert set(stage.run(0.2)[2:, 0]) == {0}


def test_freeze_of_the_console_holds_the_light():
    stage = Stage(console_show({"key": fixture("rgb8")}, controls=CONTROLS))
    stage.slots = {**FULL, 503: 200}
    stage.run(2)
    stage.wall(0)
    assert set(stage.run(0.5)[:, 0]) == {255}
    stage.slots = FULL
    assert stage.run(0.5)[-1, 0] == 0


def test_an_intensity_of_the_console_dims_one_fixture():
    controls = {"fixtures": {"key": {"intensity": [101, 7]}}}
    both = {"key": fixture("rgb8"), "rim": fixture("rgb8", address=4)}
    stage = Stage(console_show(both, controls=controls))
    stage.slots = {7: 51}
    assert stage.run(2)[-1, [0, 3]].tolist() == [round(255 * 0.04), 255]


def test_a_shared_dimmer_is_the_consoles_and_the_colour_stands_at_full():
    stage = Stage(console_show({"key": fixture("wide", share=share())}))
    stage.wall(100)
    stage.slots = {1: 0x12, 2: 0x34}
    levels = stage.run(2.5)[-1]
    assert levels[:2].tolist() == [0x12, 0x34]
    assert max(levels[2:10:2]) == 255


def test_a_console_fixture_gets_every_slot_as_it_came():
    stage = Stage(console_show({"key": fixture("wide", control="console", share=share(address=21))}))
    stage.slots = {21 + at: 10 + at for at in range(10)}
    assert stage.run(2.5)[-1, :10].tolist() == list(range(10, 20))


@pytest.mark.parametrize("mode", ["wide", "rgb8", "dim", "cct", "dimmer"])
def test_our_master_and_blackout_win_over_a_console(mode: str):
    stage = Stage(console_show({"key": fixture(mode, control="console", share=share())}))
    stage.slots = dict.fromkeys(range(1, 17), 255)
    lit = stage.run(2.5)[-1]
    stage.engine.steer(Live(master=0.25), stage.now)
    dimmed = stage.run(0.2)[-1]
    assert lit[0] == 255
    assert dimmed[0] == pytest.approx(127 if mode == "dimmer" else 64, abs=1)  # its curve is square
    stage.engine.steer(Live(blackout=True), stage.now)
    assert stage.run(0.2)[-1, 0] == 0


def test_a_mix_fader_goes_from_the_wall_to_the_console():
    controls = {"fixtures": {"key": {"mix": [101, 99]}}}
    stage = Stage(console_show({"key": fixture("rgb8", control="console", share=share())}, controls=controls))
    stage.slots = {1: 55, 99: 0}
    assert stage.run(2.5)[-1, 0] == 255
    stage.slots = {1: 55, 99: 51}
    assert stage.run(2)[-1, 0] == 255 - 40


def test_sixteen_bits_mix_as_one_number():
    controls = {"fixtures": {"key": {"mix": [101, 99]}}}
    stage = Stage(console_show({"key": fixture("wide", control="console", share=share())}, controls=controls))
    stage.slots = {1: 0xFE, 2: 0x00, 99: 0}
    stage.run(2.5)
    stage.slots = {**stage.slots, 99: 255}
    left = stage.run(1.2)
    dimmer = left[:, 0] * 256 + left[:, 1]
    assert (np.diff(dimmer) <= 0).all()
    assert dimmer[-1] == 0xFE00
    assert len(np.unique(left[:, 1])) > 20


def test_a_lost_console_holds_or_gives_the_light_back():
    for when_lost, level in (("hold", 40), ("take", 255)):
        fixtures = {"key": fixture("rgb8", control="console", share=share(when_lost=when_lost))}
        stage = Stage(console_show(fixtures))
        stage.slots = {1: 40}
        stage.run(2.5)
        stage.slots = None
        assert stage.run(4.5)[-1, 0] == level


def test_a_lost_master_holds_or_lets_go():
    for when_lost, level in (("hold", 64), ("take", 255)):
        stage = Stage(console_show({"key": fixture("rgb8")}, controls=CONTROLS, when_lost=when_lost))
        stage.slots = {501: 128}
        stage.run(2.5)
        stage.slots = None
        assert stage.run(4.5)[-1, 0] == level


def test_a_lamp_that_identifies_shows_itself_whatever_its_console_says():
    stage = Stage(console_show({"key": fixture("rgb8", control="console", share=share())}))
    stage.slots = {1: 1, 2: 1, 3: 1}
    stage.run(2.5)
    stage.engine.steer(Live(identify=(fixture_key("key"),)), stage.now)
    assert np.ptp(stage.run(1)[:, 0]) > 50
    stage.engine.steer(Live(), stage.now)
    assert stage.run(0.2)[-1, 0] == 1


def test_faders_that_nobody_uses_hurry_nothing():
    stage = Stage(console_show({"key": fixture("rgb8")}, controls=CONTROLS))
    stage.slots = {1: 0, **FULL}
    stage.run(1)
    before = stage.engine.deadline_ns
    stage.slots = {1: 77, **FULL}
    stage.speak()
    assert stage.engine.deadline_ns == before
    stage.slots = {1: 77, 501: 9}
    stage.speak()
    assert stage.engine.deadline_ns < before


def test_before_a_console_is_heard_lumad_lights():
    stage = Stage(console_show({"key": fixture("rgb8", control="console", share=share())}, controls=CONTROLS))
    assert stage.run(2.5)[-1, 0] == 255
    assert stage.engine.consoles.console.report(0.0)[0]["state"] == "waiting"


def test_a_look_goes_when_its_channel_goes_up_and_not_when_a_console_is_found():
    looks = {"dusk": {}, "night": {}}
    controls = {"looks": {"dusk": [101, 9], "night": [101, 10]}}
    stage = Stage(console_show({"key": fixture("rgb8")}, controls=controls, looks=looks))
    called = []
    for levels in ({9: 255}, {9: 255, 10: 100}, {10: 128}, {10: 255}, {9: 200, 10: 255}):
        stage.slots = levels
        stage.run(0.1)
        called.append(stage.engine.consoles.console.take_called())
    assert called == [[], [], ["night"], [], ["dusk"]]


def steady(left: Any, start: float, end: float) -> None:
    """The levels went from start to end in about a second, never faster than that takes."""
    went = np.abs(np.diff(left))
    assert left[0] == pytest.approx(start, abs=abs(end - start) * 0.05 + 1)
    assert went.max() <= abs(end - start) * 0.06 + 1  # a packet is 25 ms, at most 50
    assert left[-1] == end
    assert np.count_nonzero(left != end) >= 25


@pytest.mark.parametrize(("mode", "lamp"), [("rgb8", 255), ("dimmer", 255)])
def test_an_edit_hands_over_both_ways_without_a_jump(mode: str, lamp: int):
    ours = fixture(mode, share=share())
    if mode == "rgb8":
        ours["share"]["attributes"] = ["ColorAdd_G"]
    theirs = {**ours, "control": "console"}
    stage = Stage(console_show({"key": {**ours, "share": None}}))
    stage.slots = {1: 20}
    stage.run(2)
    stage.use(console_show({"key": theirs}))
    steady(stage.run(1.3)[:, 0], lamp, 20)
    stage.use(console_show({"key": {**ours, "share": None}}))
    steady(stage.run(1.3)[:, 0], 20, lamp)
    stage.use(console_show({"key": theirs}))
    stage.run(1.3)
    stage.use(show(fixtures={"key": fixture(mode)}))  # the last input goes, too
    steady(stage.run(1.3)[:, 0], 20, lamp)


def test_an_edit_in_the_middle_of_a_hand_over_goes_on_from_there():
    theirs = {"key": fixture("rgb8", control="console", share=share())}
    stage = Stage(console_show({"key": fixture("rgb8")}))
    stage.slots = {1: 5}
    stage.run(2)
    stage.use(console_show(theirs))
    before = stage.run(0.5)[-1, 0]
    stage.use(console_show({"key": fixture("rgb8")}))
    after = stage.run(1.3)[:, 0]
    assert abs(after[0] - before) <= 10
    assert after[-1] == 255
    stage.use(console_show(theirs))
    before = stage.run(0.5)[-1, 0]
    stage.use(console_show(theirs | {"new": fixture("dimmer", address=9)}))
    steady_on = stage.run(0.7)[:, 0]
    assert abs(steady_on[0] - before) <= 10
    assert steady_on[-1] == 5


def test_a_console_found_or_lost_hands_over_without_a_jump():
    fixtures = {"key": fixture("rgb8", control="console", share=share(when_lost="take"))}
    stage = Stage(console_show(fixtures))
    stage.run(2)
    stage.slots = {1: 20}
    steady(stage.run(1.3)[:, 0], 255, 20)
    stage.slots = None
    lost = stage.run(4.5)[:, 0]
    steady(lost[np.argmax(lost != 20) :], 20, 255)


def test_a_master_found_or_lost_fades():
    stage = Stage(console_show({"key": fixture("dimmer")}, controls=CONTROLS, when_lost="take"))
    stage.run(2)
    stage.slots = {501: 20}
    steady(stage.run(1.3)[:, 0], 255, 20)
    stage.slots = None
    lost = stage.run(4.5)[:, 0]
    steady(lost[np.argmax(lost != 20) :], 20, 255)


def test_blackout_cuts_through_a_hand_over():
    fixtures = {"key": fixture("wide", control="console", share=share())}
    stage = Stage(console_show({"key": fixture("wide")}, controls=CONTROLS))
    stage.slots = {1: 200, **FULL}
    stage.run(2)
    stage.use(console_show(fixtures, controls=CONTROLS))
    stage.run(0.3)
    stage.slots = {1: 200, **FULL, 502: 255}
    assert stage.run(0.1)[-1, :2].tolist() == [0, 0]
    stage.slots = {1: 200, **FULL}
    stage.run(0.1)
    stage.engine.steer(Live(blackout=True), stage.now)
    assert stage.run(0.1)[-1, :2].tolist() == [0, 0]


def test_a_successor_keeps_the_light_until_it_hears_the_console_again():
    fixtures = {"key": fixture("rgb8", control="console", share=share())}
    first = Stage(console_show(fixtures, controls=CONTROLS))
    first.slots = {1: 90, 501: 128}
    light = first.run(2.5)[-1, 0]
    second = Stage(console_show(fixtures, controls=CONTROLS), first.block)
    assert set(second.run(0.5)[:, 0]) == {light}
    second.slots = first.slots
    assert set(second.run(0.5)[:, 0]) == {light}


def test_a_show_without_inputs_has_nothing_to_do_with_consoles():
    stage = Stage(show(fixtures={"key": fixture("rgb8")}))
    stage.run(0.1)
    assert stage.engine.consoles is None


def test_a_successor_that_hears_no_console_holds_or_goes_over_to_the_wall():
    for when_lost in ("hold", "take"):
        fixtures = {"key": fixture("rgb8", control="console", share=share(when_lost=when_lost))}
        first = Stage(console_show(fixtures))
        first.slots = {1: 90}
        first.run(2.5)
        second = Stage(console_show(fixtures), first.block)
        assert set(second.run(1.45)[:, 0]) == {90}
        left = second.run(1.5)[:, 0]
        if when_lost == "hold":
            assert set(left) == {90}
        else:
            steady(left[np.argmax(left != 90) :], 90, 255)
