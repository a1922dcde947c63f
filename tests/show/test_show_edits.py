"""Edits are pure: a wish makes a new show or is refused with every fault."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from show.sample import RECT, sample_profiles, sample_show

from lumad.errors import EditError, LumadError, UnknownNameError
from lumad.show.edits import check_show, delete, match_white, merge, merge_show, merged, replace
from lumad.show.form import form_of

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["center", "size", "shape", "statistic", "follow", "trims", "level", "colour", "address"]
)


def test_a_merge_changes_what_it_names_and_leaves_the_rest():
    before = sample_show()
    after = merge("regions/sky-left", {"center": [0.5, 0.5]})(before)
    assert after.regions["sky-left"].center == (0.5, 0.5)
    assert after.regions["sky-left"].size == before.regions["sky-left"].size
    assert before == sample_show()
    assert list(after.regions) == list(before.regions)


def test_null_in_a_merge_takes_an_option_back_to_its_default():
    show = merge("fixtures/key", {"level": 0.4, "label": "Key light"})(sample_show())
    show = merge("fixtures/key", {"level": None})(show)
    assert (show.fixtures["key"].level, show.fixtures["key"].label) == (1.0, "Key light")


def test_a_fixture_is_given_to_another_region():
    show = merge("fixtures/fill", {"follow": {"region": "sky-right"}})(sample_show())
    assert show.fixtures["fill"].follow == show.fixtures["fill"].follow.model_copy(
        update={"region": "sky-right", "take": "intensity"}
    )
    assert merge("fixtures/fill", {"follow": None})(show).fixtures["fill"].follow is None


def test_a_region_begins_by_a_merge_only_where_that_is_meant():
    assert "sun" in merge("regions/sun", RECT, create=True)(sample_show()).regions
    with pytest.raises(UnknownNameError, match=r"sky-lft \(nearest: sky-left\)"):
        merge("regions/sky-lft", RECT)(sample_show())


def test_a_fixture_is_never_made_by_an_edit():
    with pytest.raises(UnknownNameError):
        merge("fixtures/new", {"profile": "example/dimmer"}, create=True)(sample_show())
    with pytest.raises(EditError, match="show file"):
        replace("fixtures/key", {})


def test_a_replaced_region_forgets_what_it_was():
    show = replace("regions/sky-left", {"center": [0, 0], "size": [1, 1]})(sample_show())
    assert form_of(show.regions["sky-left"])["size"] == [1, 1]


def test_a_region_that_fixtures_follow_is_not_removed_and_they_are_named():
    with pytest.raises(EditError, match="followed by key, fill"):
        delete("regions/sky-left")(sample_show())
    assert list(delete("regions/sky-right")(sample_show()).regions) == ["sky-left"]


@pytest.mark.parametrize("path", ["", "regions", "regions/", "outputs/0", "regions/a/b", "looks/dusk"])
def test_what_cannot_be_edited_is_said(path: str):
    with pytest.raises(UnknownNameError, match="cannot be edited"):
        merge(path, {})


def test_a_refused_edit_names_every_fault_with_its_path():
    with pytest.raises(EditError) as caught:
        merge("fixtures/key", {"address": 513, "levle": 1})(sample_show())
    assert {fault.path for fault in caught.value.faults} == {
        ("fixtures", "key", "address"),
        ("fixtures", "key", "levle"),
    }


def test_an_edit_that_contradicts_the_rest_of_the_show_is_refused():
    show = merge("fixtures/fill", {"address": 1})(sample_show())
    with pytest.raises(EditError, match="overlap"):
        check_show(show, sample_profiles())


@given(value=JSON | st.dictionaries(KEYS, JSON, max_size=3))
def test_any_json_makes_a_valid_show_or_a_refusal(value: Any):
    for path in ("regions/sky-left", "fixtures/key"):
        try:
            show = merge(path, value)(sample_show())
        except LumadError:
            continue
        assert type(show).model_validate(form_of(show)) == show


@given(target=JSON, patch=JSON)
def test_a_merge_patch_done_twice_is_a_merge_patch_done_once(target: Any, patch: Any):
    once = merged(target, patch)
    assert merged(once, patch) == once


def test_the_shows_own_keys_are_merged_and_no_others():
    show = merge("show", {"exposure": -0.5, "groups": {"side": {"trims": {"mired": 20}}}})(sample_show())
    assert (show.exposure, show.groups["side"].trims.mired) == (-0.5, 20)
    assert merge_show({"exposure": None})(show).exposure == 0
    for wrong, said in (
        ({"exposre": 1}, "nearest: exposure"),
        ({"regions": {}}, "these can:"),
        (7, "keys to change"),
    ):
        with pytest.raises(EditError, match=said):
            merge_show(wrong)(sample_show())


@pytest.mark.parametrize(("stops", "exposure"), [((0, 0), -0.515), ((1.5, -2), -2.015), ((-1, -3), 0.485)])
def test_white_is_matched_to_the_lamp_with_the_least_left(stops: tuple[float, float], exposure: float):
    show = sample_show()
    for name, own in zip(("key", "fill"), stops, strict=True):
        show = merge(f"fixtures/{name}", {"follow": "sky-left", "trims": {"intensity": own}})(show)
    assert match_white(show).exposure == exposure


def test_white_is_not_matched_where_no_lamp_takes_its_intensity():
    show = sample_show()
    for name in show.fixtures:
        show = merge(f"fixtures/{name}", {"follow": {"region": "sky-left", "take": "colour"}})(show)
    with pytest.raises(EditError, match="link one first"):
        match_white(show)
