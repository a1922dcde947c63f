"""ARP for IPv4 on Ethernet: RFC 826; probes and announcements: RFC 5227."""

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address

from lumad.errors import PacketError

ETHERTYPE = 0x0806
EVERYBODY = b"\xff" * 6
NOBODY = IPv4Address(0)
REQUEST, REPLY = 1, 2

_PACKET = struct.Struct("!HHBBH6s4s6s4s")
_ETHERNET_IPV4 = (1, 0x0800, 6, 4)


@dataclass(frozen=True, slots=True)
class Arp:
    """One packet: who says what about which address. MACs are 6 bytes."""

    operation: int
    sender_mac: bytes
    sender: IPv4Address
    target: IPv4Address
    target_mac: bytes = bytes(6)

    @property
    def is_announcement(self) -> bool:
        """Whether the sender says that the address is its own now (RFC 5227 2.3)."""
        return self.sender == self.target != NOBODY

    @property
    def is_probe(self) -> bool:
        """Whether the sender asks if anybody has an address that it wants (RFC 5227 2.1.1)."""
        return self.operation == REQUEST and self.sender == NOBODY


def probe(mac: bytes, address: IPv4Address) -> Arp:
    """Asks whether anybody has the address, and leaves everybody's tables alone."""
    return Arp(REQUEST, mac, NOBODY, address)


def announcement(mac: bytes, address: IPv4Address) -> Arp:
    """Says that the address is here; switches and nodes learn it."""
    return Arp(REQUEST, mac, address, address)


def encode(packet: Arp) -> bytes:
    """The 28 bytes behind the Ethernet header."""
    return _PACKET.pack(
        *_ETHERNET_IPV4,
        packet.operation,
        packet.sender_mac,
        packet.sender.packed,
        packet.target_mac,
        packet.target.packed,
    )


def decode(data: bytes) -> Arp:
    """The packet in a frame's payload, padding ignored; PacketError if it is none."""
    if len(data) < _PACKET.size:
        raise PacketError(f"{len(data)} bytes are too short for ARP")
    *kind, operation, sender_mac, sender, target_mac, target = _PACKET.unpack_from(data)
    if tuple(kind) != _ETHERNET_IPV4:
        raise PacketError("ARP for something else than IPv4 on Ethernet")
    return Arp(operation, sender_mac, IPv4Address(sender), IPv4Address(target), target_mac)
