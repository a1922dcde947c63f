from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.model.calibration import Calibration
from lumad.model.patch import Slots, faults_of, slots_of, warnings_of
from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.model.validate import check


def profile(slots: int, status: str = "vendor"):
    channels = [{"attribute": "Dimmer", "offset": [1]}]
    mode = {"colour": {"model": "dimmer"}, "channels": channels, "footprint": slots}
    cells = {"colour": {"model": "dimmer"},
             "cells": {"count": 4, "stride": 1, "channels": channels}}  # fmt: skip
    plain = {"id": "a/lamp", "name": "x", "provenance": [{"doc": "d", "status": status}]}
    return check({**plain, "modes": {"m": mode, "px4": cells}}, Profile)


LAMPS = {"a/lamp": profile(10), "a/draft": profile(2, "draft"), "a/wall": profile(600)}
OUT = [{"protocol": "sacn", "universes": "1-2"}]


def show(fixtures: dict[str, Any], **keys: Any):
    usual = {"profile": "a/lamp", "mode": "m", "universe": 1, "address": 1, "control": "manual"}
    given = {name: {**usual, **fixture} for name, fixture in fixtures.items()}
    return check({"show": 1, "outputs": OUT, "fixtures": given, **keys}, Show)


def told(fixtures: dict[str, Any]):
    return [str(fault) for fault in faults_of(show(fixtures), LAMPS)]


def test_a_good_patch_has_neither_faults_nor_warnings():
    good = show({"a": {}, "b": {"address": 11}, "c": {"universe": 2}})
    assert faults_of(good, LAMPS) == warnings_of(good, LAMPS) == []


def test_an_overlap_names_both_fixtures_and_the_slots():
    assert told({"key": {"address": 5}, "fill": {"address": 10}}) == [
        "fixtures.fill.address: overlaps key: both use slots 10 to 14 of universe 1"
    ]
    assert told({"key": {}, "fill": {"address": 10}})[0].endswith("both use slot 10 of universe 1")


def test_a_fixture_inside_a_larger_one_is_found_behind_another():
    small = {"profile": "a/draft"}
    found = told({"big": {}, "one": {**small, "address": 2}, "two": {**small, "address": 8}})
    assert [fault.split(":")[0] for fault in found] == ["fixtures.one.address", "fixtures.two.address"]


def test_a_fixture_past_the_universe_is_told_the_last_address_that_fits():
    assert told({"key": {"address": 503}}) == []
    assert told({"key": {"address": 504}}) == [
        "fixtures.key.address: 504 leaves too little room for 10 slots; the last address that fits is 503"
    ]


def test_a_footprint_larger_than_a_universe_comes_later():
    assert (
        "takes 600 slots; fixtures in several universes come with a later"
        in told({"x": {"profile": "a/wall"}})[0]
    )


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"follow": "ski"}, "follow: no region 'ski' (nearest: sky)"),
        ({"profile": "a/lamb"}, "profile: no profile 'a/lamb' (nearest: a/lamp)"),
        ({"mode": "px"}, "mode: a/lamp has no mode 'px' (nearest: px4)"),
        ({"mode": "zzz"}, "mode: a/lamp has no mode 'zzz'; possible: m, px4"),
        ({"mode": "px4", "cells": {"rows": 1, "columns": 3}}, "cells: 1 rows of 3 cells, but mode px4 has 4"),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_the_nearest(keys: dict[str, Any], said: str):
    regions = {"sky": {"center": [0.5, 0.5], "size": [1, 1]}}
    (fault,) = faults_of(show({"key": keys}, regions=regions), LAMPS)
    assert str(fault) == f"fixtures.key.{said}"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"universe": 3}, "universe: universe 3 is on no output"),
        (
            {"profile": "a/draft"},
            "profile: a/lamp is an unconfirmed draft; safe values only, until accept_draft: true",
        ),
        ({"control": "follow"}, "follow: follows no region"),
    ],
)
def test_what_is_hardly_meant_is_a_warning(keys: dict[str, Any], said: str):
    (warning,) = warnings_of(show({"key": keys}), LAMPS)
    assert str(warning).startswith(f"fixtures.key.{said}")


def test_an_accepted_draft_is_no_warning():
    assert warnings_of(show({"key": {"profile": "a/draft", "accept_draft": True}}), LAMPS) == []


@pytest.mark.parametrize(
    ("center", "warned"), [([1.5, 0.5], True), ([1.49, 0.5], False), ([0.5, -0.5], True)]
)
def test_a_region_wholly_outside_the_picture_is_a_warning(center: list[float], warned: bool):
    regions = {"sky": {"center": center, "size": [1, 1]}}
    assert bool(warnings_of(show({}, regions=regions), LAMPS)) is warned


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 60)), max_size=8))
def test_an_overlap_is_found_exactly_where_two_fixtures_share_a_slot(places: list[tuple[int, int]]):
    built = show({f"f{i}": {"universe": u, "address": a} for i, (u, a) in enumerate(places)})
    slots = slots_of(built, LAMPS)
    shared = any(
        one.universe == other.universe and one.first <= other.last and other.first <= one.last
        for i, one in enumerate(slots)
        for other in slots[:i]
    )
    assert bool(faults_of(built, LAMPS)) is shared


def test_the_slots_of_a_patch_come_in_patch_order():
    built = show({"b": {"universe": 2}, "a": {"address": 20}, "gone": {"profile": "x/y"}})
    assert slots_of(built, LAMPS) == [Slots("a", 1, 20, 29), Slots("b", 2, 1, 10)]


LED = {"colour": {"model": "emitters"}, "channels": [{"attribute": "ColorAdd_R", "offset": [1]}]}
GUESSED = check({"id": "a/led", "name": "x", "provenance": [{"doc": "d", "status": "vendor"}],
                 "emitters": {"ColorAdd_R": None}, "modes": {"m": LED}}, Profile)  # fmt: skip


def warned(keys: dict[str, Any], calibration: Any = None, **more: Any):
    built = show({"key": keys}, **more)
    measured = {"key": check(calibration, Calibration)} if calibration else {}
    return [str(fault) for fault in warnings_of(built, {**LAMPS, "a/led": GUESSED}, measured)]


def test_a_lamp_whose_colours_nobody_measured_is_warned_of_once():
    (warning,) = warned({"profile": "a/led"})
    assert warning.startswith("fixtures.key.calibration: the colours of its emitters are assumed")
    assert "measure them" in warning
    assert warned({"profile": "a/led", "calibration": "led.yaml"}) == []


def test_colours_that_a_camera_file_knows_are_not_assumed():
    built = show({"key": {"profile": "a/led"}, "rim": {"profile": "a/led", "address": 2}})
    (warning,) = warnings_of(built, {"a/led": GUESSED}, {}, {"key"})
    assert warning.path == ("fixtures", "rim", "calibration")


def test_a_calibration_of_another_lamp_is_warned_of():
    file = {"calibration": 1, "serial": "7", "emitters": {"ColorAdd_R": {"xyY": [0.69, 0.305, 60]}}}
    keys = {"profile": "a/led", "calibration": "led.yaml"}
    assert warned({**keys, "serial": "7"}, file) == []
    (warning,) = warned({**keys, "serial": "8"}, file)
    assert warning == "fixtures.key.calibration: these are the measurements of serial 7, not of 8"


def test_a_floor_that_the_chain_lifts_over_a_ceiling_is_warned_of():
    keys = {"trims": {"max": 0.4}, "groups": ["low"]}
    assert warned(keys, groups={"low": {"trims": {"min": 0.4}}}) == []
    (warning,) = warned(keys, groups={"low": {"trims": {"min": 0.5}}})
    assert warning == "fixtures.key.trims: min 0.5 (group low) lies above max 0.4 (its own); max wins"


def test_a_group_that_no_fixture_names_is_warned_of():
    (warning,) = warned({"groups": ["keys"]}, groups={"kees": {}})
    assert warning == "groups.kees: no fixture names this group (nearest: keys); it trims nothing"
