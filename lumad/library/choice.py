"""Which channels of a foreign mode are driven and how: its cells, its colour model, what rests where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from lumad.library.foreign import Findings, Foreign, UnfitError

MAX_SLOTS: Final = 512
RGB: Final = ("ColorAdd_R", "ColorAdd_G", "ColorAdd_B")
_DRIVEN: Final[Mapping[str, frozenset[str]]] = {
    "xy": frozenset({"CIE_X", "CIE_Y", "Dimmer"}),
    "rgb": frozenset({*RGB, "Dimmer"}),
    "hsi": frozenset({"HSB_Hue", "HSB_Saturation", "Dimmer"}),
    "cct": frozenset({"CTC", "Tint", "Dimmer"}),
    "dimmer": frozenset({"Dimmer"}),
}
_MAPPED: Final = {"CTC", "Tint", "HSB_Hue", "HSB_Saturation", "CIE_X", "CIE_Y"}
_LIGHT: Final = frozenset().union(*_DRIVEN.values())
_NO_LIGHT: Final = {"ColorAdd_UV"}  # no lamp on a film set is asked for it


@dataclass(frozen=True, slots=True)
class Cells:
    """Places of equal build, evenly spaced: how many, slots from one to the next, the first's channels."""

    count: int
    stride: int
    channels: tuple[Foreign, ...]


def mode_form(
    name: str, channels: Sequence[Foreign], findings: Findings
) -> tuple[dict[str, Any], dict[str, str]]:
    """The plain values of a native mode, and attributes of the emitters it drives by name; UnfitError."""
    if not channels:
        raise UnfitError("it has no channels")
    last = max(max(channel.offset) for channel in channels)
    if last > MAX_SLOTS:
        raise UnfitError(f"it takes {last} slots; a universe has {MAX_SLOTS}")
    shared, cells = arranged(channels)
    first = cells.channels if cells else ()
    model = _model((*first, *shared), findings)
    driven = _driven((*first, *shared), model)
    colour = _colour(model, driven)
    form: dict[str, Any] = {"name": name, "colour": colour}
    moving = {channel: _moving(channel, colour) for channel in driven}
    own = [moving.get(channel) or _resting(channel, model, findings) for channel in first]
    common = [moving.get(channel) or _resting(channel, model, findings) for channel in shared]
    common += _fillers(channels, last, findings)
    if common:
        form["channels"] = sorted(common, key=lambda channel: int(channel["offset"][0]))
    if cells:
        form["cells"] = {"count": cells.count, "stride": cells.stride, "channels": own}
    raw = [channel for channel in driven if model == "emitters" and _is_emitter(channel)]
    return form, {channel.emitter or channel.attribute: channel.attribute for channel in raw}


def arranged(channels: Sequence[Foreign]) -> tuple[tuple[Foreign, ...], Cells | None]:
    """Channels all cells share, and the cells: the most numerous places of equal build that make light."""
    places: dict[str, list[Foreign]] = {}
    for channel in sorted(channels, key=lambda one: one.offset):
        places.setdefault(channel.place, []).append(channel)
    kinds: dict[Any, list[list[Foreign]]] = {}
    for place, own in places.items():
        start = min(own[0].offset)
        build = tuple((one.attribute, tuple(slot - start for slot in one.offset)) for one in own)
        if place and any(_makes_light(one) for one in own):
            kinds.setdefault(build, []).append(own)
    alike = max(kinds.values(), key=len, default=[])
    if len(alike) < 2:
        return tuple(channels), None
    starts = [own[0].offset[0] for own in alike]
    strides = {after - before for before, after in pairwise(starts)}
    if len(strides) > 1:
        raise UnfitError(f"its {len(alike)} cells are not evenly spaced")
    members = {id(channel) for own in alike for channel in own}
    rest = tuple(channel for channel in channels if id(channel) not in members)
    return rest, Cells(len(alike), strides.pop(), tuple(alike[0]))


def _makes_light(channel: Foreign) -> bool:
    known = channel.attribute in _LIGHT or channel.attribute.startswith("ColorAdd_")
    return known and not channel.held


def _is_emitter(channel: Foreign) -> bool:
    own = channel.attribute.startswith("ColorAdd_") and channel.attribute not in _NO_LIGHT
    return own and not channel.held


def _is_colour(channel: Foreign) -> bool:
    return channel.attribute.startswith(("ColorAdd_", "ColorSub_", "ColorRGB_", "HSB_", "CIE_"))


def _model(channels: Sequence[Foreign], findings: Findings) -> str:
    """The colour model that gets most out of the channels without guessing what they are."""
    free = {channel.attribute for channel in channels if not channel.held}
    dimmers = [channel for channel in channels if channel.attribute == "Dimmer"]
    if dimmers and "Dimmer" not in free:
        raise UnfitError(f"its dimmer cannot be driven: {dimmers[0].held}")
    fades = [channel for channel in channels if channel.attribute == "X_Crossfade"]
    if any(fade.colour_at is None for fade in fades) and {"CTC", "Dimmer"} <= free:
        findings.unknown.append("which end of the crossfade is colour; it follows as white light only")
        return "cct"
    raw = [channel for channel in channels if _is_emitter(channel)]
    coloured = any(_is_colour(channel) for channel in channels)
    fitting = {
        "xy": _DRIVEN["xy"] <= free,
        "emitters": any(channel.emitter for channel in raw) or (bool(raw) and not set(RGB) <= free),
        "rgb": set(RGB) <= free,
        "hsi": _DRIVEN["hsi"] <= free,
        "cct": {"CTC", "Dimmer"} <= free,
        "dimmer": "Dimmer" in free and not coloured,
    }
    found = next((model for model, fits in fitting.items() if fits), None)
    if found is None:
        raise UnfitError("its channels make light in no way that lumad drives")
    return found


def _driven(channels: Sequence[Foreign], model: str) -> tuple[Foreign, ...]:
    """The channels the model moves; of two alike the first, and that of a cell before a shared one."""
    found: dict[tuple[str, str | None], Foreign] = {}
    for channel in channels:
        moved = _is_emitter(channel) if model == "emitters" else channel.attribute in _DRIVEN[model]
        moved = moved or channel.attribute == "Dimmer"
        if moved and not channel.held and (channel.attribute != "Tint" or _tells_tint(channel)):
            found.setdefault((channel.attribute, channel.emitter), channel)
    return tuple(found.values())


def _tells_tint(channel: Foreign) -> bool:
    moving = [span for span in channel.map if not span.neutral and span.unit == "%green"]
    return len({end for span in moving for end in (span.start, span.end)}) > 1


def _colour(model: str, driven: Sequence[Foreign]) -> dict[str, Any]:
    """The colour model; CIE x and y that share one straight range have it here instead of as maps."""
    form: dict[str, Any] = {"model": model}
    if model == "xy":
        spans = [channel.map for channel in driven if channel.attribute != "Dimmer"]
        ends = {(span.start, span.end) for own in spans for span in own}
        if len(ends) == 1 and all(len(own) == 1 for own in spans):
            form["range"] = list(ends.pop())
    return form


def _moving(channel: Foreign, colour: Mapping[str, Any]) -> dict[str, Any]:
    """A channel that the colour model drives."""
    form: dict[str, Any] = {"attribute": channel.attribute}
    if channel.emitter and colour["model"] == "emitters":
        form["emitter"] = channel.emitter
    form["offset"] = list(channel.offset)
    if channel.attribute not in _MAPPED:
        return form
    rest = _neutral(channel) if channel.attribute == "Tint" else channel.default
    if rest:
        form["default"] = rest
    if channel.map and "range" not in colour:
        form["map"] = [span.form() for span in channel.map]
    return form


def _resting(channel: Foreign, model: str, findings: Findings) -> dict[str, Any]:
    """A channel that never moves."""
    code = _rest(channel, model, findings)
    return {"attribute": channel.attribute, "offset": list(channel.offset), "fixed": code}


def _rest(channel: Foreign, model: str, findings: Findings) -> int:
    """The code of a channel that does not move: what the file calls default; never one that adds light."""
    attribute, slot = channel.attribute, channel.offset[0]
    if attribute == "Dimmer":
        findings.repaired.append(f"another dimmer on slot {slot} stays full")
        return channel.highest
    if attribute.startswith("ColorAdd_"):
        why = channel.held or "it is not known what light it makes"
        findings.unknown.append(f"{attribute} on slot {slot} stays off: {why}")
        return 0
    if attribute == "X_Crossfade" and channel.colour_at is not None and model != "cct":
        findings.repaired.append("the crossfade stays at full colour")
        return channel.colour_at
    if attribute == "Tint" and (neutral := _neutral(channel)) is not None:
        if channel.default not in {None, neutral}:
            findings.repaired.append(f"Tint rests at its neutral code {neutral}, not at {channel.default}")
        return neutral
    if channel.default is None and attribute != "X_Reserved":
        findings.unknown.append(f"where {attribute} on slot {slot} may rest; it stays at 0")
    return channel.default or 0


def _neutral(channel: Foreign) -> int | None:
    """A code without tint: the default where it is one, else the middle of a neutral range, else zero."""
    still = [span for span in channel.map if span.neutral or span.start == span.end == 0]
    if channel.default is not None and any(s.first <= channel.default <= s.last for s in still):
        return channel.default
    if still:
        best = max(still, key=lambda span: (span.neutral and span.last - span.first, -span.first))
        return (best.first + best.last) // 2
    for span in channel.map:
        if span.start != span.end and min(span.start, span.end) <= 0 <= max(span.start, span.end):
            return round(span.first - span.start / (span.end - span.start) * (span.last - span.first))
    return None


def _fillers(channels: Sequence[Foreign], last: int, findings: Findings) -> list[dict[str, Any]]:
    """X_Reserved for the slots that the file says nothing about."""
    told = {slot for channel in channels for slot in channel.offset}
    untold = [slot for slot in range(1, last + 1) if slot not in told]
    if untold:
        which = ", ".join(str(slot) for slot in untold[:8]) + (", …" if len(untold) > 8 else "")
        findings.repaired.append(f"slots without a channel stay at 0: {which}")
    return [{"attribute": "X_Reserved", "offset": [slot], "fixed": 0} for slot in untold]
