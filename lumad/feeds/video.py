"""Video files, looped without a seam, frame by frame as BGRA pixels."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import numpy.typing as npt
from av.stream import Disposition
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from lumad.errors import FeedError

av.logging.set_level(None)
MAX_SIDE = 16384
_RATES = (Fraction(1), Fraction(120))
_SLACK_NS = 20_000_000  # stamps are rounded: a frame may be shown so early, or half its period
_EXACT = Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT  # the fast paths are off by 3 codes
_CATCH_UP = 8  # frames decoded in one go when late; the picture stays alive meanwhile
_BARREN = 60  # packets in a row without a frame that end a clip; decoders hold back up to 32
_MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}  # by ITU-T H.273 MatrixCoefficients
_FULL_RANGE = ("yuvj", "gray")  # formats that use all codes unless tagged otherwise
_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
Pixels = npt.NDArray[np.uint8]


def matrix_of(coefficients: int, height: int) -> Colorspace:
    """The YCbCr matrix of a clip; untagged: BT.709 from 720 lines up, else BT.601."""
    return _MATRICES.get(coefficients) or (Colorspace.ITU709 if height >= 720 else Colorspace.ITU601)


class Clip:
    """A video file that never ends. `size` (width, height), `rate` frames per second; raises FeedError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._container, self._stream = self._open()
        rate = self._stream.average_rate or self._stream.guessed_rate or Fraction(25)
        self.rate = min(max(Fraction(rate), _RATES[0]), _RATES[1]).limit_denominator(1001)
        self._period_ns = int(1_000_000_000 / self.rate)
        self._reformatter = VideoReformatter()
        self._frames = self._endless()
        self._next: tuple[int, av.VideoFrame] | None = next(self._frames)
        frame = self._next[1]
        self._turn = _TURNS.get(round(frame.rotation) % 360)
        turned = self._turn is not None and self._turn != cv2.ROTATE_180
        self.size = (frame.height, frame.width) if turned else (frame.width, frame.height)
        if max(self.size) > MAX_SIDE:
            raise FeedError(f"{path} is {self.size[0]} x {self.size[1]} pixels; a side may have {MAX_SIDE}")

    def draw(self, t_ns: int, into: Pixels) -> int | None:
        """Draw the frame due at media time `t_ns`, scaled to `into` (height, width, 4).

        Returns the frame's own media time, None if it is the one drawn before. Late frames are left out.
        """
        due = None
        for _ in range(_CATCH_UP):
            self._next = self._next or next(self._frames)
            if self._next[0] > t_ns + min(self._period_ns // 2, _SLACK_NS):
                break
            due, self._next = self._next, None
        if due is None:
            return None
        try:
            self._convert(due[1], into)
        except (av.FFmpegError, ValueError) as error:
            raise FeedError(f"{self._path}: a frame cannot be shown: {error}") from None
        return due[0]

    def ahead(self) -> None:
        """Decode the next frame while there is time."""
        self._next = self._next or next(self._frames)

    def close(self) -> None:
        """Let the file go."""
        self._container.close()

    def _open(self) -> tuple[Any, Any]:
        """Container and first real video stream (cover art is none)."""
        try:
            if self._path.stat().st_size == 0:
                raise FeedError(f"{self._path} is empty")
            container = av.open(str(self._path))
        except (av.FFmpegError, OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise FeedError(f"cannot play {self._path}: {reason}") from None
        cover = Disposition.attached_pic
        stream = next((each for each in container.streams.video if not each.disposition & cover), None)
        if stream is None or stream.codec_context is None:
            container.close()
            raise FeedError(f"{self._path} has no picture: there is no video in it")
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = 2
        return container, stream

    def _endless(self) -> Iterator[tuple[int, av.VideoFrame]]:
        """Frames and their media times, one pass after the other on one time line."""
        start_ns = 0
        while True:
            end_ns = start_ns
            for offset_ns, length_ns, frame in self._pass():
                yield start_ns + offset_ns, frame
                end_ns = start_ns + offset_ns + length_ns
            if end_ns == start_ns:
                raise FeedError(f"{self._path} has no frames that can be played")
            start_ns = end_ns
            self._container.close()
            self._container, self._stream = self._open()

    def _pass(self) -> Iterator[tuple[int, int, av.VideoFrame]]:
        """Media time from the clip's start, length, frame; once through the file in the order of showing."""
        first: Fraction | None = None
        last_ns = -1
        for count, frame in enumerate(self._decode()):
            time_ns = count * 1_000_000_000 * self.rate.denominator // self.rate.numerator
            if frame.pts is not None and frame.time_base:
                stamp = frame.pts * frame.time_base
                first = stamp if first is None else first
                time_ns = int((stamp - first) * 1_000_000_000)
            if time_ns <= last_ns:  # a stamp that runs backwards
                time_ns = last_ns + self._period_ns
            last_ns = time_ns
            yield time_ns, self._period_ns, frame

    def _decode(self) -> Iterator[av.VideoFrame]:
        """Every frame that can be decoded; bad packets are left out, too many in a row end the clip."""
        barren = 0
        for packet in self._packets():
            try:
                frames = packet.decode()
            except (av.FFmpegError, ValueError):
                frames = []
            barren = 0 if frames else barren + 1
            if barren >= _BARREN:
                raise FeedError(f"{self._path} breaks off: its frames cannot be decoded")
            yield from frames

    def _packets(self) -> Iterator[Any]:
        """Packets of the stream; a file cut off in the middle just ends."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.FFmpegError):
                return
            yield packet

    def _convert(self, frame: av.VideoFrame, into: Pixels) -> None:
        height, width = into.shape[:2]
        if self._turn is not None and self._turn != cv2.ROTATE_180:
            width, height = height, width
        untagged = frame.color_range == ColorRange.UNSPECIFIED
        full = frame.color_range == ColorRange.JPEG or (
            untagged and frame.format.name.startswith(_FULL_RANGE)
        )
        shrinks = height < frame.height or width < frame.width
        picture = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="bgra",
            src_colorspace=matrix_of(frame.colorspace, frame.height),
            src_color_range=ColorRange.JPEG if full else ColorRange.MPEG,
            dst_color_range=ColorRange.JPEG,
            interpolation=_EXACT | (Interpolation.AREA if shrinks else Interpolation.BILINEAR),
            threads=1,
        )
        plane = picture.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:height, : width * 4]
        pixels = rows.reshape(height, width, 4)
        if self._turn is None:
            np.copyto(into, pixels)
        else:
            np.copyto(into, cv2.rotate(pixels, self._turn))
        into[..., 3] = 255
