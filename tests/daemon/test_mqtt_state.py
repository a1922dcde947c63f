"""What a broker holds of lumad, and how Home Assistant finds it: payloads alone."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from show.sample import sample_show

from lumad.daemon.mqtt_discovery import Announcer, Named, plain
from lumad.daemon.mqtt_state import (
    brightness_of,
    changes,
    fixture_state,
    live_state,
    problems_of,
    status_state,
    steady,
)
from lumad.link.live import Live
from lumad.model.show import Show
from lumad.show.edits import merge

FINE: dict[str, Any] = {
    "feed": {"state": "playing", "fps": 50.0},
    "engine": {"state": "running", "restarts": 3},
    "renderer": {"state": "running", "restarts": 0},
}
TOPICS = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["1", "2"]))
NAMES = st.text("aZ0._-", min_size=1, max_size=8)


def stage() -> Show:
    looks = merge("looks/dusk.2", {"label": "Dusk", "fixtures": {"key": {"level": 0.5}}}, create=True)
    return merge("fixtures/fill", {"follow": None, "control": "off", "label": "Füll"})(looks(sample_show()))


def announced(show: Show) -> dict[str, Any]:
    payloads = Announcer("homeassistant", "stage/lumad", "Stage 2").payloads(Named.of(show))
    return {topic: json.loads(payload) for topic, payload in payloads.items()}


@given(TOPICS, TOPICS)
def test_after_the_changes_the_broker_holds_what_is_wanted_and_nothing_is_told_twice(held: Any, wanted: Any):
    told = dict(held)
    for topic, payload in changes(held, wanted):
        assert told.get(topic) != payload
        told[topic] = payload
    assert {topic: payload for topic, payload in told.items() if payload} == wanted


@given(st.floats(0, 1))
def test_light_is_never_told_as_none(level: float):
    assert (brightness_of(level) > 0) == (level > 0)
    assert 0 <= brightness_of(level) <= 255


def test_lamps_and_live_values_are_told_as_lights_and_switches():
    assert live_state(Live(master=0, blackout=True)) == {
        "master": '{"state": "OFF", "brightness": 0}',
        "blackout": "ON",
        "freeze": "OFF",
    }
    assert fixture_state(stage()) == {
        "fixture/key": '{"state": "ON", "brightness": 255, "effect": "follow"}',
        "fixture/fill": '{"state": "OFF", "brightness": 255, "effect": "off"}',
    }


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({}, None),
        ({"engine": {"state": "restarting", "restarts": 4}}, "the engine is restarting"),
        ({"feed": {"state": "lost", "fps": None}}, "no pictures come"),
        ({"unsaved": "the disk is full"}, "the disk is full"),
        (
            {"nodes": [{"missing": True, "address": "10.0.0.9", "name": "truss"}]},
            "truss (10.0.0.9) is silent",
        ),
    ],
)
def test_a_problem_is_what_is_wrong_now_and_no_restart_of_yesterday(change: Any, problem: str | None):
    told = status_state({**FINE, **change}, {})
    assert told["problem"] == ("ON" if problem else "OFF")
    assert (problem or "[]") in told["problems"]
    assert bool(list(problems_of({**FINE, **change}))) == bool(problem)


def test_a_rate_that_jitters_is_the_same_rate():
    assert steady(59.94, None) == "59.94"
    assert steady(59.1, "59.94") == "59.94"
    assert steady(50.0, "59.94") == "50"
    assert steady(0.0, "0.5") == "0"


def test_home_assistant_gets_lights_switches_scenes_and_sensors_of_one_device():
    forms = announced(stage())
    kinds = sorted(topic.split("/")[1] for topic in forms)
    assert kinds == ["binary_sensor", *["light"] * 3, "scene", *["sensor"] * 4, *["switch"] * 2]
    assert {json.dumps(form["device"]) for form in forms.values()} == {
        json.dumps({**next(iter(forms.values()))["device"], "identifiers": ["stage_slumad"]})
    }
    assert len({form["unique_id"] for form in forms.values()}) == len(forms)
    scene = forms["homeassistant/scene/stage_slumad/look_dusk_d2/config"]
    assert (scene["name"], scene["command_topic"]) == ("Dusk", "stage/lumad/look/dusk.2/go")


def test_a_lamp_without_a_region_offers_no_wall():
    forms = announced(stage())
    fill, key = (forms[f"homeassistant/light/stage_slumad/fixture_{one}/config"] for one in ("fill", "key"))
    assert (fill["name"], fill["effect_list"]) == ("Füll", ["manual"])
    assert key["effect_list"] == ["follow", "manual"]
    assert (key["state_topic"], key["command_topic"]) == (
        "stage/lumad/fixture/key",
        "stage/lumad/fixture/key/set",
    )
    assert [each["topic"] for each in key["availability"]] == ["stage/lumad/availability", key["state_topic"]]


def test_topics_are_such_as_home_assistant_takes():
    legal = re.compile(r"homeassistant/\w+/[a-zA-Z0-9_-]+/[a-zA-Z0-9_-]+/config")
    assert all(legal.fullmatch(topic) for topic in announced(stage()))


@given(NAMES, NAMES)
def test_different_names_stay_different(one: str, other: str):
    assert (plain(one) == plain(other)) == (one == other)
