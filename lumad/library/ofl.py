"""Fixtures of the Open Fixture Library (its JSON files) as native profiles.

Its format says less than lumad needs: hue, saturation, tint, crossfade and CIE xy are free text there. What
that text means is told by `ofl_meaning`; this file resolves fine channels, pixels and switches.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NoReturn

from lumad.errors import DocumentError, Fault
from lumad.library.draft import Imported, Origin, profile_id, profile_of
from lumad.library.foreign import Findings, Foreign, UnfitError
from lumad.library.ofl_codes import capabilities_of, default_of
from lumad.library.ofl_matrix import pixel_keys, repeated_for
from lumad.library.ofl_meaning import meaning_of

MAX_BYTES: Final = 4_000_000
MAX_MODES: Final = 300
_STUMBLES: Final = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError)
_PIXEL: Final = "$pixelKey"


def read_ofl(data: bytes, file: str, given_id: str | None = None) -> Imported:
    """The profile that an Open Fixture Library file describes; DocumentError where nothing can be driven."""

    def refuse(reason: str) -> NoReturn:
        raise DocumentError([Fault((), reason, file)])

    if len(data) > MAX_BYTES:
        refuse(f"more than {MAX_BYTES} bytes; that is no fixture")
    try:
        told = json.loads(data, parse_constant=_no_number)
        if not isinstance(told, dict) or "modes" not in told:
            raise ValueError("it has no modes")
        return _profile(told, file, given_id)
    except _STUMBLES as error:
        refuse(f"not readable as a fixture of the Open Fixture Library: {error or type(error).__name__}")


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _profile(told: Mapping[str, Any], file: str, given_id: str | None) -> Imported:
    maker, name = str(told.get("manufacturerKey", "")), str(told["name"])
    meta = told.get("meta") or {}
    changed = meta.get("lastModifyDate", "nobody knows when")
    authors = ", ".join(str(author) for author in meta.get("authors", ())) or "unnamed authors"
    watts = (told.get("physical") or {}).get("power")
    origin = Origin(
        file,
        profile_id(maker, name, file, given_id),
        name,
        f"Open Fixture Library (MIT), by {authors}, last changed {changed}",
        float(watts) if isinstance(watts, int | float) and watts > 0 else None,
    )
    fixture = _Fixture(told)
    modes = []
    for mode in list(told["modes"])[:MAX_MODES]:
        findings = Findings()
        modes.append((str(mode["name"]), _channels(fixture, mode, findings), findings))
    return profile_of(origin, {}, modes)


def _channels(
    fixture: "_Fixture", mode: Mapping[str, Any], findings: Findings
) -> Sequence[Foreign] | UnfitError:
    try:
        return fixture.channels(list(mode["channels"]), findings)
    except UnfitError as error:
        return error


@dataclass(frozen=True, slots=True)
class _Named:
    """A channel as it stands under a name: its definition, the pixel it is of, and which byte of it."""

    key: str
    told: Mapping[str, Any]
    place: str = ""
    byte: int = 0


@dataclass(slots=True)
class _Fixture:
    """The channels of a fixture by every name a mode may call them."""

    told: Mapping[str, Any]
    names: dict[str, _Named] = field(default_factory=dict)
    pixels: list[str] = field(default_factory=list)
    switches: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # name -> trigger, channel at its default

    def __post_init__(self) -> None:
        self.pixels = pixel_keys(self.told.get("matrix") or {})
        for key, channel in (self.told.get("availableChannels") or {}).items():
            self._name(key, channel, "")
        places = [*self.pixels, *((self.told.get("matrix") or {}).get("pixelGroups") or {})]
        for key, channel in (self.told.get("templateChannels") or {}).items():
            if len(places) * len(self.told["templateChannels"]) > 100_000:
                raise ValueError("too many pixels")
            for place in places:
                self._name(key.replace(_PIXEL, place), channel, place)
        for named in list(self.names.values()):
            if named.byte == 0:
                self._switch(named)

    def _name(self, key: str, channel: Mapping[str, Any], place: str) -> None:
        self.names[key] = _Named(key, channel, place)
        for byte, alias in enumerate(channel.get("fineChannelAliases", ()), 1):
            self.names[alias.replace(_PIXEL, place)] = _Named(key, channel, place, byte)

    def _switch(self, trigger: _Named) -> None:
        """Notes what each switching channel is while its trigger rests."""
        try:
            capabilities = capabilities_of(trigger.told)
            rest = default_of(trigger.told, capabilities[0].count) or 0 if capabilities else 0
        except UnfitError:
            return  # said by the modes that use it
        for capability in capabilities:
            if capability.low <= rest <= capability.high:
                for name, target in (capability.told.get("switchChannels") or {}).items():
                    self.switches[name] = (trigger.key, target)

    def channels(self, told: Sequence[Any], findings: Findings) -> list[Foreign]:
        """The channels of a mode, fine bytes joined to their coarse ones."""
        slots = list(self._slots(told))
        held = {self.switches[name][0] for name in slots if name in self.switches}
        offsets: dict[tuple[str, int], int] = {}
        named: list[tuple[_Named, int]] = []
        reserved: list[Foreign] = []
        for slot, name in enumerate(slots, 1):
            if name is None:
                reserved.append(Foreign("X_Reserved", (slot,), default=0))
                continue
            found = self._resolved(name, findings)
            if (found.key, found.byte) in offsets:
                raise UnfitError(f"the channel {name!r} stands twice")
            offsets[found.key, found.byte] = slot
            named.append((found, slot))
        coarse = [one for one, _ in named if one.byte == 0]
        for one, slot in named:
            if one.byte and (one.key, one.byte - 1) not in offsets:
                findings.repaired.append(
                    f"slot {slot} is the fine byte of a channel that is not here; it stays at 0"
                )
                reserved.append(Foreign("X_Reserved", (slot,), default=0))
        return [*(self._channel(one, offsets, one.key in held, findings) for one in coarse), *reserved]

    def _slots(self, told: Sequence[Any]) -> Iterator[str | None]:
        """The name of every slot in order, matrix inserts written out; None for a slot without use."""
        for entry in told:
            if not isinstance(entry, dict):
                yield None if entry is None else str(entry)
                continue
            if entry.get("insert") != "matrixChannels":
                raise UnfitError(f"it inserts {entry.get('insert')!r}, which lumad does not know")
            templates = list(entry["templateChannels"])
            places = repeated_for(entry["repeatFor"], self.told.get("matrix") or {}, self.pixels)
            pairs = [(place, one) for place in places for one in templates]
            if entry.get("channelOrder") == "perChannel":
                pairs = [(place, one) for one in templates for place in places]
            for place, one in pairs:
                yield None if one is None else str(one).replace(_PIXEL, place)

    def _resolved(self, name: str, findings: Findings) -> _Named:
        """The channel behind a name; a switching one as it is while its trigger rests."""
        for _ in range(8):
            if name in self.names:
                return self.names[name]
            if name not in self.switches:
                break
            trigger, target = self.switches[name]
            findings.repaired.append(f"{name!r} is read as {target!r}: as {trigger!r} rests")
            name = target
        raise UnfitError(f"it names a channel {name!r} that is not defined")

    def _channel(
        self,
        one: _Named,
        offsets: Mapping[tuple[str, int], int],
        held: bool,  # noqa: FBT001 - whether other channels depend on it
        findings: Findings,
    ) -> Foreign:
        """One channel on all bytes the mode gives it."""
        slots = [offsets[one.key, 0]]
        while (one.key, len(slots)) in offsets:
            slots.append(offsets[one.key, len(slots)])
        if len(slots) > 4:
            raise UnfitError(f"the channel {one.key!r} has {len(slots)} slots; lumad knows up to 4")
        channel = Foreign("X_Reserved", tuple(slots), one.place, default_of(one.told, len(slots)))
        capabilities = [capability.scaled(len(slots)) for capability in capabilities_of(one.told)]
        name = str(one.told.get("name") or one.key).replace(_PIXEL, one.place)
        found = meaning_of(name, channel, capabilities, findings)
        return replace(found, held="other channels depend on it") if held else found
