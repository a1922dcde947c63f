"""Colour spaces: RGB primaries, CIE XYZ, Oklab, and the sRGB of a screen swatch."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from lumad.colour.transfer import encode
from lumad.colour.white import D65, WhiteLike, white_xy, xy_to_xyz
from lumad.errors import UnknownNameError

Array = npt.NDArray[np.float64]
PrimariesLike = str | Mapping[str, Sequence[float]]

# CIE 1931 xy of red, green, blue, native white
PRIMARIES: Mapping[str, tuple[tuple[float, float], ...]] = {
    "rec709": ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060), D65),  # ITU-R BT.709-6
    "p3-d65": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), D65),  # SMPTE EG 432-1
    "p3-dci": ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060), (0.314, 0.351)),  # SMPTE RP 431-2
    "rec2020": ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046), D65),  # ITU-R BT.2020-2
}

# Björn Ottosson, "A perceptual color space for image processing" (2020): XYZ to LMS, its cube roots to Oklab
XYZ_TO_LMS = np.array(
    [
        [0.8189330101, 0.3618667424, -0.1288597137],
        [0.0329845436, 0.9293118715, 0.0361456387],
        [0.0482003018, 0.2643662691, 0.6338517070],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
LMS_TO_XYZ = np.linalg.inv(XYZ_TO_LMS)
_LAB_TO_LMS = np.linalg.inv(_LMS_TO_LAB)


def primaries_and_white(primaries: PrimariesLike, white: WhiteLike | None = None) -> tuple[Array, Array]:
    """(xy of R, G, B (3, 2), xy of white (2,)); white None = the primaries' own, D65 for {r, g, b}."""
    own: Sequence[Sequence[float]]
    if isinstance(primaries, str):
        if primaries not in PRIMARIES:
            raise UnknownNameError(
                f"no primaries {primaries!r}; known: {', '.join(PRIMARIES)} or {{r, g, b}}"
            )
        own = PRIMARIES[primaries]
    else:
        own = (primaries["r"], primaries["g"], primaries["b"], D65)
    return np.array(own[:3], np.float64), np.array(own[3] if white is None else white_xy(white), np.float64)


def rgb_to_xyz(primaries: PrimariesLike, white: WhiteLike | None = None) -> Array:
    """Matrix (3, 3) from linear RGB to XYZ with white at Y = 1: `rgb @ matrix.T` (SMPTE RP 177)."""
    rgb_xy, white_point = primaries_and_white(primaries, white)
    columns = xy_to_xyz(rgb_xy).T
    scaled: Array = columns * np.linalg.solve(columns, xy_to_xyz(white_point))
    return scaled


WHITE_D65: Array = xy_to_xyz(D65)
_SRGB = np.linalg.inv(rgb_to_xyz("rec709"))


def xyz_to_oklab(xyz: npt.ArrayLike, white_xyz: npt.ArrayLike | None = None) -> Array:
    """Oklab (…, 3) of XYZ (…, 3); with a white, that white is (L, 0, 0) (LMS scaled, as von Kries)."""
    lms = np.asarray(xyz, np.float64) @ XYZ_TO_LMS.T
    lab: Array = np.cbrt(lms / _white_lms(white_xyz)) @ _LMS_TO_LAB.T
    return lab


def oklab_to_xyz(lab: npt.ArrayLike, white_xyz: npt.ArrayLike | None = None) -> Array:
    """XYZ (…, 3) of Oklab (…, 3); the inverse of `xyz_to_oklab` with the same white."""
    xyz: Array = ((np.asarray(lab, np.float64) @ _LAB_TO_LMS.T) ** 3 * _white_lms(white_xyz)) @ LMS_TO_XYZ.T
    return xyz


def _white_lms(white_xyz: npt.ArrayLike | None) -> Array:
    lms: Array = np.ones(3) if white_xyz is None else XYZ_TO_LMS @ np.asarray(white_xyz, np.float64)
    return lms


def xyz_to_srgb8(xyz: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Bytes of sRGB (…, 3) that show XYZ (…, 3; white Y = 1) on a screen.

    What no screen shows keeps its dominant wavelength (it is mixed with grey of its luminance) and is scaled
    down to the brightest the screen has.
    """
    rgb = np.asarray(xyz, np.float64) @ _SRGB.T
    grey = np.maximum(np.asarray(xyz, np.float64)[..., 1:2], 0.0)
    lowest = rgb.min(axis=-1, keepdims=True)
    part = np.where(lowest < 0.0, grey / np.maximum(grey - lowest, 1e-12), 1.0)
    rgb = grey + part * (rgb - grey)
    rgb /= np.maximum(rgb.max(axis=-1, keepdims=True), 1.0)
    return np.rint(encode("srgb", rgb) * 255.0).astype(np.uint8)
