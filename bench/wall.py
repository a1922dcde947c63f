"""CPU of the wall: the dusk at two sizes, a video decoded, matrixed and scaled. Prints a Markdown table."""

import resource
import tempfile
import time
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from lumad.feeds.video import Clip
from lumad.render.dusk import Dusk

CLIP = (1280, 720)
SIZES = ((1280, 720), (1920, 1080))
FRAMES = 150


def dusk(size):
    """CPU ms a frame over the moments when the light changes fastest; seconds until the first picture."""
    started = time.perf_counter()
    scene, into = Dusk(*size), np.zeros((size[1], size[0], 4), np.uint8)
    scene.draw(0, into)
    ready = time.perf_counter() - started
    return [measured(lambda n=n: scene.draw(int((8 + n / 30) * 1e9), into)) for n in range(FRAMES)], ready


def video(path, size):
    """CPU ms a frame, decoder threads included; seconds until the first picture."""
    started = time.perf_counter()
    clip, into = Clip(path), np.zeros((size[1], size[0], 4), np.uint8)
    clip.draw(0, into)
    ready = time.perf_counter() - started
    whole = measured(lambda: [clip.draw(n * 40_000_000, into) for n in range(1, FRAMES)])
    return [whole / (FRAMES - 1)], ready


def measured(work):
    """CPU ms of this process."""
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1e3


def make_clip(path, seconds=2, rate=25):
    """A moving clip: the dusk itself, in H.264 if this build has it, else MPEG-4."""
    codec = "libx264" if "libx264" in av.codecs_available else "mpeg4"
    scene, pixels = Dusk(*CLIP), np.zeros((CLIP[1], CLIP[0], 4), np.uint8)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(rate))
        (stream.width, stream.height), stream.pix_fmt, stream.bit_rate = CLIP, "yuv420p", 6_000_000
        for n in range(seconds * rate):
            scene.draw(int((10 + n / rate) * 1e9), pixels)
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(pixels, "bgra").reformat(format="yuv420p"))
            )
        container.mux(stream.encode(None))
    return codec


def row(name, rate, times, ready):
    """One line of the table."""
    median = float(np.median(times))
    worst = f"{np.percentile(times, 95):.1f}" if len(times) > 1 else "-"
    print(f"| {name} | {median:.1f} | {worst} | {median * rate / 10:.0f} % | {ready * 1e3:.0f} |")


def main():
    cv2.setNumThreads(1)
    print("| picture | CPU ms/frame, median | p95 | of one core | ms to the first frame |")
    print("|---|---|---|---|---|")
    for size in SIZES:
        row(f"dusk {size[0]}x{size[1]}, 30 fps", 30, *dusk(size))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        codec = make_clip(path)
        for size in SIZES:
            row(f"video {codec} 1280x720 to {size[0]}x{size[1]}, 25 fps", 25, *video(path, size))
    print(f"\nPeak memory of this run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
