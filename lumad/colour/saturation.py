"""The saturation trim."""

import numpy as np
import numpy.typing as npt

from lumad.colour.spaces import oklab_to_xyz, xyz_to_oklab

Array = npt.NDArray[np.float64]


def saturate(xyz: npt.ArrayLike, white_xyz: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """XYZ (N, 3) with its Oklab chroma times `factor` (one, or (N,)); hue and lightness stay.

    A factor above 1 may ask for more than light can be: X, Y and Z stop at zero.
    """
    lab = xyz_to_oklab(xyz, white_xyz)
    lab[..., 1:] *= np.asarray(factor, np.float64)[..., None]
    return np.maximum(oklab_to_xyz(lab, white_xyz), 0.0)
