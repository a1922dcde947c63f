import contextlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import PacketError
from lumad.protocols import artnet, artnet_poll
from lumad.protocols.artnet_poll import ArtPoll, ArtPollReply, Port

POLL = b"Art-Net\0" + bytes.fromhex("0020 000e 22 10 7fff 0011 7ff0 00ff")
POLL_PACKET = ArtPoll(flags=0x22, diagnostics=0x10, low=17, high=32767, esta=0x7FF0, oem=0x00FF)

REPLY = b"".join(
    [
        b"Art-Net\0" + bytes.fromhex("0021"),
        bytes.fromhex(
            "0a4d0002 3619 0102 12 03 1234 00 d2 7856"
        ),  # address, port, firmware, net, sub-net, codes
        b"node".ljust(18, b"\0") + b"A long name".ljust(64, b"\0") + b"#0001 [0003] ok".ljust(64, b"\0"),
        bytes.fromhex("0002 c0800000 80000000 83000000 03000000 05090000"),  # two ports
        bytes(6) + bytes.fromhex("00 020304050607"),  # style, MAC
        bytes.fromhex("0a4d0009 07 0e c0000000 20") + bytes(8) + bytes.fromhex("002c 00") + bytes(10),
    ]
)
REPLY_PACKET = ArtPollReply(
    "10.77.0.2", "node", "A long name", "#0001 [0003] ok",
    (Port(0xC0, 3, 5, 0x80, 0x83, 0xC0), Port(0x80, 0, 9)), net=0x12, sub_net=3, style=0,
    mac=bytes.fromhex("020304050607"), bind_address="10.77.0.9", bind_index=7, firmware=0x0102, oem=0x1234,
    esta=0x5678, status1=0xD2, status2=0x0E, status3=0x20, refresh_hz=44,
)  # fmt: skip

octets, words, nibbles = st.integers(0, 255), st.integers(0, 0xFFFF), st.integers(0, 15)
addresses = st.ip_addresses(v=4).map(str)
polls = st.builds(ArtPoll, octets, octets, words, words, words, words)


def names(most: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=1, max_codepoint=127), max_size=most)


replies = st.builds(
    ArtPollReply,
    addresses,
    names(17),
    names(63),
    names(63),
    st.lists(st.builds(Port, octets, nibbles, nibbles, octets, octets, octets), max_size=4).map(tuple),
    net=st.integers(0, 127),
    sub_net=nibbles,
    style=octets,
    mac=st.binary(min_size=6, max_size=6),
    bind_address=addresses,
    bind_index=octets,
    udp_port=words,
    esta=words,
    status2=octets,
    refresh_hz=words,
)


def decodes_or_refuses(data: bytes) -> None:
    with contextlib.suppress(PacketError):
        assert isinstance(artnet_poll.decode(data), ArtPoll | ArtPollReply)


@pytest.mark.parametrize(("packet", "data"), [(POLL_PACKET, POLL), (REPLY_PACKET, REPLY)])
def test_a_packet_has_the_bytes_of_its_table(packet: ArtPoll | ArtPollReply, data: bytes):
    assert artnet_poll.encode(packet).hex(" ") == data.hex(" ")
    assert artnet_poll.decode(data) == packet


def test_a_poll_takes_22_bytes_and_a_reply_239():
    assert (len(POLL), len(REPLY)) == (22, 239)


@given(polls | replies)
def test_what_is_encoded_decodes_to_the_same_packet(packet: ArtPoll | ArtPollReply):
    assert artnet_poll.decode(artnet_poll.encode(packet)) == packet


@given(
    st.binary(max_size=300)
    | st.binary(max_size=30).map(lambda noise: POLL[:10] + noise)
    | st.binary(min_size=197, max_size=260).map(lambda noise: REPLY[:10] + noise)
)
def test_noise_decodes_or_is_refused_and_nothing_else(data: bytes):
    decodes_or_refuses(data)


@given(st.integers(0, 239), st.lists(st.tuples(st.integers(0, 238), octets), min_size=1, max_size=4))
def test_a_damaged_reply_decodes_or_is_refused_and_nothing_else(end: int, damage: list[tuple[int, int]]):
    damaged = bytearray(REPLY)
    for at, value in damage:
        damaged[at] = value
    decodes_or_refuses(bytes(damaged[:end]))


def test_a_node_of_the_first_art_net_is_read_as_far_as_it_speaks():
    old = artnet_poll.decode(REPLY[:207])
    assert old == replace(
        REPLY_PACKET, bind_address="0.0.0.0", bind_index=0, status2=0, status3=0, refresh_hz=0,
        ports=tuple(replace(port, good_output_b=0) for port in REPLY_PACKET.ports),
    )  # fmt: skip


def test_a_short_poll_asks_everybody():
    poll = artnet_poll.decode(POLL[:12] + b"\x02\x00")
    assert poll == ArtPoll(flags=artnet_poll.REPLY_ON_CHANGE)
    assert isinstance(poll, ArtPoll)
    assert poll.asks()


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        POLL[:13],
        REPLY[:206],
        b"Art-Nut\0" + POLL[8:],
        POLL[:11] + b"\x0d" + POLL[12:],  # protocol version 13
        POLL[:8] + b"\x00\x50" + POLL[10:],  # ArtDmx
    ],
)
def test_a_packet_that_is_no_discovery_is_refused(wrong: bytes):
    with pytest.raises(PacketError):
        artnet_poll.decode(wrong)


@pytest.mark.parametrize("extra", [POLL + bytes(3), REPLY + b"newer fields"])
def test_bytes_of_newer_forms_are_no_fault(extra: bytes):
    assert artnet_poll.decode(extra) in {POLL_PACKET, REPLY_PACKET}


def test_a_targeted_poll_asks_who_is_in_its_range():
    poll = ArtPoll(artnet_poll.TARGETED, low=16, high=31)
    assert [poll.asks(15, 32), poll.asks(15, 16), poll.asks(31), poll.asks()] == [False, True, True, False]


def test_a_reply_names_the_port_addresses_it_turns_into_light():
    assert REPLY_PACKET.outputs == (0x1235, 0x1239)
    assert REPLY_PACKET.inputs == (0x1233,)


def test_ports_that_a_reply_does_not_count_are_not_there():
    reply = artnet_poll.decode(REPLY[:173] + b"\x01" + REPLY[174:])
    assert isinstance(reply, ArtPollReply)
    assert reply.outputs == (0x1235,)
    many = artnet_poll.decode(REPLY[:172] + b"\xff\xff" + REPLY[174:])
    assert isinstance(many, ArtPollReply)
    assert len(many.ports) == 4


def test_a_makers_odd_bits_and_names_cost_no_node_its_place():
    odd = bytearray(REPLY)
    odd[18], odd[19], odd[190] = 0x92, 0xF3, 0xF5  # net, sub-net, output with bits above theirs
    odd[26:44] = b"\xe9" * 18  # Latin-1, and no NUL at the end
    reply = artnet_poll.decode(bytes(odd))
    assert isinstance(reply, ArtPollReply)
    assert reply.outputs == REPLY_PACKET.outputs


def test_a_controller_answers_with_its_name_and_no_port():
    reply = artnet_poll.controller_reply("10.77.0.1", "Bühne " + "x" * 99, bytes(6), count=10003)
    assert artnet_poll.decode(artnet_poll.encode(reply)) == reply
    assert (reply.style, reply.outputs, reply.inputs) == (artnet_poll.STYLE_CONTROLLER, (), ())
    assert (reply.short_name, len(reply.long_name)) == ("B?hne " + "x" * 11, 63)
    assert reply.report.startswith("#0001 [0003] B?hne x")


@pytest.mark.parametrize(
    "field",
    [
        {"address": "node"},
        {"address": "10.0.0.256"},
        {"bind_address": ""},
        {"net": 128},
        {"sub_net": 16},
        {"mac": bytes(5)},
        {"style": 256},
        {"udp_port": 65536},
        {"ports": (Port(),) * 5},
    ],
)
def test_a_reply_outside_its_ranges_is_refused(field: dict[str, Any]):
    with pytest.raises(PacketError):
        ArtPollReply(**{"address": "10.77.0.1", **field})


@pytest.mark.parametrize("field", [{"input": 16}, {"output": -1}, {"kind": 256}])
def test_a_port_outside_its_ranges_is_refused(field: dict[str, Any]):
    with pytest.raises(PacketError):
        Port(**field)


@pytest.mark.parametrize("field", [{"flags": 256}, {"diagnostics": -1}, {"high": 65536}])
def test_a_poll_outside_its_ranges_is_refused(field: dict[str, Any]):
    with pytest.raises(PacketError):
        ArtPoll(**field)


def test_polls_are_told_from_light():
    assert artnet.opcode(POLL) == artnet_poll.OP_POLL
    assert artnet.opcode(REPLY) == artnet_poll.OP_POLL_REPLY
