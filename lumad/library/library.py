"""Profiles in folders: `arri/l7-c` is the file `arri/l7-c.yaml` of the first folder that has it."""

from collections.abc import Sequence
from pathlib import Path

from lumad.documents import load_document, nearest
from lumad.errors import DocumentError, Fault, UnknownNameError
from lumad.model.profile import PROFILE_ID, Profile
from lumad.model.validate import validate


class Library:
    """The profiles of some folders, earlier folders first; each file is read once, when it is asked for.

    A broken file is a fault of its own and hides no other profile.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._read: dict[str, Profile | DocumentError] = {}
        self._files: dict[str, Path] | None = None
        self._strays: list[Fault] = []

    def profile(self, profile_id: str) -> Profile:
        """The profile of that id; UnknownNameError names the nearest, or says what is wrong with its file."""
        found = self._entry(profile_id)
        if found is None:
            raise UnknownNameError(f"no profile {profile_id!r}{nearest(profile_id, self.ids())}")
        if isinstance(found, DocumentError):
            raise UnknownNameError(f"profile {profile_id} cannot be used: {found.faults[0]}")
        return found

    def ids(self) -> tuple[str, ...]:
        """Every profile that can be used, sorted."""
        return tuple(name for name in self._listed() if isinstance(self._entry(name), Profile))

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with the files in the folders, all of them."""
        entries = [self._entry(name) for name in self._listed()]
        broken = [fault for entry in entries if isinstance(entry, DocumentError) for fault in entry.faults]
        return (*self._strays, *broken)

    def look_again(self) -> None:
        """Forgets what was read: files have come, gone or changed."""
        self._read, self._files, self._strays = {}, None, []

    def _entry(self, profile_id: str) -> Profile | DocumentError | None:
        if profile_id not in self._read:
            path = self._path_of(profile_id)
            if path is None:
                return None
            self._read[profile_id] = _read(path, profile_id)
        return self._read[profile_id]

    def _path_of(self, profile_id: str) -> Path | None:
        """The file of an id; nothing that is no id, and nothing outside the folders, is ever looked at."""
        if not PROFILE_ID.fullmatch(profile_id) or ".." in profile_id:
            return None
        for folder in self.folders:
            path = folder / f"{profile_id}.yaml"
            if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
                return path
        return None

    def _listed(self) -> dict[str, Path]:
        """Ids of all files in the folders."""
        if self._files is None:
            self._files = {}
            for folder in self.folders:
                for path in sorted(folder.glob("*/*.yaml")):
                    self._list(f"{path.parent.name}/{path.stem}", path)
            self._files = dict(sorted(self._files.items()))
        return self._files

    def _list(self, profile_id: str, path: Path) -> None:
        assert self._files is not None
        if self._path_of(profile_id) is None:
            said = "is no file of a profile; name it maker/model.yaml in small letters, digits, - and ."
            self._strays.append(Fault((), said, str(path)))
        else:
            self._files.setdefault(profile_id, path)


def _read(path: Path, profile_id: str) -> Profile | DocumentError:
    try:
        document = load_document(path)
        profile = validate(document, Profile)
    except DocumentError as error:
        return error
    if profile.id == profile_id:
        return profile
    return DocumentError([document.fault(("id",), f"{profile.id}, but the file is that of {profile_id}")])
