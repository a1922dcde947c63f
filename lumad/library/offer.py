"""A profile that somebody offers, in any form: GDTF, Open Fixture Library JSON, our own YAML."""

import json
from typing import Any, Final

from lumad.documents import MAX_BYTES, read_document
from lumad.errors import DocumentError, Fault
from lumad.library.archive import Archive
from lumad.library.draft import Imported, profile_id
from lumad.library.foreign import Findings
from lumad.library.gdtf import read_gdtf
from lumad.library.ofl import read_ofl
from lumad.model.profile import Profile
from lumad.model.validate import validate

_ZIP: Final = b"PK"
_SCENE: Final = "GeneralSceneDescription.xml"
_NO_TEXT: Final = "neither a GDTF file, nor JSON of the Open Fixture Library, nor a profile of lumad"


def read_offer(data: bytes, file: str, given_id: str | None = None) -> Imported:
    """The profile in `data`, other libraries' as a draft, under `given_id`; else DocumentError."""
    if data[:2] == _ZIP or file.lower().endswith(".gdtf"):
        if data[:2] == _ZIP and Archive(data, file).find(_SCENE):
            raise DocumentError([Fault((), "an MVR scene, not one lamp; `lumad import` reads it", file)])
        return read_gdtf(data, file, given_id)
    if b"\0" in data[:4096] or not _is_utf8(data):
        raise DocumentError([Fault((), _NO_TEXT, file)])
    return read_ofl(data, file, given_id) if _is_ofl(data) else _native(data, file, given_id)


def _native(data: bytes, file: str, given_id: str | None) -> Imported:
    document = read_document(data, file)
    if "modes" not in document.value:
        raise DocumentError([Fault((), f"{_NO_TEXT}: it has no modes", file)])
    profile = validate(document, Profile)
    form: dict[str, Any] = dict(document.value)
    if given_id is not None:
        form["id"] = profile_id("", "", file, given_id)
        profile = profile.model_copy(update={"id": given_id})
    return Imported(profile, form, Findings())


def _is_ofl(data: bytes) -> bool:
    """JSON that is no profile of ours: that has provenance, the Open Fixture Library has modes in a list."""
    if not data.lstrip().startswith(b"{"):
        return False
    if len(data) > MAX_BYTES:
        return True
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return True  # its reader says what is wrong with it
    return "provenance" not in told


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
