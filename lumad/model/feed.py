"""Where frames come from, and what the hosted renderer plays."""

from typing import Annotated, Literal, Self

from pydantic import model_validator

from lumad.model.noun import FileName, Noun, complaint, later


class Feed(Noun):
    """The source of frames: the hosted renderer, or a file played instead of it."""

    kind: Annotated[
        Literal["renderer", "image", "video"],
        later("stream capture ndi screen shm pattern", "takes renderer, image and video"),
    ] = "renderer"
    file: FileName | None = None

    @model_validator(mode="after")
    def _file_where_one_is_played(self) -> Self:
        _check_file(self.kind, self.file, needed=self.kind in {"image", "video"})
        return self


class Scene(Noun):
    """What the renderer plays: its dusk skyline, a plate or a video; files lie relative to the show file."""

    kind: Literal["dusk", "plate", "video"] = "dusk"
    file: FileName | None = None

    @model_validator(mode="after")
    def _file_where_one_is_played(self) -> Self:
        _check_file(self.kind, self.file, needed=self.kind in {"plate", "video"})
        return self


def _check_file(kind: str, file: str | None, *, needed: bool) -> None:
    if needed and file is None:
        raise complaint(f"kind: {kind} needs a file")
    if not needed and file is not None:
        raise complaint(f"kind: {kind} plays no file; remove it or choose another kind")
