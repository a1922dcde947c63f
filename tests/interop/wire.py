"""What the referees' tests share: our packets on a wire, a capture of that wire, and frames to send."""

import socket
import struct
import threading
from pathlib import Path
from typing import Any

import numpy as np

from lumad.output.network import UdpNetwork
from lumad.output.route import Route
from lumad.output.senders import Senders

CID = bytes.fromhex("6c756d61642d746573742d6369642d31")
NAME = "lumad für Tests"

ETHERTYPE_ALL = 3  # linux/if_ether.h ETH_P_ALL
INCOMING, BROADCAST, MULTICAST = 0, 1, 2  # linux/if_packet.h PACKET_HOST, PACKET_BROADCAST, PACKET_MULTICAST
OUTGOING = 4  # PACKET_OUTGOING: loopback shows each packet twice
SO_TIMESTAMPNS = 35  # asm-generic/socket.h, what the socket module does not name


class Capture:
    """What leaves an interface, from construction on; with `both` what comes in as well.

    A thread keeps it, with the kernel's times: what the test waits for does not matter.
    """

    def __init__(self, interface: str, *, both: bool = False) -> None:
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETHERTYPE_ALL))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._socket.settimeout(0.02)
        self._socket.bind((interface, ETHERTYPE_ALL))
        self._kinds = {INCOMING, BROADCAST, MULTICAST, OUTGOING} if both else {OUTGOING}
        self._records: list[bytes] = []
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def save(self, path: str) -> None:
        """Writes what was captured as a pcap file of Ethernet frames, and stops."""
        self._ending.set()
        self._keeper.join()
        header = struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
        Path(path).write_bytes(header + b"".join(self._records))

    def _keep(self) -> None:
        """Takes frames until there are none, once that is asked for."""
        with self._socket:
            while True:
                try:
                    frame, ((_, _, time_spec),), _, (_, _, kind, *_) = self._socket.recvmsg(65535, 64)
                except TimeoutError:
                    if self._ending.is_set():
                        return
                    continue
                if kind in self._kinds:
                    seconds, nanos = struct.unpack("=qq", time_spec)
                    self._records.append(
                        struct.pack("=IIII", seconds, nanos // 1000, len(frame), len(frame)) + frame
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
