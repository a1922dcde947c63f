import contextlib
from ipaddress import IPv6Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import PacketError
from lumad.protocols import e131

CID = bytes(range(16))

GOLDEN = b"".join(
    [
        bytes.fromhex("0010 0000 4153432d45312e3137000000"),  # preamble, post-amble, "ASC-E1.17"
        bytes.fromhex("7070 00000004") + CID,  # root: 0x70 from octet 16, data, CID
        bytes.fromhex("705a 00000002"),  # framing: 0x5a from octet 38, data packet
        b"caf\xc3\xa9".ljust(64, b"\0"),  # source name
        bytes.fromhex(
            "78 1f3f fe a0 012c"
        ),  # priority 120, sync 7999, sequence 254, preview + force, universe 300
        bytes.fromhex("700d 02 a1 0000 0001 0003 00"),  # DMP: set property, 3 values from a start code of 0
        bytes.fromhex("ff 7f"),
    ]
)
GOLDEN_PACKET = e131.DataPacket(
    CID, 300, b"\xff\x7f", sequence=254, priority=120, source_name="café", sync_address=7999,
    preview=True, force_sync=True,
)  # fmt: skip

packets = st.builds(
    e131.DataPacket,
    cid=st.binary(min_size=16, max_size=16),
    universe=st.integers(1, e131.MAX_UNIVERSE),
    slots=st.binary(max_size=512),
    sequence=st.integers(0, 255),
    priority=st.integers(0, 200),
    source_name=st.text(max_size=80).map(e131.fit_name),
    sync_address=st.integers(0, e131.MAX_UNIVERSE),
    start_code=st.integers(0, 255),
    preview=st.booleans(),
    terminated=st.booleans(),
    force_sync=st.booleans(),
)


def decodes_or_refuses(data: bytes) -> None:
    with contextlib.suppress(PacketError):
        assert isinstance(e131.decode(data), e131.DataPacket)


def test_a_packet_has_the_bytes_of_table_4_1():
    assert e131.encode(GOLDEN_PACKET).hex(" ") == GOLDEN.hex(" ")
    assert e131.decode(GOLDEN) == GOLDEN_PACKET


def test_a_full_universe_takes_638_bytes():
    packet = e131.encode(e131.DataPacket(CID, 1, bytes(512)))
    assert len(packet) == 638
    assert (packet[16:18], packet[38:40], packet[115:117]) == (b"\x72\x6e", b"\x72\x58", b"\x72\x0b")


@given(packets)
def test_what_is_encoded_decodes_to_the_same_packet(packet: e131.DataPacket):
    assert e131.decode(e131.encode(packet)) == packet


@given(st.binary(max_size=700))
def test_noise_is_refused_and_never_crashes(data: bytes):
    decodes_or_refuses(data)
    e131.is_extended(data)


@given(
    packets, st.lists(st.tuples(st.integers(0, 637), st.integers(0, 255)), min_size=1, max_size=4), st.data()
)
def test_a_damaged_packet_decodes_or_is_refused_and_nothing_else(
    packet: e131.DataPacket, damage: list[tuple[int, int]], data: st.DataObject
):
    damaged = bytearray(e131.encode(packet))
    for at, value in damage:
        damaged[at % len(damaged)] = value
    decodes_or_refuses(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    decodes_or_refuses(bytes(damaged) + data.draw(st.binary(max_size=3)))


@pytest.mark.parametrize("at", [0, 3, 4, 12, 16, 17, 18, 21, 38, 39, 43, 115, 117, 118, 120, 122, 124])
def test_every_octet_the_standard_fixes_is_checked(at: int):
    damaged = bytearray(GOLDEN)
    damaged[at] ^= 0x01
    with pytest.raises(PacketError):
        e131.decode(bytes(damaged))


@pytest.mark.parametrize("extra", [GOLDEN[:-1], GOLDEN + b"\0", GOLDEN[:125], b""])
def test_a_datagram_of_another_length_than_its_layers_say_is_refused(extra: bytes):
    with pytest.raises(PacketError):
        e131.decode(extra)


@pytest.mark.parametrize(
    "field",
    [
        {"universe": 0},
        {"universe": 64000},
        {"priority": 201},
        {"priority": -1},
        {"sequence": 256},
        {"slots": bytes(513)},
        {"cid": bytes(15)},
        {"sync_address": 64000},
        {"start_code": 256},
    ],
)
def test_a_field_outside_its_clause_is_refused(field: dict[str, Any]):
    with pytest.raises(PacketError):
        e131.DataPacket(**{"cid": CID, "universe": 1, "slots": b"", **field})


def test_a_priority_above_200_on_the_wire_is_refused():
    damaged = bytearray(GOLDEN)
    damaged[108] = 201
    with pytest.raises(PacketError, match="priority 201"):
        e131.decode(bytes(damaged))


def test_reserved_option_bits_are_no_fault():
    packet = bytearray(GOLDEN)
    packet[e131.OPTIONS_AT] |= 0x1F
    assert e131.decode(bytes(packet)) == GOLDEN_PACKET


def test_a_name_in_another_encoding_costs_no_light():
    packet = bytearray(GOLDEN)
    packet[44:108] = b"\xe9" * 64  # Latin-1, and no NUL at the end
    assert e131.decode(bytes(packet)).slots == GOLDEN_PACKET.slots


@pytest.mark.parametrize(
    ("name", "fitted"),
    [
        ("stage", "stage"),
        ("é" * 40, "é" * 31),
        ("x" * 62 + "é", "x" * 62),
        ("x" * 99, "x" * 63),
        ("a\0b", "a"),
    ],
)
def test_a_name_is_cut_at_a_character_to_63_bytes(name: str, fitted: str):
    assert e131.fit_name(name) == fitted
    packet = e131.encode(e131.DataPacket(CID, 1, b"", source_name=name))
    assert packet[44:108] == fitted.encode().ljust(64, b"\0")


@given(st.text(max_size=100))
def test_no_name_is_too_odd_to_send(name: str):
    fitted = e131.fit_name(name)
    assert len(fitted.encode()) <= 63
    assert e131.fit_name(fitted) == fitted


@pytest.mark.parametrize(
    ("universe", "group"),
    [
        (1, "239.255.0.1"),
        (255, "239.255.0.255"),
        (256, "239.255.1.0"),
        (300, "239.255.1.44"),
        (63999, "239.255.249.255"),
    ],
)
def test_a_universe_has_the_group_of_its_two_bytes(universe: int, group: str):
    assert e131.multicast_group(universe) == group


@pytest.mark.parametrize(
    ("universe", "group"),
    [(1, "ff18::8300:1"), (255, "ff18::8300:ff"), (256, "ff18::8300:100"), (63999, "ff18::8300:f9ff")],
)
def test_a_universe_has_the_ipv6_group_of_its_two_bytes(universe: int, group: str):
    assert e131.multicast_group6(universe) == group
    assert IPv6Address(group).packed == bytes.fromhex("ff18") + bytes(10) + b"\x83\0" + universe.to_bytes(2)


@pytest.mark.parametrize("universe", [0, 64000, -1])
def test_a_universe_that_is_none_has_no_group(universe: int):
    for group in (e131.multicast_group, e131.multicast_group6):
        with pytest.raises(PacketError):
            group(universe)


def test_packets_up_to_nineteen_behind_are_out_of_order():
    late = {(new - 10) % 256 for new in range(256) if e131.is_out_of_order(10, new)}
    assert late == {0, *range(237, 256)}


def test_synchronisation_and_discovery_are_told_from_data():
    assert not e131.is_extended(GOLDEN)
    assert e131.is_extended(GOLDEN[:18] + b"\0\0\0\x08" + GOLDEN[22:49])
