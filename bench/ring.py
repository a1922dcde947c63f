"""The frame ring between processes: from a published 4K picture to its values, and torn reads."""

import os
import select
import sys
import time
from fractions import Fraction
from statistics import median

import numpy as np

from lumad.colour.transfer import table
from lumad.engine.health import percentile
from lumad.frames.frame import Format
from lumad.frames.ring import RingReader, RingWriter
from lumad.sampling.kernel import VARIANT, Sampler
from lumad.sampling.runs import rect_runs

REGIONS, COVERAGE, FRAMES, READS = 1000, 0.10, 300, 100_000


def scattered(width: int, height: int, count: int, share: float) -> np.ndarray:
    """`count` random rectangles that cover about `share` of the picture."""
    rng = np.random.default_rng(3)
    side = int((share * width * height / count) ** 0.5)
    x, y = rng.integers(0, width - side, count), rng.integers(0, height - side, count)
    return np.stack([x, y, x + side, y + side], axis=1)


def in_child(work) -> int:
    """Runs `work` in a process of its own."""
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return pid


def publish_to_values() -> None:
    """A writer at 60 Hz; the reader wakes by eventfd and samples in place."""
    fmt = Format(3840, 2160, rate=Fraction(60))
    ring, wake = RingWriter.create(fmt), os.eventfd(0)
    picture = np.random.default_rng(1).integers(0, 256, (2160, 3840, 4), np.uint8)
    runs = rect_runs(scattered(3840, 2160, REGIONS, COVERAGE), 3840, 2160)

    def write() -> None:
        due = time.monotonic_ns()
        for _ in range(FRAMES):
            ring.begin()[:] = picture
            ring.publish(0, time.monotonic_ns())
            os.eventfd_write(wake, 1)
            due += 1_000_000_000 // 60
            time.sleep(max(0.0, (due - time.monotonic_ns()) / 1e9))

    reader, sampler = RingReader(ring.fd), Sampler(runs, table("srgb"))
    child = in_child(write)
    delays = []
    while len(delays) < FRAMES - 20:
        if not select.select([wake], [], [], 1.0)[0]:
            break
        os.eventfd_read(wake)
        frame = reader.latest()
        if frame is None:
            continue
        sampler.sample(frame.pixels)
        if reader.intact(frame):
            delays.append((time.monotonic_ns() - frame.publish_time_ns) / 1e6)
    os.waitpid(child, 0)
    print(f"\n{REGIONS} regions over {COVERAGE:.0%} of 3840 x 2160, 60 Hz, {VARIANT}; bar 2 and 4 ms\n")
    print("| published to values | ms |\n|---|---:|")
    for name, value in (("median", median(delays)), ("p95", percentile(delays, 0.95))):
        print(f"| {name} | {value:.2f} |")
    print(f"| frames | {len(delays)} |")


def torn_reads() -> None:
    """An unpaced writer of plain pictures: every intact result must be of one picture."""
    ring = RingWriter.create(Format(640, 360))
    runs = rect_runs(scattered(640, 360, 24, 0.25), 640, 360)

    def write() -> None:
        value = 0
        while os.getppid() == parent:
            value = (value + 1) % 256
            ring.begin()[:] = value
            ring.publish(0, value)

    parent = os.getpid()
    light = table("srgb")
    reader, sampler = RingReader(ring.fd), Sampler(runs, light)
    child = in_child(write)
    counted, torn, wrong = 0, 0, 0
    while counted < READS:
        frame = reader.latest()
        if frame is None:
            continue
        values = sampler.sample(frame.pixels)
        counted += 1
        if not reader.intact(frame):
            torn += 1
        elif np.abs(values - light[frame.publish_time_ns]).max() > 1e-5:
            wrong += 1
    os.kill(child, 9)
    os.waitpid(child, 0)
    print(f"\n| reads beside an unpaced writer | {READS} |\n|---|---:|")
    print(f"| overwritten while sampled, thrown away | {torn} |\n| torn results used | {wrong} |")
    if wrong:
        sys.exit("a torn frame was used")


if __name__ == "__main__":
    publish_to_values()
    torn_reads()
