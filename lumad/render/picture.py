"""What the wall can play, behind one small interface."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from lumad.errors import FeedError
from lumad.feeds.image import read_image
from lumad.render.dusk import Dusk

STILL_RATE = Fraction(40)  # numbers a second of a picture that never changes
SLOWEST = 10  # a second: slower clips repeat frames, as readers take 250 ms of silence for loss
_LARGEST_SCENE = 4_200_000  # pixels; a larger wall gets the scene enlarged
Pixels = npt.NDArray[np.uint8]


class Picture(Protocol):
    """Something to play: `size` (width, height), `rate` in frames a second, `name` for people.

    `any_time`: it can be drawn at any media time at once: a new process goes on where the last one was.
    """

    size: tuple[int, int]
    rate: Fraction
    name: str
    any_time: bool

    def draw(self, t_ns: int, into: Pixels) -> int | None:
        """Draw media time `t_ns` into (height, width, 4) BGRA; returns the frame's time, None if unchanged.

        Raises FeedError when the picture breaks.
        """

    def ahead(self) -> None:
        """Prepare the next frame while there is time; raises FeedError."""

    def close(self) -> None:
        """Let files go."""


class DuskPicture:
    """The built-in scene."""

    name, any_time, rate = "dusk", True, Dusk.rate

    def __init__(self, size: tuple[int, int]) -> None:
        self.size = size
        shrink = 1
        while size[0] * size[1] > _LARGEST_SCENE * shrink * shrink:
            shrink += 1
        inner = (max(16, size[0] // shrink), max(16, size[1] // shrink))
        self._scene = Dusk(*inner)
        self._small = None if inner == size else np.empty((inner[1], inner[0], 4), np.uint8)

    def draw(self, t_ns: int, into: Pixels) -> int | None:
        """Draw the dusk of that time."""
        if self._small is None:
            self._scene.draw(t_ns, into)
        else:
            self._scene.draw(t_ns, self._small)
            cv2.resize(self._small, self.size, dst=into, interpolation=cv2.INTER_LINEAR)
        return t_ns

    def ahead(self) -> None:
        """Nothing to prepare."""

    def close(self) -> None:
        """Nothing is open."""


class Plate:
    """A still image, scaled once; `size` None keeps its own."""

    any_time, rate = True, STILL_RATE

    def __init__(self, path: Path, size: tuple[int, int] | None) -> None:
        pixels = read_image(path)
        self.name = f"plate {path.name}"
        self.size = size or (pixels.shape[1], pixels.shape[0])
        shrinks = self.size[0] < pixels.shape[1] or self.size[1] < pixels.shape[0]
        if self.size != (pixels.shape[1], pixels.shape[0]):
            pixels = np.asarray(
                cv2.resize(pixels, self.size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC),
                dtype=np.uint8,
            )
        self._pixels: Pixels | None = pixels

    def draw(self, t_ns: int, into: Pixels) -> int | None:
        """Draw it once; afterwards it is unchanged."""
        if self._pixels is None:
            return None
        np.copyto(into, self._pixels)
        self._pixels = None
        return t_ns

    def ahead(self) -> None:
        """Nothing to prepare."""

    def close(self) -> None:
        """Nothing is open."""


class Film:
    """A video file, looped; `size` None keeps its own."""

    any_time = False

    def __init__(self, path: Path, size: tuple[int, int] | None) -> None:
        from lumad.feeds.video import Clip  # noqa: PLC0415 - only a wall that plays video pays for the decoder

        self._clip = Clip(path)
        self.name = f"video {path.name}"
        self.size = size or self._clip.size
        self.rate = self._clip.rate
        while self.rate < SLOWEST:
            self.rate *= 2

    def draw(self, t_ns: int, into: Pixels) -> int | None:
        """Draw the frame due at that time, if it is another one."""
        return self._clip.draw(t_ns, into)

    def ahead(self) -> None:
        """Decode the next frame."""
        self._clip.ahead()

    def close(self) -> None:
        """Let the file go."""
        self._clip.close()


def open_picture(play: Mapping[str, Any]) -> Picture:
    """The picture a `play` message asks for: {feed, scene, wall, show_dir}; raises FeedError.

    The hosted renderer draws at the wall's size; a foreign image or video keeps its own.
    """
    feed, scene = play["feed"], play["scene"]
    wall_size = (int(play["wall"]["size"][0]), int(play["wall"]["size"][1]))
    hosted = feed["kind"] == "renderer"
    size = wall_size if hosted else None
    chosen = scene if hosted else feed
    if chosen["kind"] == "dusk":
        return DuskPicture(wall_size)
    if not chosen.get("file"):
        raise FeedError(f"the {chosen['kind']} names no file")
    path = Path(play["show_dir"]) / str(chosen["file"])
    match chosen["kind"]:
        case "plate" | "image":
            return Plate(path, size)
        case "video":
            return Film(path, size)
        case other:
            raise FeedError(f"this version cannot play {other}")
