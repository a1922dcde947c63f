"""A profile: what a maker sells, with its emitters and its modes as DMX sees them."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from lumad.documents import nearest
from lumad.model.channel import Channel
from lumad.model.mode import Mode
from lumad.model.noun import Flag, Name, Noun, Number, Positive, Text, complaint

Status = Literal["vendor", "community", "draft"]
_STRENGTH: Mapping[Status, int] = {"vendor": 0, "community": 1, "draft": 2}
PROFILE_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}/[a-z0-9][a-z0-9.-]{0,63}")


def _id(value: str) -> str:
    if PROFILE_ID.fullmatch(value) and ".." not in value:
        return value
    raise complaint(f"{value!r} is no profile id; write maker/model in small letters, digits, - and .")


def _emitter(value: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, luminance = value
    if x >= 0 and y > 0 and x + y <= 1 and luminance > 0:
        return value
    raise complaint(f"[{x:g}, {y:g}, {luminance:g}] is no light: CIE x, y (together up to 1) and Y above 0")


ProfileId = Annotated[Text, AfterValidator(_id)]


class Provenance(Noun):
    """Where facts come from and how far they carry: vendor, community or draft."""

    doc: Text
    status: Status
    note: Text = ""


class Power(Noun):
    """Watts from the socket."""

    idle_w: Annotated[Number, Field(ge=0)] = 0.0
    full_w: Positive


class Emitter(Noun):
    """One LED colour, CIE 1931 x, y and relative Y at full; None is unmeasured, `nominal` plausible only."""

    attribute: Text | None = None
    xyY: Annotated[tuple[Number, Number, Number], AfterValidator(_emitter)] | None = None  # noqa: N815 - CIE's name
    nominal: Flag = False


def _bare(value: object) -> object:
    return {} if value is None else value


class Profile(Noun):
    """A maker's fixture as data, with the provenance of every fact."""

    id: ProfileId
    name: Text
    note: Text = ""
    provenance: Annotated[tuple[Provenance, ...], Field(min_length=1)]
    power: Power | None = None
    emitters: dict[Name, Annotated[Emitter, BeforeValidator(_bare)]] = Field(default_factory=dict)
    modes: Annotated[dict[Name, Mode], Field(min_length=1)]

    @model_validator(mode="after")
    def _channels_have_their_emitters(self) -> Self:
        for mode_id, mode in self.modes.items():
            for channel in (*mode.shared_channels, *mode.channels_of_cell(0)):
                if channel.emitter is not None and channel.emitter not in self.emitters:
                    near = nearest(channel.emitter, self.emitters)
                    raise complaint(f"mode {mode_id}: no emitter {channel.emitter!r}{near}")
            self._check_driven(mode_id, mode)
        return self

    def _check_driven(self, mode_id: str, mode: Mode) -> None:
        """Every channel is driven by the colour model, or says what it stays at."""
        channels = (*mode.shared_channels, *mode.channels_of_cell(0))
        driven = [channel for channel in channels if self.drives(mode, channel)]
        for channel in channels:
            if channel not in driven and channel.fixed is None and channel.default is None:
                near = nearest(channel.attribute, mode.driven_attributes)
                raise complaint(
                    f"mode {mode_id}: nothing drives {channel.attribute}{near}; say fixed: or default: "
                    "what it stays at"
                )
        keys = [(channel.attribute, channel.emitter) for channel in driven]
        if len(set(keys)) < len(keys):
            raise complaint(f"mode {mode_id}: an attribute that is driven stands twice")
        missing = mode.needed_attributes - {channel.attribute for channel in driven}
        if missing:
            needs = ", ".join(sorted(missing))
            raise complaint(f"mode {mode_id}: colour model {mode.colour.model} needs {needs}")
        if mode.colour.model == "emitters" and not any(self.emitter_name_of(channel) for channel in driven):
            raise complaint(f"mode {mode_id}: colour model emitters, but no channel has an emitter")

    @property
    def status(self) -> Status:
        """The weakest status of its provenance."""
        return max((entry.status for entry in self.provenance), key=_STRENGTH.__getitem__)

    @property
    def hash(self) -> str:
        """SHA-256 (hex) of the profile as canonical JSON: equal where every fact is equal."""
        plain = self.model_dump(mode="json")
        canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def emitter_name_of(self, channel: Channel) -> str | None:
        """The emitter a channel drives: named on it, else the one named like its attribute."""
        if channel.emitter is not None:
            return channel.emitter
        return channel.attribute if channel.attribute in self.emitters else None

    def emitter_of(self, channel: Channel) -> Emitter | None:
        """As `emitter_name_of`, the emitter itself."""
        name = self.emitter_name_of(channel)
        return None if name is None else self.emitters.get(name)

    def drives(self, mode: Mode, channel: Channel) -> bool:
        """Whether the colour model moves `channel`; all others stay at fixed, else at default."""
        if channel.fixed is not None:
            return False
        if mode.colour.model == "emitters" and self.emitter_name_of(channel) is not None:
            return True
        return channel.attribute in mode.driven_attributes

    def assumed_of(self, mode: Mode) -> tuple[str, ...]:
        """What the profile does not know of a mode, of: curve, emitters, primaries, white, transfer, cct."""
        unknown = [] if mode.curve_is_known else ["curve"]
        colour = mode.colour
        if colour.model == "emitters":
            channels = (*mode.shared_channels, *mode.channels_of_cell(0))
            found = [self.emitter_of(channel) for channel in channels if self.drives(mode, channel)]
            if any(emitter.nominal or emitter.xyY is None for emitter in found if emitter is not None):
                unknown.append("emitters")
        elif colour.model == "rgb":
            unknown += [name for name in ("primaries", "white", "transfer") if getattr(colour, name) is None]
        elif colour.model == "cct":
            unknown += [] if mode.kelvin_knots() else ["cct"]
        else:
            unknown += [] if colour.white is not None else ["white"]
        return tuple(unknown)
