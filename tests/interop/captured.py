"""Datagrams out of a capture: what the rules of conformance look at."""

import socket
import struct
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

_ETHERNET = 14  # octets of an Ethernet header
_IP4, _IP6 = b"\x08\x00", b"\x86\xdd"  # its type
_RECORD = struct.Struct("=IIII")  # pcap: seconds, microseconds, octets kept, octets seen


class Datagram(NamedTuple):
    """One UDP datagram on the wire; `port` is the destination's, 0 = not captured."""

    time: float
    source: str
    destination: str
    ttl: int
    payload: bytes
    port: int = 0


def datagrams_in(pcap: str) -> Iterator[Datagram]:
    """The UDP datagrams of a file that `wire.Capture.save` wrote, in order."""
    data = Path(pcap).read_bytes()
    at = 24  # after the file's header
    while at < len(data):
        seconds, micros, length, _ = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        datagram = datagram_in(seconds + micros / 1e6, data[at : at + length])
        at += length
        if datagram is not None:
            yield datagram


def datagram_in(time: float, frame: bytes) -> Datagram | None:
    """The UDP datagram of an Ethernet frame; None for another packet."""
    kind, packet = frame[12:_ETHERNET], frame[_ETHERNET:]
    if kind == _IP4 and packet[9] == socket.IPPROTO_UDP:
        source, destination, ttl, udp = (
            packet[12:16],
            packet[16:20],
            packet[8],
            packet[(packet[0] & 15) * 4 :],
        )
    elif kind == _IP6 and packet[6] == socket.IPPROTO_UDP:
        source, destination, ttl, udp = packet[8:24], packet[24:40], packet[7], packet[40:]
    else:
        return None
    _, port, length, _ = struct.unpack_from("!HHHH", udp)
    return Datagram(time, str(ip_address(source)), str(ip_address(destination)), ttl, udp[8:length], port)
