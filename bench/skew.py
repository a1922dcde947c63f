"""A hard cut on the wall, 24 lamps in 24 universes: do all change together, how soon, how late by a delay.

    .venv/bin/python bench/skew.py [--seconds 20]

Real lumad processes on loopback play a video that cuts between black and white once a second; each universe
goes to a node of its own, so that no two packets leave as one. Skew: output frames between the first and the
last universe that changes. Burst: from the first to the last packet of the frame of a cut, by the kernel's
stamps. Wire: from the cut's publish time in the ring to the last packet of its frame; less the set delay.
"""

import argparse
import contextlib
import json
import os
import select
import socket
import struct
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from light_path import SO_TIMESTAMPNS, lumad, ring_of

from lumad.engine.pace import SECOND_NS
from lumad.frames.ring import RingReader
from lumad.protocols import artnet, e131

LAMPS = 24
FPS = 30
SETTLE_S = 3.0
SEEN_NS = SECOND_NS // 2  # every lamp changes within so long of a cut


def save(folder: Path, protocol: str, delay_ms: float) -> Path:
    """The video, and a show that follows it."""
    film = cv2.VideoWriter(str(folder / "cuts.avi"), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (320, 180))
    for number in range(4 * FPS):
        film.write(np.full((180, 320, 3), 255 * (number // FPS % 2), np.uint8))
    film.release()
    lamp = {"profile": "generic/rgb", "mode": "8bit", "address": 1, "follow": "all"}
    outputs = [
        {"protocol": protocol, "universes": str(number), "to": [f"127.5.6.{number}"], "delay_ms": delay_ms}
        | ({"port_address": number - 1} if protocol == "artnet" else {})
        for number in range(1, LAMPS + 1)
    ]
    show = {
        "show": 1,
        "wall": {"size": [320, 180]},
        "scene": {"kind": "video", "file": "cuts.avi"},
        "regions": {"all": {"center": [0.5, 0.5], "size": [1, 1]}},
        "fixtures": {f"f{number}": {**lamp, "universe": number} for number in range(1, LAMPS + 1)},
        "outputs": outputs,
    }
    file = folder / "show.yaml"
    file.write_text(json.dumps(show))
    return file


@dataclass
class Watch:
    """What came of the cuts: `cuts` publish times, `packets` (arrival, universe, sequence, bright)."""

    ear: socket.socket
    ring: RingReader
    cuts: list[int] = field(default_factory=list)
    packets: list[tuple[int, int, int, bool]] = field(default_factory=list)
    bright: bool | None = None

    def __post_init__(self) -> None:
        self.boot = time.time_ns() - time.monotonic_ns()

    def look(self, seconds: float) -> None:
        """Notes packets and cuts for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            frame = self.ring.latest()
            bright = bool(frame and frame.pixels[0, 0, 0] > 127)
            if frame and bright is not self.bright:
                self.cuts += [] if self.bright is None else [frame.publish_time_ns]
                self.bright = bright
            if select.select([self.ear], [], [], 0.002)[0]:
                self._hear()

    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                data, notes, _, _ = self.ear.recvmsg(2048, 64)
                seconds, nanoseconds = struct.unpack("qq", notes[0][2])
                at = seconds * SECOND_NS + nanoseconds - self.boot
                if data.startswith(b"Art-Net\0"):
                    packet = artnet.decode(data)
                    told = (packet.port_address + 1, packet.sequence, packet.levels[0] > 127)
                else:
                    heard = e131.decode(data)
                    told = (heard.universe, heard.sequence, heard.slots[0] > 127)
                self.packets.append((at, *told))

    def changes(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Of each cut its publish time, and of each universe's first changed packet (arrival, sequence)."""
        before: dict[int, bool] = {}
        changed: list[tuple[int, int, int]] = []
        for at, universe, sequence, bright in self.packets:
            if before.get(universe, bright) is not bright:
                changed.append((at, universe, sequence))
            before[universe] = bright
        for cut in self.cuts:
            own = [(at, sequence) for at, _, sequence in changed if 0 < at - cut < SEEN_NS]
            if len(own) == LAMPS:
                yield cut, own


def listener(port: int) -> socket.socket:
    """Where the packets arrive, stamped by the kernel."""
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    ear.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    ear.bind(("", port))
    return ear


def row(protocol: str, delay_ms: float, seconds: float) -> None:
    """One run, one line of the table."""
    port = e131.PORT if protocol == "sacn" else artnet.PORT
    with tempfile.TemporaryDirectory() as place, listener(port) as ear:
        folder = Path(place)
        with lumad(folder, "run", str(save(folder, protocol, delay_ms))):
            watch = Watch(ear, ring_of(folder))
            watch.look(SETTLE_S)
            watch.cuts.clear()
            watch.look(seconds)
    found = list(watch.changes())
    skews = [max((sequence - own[0][1]) % 255 for _, sequence in own) for _, own in found]
    bursts = [(own[-1][0] - own[0][0]) / 1e6 for _, own in found]
    waits = [(own[-1][0] - cut) / 1e6 - delay_ms for cut, own in found]
    (b50, b95), (w50, w95) = np.percentile(bursts, [50, 95]), np.percentile(waits, [50, 95])
    times = " | ".join(f"{value:.2f}" for value in (b50, b95, max(bursts), w50, w95))
    print(f"| {protocol} | {delay_ms:g} | {len(found)} | {max(skews)} | {times} |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20.0)
    chosen = parser.parse_args()
    print(f"{LAMPS} universes, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before:\n")
    print(
        "| protocol | delay, ms | cuts | skew, frames | burst, ms | p95 | worst | wire - set, ms | p95 |\n"
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    for protocol in ("sacn", "artnet"):
        for delay_ms in (0.0, 40.0):
            row(protocol, delay_ms, chosen.seconds)


if __name__ == "__main__":
    main()
