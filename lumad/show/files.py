"""Show files: the gaffer's YAML, which is never written, and beside it the live show as JSON.

`stage.yaml` -> `stage.lumad.json` beside it (else in the state directory), backups in `stage.lumad.backups/`.
The JSON holds the SHA-256 of the YAML it grew from: while that is the YAML's, the JSON is the show.
"""

import errno
import hashlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lumad.documents import MAX_BYTES, Document, read_document
from lumad.errors import DocumentError, Fault
from lumad.library.measurements import Measurements
from lumad.link.live import Live
from lumad.model.patch import faults_of
from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.model.validate import validate
from lumad.show.atomic import keep_backup, sweep
from lumad.show.form import form_of
from lumad.show.profiles import Profiles

FORMAT = 1


@dataclass(frozen=True)
class Loaded:
    """A show as it starts; edits go to the first of `save_paths` that takes them, () is memory only.

    `fresh`: the file of the live show lags behind and wants saving at once.
    """

    show: Show
    live: Live
    revision: int
    profiles: Mapping[str, Profile]
    measured: Measurements
    yaml_sha256: str
    warnings: tuple[str, ...] = ()
    save_paths: tuple[Path, ...] = ()
    fresh: bool = False


@dataclass(frozen=True)
class _Saved:
    """One file of a live show, not yet checked against the model; `data` None: it cannot be read."""

    path: Path
    data: bytes | None
    fault: str = ""
    yaml_sha256: str = ""
    revision: int = 0
    live: Live = field(default_factory=Live)
    form: Any = None

    @property
    def backup(self) -> Path:
        """Where a copy of it is kept."""
        mark = hashlib.sha256(self.data or b"").hexdigest()[:8]
        name = f"broken-{mark}.json" if self.fault else f"{self.revision:08d}-{mark}.json"
        return self.path.with_name(self.path.name.removesuffix(".json") + ".backups") / name

    @property
    def is_kept(self) -> bool:
        """Whether that copy is there already."""
        try:
            return self.backup.read_bytes() == self.data
        except OSError:
            return False


def load_show(path: Path, libraries: Sequence[Path], state_dir: Path | None = None) -> Loaded:
    """The live show of `path`, ready to be saved; what it does not use goes to the backups. DocumentError."""
    found, unused = _find(path, libraries, state_dir)
    warnings, only_copies = list(found.warnings), set()
    for saved in unused:
        reason = saved.fault or f"{path.name} was edited since"
        try:
            fate = f"it is kept as {_backed_up(saved)}"
        except OSError as fault:
            only_copies.add(saved.path)
            fate = f"it stays as it is, for it could not be copied: {fault.strerror}"
        warnings.append(f"{saved.path} is not used ({reason}); {fate}")
    places = [save for save in _save_paths(path, state_dir) if save not in only_copies]
    possible = tuple(save for save in places if _is_writable(save.parent))
    for save in possible:
        sweep(save)
    beside = _save_paths(path, None)[0]
    if beside not in possible:
        why = f"{beside} is not overwritten" if beside in only_copies else f"{path.parent} cannot be written"
        where = f"edits are saved in {possible[0]}" if possible else "edits live in memory only"
        warnings.append(f"{why}: {where}")
    return replace(found, warnings=tuple(warnings), save_paths=possible, fresh=bool(unused))


def read_live_show(path: Path, libraries: Sequence[Path], state_dir: Path | None = None) -> Loaded:
    """The live show of `path`, for looking only: nothing is written, not even a backup. DocumentError."""
    return _find(path, libraries, state_dir)[0]


def read_show(path: Path, libraries: Sequence[Path]) -> Loaded:
    """The show file alone, as `check` and `probe` read it. DocumentError."""
    data = _bytes_of(path)
    document = read_document(data, str(path))
    profiles = Profiles((path.parent / "profiles", *libraries))
    show = validate(document, Show)
    if faults := _faults(show, profiles):
        raise DocumentError(document.placed(faults))
    return Loaded(show, Live(), 1, profiles, Measurements(path.parent), hashlib.sha256(data).hexdigest())


def saved_bytes(show: Show, live: Live, revision: int, yaml_sha256: str) -> bytes:
    """The file of a live show."""
    body = {
        "format": FORMAT,
        "yaml_sha256": yaml_sha256,
        "revision": revision,
        "live": live.to_json(),
        "show": form_of(show),
    }
    return json.dumps(body, indent=1, allow_nan=False).encode() + b"\n"


def _find(path: Path, libraries: Sequence[Path], state_dir: Path | None) -> tuple[Loaded, list[_Saved]]:
    """The show, and the saved files that it does not come from and whose loss would be one."""
    digest = hashlib.sha256(_bytes_of(path)).hexdigest()
    saved = sorted(_saved_files(_save_paths(path, state_dir)), key=lambda one: one.revision)
    broken = [one for one in saved if one.fault]
    stale = [one for one in saved if not one.fault and one.yaml_sha256 != digest]
    profiles = Profiles((path.parent / "profiles", *libraries))
    for one in reversed([one for one in saved if one.yaml_sha256 == digest and not one.fault]):
        try:
            show = _checked(one, profiles)
        except DocumentError as fault:
            broken.append(replace(one, fault=str(fault.faults[0])))
        else:
            unused = [other for other in (*broken, *stale) if not other.is_kept]
            measured = Measurements(path.parent)
            return Loaded(show, one.live, one.revision, profiles, measured, digest), unused
    start = read_show(path, libraries)
    if not saved:
        return start, []
    return replace(start, live=saved[-1].live, revision=saved[-1].revision + 1), [*broken, *stale]


def _checked(saved: _Saved, profiles: Profiles) -> Show:
    document = Document(str(saved.path), saved.form, {})
    show = validate(document, Show)
    if faults := _faults(show, profiles):
        raise DocumentError(faults)
    return show


def _faults(show: Show, profiles: Profiles) -> list[Fault]:
    """What keeps the show from being patched; a broken profile says what is wrong with it."""
    return [
        replace(fault, message=profiles.why_not(show.fixtures[str(fault.path[1])].profile))
        if fault.path[2:] == ("profile",)
        else fault
        for fault in faults_of(show, profiles)
    ]


def _saved_files(paths: Sequence[Path]) -> list[_Saved]:
    found = []
    for path in paths:
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as fault:
            found.append(_Saved(path, None, f"cannot be read: {fault.strerror}"))
        else:
            found.append(_saved(path, data))
    return found


def _saved(path: Path, data: bytes) -> _Saved:
    try:
        body = json.loads(data, parse_constant=_refused) if len(data) <= MAX_BYTES else None
        if not isinstance(body, dict) or body.get("format") != FORMAT:
            return _Saved(path, data, "no live show that this lumad can read")
        digest, revision = str(body["yaml_sha256"]), min(max(int(body["revision"]), 1), 1 << 53)
        return _Saved(path, data, "", digest, revision, Live.from_json(body["live"]), body["show"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return _Saved(path, data, "it is broken")


def _refused(word: str) -> None:
    raise ValueError(f"{word} is not a finite number")


def _backed_up(saved: _Saved) -> Path:
    """Copies a file to the backups; OSError."""
    if saved.data is None:
        raise OSError(errno.EIO, "there is nothing to read")
    return keep_backup(saved.backup.parent, saved.backup.name, saved.data)


def _save_paths(path: Path, state_dir: Path | None) -> list[Path]:
    """Where the live show may stand, best first."""
    beside = path.with_name(f"{path.stem}.lumad.json")
    if state_dir is None:
        return [beside]
    mark = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:8]
    return [beside, state_dir / "shows" / f"{path.stem}-{mark}.lumad.json"]


def _is_writable(folder: Path) -> bool:
    """Whether a file can be made there; asking the rights is not enough (read-only mounts, root)."""
    while not folder.exists():
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or "not a file name"
        raise DocumentError([Fault((), f"cannot be read: {reason}", str(path))]) from None
