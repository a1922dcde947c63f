"""GDTF files (DIN SPEC 15800) as native profiles: modes, channels, emitters, cells.

The archive and its XML are checked here; pygdtf then reads single nodes of the checked tree.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import Element

import pygdtf

from lumad.library.archive import Allowance, Archive
from lumad.library.draft import Imported, Origin, profile_id, profile_of
from lumad.library.foreign import Findings, Foreign, Span, UnfitError
from lumad.library.gdtf_emitters import read_emitters
from lumad.library.gdtf_geometry import Place, places_of
from lumad.library.xmltree import read_xml, readable

MAX_MODES: Final = 200
_RENAMED: Final = {
    "ColorRGB_Red": "ColorAdd_R",
    "ColorRGB_Green": "ColorAdd_G",
    "ColorRGB_Blue": "ColorAdd_B",
    "HSB_Brightness": "Dimmer",
    "CIE_Brightness": "Dimmer",
    "NoFeature": "X_Reserved",
}
# physical ends that make sense
_BOUNDS: Final = {
    "CTC": (1000.0, 25000.0),
    "CTO": (1000.0, 25000.0),
    "Tint": (-1000.0, 1000.0),
    "HSB_Hue": (0.0, 360.0),
    "HSB_Saturation": (0.0, 1.0),
    "CIE_X": (0.0, 1.0),
    "CIE_Y": (0.0, 1.0),
}
_DMX_VALUE: Final = re.compile(r"\s*([0-9]{1,20})\s*/\s*([1-9])(s?)\s*")


def read_gdtf(
    data: bytes, file: str, given_id: str | None = None, allowance: Allowance | None = None
) -> Imported:
    """The profile that a GDTF file describes; DocumentError where nothing of it can be driven."""
    archive = Archive(data, file, allowance)
    where = f"{file}: description.xml"
    root = read_xml(archive.read("description.xml"), where)
    with readable(where, "GDTF"):
        return _profile(root, file, given_id)


def _profile(root: Element, file: str, given_id: str | None) -> Imported:
    fixture = root.find("FixtureType")
    if fixture is None:
        raise ValueError("it has no FixtureType")
    maker, name = fixture.get("Manufacturer", ""), fixture.get("Name", "")
    revisions = fixture.findall("Revisions/Revision")
    latest = max((revision.get("Date", "") for revision in revisions), default="")
    origin = Origin(
        file,
        profile_id(maker, name, file, given_id),
        f"{maker} {name}".strip(),
        f"GDTF {root.get('DataVersion', '?')} file of {maker or 'an unnamed maker'}"
        + (f", revision of {latest[:10]}" if latest else ""),
    )
    findings = Findings()
    emitters = read_emitters(fixture, findings)
    names = {emitter.link: emitter.name for emitter in emitters}
    modes = fixture.findall("DMXModes/DMXMode")[:MAX_MODES]
    found = profile_of(
        origin,
        {emitter.name: emitter.form() for emitter in emitters},
        [_mode(mode, fixture, names) for mode in modes],
    )
    return Imported(found.profile, found.form, _joined(findings, found.findings))


def _joined(first: Findings, second: Findings) -> Findings:
    return Findings(
        [*first.repaired, *second.repaired],
        [*first.unknown, *second.unknown],
        [*first.left_out, *second.left_out],
    )


def _mode(
    mode: Element, fixture: Element, emitters: Mapping[str, str]
) -> tuple[str, Sequence[Foreign] | UnfitError, Findings]:
    """Name, channels and findings of one mode; UnfitError instead of channels that cannot be patched."""
    name, findings = mode.get("Name", ""), Findings()
    try:
        return name, _channels(mode, fixture, emitters, findings), findings
    except UnfitError as error:
        return name, error, findings


def _channels(
    mode: Element, fixture: Element, emitters: Mapping[str, str], findings: Findings
) -> list[Foreign]:
    nodes = mode.findall("DMXChannels/DMXChannel")
    virtual = [node for node in nodes if _offsets(node) == ()]
    if virtual:
        findings.repaired.append(f"channels without slots (virtual ones) are left out: {len(virtual)}")
    real = [node for node in nodes if node not in virtual]
    for node in real:
        _normal(node, findings)
    channels = [pygdtf.DmxChannel(xml_node=node) for node in real]
    masters = _masters(channels)
    places = places_of(fixture, mode.get("Geometry", ""))
    found: list[Foreign] = []
    for node, channel in zip(real, channels, strict=True):
        told = _told(node, channel, masters, emitters, findings)
        own = places.get(node.get("Geometry", ""))
        if own is None:
            findings.repaired.append(
                f"geometry {node.get('Geometry')!r} is nowhere; its offsets count as they are"
            )
        found += [_placed(told, node, place) for place in own or (Place("", {}),)]
    return _with_white(found, findings)


def _with_white(channels: list[Foreign], findings: Findings) -> list[Foreign]:
    """A CTO in kelvin steers white just as a CTC does, where there is no CTC."""
    told = [channel for channel in channels if channel.attribute == "CTO" and channel.map]
    if len(told) != 1 or any(channel.attribute == "CTC" for channel in channels):
        return channels
    findings.repaired.append("CTO tells kelvin; it is called CTC here")
    return [replace(one, attribute="CTC") if one is told[0] else one for one in channels]


def _offsets(node: Element) -> tuple[int, ...]:
    """The slots of a channel from its place's first; () for a virtual channel."""
    text = node.get("Offset", "").strip()
    if text in {"", "None"}:
        return ()
    if not re.fullmatch(r"[0-9]{1,4}(\s*,\s*[0-9]{1,4})*", text) or "0" in text.replace(",", " ").split():
        raise UnfitError(f"a channel has the offset {text[:40]!r}; offsets are whole numbers from 1")
    offsets = tuple(int(part) for part in text.split(","))
    if len(offsets) > 4:
        raise UnfitError(f"a channel has {len(offsets)} slots; lumad knows up to 4")
    return offsets


def _normal(node: Element, findings: Findings) -> None:
    """Brings the DMX values of a channel to its own resolution; pygdtf compares them as they stand."""
    count = len(_offsets(node))
    _rescale(node, "Default", count)
    for function in node.iter("ChannelFunction"):
        if function.get("DMXFrom") is None:
            findings.repaired.append(f"{function.get('Attribute', '?')} has no DMXFrom; it begins at 0")
        for key in ("DMXFrom", "Default"):
            _rescale(function, key, count)
        if None in (function.get("PhysicalFrom"), function.get("PhysicalTo")):
            function.set("PhysicalFrom", "nan")  # not told; pygdtf would make 0..1 of it
        for part in [part for part in function if part.tag in {"ChannelSet", "SubChannelSet"}]:
            function.remove(part)  # names of ranges; their physical ends are not needed


def _rescale(node: Element, key: str, count: int) -> None:
    text = node.get(key)
    if text is not None:
        node.set(key, f"{_code(text, count)}/{count}")


def _code(text: str, count: int) -> int:
    """A DMXValue in `count` bytes: bytes repeat (255/1 is 65535/2), or with an s follow as zeros."""
    told = _DMX_VALUE.fullmatch(text)
    if told is None:
        return 0
    value, own = int(told[1]), int(told[2])
    pattern = min(value, (1 << 8 * own) - 1).to_bytes(own, "big")
    filled = pattern + bytes(count) if told[3] else pattern * count
    return int.from_bytes(filled[:count], "big")


def _masters(channels: Sequence["pygdtf.DmxChannel"]) -> dict[str, tuple[int, int] | None]:
    """Code and slots of every channel by name; None for one that is no master."""
    named = {channel.name: (channel.default.value, len(channel.offset)) for channel in channels}
    asked = {_master_name(function) for channel in channels for function in _functions(channel)}
    return {name: named.get(name) if name in named else None for name in asked if name}


def _functions(channel: "pygdtf.DmxChannel") -> Iterator["pygdtf.ChannelFunction"]:
    for logical in channel.logical_channels:
        yield from logical.channel_functions


def _master_name(function: "pygdtf.ChannelFunction") -> str:
    """The channel a function depends on; "" for none (the link may go on to a function of it)."""
    link = function.mode_master.str_link
    return str(link).split(".", 1)[0] if link else ""


def _is_active(function: "pygdtf.ChannelFunction", masters: Mapping[str, tuple[int, int] | None]) -> bool:
    """Whether a function holds while its master rests at its default."""
    name = _master_name(function)
    if not name:
        return True
    master = masters.get(name)
    if master is None:
        return False
    code, count = master
    low, high = (
        _code(f"{end.value}/{end.byte_count}", count) for end in (function.mode_from, function.mode_to)
    )
    return low <= code <= high


def _told(
    node: Element,
    channel: "pygdtf.DmxChannel",
    masters: Mapping[str, tuple[int, int] | None],
    emitters: Mapping[str, str],
    findings: Findings,
) -> Foreign:
    """What a channel does while every mode master rests; offsets from its place's first slot."""
    name = str(channel.attribute)
    offset = tuple(channel.offset)
    functions = list(_functions(channel))
    active = [function for function in functions if _is_active(function, masters)]
    if len(active) < len(functions):
        findings.repaired.append(f"{name} is read as while its mode master rests at its default")
    own = [function for function in active if str(function.attribute) == name]
    attribute = _attribute(name, findings)
    spans = tuple(sorted(_span(function, attribute) for function in own))
    told = Foreign(attribute, offset, default=_default(node, channel))
    told = replace(told, map=_map(attribute, spans, told.highest, findings))
    links = [emitters.get(str(function.emitter)) for function in own]
    return replace(
        told,
        emitter=next((link for link in links if link), None),
        held="other channels depend on it" if channel.name in masters else _why_held(told, spans),
    )


def _why_held(told: Foreign, spans: tuple[Span, ...]) -> str:
    """Why a channel can never be driven; "" where nothing speaks against it."""
    if not spans:
        return "it works in another state of the lamp only"
    joined = all(after.first == before.last + 1 for before, after in pairwise(spans))
    whole = joined and spans[0].first <= told.highest * 0.02 and spans[-1].last == told.highest
    if told.attribute.startswith(("Dimmer", "ColorAdd_")):
        ends = [end for span in spans for end in (span.start, span.end)]
        if ends != sorted(ends):
            return "it runs backwards"
        return "" if whole else "it shares its codes with other functions"
    return "" if whole or told.map else "what its codes mean is not told"


def _default(node: Element, channel: "pygdtf.DmxChannel") -> int | None:
    """The code of its initial function, else its own default, else its first function's; None if untold."""
    functions = list(_functions(channel))
    code: int = channel.default.value
    if node.get("Default") is not None or any(function.default is channel.default for function in functions):
        return code
    first = node.find("LogicalChannel/ChannelFunction")
    return None if first is None or first.get("Default") is None else functions[0].default.value


def _attribute(name: str, findings: Findings) -> str:
    """A GDTF attribute as native profiles call it."""
    if name in _RENAMED:
        if name != "NoFeature":
            findings.repaired.append(f"{name} is called {_RENAMED[name]} here")
        return _RENAMED[name]
    if re.fullmatch(r"[A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*", name) and len(name) <= 64:
        return name
    plain = re.sub(r"[^A-Za-z0-9]+", "", name)[:60]
    return f"X_{plain}" if plain else "X_Reserved"


def _span(function: "pygdtf.ChannelFunction", attribute: str) -> Span:
    """The codes of a function; physical ends that are no numbers count as unknown (0, 0)."""
    start, end = function.physical_from.value, function.physical_to.value
    first, last = function.dmx_from.value, function.dmx_to.value
    known = all(value is not None and math.isfinite(value) for value in (start, end))
    unit = {"CTC": "K", "CTO": "K", "HSB_Hue": "deg"}.get(attribute, "")
    return Span(first, max(first, last), start if known else 0.0, end if known else 0.0, unit)


def _map(attribute: str, spans: tuple[Span, ...], highest: int, findings: Findings) -> tuple[Span, ...]:
    """The map of a channel where its physical ends are what they should be; else () and a word."""
    if attribute not in _BOUNDS or not spans:
        return ()
    low = min(min(span.start, span.end) for span in spans)
    high = max(max(span.start, span.end) for span in spans)
    least, most = _BOUNDS[attribute]
    if attribute == "HSB_Saturation" and 1 < high <= 100:
        findings.repaired.append("HSB_Saturation is told in percent")
        spans = tuple(span._replace(start=span.start / 100, end=span.end / 100) for span in spans)
        high /= 100
    if attribute == "Tint":
        findings.unknown.append("how green the ends of Tint are; it is not driven")
    elif not (least <= low < high <= most):
        findings.unknown.append(f"what the codes of {attribute} mean; the file says {low:g} to {high:g}")
        return ()
    is_usual = [(0, highest, least, most)] == [span[:4] for span in spans]
    return () if is_usual and attribute.startswith("HSB_") else spans


def _placed(told: Foreign, node: Element, place: Place) -> Foreign:
    """The channel at one place: its offsets moved by the break of a geometry reference."""
    number, shift = place.shift(node.get("DMXBreak", "1"))
    if number != "1":
        raise UnfitError(f"its DMX break {number} needs an address of its own; lumad patches one")
    return replace(told, offset=tuple(slot + shift for slot in told.offset), place=place.name)
