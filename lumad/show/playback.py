"""Playing looks and cues; a cue may be followed by the next one in its time."""

import logging
from typing import Protocol

from lumad.errors import EditError, Fault, LumadError
from lumad.link.live import Live
from lumad.model.cue import Cue
from lumad.model.show import Show
from lumad.show.fade import Fade
from lumad.show.looks import Edit, cue_after, cue_before, cue_of, fade_of, recall, release
from lumad.show.saver import Later, Timer

log = logging.getLogger("lumad.show")


class Stage(Protocol):
    """What is played on: the store."""

    show: Show
    live: Live

    def apply(self, edit: Edit, *, by: str = "", fade: Fade | None = None, what: str = "") -> int:
        """Makes the edited show the show; its revision."""

    def set_live(self, *, by: str = "", **changes: object) -> Live:
        """Changes live values."""


class Playback:
    """Looks and cues of one store, on its loop's thread; the current cue is one of its live values."""

    def __init__(self, stage: Stage, later: Later) -> None:
        self._stage = stage
        self._later = later
        self._timer: Timer | None = None

    def go(self, name: str, fade_s: float | None = None, *, by: str = "") -> int:
        """Recalls a look in `fade_s` seconds, None its own; the revision. UnknownNameError, EditError."""
        fade = fade_of(self._stage.show, name, fade_s)
        return self._stage.apply(recall(name), by=by, fade=fade, what=f"look {name}")

    def release(self, name: str, fade_s: float | None = None, *, by: str = "") -> int:
        """Gives the fixtures of a look back to the wall, in its fade time; the revision."""
        fade = fade_of(self._stage.show, name, fade_s)
        return self._stage.apply(release(name), by=by, fade=fade, what=f"look {name} released")

    def cue(self, number: float | None = None, *, by: str = "") -> Cue:
        """The cue of that number goes, None the next one. UnknownNameError, EditError."""
        if number is not None:
            return self._play(cue_of(self._stage.show, number), by)
        return self._play(cue_after(self._stage.show, self._stage.live.cue), by)

    def back(self, *, by: str = "") -> Cue:
        """The cue before the current one goes; nothing follows it by itself."""
        return self._play(cue_before(self._stage.show, self._stage.live.cue), by, follow=False)

    def wait(self) -> None:
        """No cue follows by itself until the next one goes."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _play(self, cue: Cue | None, by: str, *, follow: bool = True) -> Cue:
        if cue is None:
            raise EditError([Fault(("cues",), "there is no further cue")])
        self.go(cue.look, cue.fade_s, by=by)
        self._stage.set_live(cue=cue.number, by=by)
        self.wait()
        if follow and cue.wait_s is not None and cue_after(self._stage.show, cue.number):
            self._timer = self._later(cue.wait_s, lambda: self._follow(by))
        return cue

    def _follow(self, by: str) -> None:
        self._timer = None
        try:
            self.cue(by=by)
        except LumadError as error:
            log.warning("the next cue did not go: %s", error)
