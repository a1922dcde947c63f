import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import PacketError
from lumad.protocols import e131, e131_extended
from lumad.protocols.e131_extended import DiscoveryPacket, SyncPacket

CID = bytes(range(16))
PREAMBLE = bytes.fromhex("0010 0000 4153432d45312e3137000000")

SYNC = b"".join(
    [
        PREAMBLE,
        bytes.fromhex("7021 00000008") + CID,  # root: 0x21 from octet 16, extended, CID
        bytes.fromhex("700b 00000001"),  # framing: 0x0b from octet 38, synchronisation
        bytes.fromhex("fe 1f3f 0000"),  # sequence 254, address 7999, reserved
    ]
)
SYNC_PACKET = SyncPacket(CID, 7999, 254)

DISCOVERY = b"".join(
    [
        PREAMBLE,
        bytes.fromhex("706e 00000008") + CID,  # root: 0x6e from octet 16
        bytes.fromhex("7058 00000002"),  # framing: 0x58 from octet 38, discovery
        b"caf\xc3\xa9".ljust(64, b"\0") + bytes(4),  # source name, reserved
        bytes.fromhex("700e 00000001 01 02"),  # list: 0x0e from octet 112, page 1, last page 2
        bytes.fromhex("0001 00ff f9ff"),
    ]
)
DISCOVERY_PACKET = DiscoveryPacket(CID, "café", 1, 2, (1, 255, 63999))

cids = st.binary(min_size=16, max_size=16)
universes = st.integers(1, e131.MAX_UNIVERSE)
syncs = st.builds(SyncPacket, cids, universes, st.integers(0, 255))
pages = st.lists(universes, max_size=40, unique=True).map(tuple)
discoveries = st.integers(0, 255).flatmap(
    lambda last: st.builds(
        DiscoveryPacket,
        cids,
        st.text(max_size=80).map(e131.fit_name),
        st.integers(0, last),
        st.just(last),
        pages,
    )
)


def decodes_or_refuses(data: bytes) -> None:
    with contextlib.suppress(PacketError):
        assert isinstance(e131_extended.decode(data), SyncPacket | DiscoveryPacket)


@pytest.mark.parametrize(("packet", "data"), [(SYNC_PACKET, SYNC), (DISCOVERY_PACKET, DISCOVERY)])
def test_a_packet_has_the_bytes_of_its_table(packet: SyncPacket | DiscoveryPacket, data: bytes):
    assert e131_extended.encode(packet).hex(" ") == data.hex(" ")
    assert e131_extended.decode(data) == packet
    assert e131.is_extended(data)


@given(syncs | discoveries)
def test_what_is_encoded_decodes_to_the_same_packet(packet: SyncPacket | DiscoveryPacket):
    assert e131_extended.decode(e131_extended.encode(packet)) == packet


@given(st.binary(max_size=200) | st.binary(max_size=120).map(lambda noise: DISCOVERY[:44] + noise))
def test_noise_is_refused_and_never_crashes(data: bytes):
    decodes_or_refuses(data)


@given(
    syncs | discoveries,
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), min_size=1, max_size=4),
    st.data(),
)
def test_a_damaged_packet_decodes_or_is_refused_and_nothing_else(
    packet: SyncPacket | DiscoveryPacket, damage: list[tuple[int, int]], data: st.DataObject
):
    damaged = bytearray(e131_extended.encode(packet))
    for at, value in damage:
        damaged[at % len(damaged)] = value
    decodes_or_refuses(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    decodes_or_refuses(bytes(damaged) + data.draw(st.binary(max_size=3)))


@pytest.mark.parametrize("at", [0, 3, 4, 15, 16, 17, 18, 21, 38, 39, 40, 43])
@pytest.mark.parametrize("golden", [SYNC, DISCOVERY])
def test_every_octet_the_standard_fixes_is_checked(golden: bytes, at: int):
    damaged = bytearray(golden)
    damaged[at] ^= 0x04
    with pytest.raises(PacketError):
        e131_extended.decode(bytes(damaged))


@pytest.mark.parametrize("at", [112, 113, 114, 117])
def test_every_octet_of_the_universe_list_is_checked(at: int):
    damaged = bytearray(DISCOVERY)
    damaged[at] ^= 0x01
    with pytest.raises(PacketError):
        e131_extended.decode(bytes(damaged))


def test_reserved_octets_are_no_fault():
    assert e131_extended.decode(SYNC[:47] + b"\xff\xff") == SYNC_PACKET
    assert e131_extended.decode(DISCOVERY[:108] + b"\xff" * 4 + DISCOVERY[112:]) == DISCOVERY_PACKET


@pytest.mark.parametrize(
    "wrong", [{"cid": b""}, {"sync_address": 0}, {"sync_address": 64000}, {"sequence": 256}]
)
def test_a_synchronisation_outside_its_clauses_is_refused(wrong: dict[str, Any]):
    with pytest.raises(PacketError):
        SyncPacket(**{"cid": CID, "sync_address": 1, **wrong})


@pytest.mark.parametrize(
    "wrong",
    [
        {"cid": b""},
        {"page": 1},
        {"last_page": 256},
        {"universes": (0,)},
        {"universes": (64000,)},
        {"universes": tuple(range(1, 514))},
    ],
)
def test_a_discovery_outside_its_clauses_is_refused(wrong: dict[str, Any]):
    right = {"cid": CID, "source_name": "", "page": 0, "last_page": 0, "universes": ()}
    with pytest.raises(PacketError):
        DiscoveryPacket(**{**right, **wrong})


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, [0]), (1, [1]), (512, [512]), (513, [512, 1]), (1024, [512, 512])]
)
def test_pages_hold_512_universes_each_and_are_counted(count: int, sizes: list[int]):
    pages = e131_extended.discovery_pages(CID, "stage", range(count, 0, -1))
    assert [len(page.universes) for page in pages] == sizes
    assert [(page.page, page.last_page) for page in pages] == [(i, len(sizes) - 1) for i in range(len(sizes))]


@given(st.lists(universes, max_size=1100))
def test_pages_list_every_universe_once_and_in_order(listed: list[int]):
    pages = e131_extended.discovery_pages(CID, "stage", listed)
    assert [universe for page in pages for universe in page.universes] == sorted(set(listed))


def test_a_full_page_takes_1144_bytes():
    (page,) = e131_extended.discovery_pages(CID, "stage", range(1, 513))
    assert len(e131_extended.encode(page)) == 1144


def test_discovery_has_the_groups_of_its_universe():
    assert divmod(e131_extended.DISCOVERY_UNIVERSE, 256) == (250, 214)
    groups = [e131_extended.DISCOVERY_GROUP, e131_extended.DISCOVERY_GROUP6]
    assert groups == ["239.255.250.214", "ff18::8300:fad6"]
