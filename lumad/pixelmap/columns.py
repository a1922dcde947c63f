"""The light of a lamp's emitters, from the best that is known of them."""

import numpy as np
import numpy.typing as npt

from lumad.colour import nominal
from lumad.library.measurements import emitters_xyz
from lumad.model.calibration import Calibration
from lumad.model.camera import Camera
from lumad.model.mode import RGB, Mode
from lumad.model.profile import Profile

Floats = npt.NDArray[np.float64]

_DARK = np.zeros(3)


def columns_of(profile: Profile, mode: Mode, calibration: Calibration | None) -> Floats | None:
    """XYZ (n, 3) of the emitters a mode drives, at full, in one unit; None for modes without.

    Measured ones win, and what was not measured with them is dark. A measured firmware colour space counts as
    three emitters.
    """
    measured = emitters_xyz(calibration) if calibration else {}
    if mode.colour.model == "rgb" and measured.keys() >= set(RGB):
        return np.array([measured[name] for name in RGB])
    names = profile.emitters_of(mode)
    if not names:
        return None
    if measured:
        return np.array([measured.get(name, _DARK) for name in names])
    return np.array([nominal.emitter_xyz(name, profile.emitters[name]) for name in names])


def camera_columns(
    profile: Profile, mode: Mode, serial: str, camera: Camera, wall_to_xyz: Floats
) -> Floats | None:
    """As `columns_of`, but XYZ of wall colours that `camera` cannot tell from the emitters.

    None: there are no emitters, or the camera does not know all of them (`Camera.doubt`).
    The camera's view of the wall is a matrix from linear wall RGB to camera RGB. It is undone, so that
    whoever matches these columns to the wall's XYZ matches them in camera RGB (LeGendre et al. 2016).
    """
    names, seen = profile.mixed_of(mode), camera.emitters_of(profile.id, serial)
    if not names or camera.doubt(profile, mode, serial):
        return None
    wall = np.column_stack([camera.wall.r, camera.wall.g, camera.wall.b])
    columns = np.array([seen[name] for name in names]) @ (wall_to_xyz @ np.linalg.inv(wall)).T
    columns[columns[:, 1] <= 0] = _DARK
    return columns
