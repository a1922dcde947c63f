import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import PacketError
from lumad.protocols import artnet

GOLDEN = b"Art-Net\0" + bytes.fromhex("0050 000e 07 02 35 12 0004") + bytes.fromhex("00 ff 7f 01")
GOLDEN_PACKET = artnet.ArtDmx(0x1235, b"\x00\xff\x7f\x01", sequence=7, physical=2)

packets = st.builds(
    artnet.ArtDmx,
    port_address=st.integers(0, artnet.MAX_PORT_ADDRESS),
    levels=st.integers(1, 256).flatmap(lambda half: st.binary(min_size=2 * half, max_size=2 * half)),
    sequence=st.integers(0, 255),
    physical=st.integers(0, 255),
)


def decodes_or_refuses(data: bytes) -> None:
    with contextlib.suppress(PacketError):
        assert isinstance(artnet.decode(data), artnet.ArtDmx)
    with contextlib.suppress(PacketError):
        assert artnet.decode_sync(data) == artnet.ArtSync()


def test_artdmx_has_the_bytes_of_its_table():
    assert artnet.encode(GOLDEN_PACKET).hex(" ") == GOLDEN.hex(" ")
    assert artnet.decode(GOLDEN) == GOLDEN_PACKET


def test_a_full_universe_takes_530_bytes():
    assert len(artnet.encode(artnet.ArtDmx(0, bytes(512)))) == 530


@given(packets)
def test_what_is_encoded_decodes_to_the_same_packet(packet: artnet.ArtDmx):
    assert artnet.decode(artnet.encode(packet)) == packet


@given(st.one_of(st.binary(max_size=600), st.binary(max_size=30).map(lambda noise: GOLDEN[:10] + noise)))
def test_noise_is_refused_and_never_crashes(data: bytes):
    decodes_or_refuses(data)


@given(
    packets, st.lists(st.tuples(st.integers(0, 529), st.integers(0, 255)), min_size=1, max_size=4), st.data()
)
def test_a_damaged_packet_decodes_or_is_refused_and_nothing_else(
    packet: artnet.ArtDmx, damage: list[tuple[int, int]], data: st.DataObject
):
    damaged = bytearray(artnet.encode(packet))
    for at, value in damage:
        damaged[at % len(damaged)] = value
    decodes_or_refuses(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))


@pytest.mark.parametrize(
    "wrong",
    [
        GOLDEN[:-1],
        GOLDEN[:17],
        GOLDEN[:9],
        b"",
        b"Art-Nut\0" + GOLDEN[8:],
        GOLDEN[:8] + b"\x00\x20" + GOLDEN[10:],  # ArtPoll
        GOLDEN[:11] + b"\x0d" + GOLDEN[12:],  # protocol version 13
        GOLDEN[:15] + b"\x80" + GOLDEN[16:],  # net 128
        GOLDEN[:17] + b"\x03" + GOLDEN[18:],  # odd length
        GOLDEN[:17] + b"\x00" + GOLDEN[18:],  # no levels
        GOLDEN[:16] + b"\x02\x02" + bytes(514),  # 514 levels
    ],
)
def test_a_packet_that_is_no_artdmx_is_refused(wrong: bytes):
    with pytest.raises(PacketError):
        artnet.decode(wrong)


def test_bytes_after_the_levels_and_newer_versions_are_no_fault():
    assert artnet.decode(GOLDEN + b"\0\0") == GOLDEN_PACKET
    assert artnet.decode(GOLDEN[:11] + b"\x0f" + GOLDEN[12:]) == GOLDEN_PACKET


@pytest.mark.parametrize(
    "field",
    [
        {"port_address": 32768},
        {"levels": bytes(3)},
        {"levels": bytes(514)},
        {"sequence": 256},
        {"physical": -1},
    ],
)
def test_a_field_outside_its_range_is_refused(field: dict[str, Any]):
    with pytest.raises(PacketError):
        artnet.ArtDmx(**{"port_address": 0, "levels": bytes(2), **field})


def test_every_artnet_packet_is_told_by_its_first_bytes():
    assert artnet.is_artnet(GOLDEN)
    assert not artnet.is_artnet(b"Art-Net")
    assert artnet.opcode(GOLDEN) == artnet.OP_DMX


SYNC = b"Art-Net\0" + bytes.fromhex("0052 000e 00 00")


def test_artsync_has_the_bytes_of_its_table():
    assert artnet.encode(artnet.ArtSync()).hex(" ") == SYNC.hex(" ")
    assert artnet.decode_sync(SYNC) == artnet.ArtSync()


def test_what_artsync_never_tests_is_no_fault():
    assert artnet.decode_sync(SYNC[:12] + b"\xff\xff and more") == artnet.ArtSync()


@pytest.mark.parametrize("wrong", [b"", SYNC[:13], GOLDEN, SYNC[:11] + b"\x0d" + SYNC[12:]])
def test_a_packet_that_is_no_artsync_is_refused(wrong: bytes):
    with pytest.raises(PacketError):
        artnet.decode_sync(wrong)


@pytest.mark.parametrize(
    ("flat", "parts"), [(0, (0, 0, 0)), (17, (0, 1, 1)), (0x1235, (18, 3, 5)), (32767, (127, 15, 15))]
)
def test_a_port_address_has_a_net_a_sub_net_and_a_universe(flat: int, parts: tuple[int, int, int]):
    assert artnet.parts(flat) == parts


@pytest.mark.parametrize("flat", [-1, 32768])
def test_a_port_address_that_is_none_has_no_parts(flat: int):
    with pytest.raises(PacketError):
        artnet.parts(flat)
