"""Tiny clips and pictures made for the tests."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

BT709, BT601 = 1, 6
RED = (200, 40, 40)


def solid(rgb: tuple[int, int, int], size: tuple[int, int]) -> np.ndarray:
    return np.full((size[1], size[0], 3), rgb, np.uint8)


def write_clip(path, pictures, *, rate=25, codec="mpeg4", pix_fmt="yuv420p", matrix=BT601, tag=2, size=None):
    """`matrix` encodes the pixels, `tag` is what the file says (2: nothing)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(rate))
        stream.width, stream.height = size or pictures[0].shape[1::-1]
        stream.pix_fmt = pix_fmt
        stream.bit_rate = 8_000_000
        stream.codec_context.colorspace = tag
        container.start_encoding()
        for picture in pictures:
            frame = av.VideoFrame.from_ndarray(picture, "rgb24")
            if not pix_fmt.startswith(("bgr", "rgb")):
                frame = frame.reformat(format=pix_fmt, dst_colorspace=matrix, dst_color_range=1)
            frame.colorspace = tag
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def write_sound(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        frame.sample_rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def spoilt(folder, frames):
    """A clip of 80 frames, those in `frames` broken."""
    path = write_clip(folder / "a.avi", [solid(RED, (16, 16))] * 80, codec="zlib", pix_fmt="bgr24")
    data = bytearray(path.read_bytes())
    at = 0
    for number in range(80):
        at = data.index(b"00dc", at + 4)
        if number in frames:
            data[at + 8 : at + 16] = b"nonsense"
    path.write_bytes(data)
    return path
