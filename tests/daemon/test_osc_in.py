"""OSC from a tablet: what each address does, who is heard, and a flood that costs nothing."""

import asyncio
import logging
import socket
from ipaddress import ip_network
from typing import Any

import pytest
from show.sample import Clock, sample_loaded, sample_show

from lumad.daemon.osc import WINDOW_S, Osc, hearing_osc, host_for
from lumad.protocols.osc import Argument, Message, bundle, encode
from lumad.settings import OscIn
from lumad.show.edits import merge
from lumad.show.store import Store

PHONE = ("10.0.0.7", 9000)


class Stage:
    def __init__(self) -> None:
        self.clock = Clock()
        self.store = Store(sample_loaded(), self.clock.later)
        self.osc = Osc(self.store, [ip_network("10.0.0.0/24")], self.clock.later, lambda: self.clock.now)

    def send(self, address: str, *arguments: Argument, by: Any = PHONE) -> None:
        self.osc.datagram_received(encode(Message(address, arguments)), by)
        self.clock.pass_by(WINDOW_S)
        self.clock.pass_by(WINDOW_S)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_faders_and_switches_move_the_live_values(stage: Stage):
    stage.send("/lumad/master", 0.5)
    assert stage.store.live.master == 0.25
    for value, on in ((1, True), (0, False), (1.0, True), (False, False), (True, True)):
        stage.send("/lumad/blackout", value)
        stage.send("/lumad/freeze", value)
        assert (stage.store.live.blackout, stage.store.live.freeze) == (on, on)
    assert stage.store.revision == 1


def test_a_lamp_is_dimmed_in_one_step_of_undo(stage: Stage):
    for position in (0.2, 0.4, 1):
        stage.send("/lumad/fixture/key/intensity", position)
    assert stage.store.show.fixtures["key"].level == 1
    stage.send("/lumad/fixture/key/intensity", 0.5)
    assert stage.store.show.fixtures["key"].level == 0.25
    stage.store.undo()
    assert stage.store.show == sample_show()


def test_looks_and_cues_go(stage: Stage):
    stage.store.apply(merge("looks/dusk", {"fixtures": {"key": {"level": 0.5}}}, create=True))
    stage.store.apply(merge("cues", [{"number": number, "look": "dusk"} for number in (1, 2.5)]))
    stage.send("/lumad/look/dusk/go", 2.0)
    assert stage.store.show.fixtures["key"].level == 0.5
    stage.send("/lumad/look/dusk/release")
    for step, cue in (("next", 1), ("next", 2.5), ("back", 1)):
        stage.send(f"/lumad/cue/{step}")
        assert stage.store.live.cue == cue
    stage.send("/lumad/cue/go", 2.5)
    assert stage.store.live.cue == 2.5


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/lumad/master", ()),
        ("/lumad/master", (1.5,)),
        ("/lumad/master", ("full",)),
        ("/lumad/master", (float("nan"),)),
        ("/lumad/fixture/kee/intensity", (1.0,)),
        ("/lumad/fixture/a/b/intensity", (1.0,)),
        ("/lumad/look/none/go", ()),
        ("/lumad/cue/next", ()),
        ("/lumad/cue/go", ("x",)),
        ("/somebody/else", (1,)),
        ("/", ()),
    ],
)
def test_what_cannot_be_done_is_a_line_of_log(stage: Stage, caplog: Any, address: str, arguments: Any):
    stage.send(address, *arguments)
    assert caplog.text.count("OSC") == 1
    assert (stage.store.show, stage.store.live.master) == (sample_show(), 1)


def test_strangers_and_noise_are_not_heard_and_fill_no_log(stage: Stage, caplog: pytest.LogCaptureFixture):
    for _ in range(50):
        stage.osc.datagram_received(encode(Message("/lumad/blackout", (1,))), ("10.0.1.7", 9000))
        stage.osc.datagram_received(b"\xff" * 40, PHONE)
    assert not stage.store.live.blackout
    assert len(caplog.records) == 2


def test_a_fader_that_floods_is_taken_at_a_pace_and_ends_where_it_is(stage: Stage):
    for step in range(1001):
        stage.osc.datagram_received(encode(Message("/lumad/fixture/key/intensity", (step / 1000,))), PHONE)
    stage.clock.pass_by(WINDOW_S)
    assert (stage.store.revision, stage.store.show.fixtures["key"].level) == (3, 1)


def test_a_blackout_waits_for_nobody(stage: Stage):
    fader = [encode(Message(f"/lumad/fixture/f{number}/intensity", (0.5,))) for number in range(200)]
    stage.osc.datagram_received(bundle([*fader, encode(Message("/lumad/blackout", (1,)))]), PHONE)
    assert stage.store.live.blackout


def test_it_listens_no_wider_than_those_who_may_send():
    for allow, host in ((["127.0.0.1"], "127.0.0.1"), (["::1"], "::1"), (["10.0.0.0/8"], "0.0.0.0")):
        assert host_for([ip_network(each) for each in allow]) == host
    assert host_for([ip_network("127.0.0.1"), ip_network("fe80::/10")]) == "::"


async def test_it_is_heard_on_its_port_and_a_taken_port_costs_no_light(caplog: pytest.LogCaptureFixture):
    store = Store(sample_loaded(), Clock().later)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        port = sender.getsockname()[1]
        with caplog.at_level(logging.ERROR):
            async with hearing_osc(OscIn(port, (ip_network("127.0.0.1"),)), store):
                assert f"port {port}" in caplog.text
    heard = asyncio.Event()
    store.subscribe(lambda _: heard.set())
    async with hearing_osc(OscIn(port, (ip_network("127.0.0.1"),)), store), asyncio.timeout(5):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(encode(Message("/lumad/blackout", (1,))), ("127.0.0.1", port))
        await heard.wait()
    assert store.live.blackout


def test_a_rolling_take_leaves_blackout_master_and_armed_faders_in_hand(stage: Stage):
    stage.store.set_live(take={"rolling": True, "ride": ["key"]})
    for address in ("/lumad/fixture/key/intensity", "/lumad/fixture/fill/intensity", "/lumad/freeze"):
        stage.send(address, 0.5)
    stage.send("/lumad/master", 0.5)
    levels = [stage.store.show.fixtures[name].level for name in ("key", "fill")]
    assert (levels, stage.store.live.master, stage.store.live.freeze) == ([0.25, 1.0], 0.25, False)


def test_dark_waits_for_nothing_but_a_flood_of_switches_is_taken_at_the_windows_pace(stage: Stage):
    told: list[bool] = []
    stage.store.subscribe(lambda _: told.append(stage.store.live.blackout))
    for number in range(1000):
        stage.osc.datagram_received(encode(Message("/lumad/blackout", (1 - number % 2,))), PHONE)
    assert told == [True]
    stage.clock.pass_by(WINDOW_S)
    assert told == [True, False]
