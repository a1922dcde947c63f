from typing import Any

import pytest
from shows import PROFILES, fixture, show

from lumad.errors import EditError
from lumad.model.input import Input
from lumad.model.patch import faults_of, warnings_of
from lumad.model.validate import check

DESK = {"name": "desk", "protocol": "sacn", "universes": "101-102"}
SHARE = {"input": "desk", "address": [101, 1]}


def told(**keys: Any) -> str:
    with pytest.raises(EditError) as caught:
        check({**DESK, **keys}, Input)
    return str(caught.value)


def faults(fixtures: dict[str, Any], *inputs: dict[str, Any], **more: Any) -> list[str]:
    found = show(fixtures=fixtures, inputs=[*(inputs or [DESK])], **more)
    return [str(fault) for fault in faults_of(found, PROFILES)]


def test_an_input_holds_what_a_lost_console_said_unless_told_otherwise():
    assert check(DESK, Input).when_lost == "hold"
    assert check({**DESK, "when_lost": "take"}, Input).when_lost == "take"


def test_artnet_brings_the_nth_universe_by_the_nth_port_address():
    found = check({**DESK, "protocol": "artnet", "port_address": "0:1:2"}, Input)
    assert dict(zip(found.universe_list(), found.wire_universes(), strict=True)) == {101: 18, 102: 19}


@pytest.mark.parametrize(
    ("keys", "said"),
    [({"protocol": "artnet"}, "artnet needs a port_address"),
     ({"port_address": 1}, "port_address belongs to artnet"),
     ({"protocol": "artnet", "port_address": 32767}, "its last port-address would be 32768"),
     ({"universes": "0"}, "no range of universes"), ({"name": "the desk"}, "not a usable name"),
     ({"when_lost": "blackout"}, "when_lost"), ({"interface": "a b"}, "no name of a network interface"),
     ({"controls": {"master": [103, 1]}}, "master: universe 103 is not among its universes, 101-102"),
     ({"controls": {"master": [101, 513]}}, "513 is not an address"),
     ({"controls": {"looks": {"dusk": [7, 1]}}}, "looks.dusk: universe 7 is not among"),
     ({"controls": {"fixtures": {"key": {"mix": [7, 1]}}}}, "fixtures.key.mix: universe 7 is not among"),
     ({"controls": {"strobe": [101, 1]}}, "no such key")],
)  # fmt: skip
def test_a_faulty_input_is_refused_in_plain_words(keys: dict[str, Any], said: str):
    assert said in told(**keys)


@pytest.mark.parametrize(
    ("lamp", "said"),
    [({"control": "console"}, "needs a share"),
     ({"share": {**SHARE, "input": "dusk"}}, "no input 'dusk' (nearest: desk)"),
     ({"share": {**SHARE, "address": [7, 1]}}, "universe 7 is not among those of desk, 101-102"),
     ({"share": {**SHARE, "address": [101, 504]}}, "504 leaves too little room for 10 slots"),
     ({"share": {**SHARE, "attributes": ["Dimer"]}}, "mode wide has no Dimer (nearest: Dimmer)")],
)  # fmt: skip
def test_a_faulty_share_is_a_fault_of_the_show(lamp: dict[str, Any], said: str):
    (fault,) = faults({"key": fixture("wide", **lamp)})
    assert said in fault


@pytest.mark.parametrize(
    ("controls", "said"),
    [({"looks": {"duks": [101, 1]}}, "no look 'duks' (nearest: dusk)"),
     ({"fixtures": {"kee": {"intensity": [101, 1]}}}, "no fixture 'kee' (nearest: key)"),
     ({"fixtures": {"key": {"mix": [101, 1]}}}, "has nothing to mix")],
)  # fmt: skip
def test_controls_name_what_there_is(controls: dict[str, Any], said: str):
    looks = {"dusk": {"fade_s": 1}}
    (fault,) = faults({"key": fixture("wide")}, {**DESK, "controls": controls}, looks=looks)
    assert said in fault


def test_two_inputs_have_two_names_and_no_universe_in_common():
    (name, universe) = faults({}, DESK, DESK)
    assert "two inputs are called desk" in name
    assert "universe 101 comes in by desk already" in universe
    ports = [{**DESK, "name": name, "protocol": "artnet", "universes": number, "port_address": 5}
             for name, number in (("a", 101), ("b", 102))]  # fmt: skip
    (port,) = faults({}, *ports)
    assert "a takes port-address 5 already" in port


def test_what_lumad_sends_itself_is_no_consoles():
    ours = {"outputs": [{"protocol": "artnet", "universes": "1", "to": ["10.0.0.9"], "port_address": 4}]}
    (fault,) = faults({}, {**DESK, "protocol": "artnet", "port_address": 3}, **ours)
    assert "lumad itself sends port-address 4" in fault


def test_an_sacn_universe_of_both_is_a_warning():
    both = show(inputs=[{**DESK, "universes": "2"}])
    assert faults_of(both, PROFILES) == []
    assert "lumad sends universe 2, too" in str(list(warnings_of(both, PROFILES)))


def test_a_fixture_at_the_console_is_good():
    lamp = fixture("wide", control="console", share=SHARE)
    assert faults({"key": lamp}, {**DESK, "controls": {"fixtures": {"key": {"mix": [102, 1]}}}}) == []
