"""Frames on time: real lumad processes on loopback, their packets counted and stamped where they arrive.

    .venv/bin/python bench/pacing.py [--seconds 60]

A lamp in every universe follows the built-in scene at a fixed 44 Hz, sACN by unicast to one node whose socket
is drained all the while. Delivery is what arrived of the packets that were due; the engine's CPU time is all
of that process; an interval is between two packets of universe 1, by the kernel's stamps, and its error is
against 1/44 s.
"""

import argparse
import json
import os
import select
import socket
import struct
import tempfile
import time
from pathlib import Path

import numpy as np
from light_path import NODE, SO_TIMESTAMPNS, lumad, state

from lumad.engine.pace import SECOND_NS
from lumad.protocols import e131

RATE = 44
SETTLE_S = 3.0
SO_RCVBUFFORCE = 33  # asm-generic/socket.h
UNIVERSE_AT = 113  # E1.31 table 4-1
PACKET = bytearray(2048)


def show(universes: int) -> dict[str, object]:
    """One lamp a universe, all of them following the sky."""
    lamp = {"profile": "generic/rgb", "mode": "8bit", "address": 1, "follow": "sky"}
    return {
        "show": 1,
        "wall": {"size": [640, 360]},
        "scene": {"kind": "dusk"},
        "regions": {"sky": {"center": [0.5, 0.3], "size": [0.5, 0.3]}},
        "fixtures": {f"f{number}": {**lamp, "universe": number} for number in range(1, universes + 1)},
        "outputs": [{"protocol": "sacn", "universes": f"1-{universes}", "to": [NODE], "rate": RATE}],
    }


class Node:
    """A socket that counts packets, and keeps the arrival times of universe 1 (seconds)."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 32 << 20)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.bind((NODE, e131.PORT))
        self.packets = 0
        self.first: list[float] = []

    def listen(self, seconds: float) -> None:
        """Takes all that comes for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.socket], [], [], left)[0]:
                continue
            time.sleep(0.002)  # the rest of the burst
            self._drain()

    def _drain(self) -> None:
        while True:
            try:
                _, notes, _, _ = self.socket.recvmsg_into([PACKET], 64)
            except BlockingIOError:
                return
            self.packets += 1
            if PACKET[UNIVERSE_AT : UNIVERSE_AT + 2] == b"\0\1":
                seconds, nanoseconds = struct.unpack("qq", notes[0][2])
                self.first.append(seconds + nanoseconds / SECOND_NS)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process (proc_pid_stat(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def row(universes: int, seconds: float) -> None:
    """One run, one line of the table."""
    with tempfile.TemporaryDirectory() as place:
        file = Path(place, "show.yaml")
        file.write_text(json.dumps(show(universes)))
        node = Node()
        with lumad(Path(place), "run", str(file)) as (_, url):
            node.listen(SETTLE_S)
            pid = int(str(state(url)["engine"]["pid"]))
            node.packets, node.first, before = 0, [], cpu_seconds(pid)
            node.listen(seconds)
            spent = cpu_seconds(pid) - before
        node.socket.close()
    arrivals = np.array(node.first)
    frames = 1 + round((arrivals[-1] - arrivals[0]) * RATE)
    errors = np.abs(np.diff(arrivals) - 1 / RATE) * 1e3
    p50, p95, worst = np.percentile(errors, [50, 95, 100])
    delivered, share = node.packets / universes / frames, spent / seconds
    print(
        f"| {universes} | {seconds:.0f} | {len(arrivals)} of {frames} | {delivered:.2%} | {share:.1%} "
        f"| {p50:.3f} | {p95:.2f} | {worst:.1f} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--universes", type=int, nargs="+", default=[1, 256, 1024])
    chosen = parser.parse_args()
    print(f"Paced at a fixed {RATE} Hz, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before:\n")
    print(
        "| universes | s | frames | delivered | engine, of a core | interval error p50, ms | p95 | worst |\n"
        "|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for universes in chosen.universes:
        row(universes, chosen.seconds)


if __name__ == "__main__":
    main()
