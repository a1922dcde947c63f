"""Looks: what is stored comes back, and nothing else moves."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from show.sample import sample_show

from lumad.errors import EditError, UnknownNameError
from lumad.model.loss import look_called
from lumad.model.patch import faults_of, warnings_of
from lumad.model.show import Show
from lumad.model.validate import check
from lumad.show.edits import delete as delete_part
from lumad.show.edits import merge
from lumad.show.form import form_of
from lumad.show.looks import (
    cue_after,
    cue_before,
    delete,
    fade_of,
    forgotten,
    is_on,
    looks_on,
    recall,
    release,
    rename,
    set_cues,
    store_look,
)

COLOURS = [None, {"cct": 3200.0, "tint": 4.0}, {"xy": [0.3, 0.4]}, {"hue": 20.0, "saturation": 0.5}]
SHAPES: list[dict[str, Any]] = [
    {"shape": "rect", "center": [0.2, 0.25], "size": [0.3, 0.4], "rotation": 5.0, "feather": 0.1},
    {"shape": "ellipse", "center": [0.5, 0.5], "size": [0.1, 0.1]},
    {"shape": "polygon", "points": [[0.1, 0.1], [0.5, 0.1], [0.3, 0.6]]},
    {"shape": "line", "points": [[0.0, 0.5], [1.0, 0.5]], "width": 0.1},
]
trims = st.fixed_dictionaries(
    {"intensity": st.floats(-3, 3), "saturation": st.floats(0, 2), "max": st.floats(0.5, 1)}
)
lights = st.fixed_dictionaries(
    {
        "control": st.sampled_from(["follow", "manual", "off"]),
        "follow": st.sampled_from([None, "sky-left", {"region": "sky-right", "take": "colour"}]),
        "level": st.floats(0, 1),
        "colour": st.sampled_from(COLOURS),
        "trims": trims,
    }
)


@st.composite
def shows(draw: st.DrawFn) -> Show:
    """The sample show, set otherwise."""
    form = form_of(sample_show())
    for lamp in form["fixtures"].values():
        lamp.update(draw(lights))
    for name in form["regions"]:
        form["regions"][name] = {**draw(st.sampled_from(SHAPES)), "trims": draw(trims)}
    return check(form, Show)


def with_look(**look: Any) -> Show:
    return check({**form_of(sample_show()), "looks": {"dusk": look}}, Show)


@given(shows(), shows())
def test_what_was_stored_comes_back_as_it_was(before: Show, after: Show):
    stored = store_look("dusk", list(before.fixtures), list(before.regions))(before)
    later = after.model_copy(update={"looks": stored.looks})
    assert recall("dusk")(later) == stored
    assert is_on(stored, "dusk")
    assert is_on(later, "dusk") == (recall("dusk")(later) == later)


@given(shows(), shows(), st.sampled_from(["control", "level", "colour", "trims"]))
def test_a_look_of_one_part_moves_nothing_else(before: Show, after: Show, part: str):
    stored = store_look("dusk", ["key"], [], [part])(before)
    later = after.model_copy(update={"looks": stored.looks})
    now = recall("dusk")(later)
    assert (now.fixtures["fill"], now.regions) == (later.fixtures["fill"], later.regions)
    keys = {"control", "follow"} if part == "control" else {part}
    for key, value in now.fixtures["key"]:
        assert value == getattr((before if key in keys else later).fixtures["key"], key)


@given(shows())
def test_a_stored_look_survives_the_file(show: Show):
    stored = store_look("dusk", list(show.fixtures), list(show.regions), label="Dusk", fade_s=2.5)(show)
    assert check(form_of(stored), Show) == stored
    assert faults_of(stored, {}) == faults_of(show, {})


def test_a_new_look_takes_all_lamps_and_no_region():
    look = store_look("dusk")(sample_show()).looks["dusk"]
    assert (list(look.fixtures), list(look.regions)) == (["key", "fill"], [])


def test_storing_again_takes_what_the_look_names_and_nothing_more():
    show = with_look(fade_s=3, fixtures={"key": {"level": 0.1, "trims": {"intensity": 1.0}}})
    changed = merge("fixtures/key", {"level": 0.9, "trims": {"intensity": -2, "mired": 50}})(show)
    look = form_of(store_look("dusk")(changed).looks["dusk"])
    assert look["fixtures"] == {"key": {"level": 0.9, "trims": {"intensity": -2.0}}}
    assert look["fade_s"] == 3


def test_a_trim_that_a_look_names_leaves_the_other_trims():
    show = merge("fixtures/key", {"trims": {"mired": 50}})(
        with_look(fixtures={"key": {"trims": {"tint": 3}}})
    )
    trims = recall("dusk")(show).fixtures["key"].trims
    assert (trims.mired, trims.tint) == (50, 3)


def test_a_look_can_unlink_a_lamp_and_take_its_colour_back():
    show = merge("fixtures/key", {"colour": {"cct": 3200}})(
        with_look(fixtures={"key": {"follow": False, "colour": "wall-white"}})
    )
    key = recall("dusk")(show).fixtures["key"]
    assert (key.follow, key.colour) == (None, None)


def test_a_region_takes_the_shape_that_a_look_names():
    show = with_look(regions={"sky-left": SHAPES[2]})
    assert recall("dusk")(show).regions["sky-left"].shape == "polygon"
    with pytest.raises(EditError, match="needs points"):
        with_look(regions={"sky-left": {"shape": "polygon"}})


def test_a_look_that_fits_its_region_no_more_warns_and_is_refused():
    show = merge("regions/sky-left", {**SHAPES[2], "center": None, "size": None})(
        with_look(regions={"sky-left": {"center": [0.5, 0.5]}})
    )
    assert [str(fault) for fault in warnings_of(show, {}) if fault.path[0] == "looks"] == [
        "looks.dusk.regions.sky-left: a polygon has no center; the look cannot be recalled"
    ]
    with pytest.raises(EditError, match="a polygon has no center"):
        recall("dusk")(show)


def test_released_lamps_follow_again_or_go_off():
    show = with_look(fixtures={"key": {}, "fill": {"follow": False}})
    set_by_hand = recall("dusk")(merge("fixtures/key", {"control": "manual"})(show))
    released = release("dusk")(set_by_hand).fixtures
    assert (released["key"].control, released["fill"].control) == ("follow", "off")


def test_a_fade_takes_along_what_follows_the_regions_of_the_look():
    show = with_look(fade_s=4, regions={"sky-left": {"feather": 0.2}})
    assert fade_of(show, "dusk").fixtures == {"key", "fill"}
    assert (fade_of(show, "dusk").seconds, fade_of(show, "dusk", 0.5).seconds) == (4, 0.5)


def test_a_look_that_names_nothing_is_never_on():
    assert looks_on(with_look()) == []
    assert looks_on(with_look(fixtures={"key": {"level": 1.0}})) == ["dusk"]


def test_a_renamed_look_keeps_its_place_and_its_cues():
    show = set_cues([{"number": 1, "look": "dusk"}])(with_look(label="x"))
    renamed = rename("dusk", "night")(show)
    assert (list(renamed.looks), renamed.cues[0].look) == (["night"], "night")
    entry = {"at": "18:30", "days": ["mon"], "release": "dusk"}
    console = {"name": "mine", "protocol": "sacn", "universes": "101"}
    called = {
        **form_of(show),
        "schedule": [entry],
        "inputs": [{**console, "controls": {"looks": {"dusk": [101, 1]}}}],
    }
    callers = rename("dusk", "night")(check(called, Show))
    assert (callers.schedule[0].release, list(callers.inputs[0].controls.looks)) == ("night", ["night"])
    with pytest.raises(EditError, match="that name already"):
        rename("night", "night")(renamed)


def test_a_look_that_a_cue_calls_stays():
    show = set_cues([{"number": 2.5, "look": "dusk"}])(with_look())
    with pytest.raises(EditError, match=r"goes with cue 2\.5"):
        delete("dusk")(show)
    assert delete("dusk")(set_cues([])(show)).looks == {}
    with pytest.raises(UnknownNameError, match="no look dust"):
        delete("dust")(show)


def test_a_look_that_a_lamp_goes_to_without_a_feed_stays_and_is_renamed_with_it():
    show = merge("fixtures/key", {"on_loss": {"to": "look:dusk", "fade_s": 2}})(with_look())
    with pytest.raises(EditError, match="what key would do without a feed"):
        delete_part("looks/dusk")(show)
    assert look_called(rename("dusk", "night")(show).fixtures["key"].on_loss) == "night"


def test_looks_forget_what_is_removed_from_the_show():
    show = with_look(
        fixtures={"key": {"follow": "sky-right"}, "fill": {"level": 0}}, regions={"sky-right": {}}
    )
    look = delete_part("regions/sky-right")(show).looks["dusk"]
    assert (look.regions, look.fixtures["key"].follow) == ({}, None)
    assert list(forgotten(look, "fixtures", "fill").fixtures) == ["key"]


@pytest.mark.parametrize(
    ("look", "said"),
    [
        ({"fixtures": {"keys": {}}}, "looks.dusk.fixtures.keys: no fixture 'keys' (nearest: key)"),
        ({"regions": {"sky": {}}}, "looks.dusk.regions.sky: no region 'sky'"),
        ({"fixtures": {"key": {"follow": "sky"}}}, "looks.dusk.fixtures.key.follow: no region 'sky'"),
    ],
)
def test_a_look_of_what_is_not_there_is_a_fault(look: dict[str, Any], said: str):
    assert said in "; ".join(str(fault) for fault in faults_of(with_look(**look), {}))


def test_cues_stand_in_the_order_of_their_numbers():
    show = set_cues([{"number": number, "look": "dusk"} for number in (3, 1.5, 2)])(with_look())
    assert [cue.number for cue in show.cues] == [1.5, 2, 3]
    assert cue_after(show, 1.7) == show.cues[1]
    assert cue_before(show, 2) == show.cues[0]
    assert (cue_after(show, 3), cue_before(show, 1), cue_before(show, None)) == (None, None, None)


def test_two_cues_of_one_number_and_cues_of_no_look_are_faults():
    show = set_cues([{"number": 1, "look": "dusk"}, {"number": 1, "look": "dawn"}])(with_look())
    found = [str(fault) for fault in faults_of(show, {}) if fault.path[0] == "cues"]
    assert found == ["cues.1.look: no look 'dawn'", "cues.1.number: there are two cues 1"]
