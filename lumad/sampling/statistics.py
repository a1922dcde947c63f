"""Statistics of an area that are no mean, in whole numbers: the rules of _statistics.c for numpy.

Each gives a colour that is in the picture: pixels are ranked by luminance, or gathered by colour, and the
mean colour of one group is taken; channels are never ranked one by one, which would invent colours.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from lumad.sampling.runs import DOMINANT, MAX, MEDIAN, P99, WEIGHTED_MEAN

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
Colour = npt.NDArray[np.float64]

SCALE = 1 << 20  # of whole-number light: 1.0
BINS = 4096  # of luminance, 256 an octave; or of colour, 16 x 16 x 16
REC709 = (0.2126, 0.7152, 0.0722)  # ITU-R BT.709-6, 3.2

_PERCENT = {MEDIAN: 50, P99: 99, MAX: 100}


def luminance_shares(shares: Sequence[float]) -> U32:
    """Shares of R, G, B in luminance in 1/4096, (4,) with a nothing at the end; they add up to 4096.

    A wall's white outside its primaries makes a share negative: it counts as none.
    """
    kept = [max(float(share), 0.0) for share in shares]
    red, _, blue = (round(share / sum(kept) * BINS) for share in kept)
    blue = min(blue, BINS - red)
    return np.array([red, BINS - red - blue, blue, 0], np.uint32)


def colour_cells(table: U32) -> U8:
    """floor(16 * sqrt(light)) of each entry of a table of light in 2^-20, at most 15."""
    borders = np.arange(1, 16, dtype=np.uint32) ** 2 * (SCALE // 256)
    return np.searchsorted(borders, table, side="right").astype(np.uint8)


def luminance(light: U64, shares: U32) -> U32:
    """Luminance (n,) in 2^-16 of light (n, 3) in 2^-20."""
    return ((light @ shares[:3].astype(np.uint64)) >> np.uint64(16)).astype(np.uint32)


def luminance_bins(bright: U32) -> U32:
    """The bin of each luminance: steps of 2^-16 up to 2^-8, above 256 an octave, so never 0.4 % wide."""
    logarithm = (bright.astype(np.float32).view(np.uint32) >> 15).astype(np.int64) - ((127 + 7) << 8)
    return np.where(bright < 256, bright, np.minimum(logarithm, BINS - 1)).astype(np.uint32)


def statistic_of(statistic: int, light: U64, cells: U32, weights: U64, shares: U32) -> Colour:
    """One statistic (3,) of n pixels: `light` (n, 3) in 2^-20, `cells` (n,) of the colour histogram.

    weighted_mean: a pixel counts by its luminance too; black where all luminance is below 2^-16.
    median, p99, max: the lowest bin of luminance at and below which lie 50, 99, 100 % of the weight.
    dominant: the fullest cell of the colour histogram, the lowest of equals.
    """
    if statistic == WEIGHTED_MEAN:
        return _by_luminance(light, weights, shares)
    keys = cells if statistic == DOMINANT else luminance_bins(luminance(light, shares))
    histogram = np.zeros(BINS, np.uint64)
    np.add.at(histogram, keys, weights)
    if statistic == DOMINANT:
        key = int(histogram.argmax())
    else:
        below = np.cumsum(histogram, dtype=np.uint64) * np.uint64(100)
        key = int(np.argmax(below >= histogram.sum() * np.uint64(_PERCENT[statistic])))
    group = keys == key
    sums = (light[group] * weights[group, None]).sum(axis=0, dtype=np.uint64)
    divisor = float(histogram[key]) * SCALE
    return sums / divisor if divisor else np.zeros(3)


def _by_luminance(light: U64, weights: U64, shares: U32) -> Colour:
    """Sums of products of up to 58 bits are exact in two words."""
    share = weights * luminance(light, shares)
    products = np.column_stack((share[:, None] * light, share))
    low = (products & np.uint64(0xFFFFFFFF)).sum(axis=0, dtype=np.uint64).astype(np.float64)
    high = (products >> np.uint64(32)).sum(axis=0, dtype=np.uint64).astype(np.float64)
    whole = high * 2.0**32 + low
    colour: Colour = whole[:3] / (whole[3] * SCALE) if whole[3] else np.zeros(3)
    return colour
