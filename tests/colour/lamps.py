"""Simulated lamps, colours for them, and colour-science as the referee of what they show.

Spectra: Gaussians for plain LEDs, a blue pump and a lopsided Gaussian for phosphors, whose parameters put the
white on the daylight (5600, 6500 K) or Planckian (3200, 2700 K) locus. Lumens of one emitter: plausible ones.
"""

import warnings

import numpy as np
import numpy.typing as npt

from lumad.colour.spaces import rgb_to_xyz
from lumad.colour.transfer import decode
from lumad.colour.white import cct_to_xy, xy_to_xyz
from lumad.render.dusk import Dusk

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says what it cannot do without SciPy and Matplotlib
    import colour

Array = npt.NDArray[np.float64]

WALL = rgb_to_xyz("rec709")
D65 = np.array([0.3127, 0.3290])
HEADROOM = 0.7  # wall white is this part of what the lamp can
NITS = 200.0  # of wall white, for the HDR difference

_OBSERVER = colour.MSDS_CMFS["CIE 1931 2 Degree Standard Observer"]
_NM = _OBSERVER.wavelengths


def led(peak: float, width: float, longer: float | None = None) -> Array:
    """Spectrum with a full width at half maximum in nm; another one (`longer`) above the peak."""
    widths = np.where(peak > _NM, width, width if longer is None else longer)
    spectrum: Array = np.exp(-4.0 * np.log(2.0) * ((_NM - peak) / widths) ** 2)
    return spectrum


def phosphor(pump: float, peak: float, shorter: float, longer: float) -> Array:
    """Spectrum of a blue LED of height `pump` under a phosphor."""
    return pump * led(450, 20) + led(peak, shorter, longer)


SPECTRA = {
    "red": (led(630, 18), 60.0),
    "green": (led(525, 33), 120.0),
    "blue": (led(462, 20), 25.0),
    "amber": (led(594, 16), 80.0),
    "lime": (phosphor(0.10, 558, 75, 110), 180.0),
    "cyan": (led(500, 28), 70.0),
    "indigo": (led(445, 18), 12.0),
    "2700": (phosphor(0.5383, 587.4697, 95, 130), 170.0),
    "3200": (phosphor(0.8133, 579.6987, 95, 130), 180.0),
    "5600": (phosphor(1.9160, 554.9993, 85, 140), 200.0),
    "6500": (phosphor(2.2368, 551.2792, 85, 140), 200.0),
}
SPECTRA["film"] = (  # two LEDs under two phosphors, near 2800 K: Ra 95
    0.15 * led(450, 22) + 0.15 * led(480, 40) + 0.5 * led(540, 95) + led(630, 90, 120),
    170.0,
)
LAMPS = {
    "RGB": ("red", "green", "blue"),
    "RGBW 5600": ("red", "green", "blue", "5600"),
    "RGBW 3200": ("red", "green", "blue", "3200"),
    "RGBW film": ("red", "green", "blue", "film"),
    "RGBWW": ("red", "green", "blue", "2700", "6500"),
    "RGBAL": ("red", "green", "blue", "amber", "lime"),
    "RGBALC": ("red", "green", "blue", "amber", "lime", "cyan"),
    "7 colours": ("red", "green", "blue", "amber", "lime", "cyan", "indigo"),
    "8 with white": ("red", "green", "blue", "amber", "lime", "cyan", "indigo", "5600"),
}


def columns(lamp: str, headroom: float = HEADROOM) -> Array:
    """XYZ (3, n) of a lamp's emitters; `headroom` of its output in wall white is Y = 1."""
    chosen = [SPECTRA[name] for name in LAMPS[lamp]]
    xyz = np.array([spectrum @ _OBSERVER.values for spectrum, _ in chosen])
    full: Array = (xyz * (np.array([lumens for _, lumens in chosen]) / xyz[:, 1])[:, None]).T
    return full * brightest(full, WALL.sum(axis=1)[None])[0] ** -1 / headroom


def spectrum_of(lamp: str, drives: Array) -> Array:
    """Spectrum (471,) of a lamp, 360..830 nm."""
    chosen = [SPECTRA[name] for name in LAMPS[lamp]]
    luminances = np.array([lumens / (spectrum @ _OBSERVER.values[:, 1]) for spectrum, lumens in chosen])
    light: Array = (drives * luminances) @ np.array([spectrum for spectrum, _ in chosen])
    return light


def brightest(full: Array, xyz: Array) -> Array:
    """Largest factors (N,) that keep XYZ (N, 3) within what columns (3, n) can: planes of their zonotope."""
    first, second = np.triu_indices(full.shape[1], 1)
    normals = np.cross(full.T[first], full.T[second])
    normals = np.concatenate([normals, -normals])
    reach = np.maximum(normals @ full, 0.0)
    reach = np.where(reach > 1e-12 * np.abs(normals @ full).max(axis=1, keepdims=True), reach, 0.0).sum(
        axis=1
    )
    along = normals @ xyz.T
    factors: Array = np.where(along > 1e-12, reach[:, None] / np.maximum(along, 1e-12), np.inf).min(axis=0)
    return factors


# ------------------------------------------------------------ colours, linear RGB of the wall
def regions(pictures: list[npt.NDArray[np.uint8]], count: int, rng: np.random.Generator) -> Array:
    """Means of `count` squares, and as many single pixels, of BGR(A) pictures in sRGB."""
    found = []
    for number in range(count):
        picture = pictures[number % len(pictures)]
        side = int(rng.integers(6, 33))
        y, x = (int(rng.integers(0, edge - side)) for edge in picture.shape[:2])
        light = decode("srgb", picture[y : y + side, x : x + side, 2::-1] / 255.0)
        found += [light.mean(axis=(0, 1)), light[side // 2, side // 2]]
    return np.array(found)


def dusk(count: int, rng: np.random.Generator) -> Array:
    """Regions and pixels of the built-in scene."""
    scene = Dusk(320, 180)
    pictures = [np.zeros((180, 320, 4), np.uint8) for _ in range(6)]
    for number, into in enumerate(pictures):
        scene.draw(number * 11_000_000_000, into)
    return regions(pictures, count // 2, rng)


def natural(count: int, rng: np.random.Generator) -> Array:
    """Surfaces of all kinds under light of 2000..15 000 K, well and badly exposed."""
    kelvin = 1e6 / rng.uniform(1e6 / 15000.0, 1e6 / 2000.0, count)
    light = np.maximum(xy_to_xyz(cct_to_xy(kelvin)) @ np.linalg.inv(WALL).T, 0.01)
    surface = light * np.exp(rng.normal(0.0, 0.45, (count, 3)))
    return surface / surface.max(axis=1, keepdims=True) * rng.random((count, 1)) ** 2.2


def saturated(count: int, rng: np.random.Generator) -> Array:
    """Saturated colours of any hue, 0.6..1 in HSV of sRGB codes."""
    hue, saturation, value = rng.random(count), rng.uniform(0.6, 1.0, count), rng.uniform(0.2, 1.0, count)
    return decode("srgb", colour.HSV_to_RGB(np.stack([hue, saturation, value], axis=1)))


def checker() -> Array:
    """The 24 patches of a ColorChecker, under D65."""
    chart = colour.CCS_COLOURCHECKERS["ColorChecker24 - After November 2014"]
    xyz = colour.xyY_to_XYZ(np.array(list(chart.data.values())))
    white = [colour.xy_to_XYZ(xy) for xy in (chart.illuminant, D65)]
    xyz = colour.chromatic_adaptation(xyz, *white, method="Von Kries")
    return np.clip(xyz @ np.linalg.inv(WALL).T, 0.0, 1.0)


# ------------------------------------------------------------ the referee
def delta_e(asked: Array, got: Array) -> Array:
    """CIEDE2000 (N,) between XYZ (N, 3), wall white Y = 1."""
    return np.asarray(
        colour.delta_E(*(colour.XYZ_to_Lab(xyz, D65) for xyz in (asked, got)), method="CIE 2000")
    )


def delta_itp(asked: Array, got: Array) -> Array:
    """ITU-R BT.2124 difference (N,) between XYZ (N, 3) on a wall of 200 cd/m²."""
    to_rgb = np.linalg.inv(rgb_to_xyz("rec2020")).T
    codes = [colour.RGB_to_ICtCp(np.maximum(xyz @ to_rgb, 0.0) * NITS) for xyz in (asked, got)]
    return np.asarray(colour.delta_E(*codes, method="ITP"))


def hue_error(asked: Array, got: Array) -> Array:
    """Degrees (N,) between the hues of XYZ (N, 3) in IPT."""
    axes = [colour.XYZ_to_IPT(xyz) for xyz in (asked, got)]
    hues = [np.degrees(np.arctan2(ipt[:, 2], ipt[:, 1])) for ipt in axes]
    return np.abs((hues[0] - hues[1] + 180.0) % 360.0 - 180.0)


# ------------------------------------------------------------ what is often done instead
def coded_rgb(rgb: Array, full: Array) -> Array:
    """Drives (N, n): the picture's 8-bit codes, as if they were light."""
    return _rgb_only(np.rint(colour.cctf_encoding(rgb, function="sRGB") * 255.0) / 255.0, full)


def linear_rgb(rgb: Array, full: Array) -> Array:
    """Drives (N, n): linear RGB as it is."""
    return _rgb_only(rgb, full)


def least_of_rgb_as_white(rgb: Array, full: Array) -> Array:
    """Drives (N, n): the white emitter gets min(R, G, B), which the others lose."""
    white = rgb.min(axis=1, keepdims=True)
    drives = _rgb_only(rgb - white, full)
    drives[:, 3:4] = white
    return drives


def three_by_three(rgb: Array, full: Array) -> Array:
    """Drives (N, n): a calibrated matrix, red, green and blue only, clipped."""
    return _rgb_only(np.clip(rgb @ WALL.T @ np.linalg.inv(full[:, :3]).T, 0.0, 1.0), full)


def same_white(drives: Array, full: Array, white: Array) -> Array:
    """XYZ (N, 3) of `drives`, dimmed or lifted so that wall white, at drives `white` (1, n), is Y = 1."""
    return drives @ full.T / (white @ full[1])


def _rgb_only(rgb: Array, full: Array) -> Array:
    return np.concatenate([rgb, np.zeros((len(rgb), full.shape[1] - 3))], axis=1)
