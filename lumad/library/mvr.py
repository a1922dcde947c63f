"""MVR scenes (DIN SPEC 15801) as shows: fixtures, addresses, positions, and mappings as regions.

The archive and its XML are checked here; pymvr then reads the nodes of the checked tree.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import Element

import numpy as np
import numpy.typing as npt
import pymvr

from lumad.errors import DocumentError, Fault, LumadError
from lumad.library.archive import Archive
from lumad.library.draft import Imported, free_name, slug
from lumad.library.gdtf import read_gdtf
from lumad.library.library import Library
from lumad.library.mapping import Rectangle, region_of
from lumad.library.xmltree import read_xml, readable
from lumad.model.output import LAST_UNIVERSE
from lumad.model.patch import UNIVERSE_SLOTS
from lumad.model.profile import Profile

SCENE: Final = "GeneralSceneDescription.xml"
MAX_FIXTURES: Final = 5000
_USABLE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")  # a name of the show file
_PATCHED: Final = re.compile(  # UNIVERSE.ADDRESS, or an address that counts on over universes
    r"\s*(?:0{0,9}[1-9][0-9]{0,8}\.)?0{0,9}[1-9][0-9]{0,8}\s*"
)
Transform = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plot:
    """A show's plain values, the profiles that came with it by id, and what was left out or changed."""

    show: Mapping[str, Any]
    profiles: Mapping[str, Imported]
    notes: Sequence[str]


def read_plot(data: bytes, file: str, library: Library) -> Plot:
    """The show in an MVR file; a profile that `library` has already is taken from there. DocumentError."""
    archive = Archive(data, file)
    where = f"{file}: {SCENE}"
    root = read_xml(archive.read(SCENE), where)
    with readable(where, "MVR"):
        return _Reading(archive, library).scene(root)


@dataclass(slots=True)
class _Reading:
    """One scene on its way to be a show."""

    archive: Archive
    library: Library
    regions: dict[str, dict[str, Any]] = field(default_factory=dict)
    fixtures: dict[str, dict[str, Any]] = field(default_factory=dict)
    profiles: dict[str, Imported] = field(default_factory=dict)
    specs: dict[str, Profile | str] = field(
        default_factory=dict
    )  # by GDTF file: its profile, or why there is none
    notes: list[str] = field(default_factory=list)

    def scene(self, root: Element) -> Plot:
        """Reads everything; DocumentError where not one fixture can be used."""
        node = root.find("Scene")
        if node is None:
            raise ValueError("it has no Scene")
        _keep_patch(node)
        scene = pymvr.Scene(xml_node=node)
        definitions = {
            one.uuid: one for one in (scene.aux_data.mapping_definitions if scene.aux_data else ())
        }
        found = list(_fixtures(scene))
        if len(found) > MAX_FIXTURES:
            raise ValueError(f"more than {MAX_FIXTURES} fixtures")
        wall = self._wall(definitions, [fixture for fixture, _ in found])
        follows = _follows(root)
        for fixture, matrix in found:
            self._fixture(fixture, matrix, wall, follows.get(fixture.uuid, ("", "both")))
        if not self.fixtures:
            why = self.notes or ["it has no fixtures"]
            raise DocumentError(
                [Fault((), f"nothing to import; {said}", self.archive.file) for said in why[:20]]
            )
        show: dict[str, Any] = {"show": 1, "name": self.archive.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]}
        if wall is not None:
            show["wall"] = {"size": [wall.size_x, wall.size_y]}
        return Plot({**show, "regions": self.regions, "fixtures": self.fixtures}, self.profiles, self.notes)

    def _wall(
        self, definitions: Mapping[str, "pymvr.MappingDefinition"], fixtures: Sequence["pymvr.Fixture"]
    ) -> "pymvr.MappingDefinition | None":
        """The source most fixtures are mapped to; lumad has one wall."""
        used = [mapping.link_def for fixture in fixtures for mapping in fixture.mappings]
        sized = [one for one in definitions.values() if min(one.size_x, one.size_y) >= 1]
        fits = [one for one in sized if max(one.size_x, one.size_y) <= 16384]
        if len(fits) < len(definitions):
            self.notes.append("a mapping definition without a usable size is left out")
        wall = max(fits, key=lambda one: used.count(one.uuid), default=None)
        if wall is not None and len(fits) > 1:
            self.notes.append(f"of {len(fits)} mapping definitions {wall.name!r} is the wall; lumad has one")
        return wall

    def _fixture(
        self,
        fixture: "pymvr.Fixture",
        matrix: Transform,
        wall: "pymvr.MappingDefinition | None",
        follows: tuple[str, str],
    ) -> None:
        """Takes one fixture into the show, or notes why not."""
        name = free_name(_name(fixture), self.fixtures)
        profile = self._profile(fixture.gdtf_spec)
        if isinstance(profile, str):
            self.notes.append(f"fixture {name} is left out: {profile}")
            return
        mode = _mode_id(profile, fixture.gdtf_mode or "")
        patch = _patch(fixture)
        if mode is None or isinstance(patch, str):
            said = f"{profile.id} has no mode {fixture.gdtf_mode!r}" if mode is None else patch
            self.notes.append(f"fixture {name} is left out: {said}")
            return
        form: dict[str, Any] = {"profile": profile.id, "mode": mode, **patch}
        region = self._region(fixture, wall, follows[0] or name)
        if region is not None:
            form["follow"] = region if follows[1] == "both" else {"region": region, "take": follows[1]}
        form |= _labels(fixture)
        position = [round(float(value) / 1000, 4) + 0.0 for value in matrix[3, :3]]
        if any(position) and all(math.isfinite(value) for value in position):
            form["position"] = position
        self.fixtures[name] = form

    def _region(
        self, fixture: "pymvr.Fixture", wall: "pymvr.MappingDefinition | None", name: str
    ) -> str | None:
        """The region a fixture is mapped to; fixtures with the same mapping share one."""
        mappings = [one for one in fixture.mappings if wall is not None and one.link_def == wall.uuid]
        if wall is None or not mappings:
            return None
        one, (width, height) = mappings[0], (wall.size_x, wall.size_y)
        ux, uy = one.ux or 0, one.uy or 0
        across, down = (
            told if told is not None else rest for told, rest in ((one.ox, width - ux), (one.oy, height - uy))
        )
        try:
            region = region_of(Rectangle(ux, uy, across, down, one.rz or 0.0), (width, height))
        except ValueError as error:
            self.notes.append(f"fixture {fixture.name} follows nothing: {str(error).splitlines()[0]}")
            return None
        form = region.model_dump(mode="json", include={"shape", "center", "size", "rotation"})
        same = next((known for known, other in self.regions.items() if other == form), None)
        if same is None:
            same = free_name(name, self.regions)
            self.regions[same] = form
        return same

    def _profile(self, spec: str | None) -> Profile | str:
        """The profile of a GDTF file, read once; a sentence where there is none."""
        if not spec:
            return "it names no GDTF file"
        if spec not in self.specs:
            try:
                self.specs[spec] = self._read(spec)
            except LumadError as error:
                self.specs[spec] = str(error).splitlines()[0]
        return self.specs[spec]

    def _read(self, spec: str) -> Profile:
        inside = self.archive.find(spec)
        if inside is None:
            maker, _, model = spec.removesuffix(".gdtf").partition("@")
            return self.library.profile(f"{slug(maker)}/{slug(model)}")
        data = self.archive.read(inside)
        found = read_gdtf(data, f"{self.archive.file}: {spec}", allowance=self.archive.allowance)
        if found.profile.id in self.library.ids():
            self.notes.append(f"{found.profile.id} is in the library already; that one is used")
            return self.library.profile(found.profile.id)
        self.profiles[found.profile.id] = found
        return found.profile


def _fixtures(scene: "pymvr.Scene") -> Iterator[tuple["pymvr.Fixture", Transform]]:
    """Every fixture with its place in the room: matrices of layers, groups and carriers multiplied out."""
    for layer in scene.layers:
        yield from _inside(layer, np.eye(4))


def _inside(node: Any, around: Transform) -> Iterator[tuple["pymvr.Fixture", Transform]]:
    own = _matrix(node) @ around
    if isinstance(node, pymvr.Fixture):
        yield node, own
    children = node.child_list
    if children is None:
        return
    kinds = (
        *(children.fixtures, children.group_objects, children.scene_objects, children.supports),
        *(children.trusses, children.video_screens, children.projectors),
    )
    for kind in kinds:
        for child in kind:
            yield from _inside(child, own)


def _matrix(node: Any) -> Transform:
    """A 4x3 matrix of MVR (rows u, v, w, o; millimetres) with its fourth column."""
    matrix = np.eye(4)
    matrix[:, :3] = np.asarray(node.matrix.matrix, np.float64)[:, :3]
    return matrix


def _name(fixture: "pymvr.Fixture") -> str:
    """A usable name of a fixture: its own, else its number."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", fixture.name or "").strip("-._")[:58]
    return plain or f"fixture-{slug(str(fixture.fixture_id or '')) or 'x'}"


def _keep_patch(scene: Element) -> None:
    """Leaves of all addresses those of first DMX breaks, and of these only what is one.

    An address of 0, of nothing and of letters is no patch. pymvr makes slot 1 of it, or refuses the scene.
    """
    for addresses in list(scene.iter("Addresses")):
        first = min(addresses.findall("Address"), key=_break, default=None)
        for one in list(addresses):
            if one is not first or not _PATCHED.fullmatch(one.text or ""):
                addresses.remove(one)
            one.attrib.pop("break", None)


def _break(address: Element) -> int:
    told = address.get("break", "")
    return int(told) if re.fullmatch(r"[0-9]{1,9}", told) else 0


def _patch(fixture: "pymvr.Fixture") -> dict[str, int] | str:
    """Universe and address; a sentence where lumad has nowhere to send."""
    if not fixture.addresses.addresses:
        return "it is not patched"
    (one,) = fixture.addresses.addresses
    if one.universe > LAST_UNIVERSE or one.address > UNIVERSE_SLOTS:
        return f"universe {one.universe}, address {one.address} cannot be sent"
    return {"universe": one.universe, "address": one.address}


def _labels(fixture: "pymvr.Fixture") -> dict[str, Any]:
    """Fixture ID and name as a person gave them."""
    told = str(fixture.fixture_id or "").strip()
    number = int(told) if re.fullmatch(r"[0-9]{1,9}", told) else fixture.fixture_id_numeric
    form: dict[str, Any] = {"number": number} if number else {}
    if fixture.name and fixture.name != _name(fixture):
        form["label"] = fixture.name
    return form


def _mode_id(profile: Profile, name: str) -> str | None:
    """The mode called `name`, by id or by name; the only one where there is only one."""
    wanted = name.casefold()
    for mode_id, mode in profile.modes.items():
        if wanted in {mode_id.casefold(), mode.name.casefold()}:
            return mode_id
    return None


def _follows(root: Element) -> dict[str, tuple[str, str]]:
    """Region names and what is taken from them, by fixture, as lumad's own export notes them."""
    found = {}
    for data in root.findall("UserData/Data"):
        for one in data.findall("Follow") if data.get("provider") == "lumad" else ():
            region, take = one.get("region", ""), one.get("take", "both")
            if _USABLE.fullmatch(region) and take in {"both", "colour", "intensity"}:
                found[one.get("fixture", "")] = (region, take)
    return found
