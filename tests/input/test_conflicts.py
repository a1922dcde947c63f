"""Who else sends our universes."""

import dataclasses

import numpy as np
import pytest

from lumad.input.arbiter import PER_ADDRESS_PRIORITY, Arbiter
from lumad.input.conflicts import Conflicts, ranges
from lumad.protocols import artnet, e131

US, THEM = bytes(15) + b"\1", bytes(15) + b"\2"
OURS = {("sacn", 1): 100, ("sacn", 2): 100, ("sacn", 3): 100, ("sacn", 9): 100, ("artnet", 0): 0}
PACKET = e131.DataPacket(THEM, 1, b"\1\2", source_name="console")


def watch() -> tuple[Conflicts, Arbiter]:
    return Conflicts(OURS, [US.hex(), "10.0.0.1"]), Arbiter()


def stream(arbiter: Arbiter, *times: float, **fields: object) -> None:
    for at, now in enumerate(times):
        packet = dataclasses.replace(PACKET, **{"sequence": at, **fields})
        arbiter.hear(e131.encode(packet), "10.0.0.9", now)


def test_another_source_at_our_priority_is_told_within_a_second():
    conflicts, arbiter = watch()
    stream(arbiter, 0.0, 0.02, 0.04)
    (conflict,) = conflicts.look(arbiter, 0.25)
    assert (conflict.name, conflict.source, conflict.address) == ("console", THEM.hex(), "10.0.0.9")
    assert str(conflict) == "console (10.0.0.9) also sends sacn universe 1 at priority 100"


@pytest.mark.parametrize("fields", [{"priority": 99}, {"cid": US}, {"universe": 4}, {"preview": True}])
def test_what_takes_nothing_from_us_is_no_conflict(fields: dict[str, object]):
    conflicts, arbiter = watch()
    stream(arbiter, 0.0, 0.02, 0.04, **fields)
    assert conflicts.look(arbiter, 0.25) == []


def test_a_stray_packet_is_no_alarm():
    conflicts, arbiter = watch()
    stream(arbiter, 0.0, 0.6, 1.2)  # two within a second, never three
    assert conflicts.look(arbiter, 1.2) == []


def test_a_source_that_only_keeps_alive_is_told_as_well():
    conflicts, arbiter = watch()
    stream(arbiter, 0.0, 0.9, 1.8, 2.7)
    assert len(conflicts.look(arbiter, 2.7)) == 1


def test_a_conflict_is_over_after_five_seconds_of_silence():
    conflicts, arbiter = watch()
    stream(arbiter, 0.0, 0.02, 0.04)
    assert [len(conflicts.look(arbiter, now)) for now in (0.1, 3.0, 5.0, 5.1)] == [1, 1, 1, 0]


def test_a_source_is_one_entry_whatever_it_sends():
    conflicts, arbiter = watch()
    for universe in (1, 2, 3, 4, 9):
        stream(arbiter, 0.0, 0.02, 0.04, universe=universe, priority=100 + universe)
    (conflict,) = conflicts.look(arbiter, 0.1)
    assert "universe 1-3, 9 at priority 109" in str(conflict)
    assert conflict.universes == (1, 2, 3, 9)


def test_who_steps_down_is_no_conflict_any_more():
    conflicts, arbiter = watch()
    stream(arbiter, 0.0, 0.02, 0.04)
    assert conflicts.look(arbiter, 0.1)
    stream(arbiter, 0.2, sequence=3, priority=50)
    assert conflicts.look(arbiter, 0.2) == []


def test_a_universe_shared_by_priorities_of_each_address_is_no_conflict():
    ours = np.zeros(512, np.uint8)
    ours[0] = 100
    conflicts, arbiter = Conflicts({("sacn", 1): ours}, []), Arbiter()
    stream(arbiter, 0.0, 0.02, 0.04)
    for priorities, found in ((b"\0\x64", 0), (b"\x63\x64", 0), (b"\x64\x64", 1)):
        arbiter_packet = {"sequence": 3 + found + priorities[0], "start_code": PER_ADDRESS_PRIORITY}
        stream(arbiter, 0.06, slots=priorities, **arbiter_packet)
        assert len(conflicts.look(arbiter, 0.1)) == found


def test_another_artnet_sender_is_a_conflict():
    conflicts, arbiter = watch()
    conflicts.watch({**OURS, ("artnet", 18): 0}, ["10.0.0.1"])
    told = []
    for port in (0, 18):
        for address in ("10.0.0.1", "10.0.0.8"):
            for now in (0.0, 0.02, 0.04):
                arbiter.hear(artnet.encode(artnet.ArtDmx(port, b"\1\2")), address, now)
        told += map(str, conflicts.look(arbiter, 0.1))
    said = "10.0.0.8 also sends artnet port-address"
    assert told == [f"{said} 0 (0:0:0)", f"{said} 0, 18 (0:0:0 to 0:1:2)"]


def test_a_conflict_goes_on_through_an_edit_that_keeps_its_universe():
    conflicts, arbiter = watch()
    stream(arbiter, 0.0, 0.02, 0.04)
    began = conflicts.look(arbiter, 0.1)
    conflicts.watch({("sacn", 1): 100}, [])
    assert conflicts.look(arbiter, 0.2) == began
    conflicts.watch({("sacn", 2): 100}, [])
    assert conflicts.look(arbiter, 0.3) == []


def test_who_turns_out_to_be_our_own_is_no_conflict_any_more():
    conflicts, arbiter = watch()
    stream(arbiter, 0.0, 0.02, 0.04)
    assert conflicts.look(arbiter, 0.1)
    conflicts.watch(OURS, [THEM.hex()])
    assert conflicts.look(arbiter, 0.2) == []


@pytest.mark.parametrize(("name", "priority", "found"), [("lumad", 101, 0), ("lumad", 100, 1), ("x", 101, 1)])
def test_our_own_standby_one_priority_above_us_is_no_conflict(name: str, priority: int, found: int):
    conflicts, arbiter = watch()
    conflicts.watch(OURS, [US.hex()], "lumad")
    stream(arbiter, 0.0, 0.02, 0.04, source_name=name, priority=priority)
    assert len(conflicts.look(arbiter, 0.1)) == found


@pytest.mark.parametrize(("primary", "found"), [("console", 0), ("", 1), ("another", 1)])
def test_a_primary_is_no_conflict_before_its_cid_is_known(primary: str, found: int):
    conflicts, arbiter = watch()
    conflicts.watch(OURS, [US.hex()], "lumad", primary)
    stream(arbiter, 0.0, 0.02, 0.04)
    assert len(conflicts.look(arbiter, 0.1)) == found


def test_a_conflict_is_told_in_plain_values():
    conflicts, arbiter = watch()
    stream(arbiter, 0.0, 0.02, 0.04)
    for now in (0.0, 0.02, 0.04):
        arbiter.hear(artnet.encode(artnet.ArtDmx(0, b"\1\2")), "10.0.0.8", now)
    sacn, other = (each.to_json(3.1) for each in conflicts.look(arbiter, 0.1))
    assert (sacn["source"], sacn["universes"], sacn["priority"], sacn["age_s"]) == (THEM.hex(), [1], 100, 3.0)
    assert (other["net_sub_universes"], other["priority"]) == (["0:0:0"], None)
    assert "also sends" in sacn["text"]


def test_numbers_are_told_as_ranges():
    assert ranges([7, 1, 2, 3, 3]) == "1-3, 7"
    assert ranges([]) == ""
