"""Native profile files: written into a library folder, never over another file unless asked to."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lumad.documents import write_document
from lumad.errors import LumadError
from lumad.model.profile import PROFILE_ID


def write_profile(folder: Path, form: Mapping[str, Any], *, force: bool = False) -> Path:
    """Writes a profile as `folder/maker/model.yaml`; LumadError where it may not or cannot stand there."""
    profile_id = str(form["id"])
    if not PROFILE_ID.fullmatch(profile_id) or ".." in profile_id:
        raise LumadError(f"{profile_id!r} is no profile id")
    path = folder / f"{profile_id}.yaml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.parent.resolve().is_relative_to(folder.resolve()):
            raise LumadError(f"{path.parent} leads out of {folder}; nothing is written there")
        if not force and (path.exists() or path.is_symlink()):
            raise LumadError(f"{path} is there already; --force writes it anew")
        _replace(path, write_document(form))
    except OSError as error:
        raise LumadError(f"{path} cannot be written: {error.strerror}") from None
    return path


def _replace(path: Path, text: str) -> None:
    """The whole file or none of it; a link in its place is replaced, not followed."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
