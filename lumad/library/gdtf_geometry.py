"""Where the channels of a GDTF mode sit: plain geometries, and references that repeat one as cells."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from lumad.library.foreign import UnfitError

_MAX_PLACES: Final = 1024
_NO_GEOMETRY: Final = {"Break", "PinPatch", "Protocol", "MagnetCondition"}


@dataclass(frozen=True, slots=True)
class Place:
    """A geometry in use, or one reference to it; `breaks`: first slot by DMX break, in the order told."""

    name: str
    breaks: Mapping[str, int]

    def shift(self, dmx_break: str) -> tuple[str, int]:
        """The DMX break a channel ends up in, and how many slots further on it lies."""
        if dmx_break == "Overwrite":
            dmx_break = ["1", *self.breaks][-1]  # the last break of a reference is for these
        return dmx_break, self.breaks.get(dmx_break, 1) - 1


def places_of(fixture: Element, root: str) -> dict[str, tuple[Place, ...]]:
    """The places of every geometry below the mode's `root`, by the name channels call it by."""
    tops = {top.get("Name", ""): top for top in fixture.findall("Geometries/*")}
    start = tops.get(root)
    if start is None and len(tops) == 1:
        start = next(iter(tops.values()))
    found: dict[str, list[Place]] = {}
    count = 0
    for node in _tree(start) if start is not None else ():
        for name, place in _places(node, tops):
            count += 1
            if count > _MAX_PLACES:
                raise UnfitError(f"more than {_MAX_PLACES} geometries")
            found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}


def _places(node: Element, tops: Mapping[str, Element]) -> Iterator[tuple[str, Place]]:
    """The geometry itself; for a reference, every geometry of what it refers to."""
    name = node.get("Name", "")
    if node.tag != "GeometryReference":
        yield name, Place(name, {})
        return
    target = tops.get(node.get("Geometry", ""))
    if target is None:
        return
    breaks = {}
    for one in node.findall("Break"):
        offset = one.get("DMXOffset", "1").rsplit(".", 1)[-1]  # universe.address is possible
        breaks[one.get("DMXBreak", "1")] = int(offset)
    for inner in _tree(target):
        if inner.tag != "GeometryReference":  # references inside references are nobody's pixels
            yield inner.get("Name", ""), Place(name, breaks)


def _tree(node: Element) -> Iterator[Element]:
    """A geometry and all below it, in order."""
    yield node
    for child in node:
        if child.tag not in _NO_GEOMETRY:
            yield from _tree(child)
