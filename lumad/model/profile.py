"""A profile: what a maker sells, with its emitters and its modes as DMX sees them."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from lumad.documents import nearest
from lumad.model.channel import Channel
from lumad.model.mode import RGB, Mode
from lumad.model.noun import Flag, LightXyY, Name, Noun, Number, Positive, Text, complaint

Status = Literal["vendor", "community", "draft"]
_STRENGTH: Mapping[Status, int] = {"vendor": 0, "community": 1, "draft": 2}
_ASSUMED: Mapping[
    str, tuple[str, ...]
] = {  # keys of a colour model that lumad guesses where they are missing
    "rgb": ("primaries", "white", "transfer"),
    "hsi": ("primaries", "white"),
    "dimmer": ("white",),
}
PROFILE_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}/[a-z0-9][a-z0-9.-]{0,63}")


def _id(value: str) -> str:
    if PROFILE_ID.fullmatch(value) and ".." not in value:
        return value
    raise complaint(f"{value!r} is no profile id; write maker/model in small letters, digits, - and .")


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
    xyY: LightXyY | None = None  # noqa: N815 - CIE's name
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
        driven = self.driven_channels(mode)
        for channel in (*mode.shared_channels, *mode.channels_of_cell(0)):
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

    def drives(self, mode: Mode, channel: Channel) -> bool:
        """Whether the colour model moves `channel`; all others stay at fixed, else at default."""
        if mode.colour.model == "emitters" and self.emitter_name_of(channel) is not None:
            return channel.fixed is None
        return mode.moves(channel)

    def driven_channels(self, mode: Mode) -> tuple[Channel, ...]:
        """The channels the colour model moves: the shared ones, then those of the first cell."""
        channels = (*mode.shared_channels, *mode.channels_of_cell(0))
        return tuple(channel for channel in channels if self.drives(mode, channel))

    def emitters_of(self, mode: Mode) -> tuple[str, ...]:
        """Names of the emitters a mode drives, in the order of its channels; () for modes without."""
        if mode.colour.model != "emitters":
            return ()
        names = (self.emitter_name_of(channel) for channel in self.driven_channels(mode))
        return tuple(name for name in names if name is not None)

    def mixed_of(self, mode: Mode) -> tuple[str, ...]:
        """What a mode mixes colours of: its emitters, or the primaries of a firmware's RGB; () for others."""
        return RGB if mode.colour.model == "rgb" else self.emitters_of(mode)

    def assumed_of(self, mode: Mode) -> tuple[str, ...]:
        """What is not known of a mode, of: curve, emitters, primaries, white, transfer, cct, tint."""
        unknown = [] if mode.curve_is_known else ["curve"]
        colour = mode.colour
        if colour.model == "emitters":
            found = [self.emitters[name] for name in self.emitters_of(mode)]
            unknown += (
                ["emitters"] if any(emitter.nominal or emitter.xyY is None for emitter in found) else []
            )
        elif colour.model == "cct":
            driven = {channel.attribute: channel for channel in self.driven_channels(mode)}
            unknown += [] if mode.code_ranges(driven["CTC"]) else ["cct"]
            unknown += ["tint"] if "Tint" in driven and colour.tint is None else []
        else:
            unknown += [name for name in _ASSUMED.get(colour.model, ()) if getattr(colour, name) is None]
        return tuple(unknown)
