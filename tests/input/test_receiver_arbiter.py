import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.input.arbiter import Arbiter
from lumad.protocols import artnet, e131

US, THEM = bytes(15) + b"\1", bytes(15) + b"\2"
NODE = "10.0.0.9"
PACKET = e131.DataPacket(US, 7, b"\1\2\3", sequence=10, source_name="console")


def hear(arbiter: Arbiter, now: float = 0.0, packet: e131.DataPacket = PACKET, **fields: object) -> None:
    arbiter.hear(e131.encode(dataclasses.replace(packet, **fields)), NODE, now)


def levels(arbiter: Arbiter, now: float = 0.0, universe: int = 7) -> bytes | None:
    live = arbiter.live("sacn", universe, now)
    return live and live.levels


def test_the_newest_levels_of_a_source_are_kept_with_what_it_is():
    arbiter = Arbiter()
    hear(arbiter, 0.0)
    hear(arbiter, 0.1, sequence=11, slots=b"\4\5\6")
    (stream,) = arbiter.streams(0.1)
    assert (stream.protocol, stream.universe, stream.source) == ("sacn", 7, US.hex())
    assert (stream.name, stream.address, stream.priority) == ("console", "10.0.0.9", 100)
    assert (stream.sequence, stream.time, stream.levels) == (11, 0.1, b"\4\5\6")


def test_artdmx_is_kept_by_port_address():
    arbiter = Arbiter()
    arbiter.hear(artnet.encode(artnet.ArtDmx(300, b"\1\2", sequence=3)), "10.0.0.8", 0.0)
    live = arbiter.live("artnet", 300, 0.0)
    assert live is not None
    assert (live.levels, live.sequence, live.source) == (b"\1\2", 3, "10.0.0.8")
    assert arbiter.live("sacn", 300, 0.0) is None


def test_the_higher_priority_counts_and_the_lower_takes_over_when_it_falls_silent():
    arbiter = Arbiter()
    hear(arbiter, 0.0, cid=THEM, priority=150, slots=b"high")
    hear(arbiter, 2.0, slots=b"low!")
    assert levels(arbiter, 2.4) == b"high"
    assert levels(arbiter, 2.5) == b"low!"
    assert levels(arbiter, 4.5) is None


def test_among_equal_priorities_the_newest_counts():
    arbiter = Arbiter()
    hear(arbiter, 0.0, slots=b"old!")
    hear(arbiter, 0.1, cid=THEM, slots=b"new!")
    assert levels(arbiter, 0.1) == b"new!"


def test_packets_out_of_order_are_dropped_for_their_source_alone():
    arbiter = Arbiter()
    hear(arbiter, sequence=10, slots=b"ten!")
    hear(arbiter, sequence=9, slots=b"nine")
    hear(arbiter, sequence=10, slots=b"same")
    assert levels(arbiter) == b"ten!"
    hear(arbiter, cid=THEM, priority=101, sequence=9, slots=b"them")
    assert levels(arbiter) == b"them"
    assert arbiter.counts["late"] == 2


def test_a_source_that_starts_its_count_anew_is_heard():
    arbiter = Arbiter()
    hear(arbiter, 0.0, sequence=100)
    hear(arbiter, 0.1, sequence=80, slots=b"jump")
    assert levels(arbiter, 0.1) == b"jump"
    hear(arbiter, 2.7, sequence=79, slots=b"late")  # silent long enough to be a new source
    assert levels(arbiter, 2.7) == b"late"


def test_a_terminated_stream_is_gone_at_once():
    arbiter = Arbiter()
    hear(arbiter)
    hear(arbiter, sequence=11, terminated=True)
    assert arbiter.streams(0.0) == []


@pytest.mark.parametrize("fields", [{"preview": True}, {"start_code": 0xCF}])
def test_what_is_no_light_is_ignored(fields: dict[str, object]):
    arbiter = Arbiter()
    hear(arbiter)
    hear(arbiter, sequence=11, slots=b"not!", **fields)
    assert levels(arbiter) == b"\1\2\3"
    assert arbiter.counts["ignored"] == 1


def test_other_start_codes_count_in_the_sequence_but_keep_no_source_alive():
    arbiter = Arbiter()
    hear(arbiter, 0.0)
    hear(arbiter, 2.0, sequence=29, start_code=0xDD)
    hear(arbiter, 2.1, sequence=20)
    assert arbiter.counts["late"] == 1
    assert levels(arbiter, 2.5) is None


def test_other_kinds_of_packet_are_no_fault():
    arbiter = Arbiter()
    arbiter.hear(e131.encode(PACKET)[:18] + b"\0\0\0\x08" + bytes(27), NODE, 0.0)
    arbiter.hear(b"Art-Net\0\x00\x20\x00\x0e\x02\x00", NODE, 0.0)
    assert (arbiter.counts["ignored"], arbiter.counts["bad"]) == (2, 0)


@given(
    st.lists(
        st.one_of(st.binary(max_size=200), st.binary(max_size=20).map(b"Art-Net\0".__add__)), max_size=20
    )
)
def test_noise_is_counted_and_changes_nothing(noise: list[bytes]):
    arbiter = Arbiter()
    hear(arbiter)
    for data in noise:
        arbiter.hear(data, NODE, 0.0)
    assert levels(arbiter) == PACKET.slots
    assert arbiter.counts["bad"] + arbiter.counts["ignored"] == len(noise)


def test_a_flood_of_sources_is_refused_until_old_ones_fall_silent():
    arbiter = Arbiter(max_streams=3)
    for universe in range(1, 6):
        hear(arbiter, 0.0, universe=universe)
    assert (len(arbiter.streams(0.0)), arbiter.counts["refused"]) == (3, 2)
    hear(arbiter, 1.0, universe=1, sequence=11)  # a known source is never refused
    hear(arbiter, 3.0, universe=5)
    assert {stream.universe for stream in arbiter.streams(3.0)} == {1, 5}
