"""Pictures of every pixel format, runs with weights, and a slow float64 reference of what a sampler gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from lumad.frames.frame import PACKINGS
from lumad.sampling.formats import light_table
from lumad.sampling.runs import DOMINANT, FULL, MAX, MEAN, MEDIAN, P99, WEIGHTED_MEAN, Runs

FORMATS = tuple(PACKINGS)
TABLES = {pixel: light_table(pixel, "linear" if pixel == "AB4H" else "srgb") for pixel in FORMATS}
SHARES = np.array([871, 2929, 296]) / 4096  # Rec. 709 luminance in 1/4096, as samplers hold it


def picture(pixel: str, width: int, height: int, spare: int = 0, start: int = 0, seed: int = 0):
    """A random picture with `spare` bytes between its rows, beginning `start` bytes into its memory."""
    rng = np.random.default_rng(seed)
    packing = PACKINGS[pixel]
    row = width * packing.size_bytes + spare
    memory = rng.integers(0, 256, height * row + start, np.uint8)
    shape = (height, width, *packing.values)
    inner = (packing.dtype.itemsize,) if packing.values else ()
    strides = (row, packing.size_bytes, *inner)
    return np.ndarray(shape, packing.dtype, memory, start, strides)


def flat(pixel: str, width: int, height: int, code: int):
    """A picture of one grey code."""
    word = code << 20 | code << 10 | code if pixel == "XR30" else code
    return np.full((height, width, *PACKINGS[pixel].values), word, PACKINGS[pixel].dtype)


def red_green_blue(pixels: npt.NDArray[Any], pixel: str):
    """Codes (H, W, 3), written down on their own here."""
    if pixel == "XR30":
        return np.dstack([pixels >> 20 & 1023, pixels >> 10 & 1023, pixels & 1023])
    return pixels[..., [2, 1, 0]] if pixel in ("BGRA", "BGR3") else pixels[..., [0, 1, 2]]


def runs_of_rows(width: int, height: int, rows: list[tuple[int, int, int, int, bytes | None]], statistic):
    """Runs of (area, y, x0, x1, weights or None where all count fully)."""
    rows = sorted(rows, key=lambda row: (row[1], row[2]))
    columns = [np.array([row[at] for row in rows], np.uint32) for at in range(4)]
    lengths = np.array([0 if row[4] is None else len(row[4]) for row in rows], np.int64)
    at = np.where([row[4] is None for row in rows], FULL, np.cumsum(lengths) - lengths).astype(np.uint32)
    weights = np.frombuffer(b"".join(row[4] or b"" for row in rows), np.uint8)
    return Runs(width, height, len(statistic), *columns, at, weights, np.array(statistic, np.uint8))


@dataclass(frozen=True)
class Scene:
    """What one property test draws."""

    pixel: str
    pixels: npt.NDArray[Any]
    runs: Runs


@st.composite
def scenes(draw: st.DrawFn, formats: tuple[str, ...] = FORMATS, statistics: tuple[int, ...] = (MEAN,)):
    """A picture with padded rows at an odd address, and runs of areas that overlap, touch or are empty."""
    pixel = draw(st.sampled_from(formats))
    width, height = draw(st.integers(1, 70)), draw(st.integers(1, 9))
    spare, start, seed = draw(st.integers(0, 9)), draw(st.integers(0, 3)), draw(st.integers(0, 2**32))
    pixels = picture(pixel, width, height, spare, start, seed)
    if draw(st.booleans()):
        pixels.view()[:, : width // 2] = pixels[:1, :1]
    statistic = draw(st.lists(st.sampled_from(statistics), min_size=1, max_size=4))
    place = st.tuples(
        st.integers(0, len(statistic) - 1),
        st.integers(0, height - 1),
        st.integers(0, width),
        st.integers(0, width),
    )
    rows = []
    taken: set[tuple[int, int]] = set()
    for area, y, a, b in draw(st.lists(place, max_size=12)):
        if a == b or (area, y) in taken:
            continue
        taken.add((area, y))
        x0, x1 = min(a, b), max(a, b)
        kind = draw(st.sampled_from(["full", "random", "zero", "whole"]))
        own = np.random.default_rng(seed + len(rows)).integers(0, 256, x1 - x0, np.uint8).tobytes()
        flat_weights = {"full": None, "zero": bytes(x1 - x0), "whole": b"\xff" * (x1 - x0)}
        rows.append((area, y, x0, x1, flat_weights.get(kind, own)))
    return Scene(pixel, pixels, runs_of_rows(width, height, rows, statistic))


def pixels_of_area(scene: Scene, area: int):
    """(light (n, 3), codes (n, 3), weights (n,)) of each pixel of an area, in float64."""
    runs, codes = scene.runs, red_green_blue(scene.pixels, scene.pixel)
    light, found, weights = [np.zeros((0, 3))], [np.zeros((0, 3), int)], [np.zeros(0)]
    for run in np.flatnonzero(runs.area == area):
        there = codes[runs.y[run], runs.x0[run] : runs.x1[run]].astype(int)
        first = int(runs.weight_at[run])
        own = np.full(len(there), 255.0) if first == FULL else runs.weights[first : first + len(there)] * 1.0
        light.append(TABLES[scene.pixel][there])
        found.append(there)
        weights.append(own)
    return np.concatenate(light), np.concatenate(found), np.concatenate(weights) / 255


def reference(scene: Scene):
    """Every sample in float64 by plain sorting: what the statistics mean, without bins of their own."""
    return np.array([one_of(scene, area, int(kind)) for area, kind in enumerate(scene.runs.statistic)])


def one_of(scene: Scene, area: int, kind: int):
    light, _, weights = pixels_of_area(scene, area)
    light, weights = light[weights > 0], weights[weights > 0]
    if not len(weights):
        return np.zeros(3)
    if kind == MEAN:
        return weights @ light / weights.sum()
    whole = np.rint(light * 2**20)
    bright = np.floor(whole @ (SHARES * 4096) / 2**16)
    if kind == WEIGHTED_MEAN:
        share = weights * bright
        return share @ whole / share.sum() / 2**20 if share.any() else np.zeros(3)
    if kind == DOMINANT:
        cell = np.minimum(np.floor(np.sqrt(whole / 2**20) * 16), 15) @ [256, 16, 1]
        kinds = np.unique(cell)
        group = cell == kinds[np.argmax([np.rint(weights[cell == k].sum() * 255) for k in kinds])]
    else:
        octave = np.floor(np.log2(np.maximum(bright, 256)))
        key = np.where(bright < 256, bright, (octave - 7) * 256 + np.floor(bright / 2 ** (octave - 8)) - 256)
        key = np.minimum(key, 4095)
        order = np.argsort(key, kind="stable")
        below = np.rint(np.cumsum(np.rint(weights[order] * 255)))
        part = {MEDIAN: 50, P99: 99, MAX: 100}[kind]
        group = key == key[order][np.argmax(below * 100 >= below[-1] * part)]
    return weights[group] @ whole[group] / weights[group].sum() / 2**20
