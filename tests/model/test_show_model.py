import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.documents import read_document
from lumad.errors import DocumentError, EditError
from lumad.model.patch import faults_of
from lumad.model.region import Region
from lumad.model.show import Show
from lumad.model.validate import check, validate

KEY = {"profile": "a/b", "mode": "m", "universe": 1, "address": 1}


def told(**keys: Any):
    """Every fault of a show, as `path: message`."""
    with pytest.raises(EditError) as caught:
        check({"show": 1, **keys}, Show)
    return [str(fault) for fault in caught.value.faults]


def fixture(**keys: Any):
    return check({"show": 1, "fixtures": {"key": {**KEY, **keys}}}, Show).fixtures["key"]


def fixture_fault(**keys: Any):
    (fault,) = told(fixtures={"key": {**KEY, **keys}})
    return fault.removeprefix("fixtures.key.")


def region_fault(**keys: Any):
    (fault,) = told(regions={"sky": {"center": [0.5, 0.5], "size": [1, 1], **keys}})
    return fault.removeprefix("regions.sky")


def test_a_show_needs_no_more_than_its_version():
    show = check({"show": 1}, Show)
    assert (show.wall.size, show.feed.kind, show.scene.kind) == ((1920, 1080), "renderer", "dusk")
    assert show.wall.signal.white is None
    assert (show.regions, show.fixtures, show.outputs) == ({}, {}, ())


def test_another_version_of_the_format_is_refused():
    assert told(show=2) == ["show: format version 2; this lumad reads version 1"]


def test_names_keep_the_order_of_the_file():
    regions = {name: {"center": [0, 0], "size": [1, 1]} for name in ("b", "a", "1")}
    assert list(check({"show": 1, "regions": regions}, Show).regions) == ["b", "a", "1"]


@pytest.mark.parametrize("name", ["", " ", "-a", "a b", "a/b", "ä", "a" * 65, "../x"])
def test_a_name_that_would_not_fit_everywhere_is_refused(name: str):
    assert "not a usable name" in told(regions={name: {"center": [0, 0], "size": [1, 1]}})[0]


def test_a_bare_region_name_is_followed_in_colour_and_intensity():
    assert fixture(follow="sky").follow.take == "both"
    assert fixture(follow=1).follow.region == "1"
    assert fixture(follow={"region": "sky", "take": "colour"}).follow.take == "colour"


HLD = "on_loss: 'hld' is not known here (nearest: hold); possible: hold, blackout, look:NAME"


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"address": 513}, "address: 513 is not an address; addresses are 1 to 512"),
        ({"universe": 0}, "universe: 0 is not a universe; universes are 1 to 63999"),
        ({"universe": 64000}, "universe: 64000 is not a universe; universes are 1 to 63999"),
        ({"address": 1.5}, "address: 1.5 is not a whole number"),
        ({"address": "1"}, "address: '1' is not a whole number"),
        ({"address": True}, "address: true is not a whole number"),
        ({"adress": 3}, "adress: no such key (nearest: address)"),
        ({"level": 1.1}, "level: 1.1 is out of range; possible is 0 to 1"),
        ({"level": math.nan}, "level: nan is not a finite number"),
        ({"on_loss": "hld"}, HLD),
        ({"accept_draft": "yes"}, "accept_draft: 'yes' is not true or false"),
        ({"label": 7}, "label: 7 is not text; if it is meant as text, put it in quotes"),
        ({"follow": {"region": "a", "tak": "both"}}, "follow.tak: no such key (nearest: take)"),
        ({"trims": 5}, "trims: 5 is not a mapping (lines of key: value)"),
        ({"cells": {"rows": 2}}, "cells.columns: is missing"),
        ({"trims": {"min": 0.5, "max": 0.4}}, "trims: min 0.5 is above max 0.4"),
        ({"trims": {"mired": 501}}, "trims.mired: 501.0 is out of range; possible is -500 to 500"),
        ({"trims": {"tint": -51}}, "trims.tint: -51.0 is out of range; possible is -50 to 50"),
        ({"white_preference": 2}, "white_preference: 2.0 is out of range; possible is 0 to 1"),
        ({"neutral_cct": 900}, "neutral_cct: 900.0 is not a colour temperature; they are 1000 to 25000"),
        ({"gamut": "clip"}, "gamut: 'clip' is not known here; possible: hue, closest"),
        ({"calibration": ""}, "calibration: not a file name"),
        ({"colour": {"cct": 3200, "xy": [0.3, 0.3]}},
         "colour: a colour is {cct, tint}, {xy} or {hue, saturation}, one of them"),
        ({"colour": {"xy": [0.8, 0.3]}},
         "colour.xy: [0.8, 0.3] is no colour; CIE x and y are above 0 and at most 1 together"),
    ],
)  # fmt: skip
def test_a_faulty_fixture_is_explained_in_plain_words(keys: dict[str, Any], said: str):
    assert fixture_fault(**keys) == said


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"size": [0, 1]}, ".size.0: 0.0 is not above zero"),
        ({"size": [1]}, ".size.1: one more value is missing in the list"),
        ({"center": [0, 0, 0]}, ".center: too many entries: 3 instead of at most 2"),
        ({"center": "here"}, ".center: 'here' is not a list ([a, b])"),
        ({"centre": [0, 0]}, ".centre: no such key (nearest: center)"),
    ],
)
def test_a_faulty_region_is_explained_in_plain_words(keys: dict[str, Any], said: str):
    assert region_fault(**keys) == said


LINE = [[0, 0.5], [1, 0.5]]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"shape": "ellipse"}, "an ellipse needs center and size"),
        ({"center": [0.5, 0.5]}, "a rect needs size"),
        ({"center": [0.5, 0.5], "size": [1, 1], "width": 0.1}, "a rect has no width"),
        ({"shape": "polygon", "points": [[0, 0], [1, 1]]}, "a polygon needs at least 3 points, not 2"),
        ({"shape": "polygon", "points": [[0, 0], [1, 1], [2, 2]]}, "they enclose nothing"),
        ({"shape": "line", "points": LINE}, "a line needs width"),
        ({"shape": "line", "points": [[0, 0], [0, 0]], "width": 0.1}, "two different points"),
        ({"shape": "line", "points": LINE, "width": 0.1, "rotation": 5}, "a line has no rotation"),
        ({"shape": "star"}, "star"),
    ],
)
def test_a_region_needs_the_geometry_of_its_shape(keys: dict[str, Any], said: str):
    (fault,) = told(regions={"sky": keys}, fixtures={})
    assert said in fault


@pytest.mark.parametrize(
    "region",
    [
        {"shape": "ellipse", "center": [0.5, 0.5], "size": [0.2, 0.3], "rotation": -30, "feather": 0.05},
        {"shape": "polygon", "points": [[0.4, 0.2], [0.6, 0.2], [0.55, 0.7]], "statistic": "median"},
        {"shape": "polygon", "points": [[0, 0], [1, 1], [1, 0], [0, 1]]},  # crosses itself: even-odd
        {"shape": "line", "points": LINE, "width": 0.02, "smoothing": {"attack_s": 0.2, "filter": "ema"}},
    ],
)
def test_every_shape_of_the_contract_is_a_region(region: dict[str, Any]):
    assert Region.model_validate(region).touches_picture


@pytest.mark.parametrize(
    ("other", "said"),
    [("sky", "a region cannot cut itself out"), ("skyy", "no region 'skyy' (nearest: sky)")],
)
def test_what_a_region_cuts_out_is_another_region(other: str, said: str):
    sky = {"center": [0.5, 0.5], "size": [1, 1], "exclude": [other]}
    (fault,) = faults_of(Show.model_validate({"show": 1, "regions": {"sky": sky}}), {})
    assert fault.message == said


def test_a_feed_of_a_later_version_is_refused_and_never_ignored():
    (fault,) = told(feed={"kind": "ndi"})
    assert "later version of lumad" in fault


def test_false_is_no_neutral_zero():
    (fault,) = told(outputs=[{"protocol": "sacn", "universes": "1", "to": "multicast", "spread_ms": False}])
    assert "false is not a number" in fault


@pytest.mark.parametrize(
    ("signal", "said"),
    [
        ({"primaries": "rec70"}, "primaries: 'rec70' is not known here (nearest: rec709)"),
        ({"primaries": {"r": [0.6, 0.3], "g": [0.3, 0.6]}}, "primaries.b: is missing"),
        (
            {"primaries": {"r": [0.6, 0.3], "g": [0.6, 0.3], "b": [0.1, 0.1]}},
            "primaries: the three primaries lie on",
        ),
        ({"white": "D56"}, "white: 'D56' is not known here (nearest: D65)"),
        ({"white": 100}, "white: 100.0 is not a colour temperature"),
        ({"white": [0.3]}, "white.1: one more value is missing"),
        ({"peak_nits": "bright"}, "peak_nits: 'bright' is not a number"),
    ],
)
def test_a_faulty_signal_is_explained_in_plain_words(signal: dict[str, Any], said: str):
    assert any(fault.startswith(f"wall.signal.{said}") for fault in told(wall={"signal": signal}))


@pytest.mark.parametrize("white", [None, "D65", 6500, 5600.0, [0.3127, 0.329]])
def test_a_white_is_a_name_kelvin_or_a_chromaticity(white: Any):
    found = check({"show": 1, "wall": {"signal": {"white": white}}}, Show).wall.signal.white
    assert found == (tuple(white) if isinstance(white, list) else white)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"feed": {"kind": "video"}}, "feed: kind: video needs a file"),
        ({"feed": {"kind": "renderer", "file": "x"}}, "feed: kind: renderer plays no file"),
        ({"scene": {"kind": "plate"}}, "scene: kind: plate needs a file"),
        ({"scene": {"kind": "plate", "file": " "}}, "scene.file: not a file name"),
    ],
)
def test_a_picture_has_a_file_exactly_where_one_is_played(keys: dict[str, Any], said: str):
    assert told(**keys)[0].startswith(said)


def test_every_fault_is_told_at_once_with_line_and_column():
    text = "show: 1\nregions:\n  sky: {centre: [0, 0], size: [0, 1]}\nwal: {}\n"
    with pytest.raises(DocumentError) as caught:
        validate(read_document(text, "show.yaml"), Show)
    assert str(caught.value).splitlines() == [
        "show.yaml:3:9: regions.sky.centre: no such key (nearest: center)",
        "show.yaml:3:32: regions.sky.size.0: 0.0 is not above zero",
        "show.yaml:4:1: wal: no such key (nearest: wall)",
    ]


def test_a_show_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="frozen"):
        check({"show": 1}, Show).exposure = 1.0


KEYS = """show regions fixtures wall signal white primaries follow trims to outputs size center colour xy a
groups match min max"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=4)
    ),
    max_leaves=30,
)


@settings(deadline=None)
@given(JSON)
def test_any_value_is_a_show_or_an_edit_error_with_readable_faults(value: Any):
    try:
        outcome = check(value, Show)
    except EditError as error:
        outcome = error
    assert isinstance(outcome, Show) or outcome.faults
    assert "pydantic" not in str(outcome)


def test_a_show_survives_json_with_two_hundred_of_everything():
    regions = {f"r{i}": {"center": [0.5, 0.5], "size": [0.1, 0.1]} for i in range(200)}
    fixtures = {f"f{i}": {**KEY, "follow": f"r{i}", "colour": {"cct": 3200}} for i in range(200)}
    outputs = [{"protocol": "artnet", "universes": "1-4", "to": ["10.0.0.1"], "port_address": "0:0:1"}]
    show = check({"show": 1, "regions": regions, "fixtures": fixtures, "outputs": outputs}, Show)
    plain = show.model_dump(mode="json")
    assert check(plain, Show) == show


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"schedule": [{"at": "25:00", "blackout": True}]}, "no time of day"),
        ({"schedule": [{"at": 1830, "blackout": True}]}, "in quotes"),
        ({"schedule": [{"at": "8:00"}]}, "does one thing"),
        ({"schedule": [{"at": "8:00", "master": 1, "days": ["mon", "mon"]}]}, "a day stands twice"),
        ({"circuits": {"a": {"limit_w": 0}}}, "0.0 is not a limit in watts"),
        ({"flash_guard": "on"}, "auto, off, warn, limit"),
    ],
)
def test_times_circuits_and_the_flash_guard_are_checked_in_plain_words(keys: dict[str, Any], said: str):
    (fault,) = told(**keys)
    assert said in fault


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"schedule": [{"at": "8:00", "look": "dusk"}]}, "no look 'dusk'"),
        ({"schedule": [{"at": "sunset", "master": 0.5}]}, "place"),
    ],
)
def test_the_schedule_names_what_is_there(keys: dict[str, Any], said: str):
    (fault,) = faults_of(Show.model_validate({"show": 1, **keys}), {})
    assert said in fault.message
