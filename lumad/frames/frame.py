"""The nouns `Format` and `Frame`."""

from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError

BYTES_PER_PIXEL = {"BGRA": 4}


@dataclass(frozen=True, slots=True)
class Format:
    """What every frame of one ring has in common: geometry, signal, nominal rate.

    `stride` is bytes a row. `primaries` is a name of the show file or six numbers "rx,ry,gx,gy,bx,by";
    `white` is "" (the primaries' own), "D65", kelvin or "x,y". `rate` is frames per second.
    """

    width: int
    height: int
    stride: int = 0
    pixel: str = "BGRA"
    transfer: str = "srgb"
    primaries: str = "rec709"
    white: str = ""
    range: str = "full"
    peak_nits: float = 1000.0
    rate: Fraction = Fraction(30)

    def __post_init__(self) -> None:
        if self.pixel not in BYTES_PER_PIXEL:
            raise FrameError(
                f"pixel format {self.pixel!r} is not known (known: {', '.join(BYTES_PER_PIXEL)})"
            )
        if not (0 < self.width <= 16384 and 0 < self.height <= 16384):
            raise FrameError(
                f"a frame of {self.width} x {self.height} is not between 1 and 16384 pixels a side"
            )
        row = self.width * BYTES_PER_PIXEL[self.pixel]
        if self.stride == 0:
            object.__setattr__(self, "stride", row)
        if self.stride < row or self.stride % BYTES_PER_PIXEL[self.pixel]:
            raise FrameError(f"stride {self.stride} does not hold rows of {self.width} {self.pixel} pixels")
        if self.rate <= 0:
            raise FrameError(f"a frame rate of {self.rate} is no rate")

    @property
    def size_bytes(self) -> int:
        """Bytes of one picture."""
        return self.stride * self.height

    def with_rate(self, rate: Fraction) -> Self:
        """The same format at another nominal rate."""
        return replace(self, rate=rate)

    def to_json(self) -> dict[str, Any]:
        """Plain values for the control channel."""
        return {**asdict(self), "rate": f"{self.rate.numerator}/{self.rate.denominator}"}

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Self:
        """The inverse of `to_json`; raises FrameError."""
        try:
            return cls(**{**body, "rate": Fraction(str(body["rate"]))})
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise FrameError(f"not a frame format: {error}") from None


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the wall, seen in place: use `pixels`, then ask the ring if it was still `intact`.

    `pixels` is (height, width, 4) uint8 B, G, R, A, rows `format.stride` bytes apart. `media_time_ns` counts
    from the start of the picture; `publish_time_ns` is CLOCK_MONOTONIC. `number` grows by one a frame and
    never restarts.
    """

    number: int
    media_time_ns: int
    publish_time_ns: int
    pixels: npt.NDArray[np.uint8]
    format: Format
    slot: int = 0
    sequence: int = 0
