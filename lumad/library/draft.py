"""Draft profiles made of the channels that another library tells: what every importer has in common."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from lumad.errors import DocumentError, Fault
from lumad.library.choice import mode_form
from lumad.library.foreign import Findings, Foreign, UnfitError
from lumad.model.profile import PROFILE_ID, Profile
from lumad.model.validate import faults_in

_ADVICE: Final = "Imported; compare it with the maker's table, then give this a better status."


@dataclass(frozen=True, slots=True)
class Imported:
    """A profile made of another library's file; `form` is its plain values as they will be written."""

    profile: Profile
    form: Mapping[str, Any]
    findings: Findings


@dataclass(frozen=True, slots=True)
class Origin:
    """The file a profile is made of: its name, what is known of the lamp, and who said so."""

    file: str
    profile_id: str
    name: str
    doc: str
    full_w: float | None = None


def profile_of(
    origin: Origin,
    emitters: Mapping[str, Mapping[str, Any]],
    modes: Iterable[tuple[str, Sequence[Foreign] | UnfitError, Findings]],
) -> Imported:
    """The profile of every mode that can be driven, always a draft; DocumentError where none can."""
    findings = Findings()
    forms: dict[str, Mapping[str, Any]] = {}
    used: dict[str, Mapping[str, Any]] = {}
    kept: list[tuple[str, Findings]] = []
    for name, channels, found in modes:
        try:
            if isinstance(channels, UnfitError):
                raise channels
            form, needed = mode_form(name, channels, found)
            own = {name: _emitter(name, attribute, emitters) for name, attribute in needed.items()}
            _checked(_form(origin, own, {"mode": form}))
        except UnfitError as error:
            findings.left_out.append(f"mode {name!r}: {error}")
            continue
        forms[free_name(slug(name) or "mode", forms)] = form
        used |= own
        kept.append((name, found))
    findings.take(kept)
    if not forms:
        why = findings.left_out or ["it has no modes"]
        raise DocumentError([Fault((), f"nothing to import; {said}", origin.file) for said in why[:20]])
    whole = _form(origin, used, forms)
    return Imported(_checked(whole), whole, findings)


def slug(text: str, longest: int = 64) -> str:
    """`text` in small letters, digits, - and . as ids want them; "" where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9.]+", "-", re.sub(r"\.{2,}", ".", plain)).strip("-.")[:longest].rstrip("-.")


def free_name(name: str, taken: Iterable[str]) -> str:
    """`name`, or `name-2`, `name-3`, … where it is taken."""
    known = set(taken)
    number, free = 2, name
    while free in known:
        free = f"{name[:58]}-{number}"
        number += 1
    return free


def profile_id(maker: str, model: str, file: str, given: str | None) -> str:
    """`given`, else maker/model of the file's own words; DocumentError where they leave no id."""
    found = given or f"{slug(maker)}/{slug(model)}"
    if not PROFILE_ID.fullmatch(found) or ".." in found:
        said = f"{found!r} is no profile id; say maker/model in small letters, digits, - and . (--as)"
        raise DocumentError([Fault((), said, file)])
    return found


def _emitter(name: str, attribute: str, known: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """An emitter that channels drive; without a word about its colour it is an unmeasured one."""
    return {**({} if name == attribute else {"attribute": attribute}), **known.get(name, {})}


def _form(origin: Origin, emitters: Mapping[str, Any], modes: Mapping[str, Any]) -> dict[str, Any]:
    form: dict[str, Any] = {"id": origin.profile_id, "name": origin.name or origin.profile_id}
    form["provenance"] = [{"doc": origin.doc, "status": "draft", "note": _ADVICE}]
    if origin.full_w is not None:
        form["power"] = {"full_w": origin.full_w}
    if emitters:
        form["emitters"] = dict(emitters)
    return {**form, "modes": dict(modes)}


def _checked(form: Mapping[str, Any]) -> Profile:
    try:
        return Profile.model_validate(form)
    except ValidationError as error:
        fault = faults_in(error, form, Profile)[0]
        where = ".".join(str(step) for step in fault.path if step not in {"modes", "mode"})
        raise UnfitError(f"{where}: {fault.message}" if where else fault.message) from None
