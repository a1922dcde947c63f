from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shows import fixture, show

from lumad.errors import EditError
from lumad.model.output import Output, doubts_of, port_address_in, universes_in
from lumad.model.validate import check
from lumad.output.route import Route
from lumad.pixelmap.routes import routes_of

ARTNET = {"protocol": "artnet", "universes": "5-6", "to": ["10.0.0.9"], "port_address": "1:2:3"}


def told(**keys: Any):
    with pytest.raises(EditError) as caught:
        check(keys, Output)
    return str(caught.value)


def test_universes_stay_in_the_order_written():
    assert check({"protocol": "sacn", "universes": "7, 1-3"}, Output).universe_list() == (7, 1, 2, 3)


def test_one_universe_may_be_written_as_a_number():
    assert check({"protocol": "sacn", "universes": 5}, Output).universe_list() == (5,)


@pytest.mark.parametrize(
    ("text", "said"),
    [("0-3", "no range of universes"), ("1-64000", "no range of universes"), ("3-1", "no range of universes"),
     ("1,,2", "no universe or range"), ("x", "no universe or range"), ("1-3,2", "a universe stands twice"),
     ("", "no universe or range"), ("1-63999,1-63999", "stands twice")],
)  # fmt: skip
def test_a_faulty_range_of_universes_is_refused(text: Any, said: str):
    assert said in told(protocol="sacn", universes=text)


def test_the_nth_universe_goes_to_the_nth_port_address():
    output = check(ARTNET, Output)
    assert output.port_address_number() == 0x123
    assert output.port_addresses() == (0x123, 0x124)
    assert check({"protocol": "sacn", "universes": "1"}, Output).port_addresses() == ()


@settings(deadline=None)
@given(st.integers(0, 32767))
def test_a_port_address_is_the_same_number_in_both_spellings(number: int):
    assert (
        port_address_in(f"{number >> 8}:{number >> 4 & 15}:{number & 15}")
        == port_address_in(number)
        == number
    )


@settings(deadline=None)
@given(st.text("0123456789,- ", max_size=12))
def test_any_text_is_universes_or_a_value_error(text: Any):
    try:
        found = universes_in(text)
    except ValueError:
        found = (1,)
    assert all(1 <= universe <= 63999 for universe in found)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"to": "multicast6"}, "artnet has no multicast"),
        (
            {"to": "multicast"},
            "artnet has no multicast; give to: discover, a list of addresses, or broadcast",
        ),
        ({"to": ["10.0.0.256"]}, "to.0: '10.0.0.256' is no IP address"),
        ({"to": ["239.1.2.3"]}, "to.0: 239.1.2.3 is no address of a receiver"),
        ({"to": []}, "to: is an empty list"),
        ({"port_address": None}, "artnet needs a port_address"),
        ({"port_address": 32768}, "32768 is not a port-address; port-addresses are 0 to 32767"),
        ({"port_address": "1:16:0"}, "1:16:0: the net goes up to 127, sub-net and universe up to 15"),
        ({"port_address": "five"}, "'five' is no port-address"),
        ({"port_address": True}, "not a port-address"),
        ({"port_address": 32767}, "its last port-address would be 32768"),
        ({"sync": 7999}, "sync: by artnet it is true or false"),
        ({"sync": "yes"}, "sync: 'yes' is no synchronisation"),
        ({"rate": 0.5}, "rate: 0.5 is no rate; write auto, or 1 to 1000 (Hz)"),
        ({"rate": True}, "rate: True is no rate"),
        ({"suppress": 1}, "suppress: 1 is not true or false"),
        ({"preview": True}, "preview belongs to sacn"),
        ({"to": ["fd00::1"]}, "fd00::1: Art-Net knows IPv4 only"),
        ({"spread_ms": 21}, "spread_ms: 21.0 is out of range; possible is 0 to 20"),
        ({"delay_ms": 1001}, "delay_ms: 1001.0 is out of range; possible is 0 to 1000"),
        ({"interface": "eth 0"}, "interface: 'eth 0' is no name of a network interface"),
        ({"priority": 201}, "priority: 201 is not a priority; sACN priorities are 0 to 200"),
        ({"protocol": "dmx"}, "protocol: 'dmx' is not known here; possible: sacn, artnet"),
    ],
)
def test_a_faulty_output_is_explained_in_plain_words(change: dict[str, Any], said: str):
    assert said in told(**{**ARTNET, **change})


def test_sacn_has_no_port_address():
    assert "port_address belongs to artnet" in told(protocol="sacn", universes="1", port_address=0)


def test_one_receiver_may_be_written_without_brackets():
    assert check({**ARTNET, "to": "10.0.0.9", "sync": False}, Output).to == ("10.0.0.9",)


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"to": "discover"}, "to: discover belongs to artnet"),
        ({"sync": True}, "sync: by sACN it is a universe of its own, 1 to 63999"),
        ({"sync": 64000}, "sync: by sACN it is a universe of its own, 1 to 63999"),
        ({"per_address_priority": True, "priority": 0}, "every slot would be given away"),
        ({"to": ["fe80::1"]}, "fe80::1 means something on one link only; name it with interface:"),
        ({"to": ["ff18::1"]}, "ff18::1 is no address of a receiver"),
    ],
)
def test_a_faulty_sacn_output_is_explained_in_plain_words(keys: dict[str, Any], said: str):
    assert said in told(protocol="sacn", universes="1", **keys)


def test_an_output_says_how_it_leaves():
    sacn = check({"protocol": "sacn", "universes": "1", "to": "multicast6", "sync": 7999, "rate": 30}, Output)
    artnet = check({**ARTNET, "to": "discover", "sync": True, "delay_ms": 12.5}, Output)
    assert (sacn.to, sacn.sync, sacn.rate_hz, sacn.receivers) == ("multicast6", 7999, 30.0, ())
    assert (artnet.to, artnet.sync, artnet.rate_hz, artnet.delay_ms) == ("discover", True, 0.0, 12.5)


def test_a_universe_of_two_priorities_is_doubted_and_of_one_is_not():
    def outputs(*priorities: int) -> list[Output]:
        keys = {"protocol": "sacn", "universes": "1-3"}
        return [check({**keys, "priority": priority}, Output) for priority in priorities]

    assert list(doubts_of([*outputs(100, 100), check(ARTNET, Output)])) == []
    (doubt,) = doubts_of(outputs(100, 120))
    assert doubt.path == ("outputs", 1, "priority")
    assert doubt.message.startswith("universe 1 leaves with priority 120 here and with 100 by output 1")


def test_every_key_of_an_output_reaches_its_route():
    keys = {"protocol": "sacn", "universes": "1", "to": "multicast6", "sync": 7999, "rate": 30, "delay_ms": 8}
    more = {"per_address_priority": True, "preview": True, "suppress": True, "ttl": 3, "priority": 7}
    lamp = fixture("rgb8")
    (route,) = routes_of(show(fixtures={"key": lamp}, outputs=[{**keys, **more}]), "eth7")
    assert route == Route(
        "sacn", (1,), interface="eth7", priority=7, ttl=3, rate=30.0, delay_ms=8.0, sync=7999, ipv6=True,
        per_address_priority=True, preview=True, suppress=True,
    )  # fmt: skip
