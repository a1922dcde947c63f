"""The light path, 1920x1080, 24 fixtures of all kinds following 24 regions (a quarter of the wall).

    .venv/bin/python bench/light_path.py [--rounds 60] [--seconds 8]

Two Markdown tables. CPU of each step of one frame (all threads, medians), with the C kernel, with its OpenCV
fallback and with plain numpy; they take turns, and each meets a slot of the ring that has left the cache.
Then the time from a published picture to its last packet between real processes: as the engine reports it,
and as a receiver sees it that knows only the ring's publish times and the kernel's stamps of the packets.
"""

import argparse
import contextlib
import dataclasses
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from lumad.daemon.runtime import Orphan
from lumad.engine.engine import Engine
from lumad.engine.pace import SECOND_NS
from lumad.frames.frame import Format
from lumad.frames.ring import RingReader, RingWriter
from lumad.library.library import Library
from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.output.network import UdpNetwork
from lumad.output.senders import Senders
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.map import PixelMap
from lumad.protocols import e131
from lumad.render.dusk import Dusk
from lumad.resources import fixtures_dir
from lumad.sampling.kernel import Sampler
from lumad.sampling.runs import Runs
from lumad.show.files import load_show

WALL = (1920, 1080)
COVERAGE = 0.25
MIX = (  # 24 fixtures, 39 cells: profile, mode, how many
    ("arri/skypanel-s60-c", "P09", 6),
    ("generic/rgbw-16bit", "dimmer-rgbw", 6),
    ("litegear/litemat-plus-4", "single-16bit", 4),
    ("generic/rgb", "8bit", 3),
    ("nanlite/forza-60c", "cct-rgbw-8bit", 2),
    ("generic/dimmer", "8bit", 2),
    ("astera/titan", "px16-rgb", 1),
)
NODE = "127.5.5.68"  # a loopback address of this benchmark's own: no other listener hears or disturbs it
SO_TIMESTAMPNS = 35  # asm-generic/socket.h
ANCHORS = (
    ("bar", 4, 8),
    ("stated, not measured here: an ambient-light daemon", 9, 17),
    ("stated, not measured here: a Python LED controller", 16, 30),
)


# ------------------------------------------------------------ the show
def show(scene: dict[str, str]) -> dict[str, object]:
    """A show file: the mix, spread over two universes of sACN unicast."""
    rng = np.random.default_rng(1)
    kinds = [(profile, mode) for profile, mode, count in MIX for _ in range(count)]
    side = np.sqrt(COVERAGE / len(kinds))
    library, addresses = Library([fixtures_dir()]), {1: 1, 2: 1}
    regions, fixtures = {}, {}
    for number, (profile, mode) in enumerate(kinds, 1):
        wide = side * float(np.exp(rng.normal(0.0, 0.3)))
        # whole pixels, sixteen cells too: numpy's plain slices shall see the very same ones
        columns, rows = 16 * round(wide * WALL[0] / 16), round(side * side / wide * WALL[1])
        left, top = int(rng.integers(0, WALL[0] - columns)), int(rng.integers(0, WALL[1] - rows))
        regions[f"r{number}"] = {
            "center": [(left + columns / 2) / WALL[0], (top + rows / 2) / WALL[1]],
            "size": [columns / WALL[0], rows / WALL[1]],
        }
        universe = 1 + number % 2
        fixtures[f"f{number}"] = {
            "profile": profile,
            "mode": mode,
            "universe": universe,
            "address": addresses[universe],
            "follow": f"r{number}",
            "accept_draft": True,
        }
        addresses[universe] += library.profile(profile).modes[mode].footprint
    outputs = [{"protocol": "sacn", "universes": "1-2", "to": [NODE]}]
    wall = {"size": WALL}
    return {
        "show": 1,
        "name": "bench",
        "wall": wall,
        "scene": scene,
        "regions": regions,
        "fixtures": fixtures,
        "outputs": outputs,
    }


def save(folder: Path, scene: dict[str, str]) -> Path:
    """Writes the show (JSON is YAML) and a plate for it."""
    cv2.imwrite(str(folder / "plate.png"), dusk_pictures(1)[0][..., :3], [cv2.IMWRITE_PNG_COMPRESSION, 1])
    file = folder / "show.yaml"
    file.write_text(json.dumps(show(scene)))
    return file


def dusk_pictures(count: int) -> list[np.ndarray]:
    """Pictures of the built-in scene, some seconds apart."""
    scene = Dusk(*WALL)
    pictures = [np.zeros((WALL[1], WALL[0], 4), np.uint8) for _ in range(count)]
    for at, into in enumerate(pictures):
        scene.draw((10 + 5 * at) * SECOND_NS, into)
    return pictures


# ------------------------------------------------------------ CPU of one frame
class Bench:
    """One pixel map with both samplers, a ring of three pictures, and an engine on each map."""

    def __init__(self, folder: Path) -> None:
        loaded = load_show(save(folder, {"kind": "dusk"}), [fixtures_dir()], folder)
        fmt = Format(*WALL, rate=Fraction(30))
        compiled = compile_show(loaded.show, loaded.profiles, fmt)
        runs = {name[5:]: array for name, array in compiled.arrays.items() if name.startswith("runs.")}
        self.runs, self.light = Runs.from_arrays(runs), compiled.arrays["table"]
        quick = compiled.pixel_map
        fallback = dataclasses.replace(quick, sampler=Sampler(self.runs, self.light, variant="opencv"))
        self.maps = {"kernel": quick, "fallback": fallback}
        self.ring = RingWriter.create(fmt)
        for picture in dusk_pictures(3):
            self.ring.begin()[:] = picture
            self.ring.publish(0, 1)
        self.reader = RingReader(self.ring.fd)
        self.now = SECOND_NS
        self.engines = {name: self._engine(pixel_map) for name, pixel_map in self.maps.items()}
        self.memory, self.last = quick.new_memory(), quick.first_light()
        self.senders = Senders(quick.routes, bytes(16), "bench", UdpNetwork())
        self.counters = np.zeros(len(quick.universes), np.uint64)
        self.levels = quick.safe_levels
        self.rects = self._rects()

    def _engine(self, pixel_map: PixelMap) -> Engine:
        engine = Engine(LevelsBlock.create(bytes(16)), "bench", UdpNetwork, self.now)
        engine.resume(self.now)
        engine.follow(self.reader, self.now)
        engine.use(pixel_map, self.now)
        return engine

    def _rects(self) -> list[tuple[int, int, int, int]]:
        runs = self.runs
        own = [np.flatnonzero(runs.area == area) for area in range(runs.count)]
        return [
            (int(runs.x0[at].min()), int(runs.y[at].min()), int(runs.x1[at].max()), int(runs.y[at].max()) + 1)
            for at in own
        ]

    def next_frame(self) -> None:
        """The slot written longest ago is the newest frame, 33 ms later."""
        self.now += SECOND_NS // 30
        self.ring.begin()
        self.ring.publish(0, self.now)

    def sample(self, name: str) -> None:
        """Frame to samples, as the engine does it."""
        self.memory.samples = self.maps[name].sample(self.reader.latest())

    def plain(self) -> np.ndarray:
        """What one writes first: a table, a slice, a mean."""
        pixels = self.reader.latest().pixels
        return np.array(
            [self.light[pixels[y0:y1, x0:x1, 2::-1]].mean(axis=(0, 1)) for x0, y0, x1, y1 in self.rects]
        )

    def map(self) -> None:
        """Samples to levels."""
        self.levels = self.maps["kernel"].light(self.memory.light, self.last, Live(), lost=False).levels

    def send(self) -> None:
        """Levels to packets on loopback."""
        self.counters += np.uint64(1)
        self.senders.tick(self.now / SECOND_NS, self.maps["kernel"].universes, self.counters, self.levels)

    def step(self, name: str) -> None:
        """All of it, the levels block and the guards too."""
        assert self.engines[name].step(self.now) is not None

    def check(self) -> None:
        """All three ways see the same."""
        for name, pixel_map in self.maps.items():
            error = float(np.abs(pixel_map.sampler.sample(self.reader.latest().pixels) - self.plain()).max())
            assert error < 1e-6, f"{name}: {error}"


def cpu_table(rounds: int) -> None:
    """Medians of interleaved rounds."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
    bench.check()
    steps: dict[tuple[str, str], Callable[[], object]] = {
        ("sample", "kernel"): lambda: bench.sample("kernel"),
        ("sample", "fallback"): lambda: bench.sample("fallback"),
        ("sample", "numpy"): bench.plain,
        ("map", ""): bench.map,
        ("send", ""): bench.send,
        ("whole", "kernel"): lambda: bench.step("kernel"),
        ("whole", "fallback"): lambda: bench.step("fallback"),
    }
    spent: dict[tuple[str, str], list[int]] = {key: [] for key in steps}
    for _ in range(rounds + 3):
        for key, step in steps.items():
            bench.next_frame()
            start = time.process_time_ns()
            step()
            spent[key].append(time.process_time_ns() - start)
    cost = {key: float(np.median(values[3:])) / 1e6 for key, values in spent.items()}  # 3 rounds to warm up
    share = bench.runs.pixels.sum() / (WALL[0] * WALL[1])
    print(
        f"CPU ms of one frame, {WALL[0]} x {WALL[1]}, {sum(count for *_, count in MIX)} fixtures, "
        f"{len(bench.memory.keys)} cells, {share:.0%} of the wall, 2 universes, kernel: "
        f"{bench.maps['kernel'].sampler.variant}\n"
    )
    print("| step | C kernel | OpenCV fallback | ratio | numpy `lut[slice].mean` | ratio |")
    print("|---|---:|---:|---:|---:|---:|")
    quick, slow, plain = (cost["sample", name] for name in ("kernel", "fallback", "numpy"))
    print(f"| sample | {quick:.2f} | {slow:.2f} | {slow / quick:.1f} | {plain:.2f} | {plain / quick:.1f} |")
    both = cost["map", ""], cost["send", ""]
    for name, value in zip(("map", "send"), both, strict=True):
        print(f"| {name} | {value:.2f} | {value:.2f} | 1.0 | {value:.2f} | 1.0 |")
    whole, slow = cost["whole", "kernel"], cost["whole", "fallback"]
    plain = whole - quick + plain
    print(
        f"| engine step, together | {whole:.2f} | {slow:.2f} | {slow / whole:.1f} | {plain:.2f} | "
        f"{plain / whole:.1f} |"
    )


# ------------------------------------------------------------ real processes
@contextlib.contextmanager
def lumad(folder: Path, *command: str, **environ: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A real lumad with directories of its own below `folder`; yields its process and its address."""
    own = {name: str(folder / name) for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
    for place in own.values():
        Path(place).mkdir(mode=0o700)
    desk = subprocess.Popen(
        [sys.executable, "-m", "lumad", *command, "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | own | environ,
    )
    try:
        assert desk.stdout is not None
        yield desk, desk.stdout.readline().strip()
    finally:
        desk.terminate()
        desk.wait(10)
        for pid in left_behind(folder):
            os.kill(pid, signal.SIGKILL)


def left_behind(folder: Path) -> list[int]:
    """Children that work in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"--runtime\0" + bytes(folder) in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


def state(url: str) -> dict[str, dict[str, object]]:
    """GET /api/v1/state."""
    with urllib.request.urlopen(url + "api/v1/state", timeout=5) as answer:  # noqa: S310 - our own address
        return json.load(answer)


def ring_of(folder: Path) -> RingReader:
    """The wall's ring, asked for as a desk that starts later asks for it."""
    for _ in range(200):
        wall = Orphan.find(folder / "XDG_RUNTIME_DIR" / "lumad" / "wall.sock")
        if wall:
            wall.channel.close()
            if "ring" in wall.fds:
                return RingReader(wall.fds["ring"])
        time.sleep(0.05)
    raise SystemExit("the wall shows nothing")


def receiver() -> socket.socket:
    """Where the packets arrive, stamped by the kernel."""
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ear.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    ear.bind((NODE, e131.PORT))
    ear.settimeout(0.005)
    return ear


def latencies(ear: socket.socket, ring: RingReader, seconds: float) -> list[float]:
    """Milliseconds from each picture's publish time to the next arrival of a whole frame of light."""
    published: dict[int, int] = {}
    last_packets: list[int] = []  # CLOCK_MONOTONIC of each frame's packet of the last universe
    boot = time.time_ns() - time.monotonic_ns()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(TimeoutError):
            data, notes, _, _ = ear.recvmsg(1024, 128)
            if e131.decode(data).universe == 2:
                seconds_part, nanoseconds = struct.unpack("qq", notes[0][2])
                last_packets.append(seconds_part * SECOND_NS + nanoseconds - boot)
        frame = ring.latest()
        if frame:
            published[frame.number] = frame.publish_time_ns
    if not last_packets:
        raise SystemExit(f"no packet arrived at {NODE}")
    arrivals = np.array(last_packets)
    starts = np.array(
        sorted(time_ns for time_ns in published.values() if arrivals[0] < time_ns < arrivals[-1])
    )
    first = arrivals[np.searchsorted(arrivals, starts)]
    return ((first - starts) / 1e6).tolist()


def latency_row(name: str, scene: dict[str, str], seconds: float, **environ: str) -> None:
    """One run of lumad, one line of the table."""
    with tempfile.TemporaryDirectory() as place, receiver() as ear:
        folder = Path(place)
        with lumad(folder, "run", str(save(folder, scene)), **environ) as (_, url):
            ring = ring_of(folder)
            latencies(ear, ring, 2.0)  # settles
            seen = latencies(ear, ring, seconds)
            engine = state(url)["engine"]
    own = engine["latency_ms"]
    median, p95 = np.percentile(seen, [50, 95])
    times = " | ".join(f"{value:.2f}" for value in (own["median"], own["p95"], median, p95))
    print(f"| {name} ({engine['kernel']}) | {times} | {len(seen)} |")


def latency_table(seconds: float) -> None:
    """Published to the last packet out."""
    print("\nMilliseconds from a published picture to its last packet, real processes, load "
          f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores before:\n")  # fmt: skip
    print("| | engine: median | p95 | receiver: median | p95 | frames |")
    print("|---|---:|---:|---:|---:|---:|")
    latency_row("dusk, 30 fps", {"kind": "dusk"}, seconds)
    latency_row("plate, 40 Hz", {"kind": "plate", "file": "plate.png"}, seconds)
    latency_row("dusk, 30 fps", {"kind": "dusk"}, seconds, LUMAD_KERNEL="opencv")
    for name, median, p95 in ANCHORS:
        print(f"| {name} | {median} | {p95} | {median} | {p95} | |")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=8.0)
    chosen = parser.parse_args()
    cv2.setNumThreads(1)
    cpu_table(chosen.rounds)
    latency_table(chosen.seconds)


if __name__ == "__main__":
    main()
