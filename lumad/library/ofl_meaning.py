"""What a channel of the Open Fixture Library means: the repair layer for what its types cannot say.

Hue, saturation, green-magenta, crossfade, CIE x and y and white points are typed Generic (or as an emitter
that is none) with a comment; here they get their GDTF attribute and, where the text tells it, their map.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from lumad.library.foreign import Findings, Foreign, Span
from lumad.library.ofl_codes import Capability
from lumad.library.ofl_text import green_in, is_neutral, kelvin_in, numbers_in

_COLOURS: Final[Mapping[str, str]] = {
    "Red": "ColorAdd_R",
    "Green": "ColorAdd_G",
    "Blue": "ColorAdd_B",
    "Cyan": "ColorAdd_C",
    "Magenta": "ColorAdd_M",
    "Yellow": "ColorAdd_Y",
    "Amber": "ColorAdd_RY",
    "White": "ColorAdd_W",
    "Warm White": "ColorAdd_WW",
    "Cold White": "ColorAdd_CW",
    "UV": "ColorAdd_UV",
    "Lime": "ColorAdd_GY",
    "Indigo": "ColorAdd_BM",
}
_TINT: Final = re.compile(
    r"green\W{0,3}magenta|magenta\W{0,3}green|\bg\W?m\b|\btint\b|([±+-]|minus|plus)\W?green", re.IGNORECASE
)
_CROSSFADE: Final = re.compile(r"cross\W?fade|\bx\W?fade|<->", re.IGNORECASE)
_TO_COLOUR: Final = re.compile(
    r"(to|…|\.{2,}|->|→)\s*(full\s*)?(\w+[/ ])?(rgb\w*|hsi|hue|colou?r)[^…]*$", re.IGNORECASE
)
_FROM_COLOUR: Final = re.compile(
    r"^\W*(full\s*)?(rgb\w*|hsi|colou?r)\b.*(to|…|\.{2,}|->|→)\s*(white|cct)", re.IGNORECASE
)
_HUE: Final = re.compile(r"\bhue\b", re.IGNORECASE)
_SATURATION: Final = re.compile(r"\bsat(uration)?\b", re.IGNORECASE)
_CIE: Final = re.compile(
    r"(?:cie|colou?r)?\W*([xy])\W*(?:coordinate|chromaticity)?\W*(?:\d+\W?bit)?", re.IGNORECASE
)
_CCT: Final = re.compile(r"\bcct\b|colou?r temp", re.IGNORECASE)
_STROBES: Final = {"ShutterStrobe", "StrobeSpeed", "StrobeDuration"}
_SHARED: Final = "it shares its codes with other functions"


def meaning_of(
    name: str, channel: Foreign, capabilities: Sequence[Capability], findings: Findings
) -> Foreign:
    """The channel with its attribute, its map and, where its default is untold, a code that does nothing."""
    types = {_type(one) for one in capabilities} - {"NoFunction"}
    if not types:
        return replace(channel, attribute="X_Reserved", default=channel.default or 0)
    found = _repaired(name, channel, types, capabilities, findings) or _typed(
        name, channel, types, capabilities
    )
    return found if found.default is not None else _with_rest(found, capabilities)


def _type(capability: Capability) -> str:
    return str(capability.told.get("type", ""))


def _text(capability: Capability) -> str:
    return str(capability.told.get("comment", ""))


def _repaired(
    name: str, channel: Foreign, types: set[str], capabilities: Sequence[Capability], findings: Findings
) -> Foreign | None:
    """What the types do not say but name and comments do; None where there is nothing to repair."""
    text = " ".join([name, *(_text(one) for one in capabilities[:4])])
    if not types <= {"Generic", "ColorIntensity", "ColorTemperature"}:
        return None
    if types <= {"Generic", "ColorIntensity"} and _TINT.search(name):
        findings.repaired.append(f"{name!r} is Tint, not {' or '.join(sorted(types))}")
        return replace(channel, attribute="Tint", map=_tint(capabilities, findings))
    if types != {"Generic"}:
        return None
    if _CROSSFADE.search(text):
        findings.repaired.append(f"{name!r} is a crossfade")
        told = [name, *(_text(one) for one in capabilities)]
        up, down = (any(mark.search(one) for one in told) for mark in (_TO_COLOUR, _FROM_COLOUR))
        end = 0 if down else channel.highest if up else None
        return replace(channel, attribute="X_Crossfade", colour_at=end)
    for attribute, mark, reading in _GENERIC:
        if mark(name):
            findings.repaired.append(f"{name!r} is {attribute(name)}")
            return reading(replace(channel, attribute=attribute(name)), capabilities, findings)
    return None


def _typed(name: str, channel: Foreign, types: set[str], capabilities: Sequence[Capability]) -> Foreign:
    """What the types say."""
    kind = next(_type(one) for one in capabilities if _type(one) != "NoFunction")
    if kind == "ColorTemperature" and len(types) == 1:
        return replace(channel, attribute="CTC", map=_spans(capabilities, _kelvin, "K") or ())
    colours = {str(one.told.get("color")) for one in capabilities if _type(one) == "ColorIntensity"}
    attribute = ""
    if kind == "Intensity":
        attribute = "Dimmer"
    elif kind == "ColorIntensity" and len(colours) == 1:
        attribute = _COLOURS.get(colours.pop(), "")
    if attribute:
        whole = len(types) == 1 and _is_whole(capabilities, kind)
        return replace(channel, attribute=attribute, held="" if whole else _SHARED)
    if types & _STROBES:
        return replace(channel, attribute="Shutter1Strobe")
    words = re.findall(r"[A-Za-z0-9]+", name)
    return replace(channel, attribute="X_" + ("".join(word.capitalize() for word in words)[:60] or kind))


def _is_whole(capabilities: Sequence[Capability], kind: str) -> bool:
    """Whether a level runs straight over all codes; a few of no function at the bottom do no harm."""
    levels = [one for one in capabilities if _type(one) == kind]
    highest = (1 << 8 * levels[0].count) - 1
    ends = {"off", "dark", "0%"}
    rising = str(levels[0].told.get("brightnessStart", "off")).lower() in ends
    return len(levels) == 1 and rising and levels[0].low <= highest * 0.02 and levels[0].high == highest


def _with_rest(channel: Foreign, capabilities: Sequence[Capability]) -> Foreign:
    """A code at which the file says nothing happens, where there is one."""
    for one in capabilities:
        open_shutter = one.told.get("shutterEffect") == "Open"
        if _type(one) == "NoFunction" or open_shutter:
            return replace(channel, default=one.low)
    return channel


Reader = Callable[[Capability], tuple[float, float] | None]


def _spans(capabilities: Sequence[Capability], read: Reader, unit: str) -> tuple[Span, ...] | None:
    """A map of all capabilities that do something, codes rising; None where one cannot be read."""
    found: list[Span] = []
    for one in sorted(capabilities, key=lambda one: one.low):
        if _type(one) == "NoFunction":
            continue
        ends = read(one)
        if ends is None:
            return None
        low = max(one.low, found[-1].last + 1 if found else 0)  # coarser codes may be of two ranges
        if low <= one.high:
            found.append(Span(low, one.high, *ends, unit))
    return _straight(found)


def _straight(spans: list[Span]) -> tuple[Span, ...]:
    """One range instead of many single steps of a straight line."""
    if len(spans) < 16:
        return tuple(spans)
    first, last = spans[0], spans[-1]
    rise = (last.end - first.start) / max(last.last - first.first, 1)
    off = max(abs(first.start + rise * (span.first - first.first) - span.start) for span in spans)
    if off <= 0.01 * abs(last.end - first.start):
        return (Span(first.first, last.last, first.start, last.end, first.unit),)
    return tuple(spans)


def _kelvin(capability: Capability) -> tuple[float, float] | None:
    told = capability.told
    start = told.get("colorTemperatureStart", told.get("colorTemperature"))
    if start is None:
        return kelvin_in(_text(capability))
    low, high = kelvin_in(str(start)), kelvin_in(str(told.get("colorTemperatureEnd", start)))
    return (low[0], high[1]) if low and high else None


def _tint(capabilities: Sequence[Capability], findings: Findings) -> tuple[Span, ...]:
    """The map of green and magenta; only its neutral codes where the rest cannot be read."""
    still = [one for one in capabilities if _type(one) == "NoFunction" or is_neutral(_text(one))]
    rest = [one for one in capabilities if one not in still]
    neutral = [Span(one.low, one.high, 0, 0, "", neutral=True) for one in still]
    moving = _spans(rest, lambda one: green_in(_text(one)), "%green")
    if not moving:
        findings.unknown.append("how green the ends of Tint are; it is not driven")
        return tuple(neutral)
    if max(abs(end) for span in moving for end in (span.start, span.end)) <= 1:  # told as -1 to 1
        moving = tuple(span._replace(start=span.start * 100, end=span.end * 100) for span in moving)
    kept: list[Span] = []
    for span in sorted([*neutral, *moving]):
        low = max(span.first, kept[-1].last + 1 if kept else 0)
        if low <= span.last:
            kept.append(span._replace(first=low))
    return tuple(kept)


def _hue(channel: Foreign, capabilities: Sequence[Capability], findings: Findings) -> Foreign:
    return _ranged(channel, capabilities, findings, (0, 360), 1.0)


def _saturation(channel: Foreign, capabilities: Sequence[Capability], findings: Findings) -> Foreign:
    return _ranged(channel, capabilities, findings, (0, 1), 0.01)


def _cie(channel: Foreign, capabilities: Sequence[Capability], findings: Findings) -> Foreign:
    return _ranged(channel, capabilities, findings, (0, 1), 1.0)


def _white(channel: Foreign, capabilities: Sequence[Capability], _findings: Findings) -> Foreign:
    return replace(channel, map=_spans(capabilities, _kelvin, "K") or ())


def _ranged(
    channel: Foreign,
    capabilities: Sequence[Capability],
    findings: Findings,
    bounds: tuple[float, float],
    scale: float,
) -> Foreign:
    """A channel with the map its comments tell, if that lies within bounds; usual ends need no map."""
    spans = _spans(capabilities, lambda one: numbers_in(_text(one)), "deg" if bounds[1] == 360 else "")
    scaled = tuple(span._replace(start=span.start * scale, end=span.end * scale) for span in spans or ())
    ends = [end for span in scaled for end in (span.start, span.end)]
    low, high = bounds
    if ends and min(ends) >= low and max(ends) <= high and len(set(ends)) > 1:
        usual = [span[:4] for span in scaled] == [(0, channel.highest, low, high)]
        return replace(channel, map=() if usual and not channel.attribute.startswith("CIE") else scaled)
    if len(capabilities) == 1:
        findings.unknown.append(f"the ends of {channel.attribute}; the usual ones are assumed")
        return channel
    return replace(channel, held="what its codes mean cannot be read")


Reading = Callable[[Foreign, Sequence[Capability], Findings], Foreign]
# attribute, whether a name means it, how its codes are read
_GENERIC: Final[tuple[tuple[Callable[[str], str], Callable[[str], object], Reading], ...]] = (
    (lambda _: "HSB_Hue", _HUE.search, _hue),
    (lambda _: "HSB_Saturation", _SATURATION.search, _saturation),
    (lambda name: f"CIE_{_axis(name)}", _CIE.fullmatch, _cie),
    (lambda _: "CTC", _CCT.search, _white),
)


def _axis(name: str) -> str:
    found = _CIE.fullmatch(name)
    return found[1].upper() if found else ""
