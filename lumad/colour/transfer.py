"""Transfer functions of pictures and lamps: code values 0..1 to linear light and back."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from lumad.errors import UnknownNameError

Array = npt.NDArray[np.float64]

# SMPTE ST 2084:2014, 5.2: the constants of PQ, which codes absolute luminance up to 10 000 cd/m²
_PQ_NITS = 10000.0
_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32

# ITU-R BT.2100-2, table 5: the constants of HLG, which codes the light of a scene
_A = 0.17883277
_B = 1.0 - 4.0 * _A
_C = 0.5 - _A * math.log(4.0 * _A)


def _srgb_decode(codes: Array) -> Array:
    """IEC 61966-2-1:1999, 5.2."""
    return np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4)


def _srgb_encode(light: Array) -> Array:
    """IEC 61966-2-1:1999, 5.3."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)


def _pq_decode(codes: Array) -> Array:
    """SMPTE ST 2084:2014, equation 4.1; 1.0 = 10 000 cd/m²."""
    power = codes ** (1 / _M2)
    light: Array = (np.maximum(power - _C1, 0.0) / (_C2 - _C3 * power)) ** (1 / _M1)
    return light


def _pq_encode(light: Array) -> Array:
    """SMPTE ST 2084:2014, equation 5.2; 1.0 = 10 000 cd/m²."""
    power = light**_M1
    codes: Array = ((_C1 + _C2 * power) / (1.0 + _C3 * power)) ** _M2
    return codes


def _hlg_decode(codes: Array) -> Array:
    """ITU-R BT.2100-2, table 5: the inverse of the OETF; a code of 1.0 is 3e-8 more than 1.0."""
    return np.minimum(np.where(codes <= 0.5, codes**2 / 3.0, (np.exp((codes - _C) / _A) + _B) / 12.0), 1.0)


def _hlg_encode(light: Array) -> Array:
    """ITU-R BT.2100-2, table 5: the OETF."""
    return np.where(
        light <= 1 / 12, np.sqrt(3.0 * light), _A * np.log(np.maximum(12.0 * light - _B, 4.0 * _A)) + _C
    )


def hlg_gamma(peak_nits: float) -> float:
    """System gamma of a display of that peak: ITU-R BT.2100-2, note 5f; outside 400..2000 cd/m² BT.2390."""
    if 400.0 <= peak_nits <= 2000.0:
        return 1.2 + 0.42 * math.log10(peak_nits / 1000.0)
    return 1.2 * float(1.111 ** math.log2(peak_nits / 1000.0))


def hlg_shown(scene: npt.ArrayLike, peak_nits: float, luminance: npt.ArrayLike) -> Array:
    """Linear light (..., 3) of a display, 1.0 its peak, of a scene's light (..., 3): the OOTF of HLG.

    `luminance` (3,) is the share of R, G, B. The colour stays, the luminance Y becomes Y ** hlg_gamma; where
    that asks a channel for more than 1.0 (below 300 cd/m²), it is clipped.
    """
    light = np.clip(np.asarray(scene, np.float64), 0.0, 1.0)
    return np.minimum(light * _power(light, luminance, hlg_gamma(peak_nits) - 1.0), 1.0)


def _power(light: Array, luminance: npt.ArrayLike, exponent: float) -> Array:
    """A power (..., 1) of the luminance of light (..., 3); 0 of black."""
    bright = (light @ np.asarray(luminance, np.float64))[..., None]
    return np.where(bright > 0.0, np.maximum(bright, 1e-300) ** exponent, 0.0)


_EXPONENTS = {"gamma2.2": 2.2, "bt1886": 2.4, "gamma2.6": 2.6, "linear": 1.0}  # BT.1886 with Lb = 0
TRANSFERS = ("srgb", "gamma2.2", "bt1886", "gamma2.6", "pq", "hlg", "linear")


def decode(transfer: str, codes: npt.ArrayLike, peak_nits: float = 1000.0) -> Array:
    """Linear light 0..1 of code values 0..1 (clipped to that), any shape.

    1.0 is the highest code; for pq it is `peak_nits`, and light above it is clipped. For hlg it is the light
    of the scene: what a wall makes of that, `hlg_shown` says, and it takes all three channels to know.
    """
    values = np.clip(np.asarray(codes, np.float64), 0.0, 1.0)
    if transfer == "pq":
        return np.minimum(_pq_decode(values) * (_PQ_NITS / peak_nits), 1.0)
    if transfer == "hlg":
        return _hlg_decode(values)
    return _srgb_decode(values) if transfer == "srgb" else values ** _exponent(transfer)


def encode(transfer: str, light: npt.ArrayLike, peak_nits: float = 1000.0) -> Array:
    """Code values 0..1 of linear light 0..1 (clipped to that), any shape; the inverse of `decode`.

    For hlg of a scene's light.
    """
    values = np.clip(np.asarray(light, np.float64), 0.0, 1.0)
    if transfer == "pq":
        return _pq_encode(values * min(peak_nits / _PQ_NITS, 1.0))
    if transfer == "hlg":
        return _hlg_encode(values)
    return _srgb_encode(values) if transfer == "srgb" else values ** (1 / _exponent(transfer))


def _exponent(transfer: str) -> float:
    try:
        return _EXPONENTS[transfer]
    except KeyError:
        raise UnknownNameError(f"no transfer function {transfer!r}; known: {', '.join(TRANSFERS)}") from None


def table(transfer: str, code_range: str = "full", bits: int = 8, peak_nits: float = 1000.0) -> Array:
    """Linear light of each code of a `bits` deep signal, (2**bits,); what a sampler looks pixels up in.

    full: 0 .. 2^bits - 1 are black and white. legal: 16 and 235 times 2^(bits-8) are
    (ITU-R BT.709-6, 3.4 and BT.2100-2, table 9); codes outside are clipped.
    """
    codes = np.arange(2**bits, dtype=np.float64)
    try:
        return decode(transfer, _RANGES[code_range](codes, bits), peak_nits)
    except KeyError:
        raise UnknownNameError(f"no code range {code_range!r}; known: full, legal") from None


_RANGES: dict[str, Callable[[Array, int], Array]] = {
    "full": lambda codes, bits: codes / (2**bits - 1),
    "legal": lambda codes, bits: (codes / 2 ** (bits - 8) - 16.0) / 219.0,
}
