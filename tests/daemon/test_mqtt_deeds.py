"""What MQTT messages do, without a broker."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from show.sample import Clock, sample_loaded, sample_show

from lumad.daemon.mqtt_deeds import COMMANDS, act, is_command
from lumad.daemon.mqtt_state import brightness_of
from lumad.errors import LumadError
from lumad.model.fixture import Fixture
from lumad.show.edits import merge
from lumad.show.store import Event, Store


@pytest.fixture
def store() -> Store:
    return new_store()


def new_store() -> Store:
    return Store(sample_loaded(), Clock().later)


def do(store: Store, topic: str, payload: Any, before: float = 1.0) -> None:
    act(store, topic, (payload if isinstance(payload, str) else json.dumps(payload)).encode(), before)


def key(store: Store) -> Fixture:
    return store.show.fixtures["key"]


def light(store: Store) -> tuple[str, float]:
    return key(store).control, round(key(store).level, 4)


def heard(store: Store) -> list[Event]:
    events: list[Event] = []
    store.subscribe(events.append)
    return events


@given(st.integers(0, 255))
def test_brightness_is_a_fader_of_the_square_law_and_comes_back_as_it_went(brightness: int):
    store = new_store()
    do(store, "master/set", {"state": "ON", "brightness": brightness})
    assert store.live.master == pytest.approx((brightness / 255) ** 2)
    assert brightness_of(store.live.master) == brightness


def test_the_master_switches_off_and_on_to_where_it_was(store: Store):
    do(store, "master/set", "100")
    do(store, "master/set", "OFF")
    assert store.live.master == 0
    do(store, "master/set", {"state": "ON"}, before=0.25)
    assert store.live.master == 0.25
    do(store, "master/set", "on", before=0.9)
    assert store.live.master == 0.25


@pytest.mark.parametrize("name", ["blackout", "freeze"])
def test_switches_know_the_usual_words(store: Store, name: str):
    for payload, on in (("ON", True), ("OFF", False), ("1", True), ("0", False), ("True", True)):
        do(store, f"{name}/set", payload)
        assert getattr(store.live, name) is on


@pytest.mark.parametrize(
    ("payload", "after"),
    [
        ("OFF", ("off", 0.5)),
        ("ON", ("follow", 0.5)),
        ({"state": "ON", "brightness": 255}, ("manual", 1)),
        ("0", ("manual", 0)),
        ({"effect": "manual"}, ("manual", 0.5)),
        ({"brightness": 255, "effect": "follow"}, ("follow", 1)),
    ],
)
def test_a_lamp_on_the_wall_is_switched_or_taken_in_hand(store: Store, payload: Any, after: Any):
    store.apply(merge("fixtures/key", {"level": 0.5}))
    do(store, "fixture/key/set", payload)
    assert light(store) == after


@pytest.mark.parametrize(
    ("lamp", "payload", "after"),
    [
        ({"control": "off"}, "ON", ("follow", 1)),
        ({"control": "off", "follow": None}, "ON", ("manual", 1)),
        ({"control": "manual", "level": 0}, "ON", ("manual", 1)),
        ({"control": "manual", "level": 0.25}, "ON", ("manual", 0.25)),
        ({"control": "off"}, {"brightness": 255}, ("manual", 1)),
        ({"control": "off", "follow": {"take": "colour"}}, {"brightness": 0}, ("follow", 0)),
        ({"control": "manual"}, {"effect": "follow"}, ("follow", 1)),
    ],
)
def test_on_is_never_dark_and_a_level_stays_on_the_wall_where_it_can(
    store: Store, lamp: Any, payload: Any, after: Any
):
    store.apply(merge("fixtures/key", lamp))
    do(store, "fixture/key/set", payload)
    assert light(store) == after


def test_looks_go_in_their_own_time_or_in_the_time_given(store: Store):
    store.apply(merge("looks/dusk", {"fade_s": 3, "fixtures": {"key": {"level": 0.5}}}, create=True))
    events = heard(store)
    do(store, "look/dusk/go", "ON")
    do(store, "look/dusk/release", "0.5")
    with pytest.raises(LumadError, match="send ON"):
        do(store, "look/dusk/go", "OFF")
    do(store, "fixture/key/set", {"state": "OFF", "transition": 2})
    assert [event.fade.seconds for event in events if event.fade] == [3, 2]
    assert {event.by for event in events} == {"mqtt"}


def test_a_drag_of_one_lamp_is_one_step_of_undo(store: Store):
    for brightness in (10, 20, 30):
        do(store, "fixture/key/set", {"state": "ON", "brightness": brightness})
    store.undo()
    assert store.show == sample_show()


def test_while_a_take_rolls_only_blackout_and_master_move(store: Store):
    store.set_live(take={"rolling": True})
    for topic in ("freeze/set", "fixture/key/set", "look/dusk/go"):
        with pytest.raises(LumadError, match="is rolling"):
            do(store, topic, "ON")
    do(store, "blackout/set", "ON")
    do(store, "master/set", "0")
    assert (store.live.blackout, store.live.master, store.show) == (True, 0, sample_show())


def test_an_empty_payload_asks_for_nothing(store: Store):
    for topic in COMMANDS:
        act(store, topic.replace("+", "key"), b"")
    assert (store.revision, store.live.blackout) == (1, False)


@pytest.mark.parametrize(
    ("change", "payload"),
    [
        ({"follow": None}, {"effect": "follow"}),
        ({}, {"effect": "disco"}),
        ({}, {"brightness": 256}),
        ({}, {"brightness": True}),
        ({}, {"transition": -1}),
        ({}, "[" * 1000),
        ({}, "9" * 1000),
        ({}, " " * 2000),
        ({}, "NaN"),
        ({}, "null"),
    ],
)
def test_what_a_lamp_cannot_do_is_refused(store: Store, change: Any, payload: Any):
    store.apply(merge("fixtures/key", change))
    before = store.show
    with pytest.raises(LumadError):
        do(store, "fixture/key/set", payload)
    assert store.show is before


def test_a_lamp_on_a_console_stays_there(store: Store):
    store.apply(merge("inputs", [{"name": "grandma", "protocol": "sacn", "universes": "101"}]))
    share = {"input": "grandma", "address": [101, 1]}
    store.apply(merge("fixtures/key", {"control": "console", "share": share}))
    with pytest.raises(LumadError, match="is on the console"):
        do(store, "fixture/key/set", "OFF")


@pytest.mark.parametrize(
    "topic",
    ["fixture/kee/set", "look/dusk/release", "look/none/go", "look/dusk/set", "fixture/a/b/set", "/set"],
)
def test_what_is_not_there_is_refused(store: Store, topic: str):
    assert is_command(topic)
    with pytest.raises(LumadError):
        do(store, topic, "ON")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
WISHES = st.dictionaries(st.sampled_from(["state", "brightness", "effect", "transition", "color"]), JSON)
PAYLOADS = st.binary(max_size=99) | (JSON | WISHES).map(lambda form: json.dumps(form).encode())
TOPICS = st.sampled_from([*(each.replace("+", "key") for each in COMMANDS), "look/x/go", "", "set"])


@given(TOPICS, PAYLOADS)
@example("fixture/key/set", b'{"state": "ON", "brightness": 1e999}')
@example("look/dusk/go", b"\xed\xa0\x80")
def test_whatever_comes_is_done_or_refused(topic: str, payload: bytes):
    store = new_store()
    store.apply(merge("looks/key", {"fixtures": {"key": {"level": 0.5}}}, create=True))
    with contextlib.suppress(LumadError):
        act(store, topic, payload)
    assert 0 <= store.live.master <= 1
    assert 0 <= key(store).level <= 1
