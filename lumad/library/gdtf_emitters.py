"""Emitters of GDTF files: a hint at best, unless a spectrum stands beside them."""

import math
from dataclasses import dataclass, replace
from typing import Any, Final
from xml.etree.ElementTree import Element

import numpy as np
import numpy.typing as npt
import pygdtf

from lumad.colour.measure import matching_functions
from lumad.library.draft import free_name, slug
from lumad.library.foreign import Findings

Array = npt.NDArray[np.float64]

# what editors write when nobody typed a colour in: sRGB's primaries, and D65
_PLACEHOLDERS: Final = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06), (0.3127, 0.3290))
_NEAR: Final = 0.0006
_FEWEST_POINTS: Final = 10
_WIDEST_STEP_NM: Final = 10.0


@dataclass(frozen=True, slots=True)
class FoundEmitter:
    """An emitter: what channels link to, its name here, its light (None: unknown), whether it is measured."""

    link: str
    name: str
    light: tuple[float, float, float] | None
    measured: bool = False

    def form(self) -> dict[str, Any]:
        """As a native emitter; what is not measured is nominal."""
        told = {} if self.light is None else {"xyY": [round(value, 5) for value in self.light]}
        return told | ({"nominal": True} if told and not self.measured else {})


def read_emitters(fixture: Element, findings: Findings) -> list[FoundEmitter]:
    """The emitters of a fixture type: measured where every one has a spectrum, placeholders dropped."""
    found: list[FoundEmitter] = []
    spectra: list[Array | None] = []
    for node in fixture.findall("PhysicalDescriptions/Emitters/Emitter"):
        emitter = pygdtf.Emitter(xml_node=node)
        link = str(emitter.name)
        name = free_name(slug(link) or "emitter", [other.name for other in found])
        found.append(FoundEmitter(link, name, _light(emitter, node)))
        spectra.append(_spectrum(emitter))
    seen = [xyz for xyz in spectra if xyz is not None]
    if found and len(seen) == len(found):
        brightest = max(float(xyz[1]) for xyz in seen)
        return [
            replace(one, light=_from_xyz(xyz * 100 / brightest), measured=True)
            for one, xyz in zip(found, seen, strict=True)
        ]
    return _without_placeholders(found, findings)


def _without_placeholders(found: list[FoundEmitter], findings: Findings) -> list[FoundEmitter]:
    """The emitters whose colours somebody typed in; what an editor filled in is dropped, and that is said."""
    empty = [emitter.link for emitter in found if emitter.light and _is_placeholder(emitter.light)]
    if len(empty) >= 3:  # a set of placeholders says nothing about its other members
        empty = [emitter.link for emitter in found]
    if empty:
        names = ", ".join(empty)
        findings.repaired.append(f"the colours of {names} are an editor's placeholders; they are dropped")
    kept = [replace(one, light=None) if one.link in empty else one for one in found]
    levels = [one.light[2] for one in kept if one.light]
    if len(levels) > 1 and len(set(levels)) == 1:
        findings.unknown.append("how bright the emitters are beside each other; the file says all alike")
    return kept


def _spectrum(emitter: "pygdtf.Emitter") -> Array | None:
    """XYZ of the emitter at full, from the spectrum of its highest measurement; None without a good one."""
    full = max(emitter.measurements, key=lambda one: one.physical or 0.0, default=None)
    points = {} if full is None else {one.wave_length: one.energy for one in full.measurement_points}
    if len(points) < _FEWEST_POINTS:
        return None
    wavelength = np.array(sorted(points), np.float64)
    energy = np.array([points[at] for at in wavelength.tolist()], np.float64)
    good = np.isfinite(wavelength).all() and np.isfinite(energy).all() and energy.min() >= 0
    if not good or np.diff(wavelength).max() > _WIDEST_STEP_NM:
        return None
    weighted = energy[:, None] * matching_functions(wavelength)
    xyz = np.asarray(np.trapezoid(weighted, wavelength, axis=0), np.float64)
    return xyz if np.isfinite(xyz).all() and xyz[1] > 0 else None


def _from_xyz(xyz: Array) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in xyz)
    return x / (x + y + z), y / (x + y + z), y


def _light(emitter: "pygdtf.Emitter", node: Element) -> tuple[float, float, float] | None:
    """CIE x, y and relative Y as the file states them, if they can be light."""
    if node.get("Color") is None:
        return None
    x, y, luminance = emitter.color.x, emitter.color.y, emitter.color.Y
    possible = all(math.isfinite(value) for value in (x, y, luminance))
    if possible and x >= 0 and y > 0 and x + y <= 1 and luminance > 0:
        return (x, y, luminance)
    return None


def _is_placeholder(light: tuple[float, float, float]) -> bool:
    return any(math.dist(light[:2], other) < _NEAR for other in _PLACEHOLDERS)
