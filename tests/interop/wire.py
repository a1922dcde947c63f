"""What the referees' tests share: our packets on a wire, a capture of that wire, and frames to send."""

import socket
import struct
import time
from pathlib import Path
from typing import Any

import numpy as np

from lumad.output.network import UdpNetwork
from lumad.output.route import Route
from lumad.output.senders import Senders

CID = bytes.fromhex("6c756d61642d746573742d6369642d31")
NAME = "lumad für Tests"

ETHERTYPE_ALL = 3  # linux/if_ether.h ETH_P_ALL
OUTGOING = 4  # linux/if_packet.h PACKET_OUTGOING: loopback shows each packet twice


class Capture:
    """What leaves an interface, from construction on."""

    def __init__(self, interface: str) -> None:
        self._socket = socket.socket(
            socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.htons(ETHERTYPE_ALL)
        )
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._socket.bind((interface, ETHERTYPE_ALL))

    def save(self, path: str) -> None:
        """Writes what was captured as a pcap file of Ethernet frames, and stops."""
        with Path(path).open("wb") as file, self._socket:
            file.write(struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            while True:
                try:
                    frame, (_, _, kind, *_) = self._socket.recvfrom(65535)
                except BlockingIOError:
                    return
                if kind == OUTGOING:
                    now = time.time_ns() // 1000
                    file.write(
                        struct.pack("=IIII", now // 10**6, now % 10**6, len(frame), len(frame)) + frame
                    )


def levels_of(universe: int, salt: int = 0) -> list[int]:
    """512 levels that tell universes, slots and salts apart."""
    return np.random.default_rng([universe, salt]).integers(0, 256, 512).tolist()


def senders(*routes: Route, cid: bytes = CID) -> Senders:
    """Senders on this process's real network."""
    return Senders(routes, cid, NAME, UdpNetwork({}))


def frame(universes: list[int], counter: int, salt: int = 0) -> tuple[Any, Any, Any]:
    """universes, counters, levels of one frame."""
    levels = np.array([levels_of(universe, salt) for universe in universes], np.uint8)
    return np.array(universes, np.uint32), np.full(len(universes), counter, np.uint64), levels
