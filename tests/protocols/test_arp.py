"""ARP for IPv4 on Ethernet."""

from ipaddress import IPv4Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad.errors import PacketError
from lumad.protocols import arp

VIP = IPv4Address("10.0.0.50")
MAC = b"\x02\0\0\0\0\x07"


def test_probes_and_announcements_are_as_the_standard_has_them():
    probe, told = (arp.decode(arp.encode(say(MAC, VIP))) for say in (arp.probe, arp.announcement))
    assert (probe.is_probe, probe.is_announcement, told.is_announcement) == (True, False, True)
    assert arp.encode(told).hex() == "00010800060400010200000000070a0000320000000000000a000032"


@given(st.binary(max_size=60))
def test_what_is_no_arp_is_a_packet_error(data: bytes):
    try:
        assert arp.encode(arp.decode(data)) == data[:28]
    except PacketError:
        assert len(data) < 28 or data[:6] != bytes.fromhex("000108000604")


def test_too_short_is_a_packet_error():
    with pytest.raises(PacketError):
        arp.decode(bytes(27))
