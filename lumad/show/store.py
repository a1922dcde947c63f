"""The store: the one place where the show changes."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from lumad.errors import EditError, Fault, StaleRevisionError
from lumad.link.live import Live
from lumad.model.patch import warnings_of
from lumad.model.show import Show
from lumad.show.edits import Edit, check_show
from lumad.show.fade import Fade
from lumad.show.files import Loaded, saved_bytes
from lumad.show.history import History
from lumad.show.live import changed
from lumad.show.playback import Playback
from lumad.show.saver import Later, Saver

log = logging.getLogger("lumad.show")


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed: the show (by `fade`, if light takes its time), the live values, or what is saved.

    `what` names an edit that is more than its parts: undo, look dusk.
    """

    kind: Literal["show", "live", "saved"]
    by: str = ""
    fade: Fade | None = None
    what: str = ""


class Store:
    """The show, its revision and history, and the live values; used on the loop's thread only."""

    def __init__(self, loaded: Loaded, later: Later) -> None:
        self.show: Show = loaded.show
        self.live: Live = loaded.live.kept.among(loaded.show.fixtures)
        self.revision: int = loaded.revision
        self.profiles = loaded.profiles
        self.measured = loaded.measured
        self.play = Playback(self, later)
        self._loaded = loaded
        self._history = History()
        self._listeners: list[Callable[[Event], None]] = []
        self._patch_warnings: tuple[int, tuple[str, ...]] = (-1, ())
        self._saver = Saver(loaded.save_paths, later, lambda: self._tell(Event("saved")))
        if loaded.fresh:
            self._want_saved()

    @property
    def can_undo(self) -> bool:
        """Whether `undo` would change the show."""
        return self._history.former is not None

    @property
    def can_redo(self) -> bool:
        """Whether `redo` would change the show."""
        return self._history.undone is not None

    @property
    def former(self) -> Show | None:
        """The show that `undo` goes back to."""
        return self._history.former

    @property
    def undone(self) -> Show | None:
        """The show that `redo` comes to."""
        return self._history.undone

    @property
    def unsaved(self) -> str | None:
        """Why edits are not on the disk, or None."""
        return self._saver.unsaved

    @property
    def pending(self) -> bool:
        """Whether changes wait for the disk, be it for half a second."""
        return self._saver.pending

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the start found odd about the files, and what the patch leaves dark."""
        revision, patch = self._patch_warnings
        if revision != self.revision:
            known = self.measured.of_show(self.show, self.profiles)  # its faults are the compiler's, too
            found = warnings_of(self.show, self.profiles, known.calibrations, known.seen)
            patch = tuple(str(fault) for fault in found)
            self._patch_warnings = self.revision, patch
        return (*self._loaded.warnings, *patch)

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """`listener(event)` after each change; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def apply(
        self,
        edit: Edit,
        *,
        base_rev: int | None = None,
        gesture: str | None = None,
        by: str = "",
        fade: Fade | None = None,
        what: str = "",
    ) -> int:
        """Make the edited show the show and return its revision; one undo entry per gesture of one editor.

        Raises EditError, UnknownNameError or StaleRevisionError (the show is not at `base_rev`), and then
        nothing has changed. An edit that changes nothing makes no revision. Light goes over by `fade`, else
        at once. `what` names it in the journal.
        """
        if base_rev is not None and base_rev != self.revision:
            raise StaleRevisionError(
                f"the show is at revision {self.revision}, the edit was made for {base_rev}"
            )
        show = edit(self.show)
        check_show(show, self.profiles)
        if show == self.show:
            return self.revision
        self._history.record(self.show, (by, gesture) if gesture is not None else None)
        return self._become(show, by, fade, what)

    def undo(self, *, by: str = "") -> int:
        """Go back to the former show, as a new revision; EditError if there is none."""
        return self._travel(self._history.undo(self.show), "undo", by)

    def redo(self, *, by: str = "") -> int:
        """Take the last undo back, as a new revision; EditError if there is none."""
        return self._travel(self._history.redo(self.show), "redo", by)

    def set_live(self, *, by: str = "", **changes: object) -> Live:
        """Change live values: no revision, no undo, saved (but identify). Raises EditError."""
        live = changed(self.live, changes, self.show.fixtures)
        self._live_as(live, by)
        return live

    async def settled(self) -> None:
        """Wait for the write that is going on, if any."""
        await self._saver.settled()

    async def close(self) -> None:
        """Save what is unsaved at once; no cue follows any more."""
        self.play.wait()
        await self._saver.close()

    def _travel(self, show: Show | None, word: str, by: str) -> int:
        if show is None:
            raise EditError([Fault((), f"there is nothing to {word}")])
        self.play.wait()
        return self._become(show, by, what=word)

    def _become(self, show: Show, by: str, fade: Fade | None = None, what: str = "") -> int:
        self.show = show
        self.revision += 1
        self._want_saved()
        self._tell(Event("show", by, fade, what))
        self._live_as(self.live.among(show.fixtures), by)
        return self.revision

    def _live_as(self, live: Live, by: str) -> None:
        if live != self.live:
            self.live = live
            self._want_saved()
            self._tell(Event("live", by))

    def _want_saved(self) -> None:
        show, live, revision, digest = self.show, self.live.kept, self.revision, self._loaded.yaml_sha256
        self._saver.want(lambda: saved_bytes(show, live, revision, digest))

    def _tell(self, event: Event) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except Exception:  # one listener's bug must not keep the change from the light
                log.exception("a listener of the store failed")
