"""Measurements beside a show: the calibration files of its lamps and its camera file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from lumad.colour.measure import spectrum_to_xyz
from lumad.colour.white import xy_to_xyz
from lumad.documents import load_document
from lumad.errors import DocumentError, Fault
from lumad.model.calibration import Calibration, MeasuredEmitter, check_spread
from lumad.model.camera import Camera
from lumad.model.noun import Noun, check_reach
from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.model.validate import validate

N = TypeVar("N", Calibration, Camera)


@dataclass(frozen=True, slots=True)
class Known:
    """What is measured of a show's fixtures, by name, and what of it is missing or cannot be read."""

    calibrations: dict[str, Calibration]
    seen: frozenset[str]  # fixtures that are matched for the camera
    faults: list[Fault]


class Measurements:
    """The measurement files below a show's `folder`; each is read again only after it was changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[tuple[Path, type[Noun]], tuple[tuple[int, int], Noun]] = {}

    def calibration(self, file: str) -> Calibration:
        """A lamp's calibration; DocumentError with every fault and its place."""
        return self._noun(file, Calibration)

    def camera(self, file: str) -> Camera:
        """A camera; DocumentError as above."""
        return self._noun(file, Camera)

    def of_show(self, show: Show, profiles: Mapping[str, Profile]) -> Known:
        """Everything measured that a show names."""
        found, seen, faults = {}, set(), []
        for name, fixture in show.fixtures.items():
            if fixture.calibration is not None:
                try:
                    found[name] = self.calibration(fixture.calibration)
                except DocumentError as error:
                    said = f"{error.faults[0]}; it counts as not calibrated"
                    faults.append(Fault(("fixtures", name, "calibration"), said))
        if not isinstance(show.match, str):
            try:
                camera = self.camera(show.match.camera)
            except DocumentError as error:
                said = f"{error.faults[0]}; lamps are matched for the eye"
                faults.append(Fault(("match", "camera"), said))
            else:
                for name, doubt in _judged(camera, show, profiles):
                    if doubt is None:
                        seen.add(name)
                    else:
                        faults.append(Fault(("fixtures", name), f"{show.match.camera} {doubt}"))
        return Known(found, frozenset(seen), faults)

    def _noun(self, file: str, model: type[N]) -> N:
        path = self._path_of(file)
        key, state = (path, model), _state_of(path)
        known = self._read.get(key)
        if known is not None and known[0] == state and isinstance(known[1], model):
            return known[1]
        document = load_document(path)
        noun = validate(document, model)
        if isinstance(noun, Calibration):
            try:
                check_colours(noun)
            except ValueError as error:
                raise DocumentError([document.fault(("emitters",), str(error))]) from None
        self._read[key] = (state, noun)
        return noun

    def _path_of(self, file: str) -> Path:
        """The file below the folder; anything that would leave it is refused unread."""
        name = PurePosixPath(file)
        path = self._folder / name
        inside = not name.is_absolute() and ".." not in name.parts and "\0" not in file
        if not inside or not path.resolve().is_relative_to(self._folder.resolve()):
            raise DocumentError([Fault((), "lies outside the show's folder; put it beside the show", file)])
        return path


def _judged(camera: Camera, show: Show, profiles: Mapping[str, Profile]) -> Iterator[tuple[str, str | None]]:
    """Every fixture that mixes colours, and what the camera does not know of it."""
    for name, fixture in show.fixtures.items():
        profile = profiles.get(fixture.profile)
        mode = profile.modes.get(fixture.mode) if profile else None
        if profile and mode and profile.mixed_of(mode):
            yield name, camera.doubt(profile, mode, fixture.serial)


def check_colours(calibration: Calibration) -> None:
    """ValueError where the colours that were measured, spectra among them, are not those of one lamp."""
    lights = {name: (float(x), float(y), float(z)) for name, (x, y, z) in emitters_xyz(calibration).items()}
    for xyz in lights.values():
        check_reach(xyz)
    check_spread(lights)


def emitters_xyz(calibration: Calibration) -> dict[str, npt.NDArray[np.float64]]:
    """XYZ (3,) of every emitter measured, all in the file's own unit."""
    return {name: _xyz(emitter) for name, emitter in calibration.emitters.items()}


def _xyz(emitter: MeasuredEmitter) -> npt.NDArray[np.float64]:
    if emitter.spectrum is not None:
        spectrum = emitter.spectrum
        return spectrum_to_xyz(spectrum.start_nm, spectrum.step_nm, spectrum.values)
    if emitter.xyY is not None:
        return xy_to_xyz(emitter.xyY[:2], emitter.xyY[2])
    return np.array(emitter.XYZ, np.float64)


def _state_of(path: Path) -> tuple[int, int]:
    """What changes with the file: time of the last write, and size; a file that is not there has none."""
    try:
        stat = path.stat()
    except OSError:
        return -1, -1
    return stat.st_mtime_ns, stat.st_size
