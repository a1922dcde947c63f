"""A calibration: what was measured of one lamp, by its serial number."""

from collections.abc import Mapping
from itertools import combinations
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from lumad.documents import nearest
from lumad.model.curve import Curves, PlainCurve, plain_curve
from lumad.model.mode import RGB, Mode
from lumad.model.noun import (
    MOST_LIGHT,
    LightXyY,
    Name,
    Noun,
    Number,
    Text,
    Three,
    Version,
    Within,
    check_reach,
    complaint,
)
from lumad.model.profile import Profile, ProfileId

_DARK = "an emitter that no meter reads (UV) is left out and stays dark"
ON_ONE_LINE = 1e-3  # twice the area of a triangle in x, y: less is a line


def _tristimulus(value: tuple[float, float, float]) -> tuple[float, float, float]:
    if min(value) >= 0 and value[1] > 0:
        check_reach(value)
        return value
    raise complaint(f"{list(value)} is no light: X and Z are 0 or more, Y is above 0; {_DARK}")


def _serial(value: str) -> str:
    if not value.strip():
        raise complaint("is empty; write what stands on the lamp")
    return value


def _no_xy(value: object) -> object:
    if isinstance(value, list | tuple) and None in value:
        raise complaint(f"a colour needs all of its three numbers; {_DARK}")
    return value


def _bare(value: object) -> object:
    return {} if value is None else value


class Spectrum(Noun):
    """Power at `start_nm`, `start_nm` + `step_nm` and so on, in one unit for all emitters of a file."""

    start_nm: Annotated[Number, Within(200, 1000)]
    step_nm: Annotated[Number, Within(0.1, 20)]
    values: Annotated[
        tuple[Annotated[Number, Within(0, MOST_LIGHT)], ...], Field(min_length=8, max_length=4096)
    ]

    @model_validator(mode="after")
    def _shines(self) -> Self:
        end = self.start_nm + self.step_nm * (len(self.values) - 1)
        if self.start_nm > 420 or end < 680:
            raise complaint(f"runs from {self.start_nm:g} to {end:g} nm; needed is 420 to 680 nm or more")
        if not any(self.values):
            raise complaint(f"is zero everywhere; {_DARK}")
        return self


class MeasuredEmitter(Noun):
    """One emitter at full, all others dark: CIE 1931 xyY, XYZ, or its spectrum. Y in any unit, one a file."""

    xyY: Annotated[LightXyY, BeforeValidator(_no_xy)] | None = None  # noqa: N815 - CIE's name
    XYZ: Annotated[Three, BeforeValidator(_no_xy), AfterValidator(_tristimulus)] | None = None
    spectrum: Spectrum | None = None

    @model_validator(mode="after")
    def _is_told_once(self) -> Self:
        given = [key for key in ("xyY", "XYZ", "spectrum") if getattr(self, key) is not None]
        if len(given) != 1:
            raise complaint(f"needs one of xyY, XYZ, spectrum; {_DARK}")
        return self

    @property
    def plain_xyz(self) -> tuple[float, float, float] | None:
        """XYZ, unless it is told as a spectrum."""
        if self.xyY is None:
            return self.XYZ
        x, y, luminance = self.xyY
        return x * luminance / y, luminance, (1.0 - x - y) * luminance / y


class Calibration(Noun):
    """What was measured of one lamp; `curve` as in a profile's mode. It wins over the profile.

    With `emitters`, those that were not measured stay dark: their brightness has no unit in common.
    """

    calibration: Version
    serial: Annotated[Text, AfterValidator(_serial)]
    profile: ProfileId | None = None
    date: Text = ""
    instrument: Text = ""
    note: Text = ""
    emitters: dict[Name, Annotated[MeasuredEmitter, BeforeValidator(_bare)]] = Field(default_factory=dict)
    curve: Curves = Field(default_factory=dict)

    @model_validator(mode="after")
    def _measures_light(self) -> Self:
        if not self.emitters and not self.curve:
            raise complaint("neither emitters nor curve: nothing was measured")
        plain = {name: emitter.plain_xyz for name, emitter in self.emitters.items()}
        told = {name: xyz for name, xyz in plain.items() if xyz is not None}
        if told and len(told) < len(plain):
            raise complaint("spectra for all of them or for none, so that Y has one unit")
        check_spread(told)
        return self

    def curve_of(self, *names: str) -> PlainCurve | None:
        """The measured curve of the first of `names` that has one, else the default, else None."""
        return plain_curve(self.curve, *names)

    def settles(self, profile: Profile, mode: Mode) -> frozenset[str]:
        """What of `Profile.assumed_of` this lamp's measurements answer."""
        mixed = _mixed(profile, mode)
        dimmers = {channel.attribute for channel in profile.driven_channels(mode)} & {"Dimmer"}
        known = set()
        if all(self.curve_of(*names) for names in (*mixed.items(), *((name,) for name in dimmers))):
            known |= {"curve", "transfer"}
        if mode.colour.model == "rgb" and self.emitters.keys() >= mixed.keys():
            known |= {"primaries", "white"}
        if mode.colour.model == "emitters" and self.emitters.keys() & mixed.keys():
            known |= {"emitters"}
        return frozenset(known)

    def doubts(self, profile: Profile, mode: Mode, serial: str = "") -> list[str]:
        """What does not fit between these measurements and the fixture that names them; [] when all does."""
        found = []
        if serial and serial != self.serial:
            found.append(f"these are the measurements of serial {self.serial}, not of {serial}")
        if self.profile is not None and self.profile != profile.id:
            found.append(f"these are the measurements of a {self.profile}, not of a {profile.id}")
        mixed = _mixed(profile, mode)
        if self.emitters and not mixed:
            found.append("this mode mixes no emitters; of the measurements only the curve counts")
        elif strange := [name for name in self.emitters if name not in {**mixed, **profile.emitters}]:
            found.append(f"{profile.id} has no {strange[0]}{nearest(strange[0], mixed)}; it is not used")
        if missing := [name for name in mixed if self.emitters and name not in self.emitters]:
            rest = (
                "it stays dark" if mode.colour.model == "emitters" else "the others do not count without it"
            )
            found.append(f"no measurement of {', '.join(missing)}; {rest}")
        return found


def _mixed(profile: Profile, mode: Mode) -> dict[str, str]:
    """What a mode mixes colours of, with its attribute: emitters, or primaries of a firmware colour space."""
    if mode.colour.model == "rgb":
        return {name: name for name in RGB}
    named = ((profile.emitter_name_of(channel), channel) for channel in profile.driven_channels(mode))
    chosen = profile.emitters_of(mode)
    return {name: channel.attribute for name, channel in named if name is not None and name in chosen}


def check_spread(emitters: Mapping[str, tuple[float, float, float]]) -> None:
    """Complains of XYZ that mix no colours: two the same, or three and more on one line in x, y."""
    for (one, light), (other, again) in combinations(emitters.items(), 2):
        if light == again:
            raise complaint(f"{one} and {other} are the same to the last digit; measured twice?")
    xy = [(x / (x + y + z), y / (x + y + z)) for x, y, z in emitters.values()]
    triangles = [
        abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax))
        for (ax, ay), (bx, by), (cx, cy) in combinations(xy, 3)
    ]
    if triangles and max(triangles) < ON_ONE_LINE:
        raise complaint("all lie on one line in x, y and mix no colours; measure each one alone")
