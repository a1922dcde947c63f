"""Edits are pure: a wish makes a new show or is refused with every fault."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from show.sample import RECT, sample_profiles, sample_show

from lumad.errors import EditError, LumadError, UnknownNameError
from lumad.show.edits import check_show, delete, match_white, merge, merge_show, merged, replace, restore
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


def test_a_fixture_and_a_group_are_made_and_removed():
    lamp = {"profile": "example/dimmer", "mode": "8bit", "universe": 1, "address": 9}
    show = merge("fixtures/new", lamp, create=True)(sample_show())
    show = merge("groups/side", {"trims": {"mired": 20}}, create=True)(show)
    assert (show.fixtures["new"].address, show.groups["side"].trims.mired) == (9, 20)
    show = delete("groups/side")(delete("fixtures/new")(show))
    assert show == sample_show()
    with pytest.raises(EditError, match="address: is missing"):
        merge("fixtures/new", {"profile": "example/dimmer"}, create=True)(sample_show())


def test_a_look_forgets_fixtures_and_regions_that_are_gone():
    lamps = {"key": {"level": 0.5}, "fill": {"level": 0.2}}
    dusk = {"fixtures": lamps, "regions": {"sky-right": {"feather": 0.1}}}
    show = merge("looks/dusk", dusk, create=True)(sample_show())
    show = delete("regions/sky-right")(delete("fixtures/fill")(show))
    assert (list(show.looks["dusk"].fixtures), show.looks["dusk"].regions) == (["key"], {})


def test_lists_are_replaced_whole():
    outputs = [{"protocol": "sacn", "universes": "1-2", "to": "multicast", "priority": 120}]
    for edit in (merge("outputs", outputs), replace("outputs", outputs)):
        assert edit(sample_show()).outputs[0].priority == 120
    with pytest.raises(EditError) as caught:
        replace("outputs", [*outputs, {"protocol": "sacn", "universes": "1", "priority": 201}])(sample_show())
    assert caught.value.faults[0].path == ("outputs", 1, "priority")
    with pytest.raises(EditError, match="empty it"):
        delete("outputs")


def test_a_whole_show_is_restored_or_refused():
    form = form_of(sample_show()) | {"name": "Another"}
    assert restore(form)(sample_show()).name == "Another"
    for wrong in (None, [], {"show": 2}, {**form, "name": 7}):
        with pytest.raises(EditError):
            restore(wrong)(sample_show())


def test_a_replaced_region_forgets_what_it_was():
    show = replace("regions/sky-left", {"center": [0, 0], "size": [1, 1]})(sample_show())
    assert form_of(show.regions["sky-left"])["size"] == [1, 1]


def test_a_region_that_fixtures_follow_is_not_removed_and_they_are_named():
    with pytest.raises(EditError, match="followed by key, fill"):
        delete("regions/sky-left")(sample_show())
    assert list(delete("regions/sky-right")(sample_show()).regions) == ["sky-left"]


@pytest.mark.parametrize("path", ["", "regions", "regions/", "outputs/0", "regions/a/b", "walls/a"])
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
