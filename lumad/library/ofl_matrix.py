"""Pixels of the Open Fixture Library: their keys, and in which order a mode repeats channels for them."""

import re
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, Final

from lumad.library.foreign import UnfitError

MAX_PIXELS: Final = 1024


def pixel_keys(matrix: Mapping[str, Any]) -> list[str]:
    """The key of every pixel, x running fastest, then y, then z; ValueError for a matrix that is none."""
    return [key for key, _ in _placed(matrix)]


def repeated_for(told: Any, matrix: Mapping[str, Any], pixels: Sequence[str]) -> list[str]:
    """The keys that `repeatFor` names, in its order; UnfitError for what is unknown."""
    if isinstance(told, list):
        return [str(key) for key in told]
    if told == "eachPixelGroup":
        return [str(key) for key in matrix.get("pixelGroups") or {}]
    if told == "eachPixelABC":
        return sorted(pixels, key=_natural)
    if isinstance(told, str) and re.fullmatch(r"eachPixel[XYZ]{3}", told) and len(set(told[-3:])) == 3:
        axes = ["XYZ".index(axis) for axis in reversed(told[-3:])]  # the first letter runs fastest
        return [key for key, at in sorted(_placed(matrix), key=lambda one: [one[1][axis] for axis in axes])]
    raise UnfitError(f"it repeats channels for {str(told)[:40]!r}, which lumad does not know")


def _placed(matrix: Mapping[str, Any]) -> list[tuple[str, tuple[int, int, int]]]:
    """Keys and places (x, y, z) of the pixels; without own keys they are numbers, or (x, y) as text."""
    if "pixelKeys" in matrix:
        found = [
            (str(key), (x, y, z))
            for z, plane in enumerate(matrix["pixelKeys"])
            for y, row in enumerate(plane)
            for x, key in enumerate(row)
            if key is not None
        ]
        return _bounded(found)
    counts = [int(count) for count in matrix.get("pixelCount", ())]
    if not counts:
        return []
    if len(counts) != 3 or min(counts) < 1 or counts[0] * counts[1] * counts[2] > MAX_PIXELS:
        raise ValueError(f"a matrix of {counts} pixels; possible are 1 to {MAX_PIXELS} in three directions")
    wide = [axis for axis in range(3) if counts[axis] > 1]
    places = [(x, y, z) for z, y, x in product(*(range(count) for count in reversed(counts)))]
    return [(_auto_key(place, wide), place) for place in places]


def _auto_key(place: tuple[int, int, int], wide: Sequence[int]) -> str:
    if len(wide) < 2:
        return str(place[wide[0]] + 1 if wide else 1)
    return f"({', '.join(str(place[axis] + 1) for axis in wide)})"


def _bounded(found: list[tuple[str, tuple[int, int, int]]]) -> list[tuple[str, tuple[int, int, int]]]:
    if len(found) > MAX_PIXELS:
        raise ValueError(f"{len(found)} pixels; possible are {MAX_PIXELS}")
    return found


def _natural(key: str) -> list[tuple[int, int | str]]:
    """Sorts 2 before 10."""
    parts = re.split(r"(\d{1,9})", key)
    return [(0, int(part)) if part.isdigit() else (1, part) for part in parts if part]
