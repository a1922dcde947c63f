"""What a console says, with time as an argument."""

from typing import Any

from lumad.input.console import Console, Input
from lumad.protocols import artnet, e131

THEM, OTHERS = bytes(range(16)), bytes(range(1, 17))


def source(name: str = "desk", **more: Any) -> Input:
    usual = {"protocol": "sacn", "wire": [101], "first": 0, "interface": None, "hold": True}
    return Input.from_json({"name": name, **usual, "controls": {"master": 0}, "looks": {"dusk": 1}} | more)


class Line:
    """A console and the wire to it."""

    def __init__(self, *inputs: Input, before: Console | None = None) -> None:
        self.console = Console(inputs or [source()], before)
        self._sequence = 0

    def say(self, *levels: int, now: float = 0.0, cid: bytes = THEM, **more: Any) -> bool:
        self._sequence = (self._sequence + 1) % 256
        packet = e131.DataPacket(cid, 101, bytes(levels), self._sequence, source_name="theirs", **more)
        return self.console.hear(None, e131.encode(packet), "10.0.0.5", now)

    def told(self, now: float = 0.0) -> Any:
        return self.console.report(now)[0]


def test_a_lone_console_counts_at_once():
    line = Line()
    assert line.say(128, 7)
    assert line.console.levels[0, :2].tolist() == [128, 7]
    assert not line.say(128, 7)
    assert line.say(128, 8)


def test_of_two_the_higher_priority_counts():
    line = Line()
    line.say(10, priority=100)
    line.say(200, cid=OTHERS, priority=90, now=2.0)
    line.say(10, now=2.0, priority=100)
    assert line.console.levels[0, 0] == 10


def test_a_slot_that_a_console_does_not_send_is_not_known():
    line = Line(source(controls={"master": 5}))
    line.say(1, 2)
    assert line.told()["master"] is None
    assert line.console.known[0, :3].tolist() == [True, True, False]


def test_a_silent_console_is_lost_and_its_levels_stay():
    line = Line()
    line.say(255, now=0.0)
    line.console.turn(1.0)
    assert line.told(1.0)["state"] == "heard"
    line.console.turn(e131.LOSS_S + 0.1)
    assert (line.told(3.0)["state"], line.told(3.0)["master"]) == ("lost", 1.0)
    assert line.console.levels[0, 0] == 255


def test_a_lost_master_does_not_count_where_lumad_takes_over():
    line = Line(source(hold=False))
    line.say(128, now=0.0)
    assert line.told()["master"] == round((128 / 255) ** 2, 4)
    line.console.turn(3.0)
    assert line.told(3.0)["master"] is None


def test_a_console_that_ends_its_stream_is_lost_at_once():
    line = Line()
    line.say(255)
    line.say(0, terminated=True, now=0.1)
    line.console.turn(0.3)
    assert line.told(0.3)["state"] == "lost"


def test_the_report_names_who_speaks():
    line = Line()
    assert (line.told()["state"], line.told()["sources"]) == ("waiting", [])
    line.say(255)
    (speaking,) = line.told()["sources"]
    assert (speaking["universe"], speaking["name"], speaking["address"]) == (101, "theirs", "10.0.0.5")


def test_looks_go_on_their_rise_past_the_middle():
    line = Line()
    for at, level in enumerate((127, 128, 255, 0, 129)):
        line.say(255, level, now=at / 40)
    assert line.console.take_called() == ["dusk", "dusk"]
    assert line.console.take_called() == []


def test_a_look_that_stands_up_when_its_console_comes_back_goes_only_when_it_rises_again():
    line = Line()
    line.say(255, 0)
    line.console.turn(3.0)
    line.say(255, 255, now=4.0)
    assert line.console.take_called() == []
    line.say(255, 0, now=4.1)
    line.say(255, 255, now=4.2)
    assert line.console.take_called() == ["dusk"]


def test_artnet_comes_by_port_address_and_only_by_its_interface():
    line = Line(source(), source("art", protocol="artnet", wire=[7, 8], first=1, interface="eth1"))
    packet = artnet.encode(artnet.ArtDmx(8, bytes([1, 2])))
    assert not line.console.hear(None, packet, "10.0.0.9", 0.0)
    assert line.console.hear("eth1", packet, "10.0.0.9", 0.0)
    assert line.console.levels[:, 1].tolist() == [0, 0, 2]


def test_what_was_heard_goes_on_with_another_list_of_inputs():
    before = Line()
    before.say(99, 200)
    after = Line(source("new", wire=[5], controls={}), source(first=1), before=before.console)
    assert after.console.levels[:, 0].tolist() == [0, 99]
    assert [told["state"] for told in after.console.report(0.0)] == ["waiting", "heard"]


def test_noise_changes_nothing():
    assert not Line().console.hear(None, b"noise", "10.0.0.5", 0.0)
