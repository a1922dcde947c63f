"""The nouns `Format` and `Frame`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError


@dataclass(frozen=True, slots=True)
class Packing:
    """How a pixel lies in memory: `values` numbers of a type side by side; () is one packed number."""

    dtype: np.dtype[Any]
    values: tuple[int, ...]

    @property
    def size_bytes(self) -> int:
        """Bytes of one pixel."""
        return int(self.dtype.itemsize) * (self.values[0] if self.values else 1)


_U8, _U16, _U32 = (np.dtype(name) for name in ("<u1", "<u2", "<u4"))

# Blue, green, red, alpha; blue, green, red; red, green, blue, alpha; 2:10:10:10 with blue lowest (DRM
# XRGB2101010); red, green, blue, alpha of 16 bits; the bits of four float16 in that order
PACKINGS = {
    "BGRA": Packing(_U8, (4,)),
    "BGR3": Packing(_U8, (3,)),
    "RGBA": Packing(_U8, (4,)),
    "XR30": Packing(_U32, ()),
    "AB48": Packing(_U16, (4,)),
    "AB4H": Packing(_U16, (4,)),
}


def _numbers(*numbers: float) -> str:
    """With the ten digits that a ring's header has room for, so that both its ends read equal formats."""
    return ",".join(f"{number:.10g}" for number in numbers)


def _white(white: Any) -> str:
    if white is None or isinstance(white, str):
        return white or ""
    return _numbers(*white) if isinstance(white, list | tuple) else _numbers(white)


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
        if self.pixel not in PACKINGS:
            raise FrameError(f"pixel format {self.pixel!r} is not known (known: {', '.join(PACKINGS)})")
        if not (0 < self.width <= 16384 and 0 < self.height <= 16384):
            raise FrameError(
                f"a frame of {self.width} x {self.height} is not between 1 and 16384 pixels a side"
            )
        packing = PACKINGS[self.pixel]
        row = self.width * packing.size_bytes
        if self.stride == 0:
            object.__setattr__(self, "stride", row)
        if self.stride < row or self.stride % (1 if self.pixel == "BGR3" else packing.size_bytes):
            raise FrameError(f"stride {self.stride} does not hold rows of {self.width} {self.pixel} pixels")
        if self.rate <= 0:
            raise FrameError(f"a frame rate of {self.rate} is no rate")

    @property
    def size_bytes(self) -> int:
        """Bytes of one picture."""
        return self.stride * self.height

    def pixels_of(self, memory: Any, start: int) -> npt.NDArray[Any]:
        """The picture that begins at byte `start` of a buffer, in place, as Frame.pixels is."""
        packing = PACKINGS[self.pixel]
        rows = np.frombuffer(memory, np.uint8, self.size_bytes, start).reshape(self.height, self.stride)
        numbers = rows[:, : self.width * packing.size_bytes].view(packing.dtype)
        return numbers.reshape(self.height, self.width, *packing.values)

    @classmethod
    def of_signal(cls, width: int, height: int, signal: Mapping[str, Any], rate: Fraction) -> Self:
        """BGRA frames in the signal of a show file (`wall.signal` as plain JSON values)."""
        own = signal["primaries"]
        return cls(
            width=width,
            height=height,
            transfer=signal["transfer"],
            primaries=own if isinstance(own, str) else _numbers(*own["r"], *own["g"], *own["b"]),
            white=_white(signal["white"]),
            range=signal["range"],
            peak_nits=signal["peak_nits"],
            rate=rate,
        )

    @property
    def primaries_value(self) -> str | dict[str, tuple[float, ...]]:
        """The primaries as the show file writes them: a name, or {r, g, b} of CIE xy."""
        numbers = tuple(float(part) for part in self.primaries.split(",")) if "," in self.primaries else ()
        return {"r": numbers[0:2], "g": numbers[2:4], "b": numbers[4:6]} if numbers else self.primaries

    @property
    def white_value(self) -> str | float | tuple[float, ...] | None:
        """The white as the show file writes it: None, "D65", kelvin or CIE xy."""
        if not self.white or self.white[0].isalpha():
            return self.white or None
        numbers = tuple(float(part) for part in self.white.split(","))
        return numbers if len(numbers) == 2 else numbers[0]

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

    `pixels` is (height, width, values) as PACKINGS says of `format.pixel` (BGRA: 4 of uint8; XR30: (height,
    width) of uint32), rows `format.stride` bytes apart. `media_time_ns` counts from the start of the picture;
    `publish_time_ns` is CLOCK_MONOTONIC. `number` grows by one a frame and never restarts.
    """

    number: int
    media_time_ns: int
    publish_time_ns: int
    pixels: npt.NDArray[Any]
    format: Format
    slot: int = 0
    sequence: int = 0
