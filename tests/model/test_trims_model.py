from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import EditError
from lumad.model.show import Show
from lumad.model.trims import Trims
from lumad.model.validate import check

KEY = {"profile": "a/b", "mode": "m", "universe": 1, "address": 1}
SKY = {"center": [0.5, 0.5], "size": [1, 1], "trims": {"intensity": 1, "mired": 20, "saturation": 0.5}}
GROUPS = {"warm": {"label": "Warm side", "trims": {"mired": 30, "max": 0.8}}, "2": {"trims": {"min": 0.1}}}


def show(**keys: Any):
    regions = {"sky": SKY}
    return check(
        {"show": 1, "regions": regions, "groups": GROUPS, "fixtures": {"key": {**KEY, **keys}}}, Show
    )


def trims_of(**keys: Any):
    built = show(**keys)
    return built.trims_of(built.fixtures["key"])


def trims(**keys: Any):
    return check(keys, Trims)


def test_without_trims_nothing_is_trimmed():
    assert Trims.chained() == Trims.chained(Trims()) == Trims() == trims_of()


def test_trims_chain_from_the_region_through_the_groups_to_the_fixture():
    own = {"intensity": -0.5, "mired": -10, "tint": 2, "saturation": 1.2, "min": 0.2, "max": 0.9}
    found = trims_of(follow="sky", groups=["warm", 2, "declared-nowhere"], trims=own)
    expected = trims(intensity=0.5, mired=40, tint=2, saturation=0.6, min=0.2, max=0.8)
    assert found.model_dump() == pytest.approx(expected.model_dump())


def test_a_region_trims_only_those_who_follow_it():
    assert trims_of(follow="sky", control="manual") == Trims()


def test_a_group_that_is_named_twice_trims_once():
    assert trims_of(groups=["warm", "warm"]).mired == 30


def test_the_chain_says_whose_each_trim_is():
    built = show(follow="sky", groups=["warm"])
    assert [name for name, _ in built.trim_chain(built.fixtures["key"])] == [
        "region sky",
        "group warm",
        "its own",
    ]


SOME = st.builds(
    lambda low, high, stops: Trims(min=min(low, high), max=max(low, high), intensity=stops),
    st.floats(0, 1), st.floats(0, 1), st.floats(-20, 20),
)  # fmt: skip


@given(st.lists(SOME, min_size=1, max_size=4))
def test_the_tightest_bounds_win_and_a_ceiling_over_any_floor(chain: list[Trims]):
    found = Trims.chained(*chain)
    assert found.max == min(one.max for one in chain)
    assert found.min == min(found.max, max(one.min for one in chain))
    assert found.intensity == pytest.approx(sum(one.intensity for one in chain))


def test_a_show_matches_the_observer_or_a_measured_camera():
    assert check({"show": 1}, Show).match == "observer"
    assert check({"show": 1, "match": {"camera": "a.yaml"}}, Show).match.camera == "a.yaml"
    for match, said in (("obs", "possible: observer"), ({"camra": "a"}, "camera: is missing")):
        with pytest.raises(EditError, match=said):
            check({"show": 1, "match": match}, Show)


def test_groups_and_trims_survive_json():
    built = show(follow="sky", groups=["warm"], calibration="a.yaml", gamut="closest", neutral_cct=4300)
    assert check(built.model_dump(mode="json"), Show) == built
