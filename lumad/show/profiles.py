"""The profiles that a show may use, read when they are asked for."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lumad.errors import UnknownNameError
from lumad.library.library import Library
from lumad.model.profile import Profile


class Profiles(Mapping[str, Profile]):
    """Profiles by id over the folders, the first folder wins; a broken one is not there."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.library = Library(folders)

    def __getitem__(self, name: str) -> Profile:
        try:
            return self.library.profile(name)
        except UnknownNameError:
            raise KeyError(name) from None

    def why_not(self, name: str) -> str:
        """Why a profile cannot be used: not there (the nearest is named), or what its file has wrong."""
        try:
            return f"profile {self.library.profile(name).id} is there"
        except UnknownNameError as error:
            return str(error)

    def __iter__(self) -> Iterator[str]:
        return iter(self.library.ids())

    def __len__(self) -> int:
        return len(self.library.ids())
