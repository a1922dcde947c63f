"""Transfer functions of pictures and lamps: code values 0..1 to linear light and back."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from lumad.errors import UnknownNameError

Array = npt.NDArray[np.float64]

# SMPTE ST 2084:2014, 5.2: the constants of PQ, which codes absolute luminance up to 10 000 cd/m²
_PQ_NITS = 10000.0
_M1, _M2 = 2610 / 16384, 2523 / 4096 * 128
_C1, _C2, _C3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32


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


_EXPONENTS = {"gamma2.2": 2.2, "bt1886": 2.4, "gamma2.6": 2.6, "linear": 1.0}  # BT.1886 with Lb = 0
TRANSFERS = ("srgb", "gamma2.2", "bt1886", "gamma2.6", "pq", "linear")


def decode(transfer: str, codes: npt.ArrayLike, peak_nits: float = 1000.0) -> Array:
    """Linear light 0..1 of code values 0..1 (clipped to that), any shape.

    1.0 is the highest code; for pq it is `peak_nits`, and light above it is clipped.
    """
    values = np.clip(np.asarray(codes, np.float64), 0.0, 1.0)
    if transfer == "pq":
        return np.minimum(_pq_decode(values) * (_PQ_NITS / peak_nits), 1.0)
    return _srgb_decode(values) if transfer == "srgb" else values ** _exponent(transfer)


def encode(transfer: str, light: npt.ArrayLike, peak_nits: float = 1000.0) -> Array:
    """Code values 0..1 of linear light 0..1 (clipped to that), any shape; the inverse of `decode`."""
    values = np.clip(np.asarray(light, np.float64), 0.0, 1.0)
    if transfer == "pq":
        return _pq_encode(values * min(peak_nits / _PQ_NITS, 1.0))
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
