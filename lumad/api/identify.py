"""Who has which lamps show themselves: each page as long as it is open, programs for half a minute."""

from collections.abc import Sequence
from typing import Any, Final

from lumad.show.saver import Later, Timer
from lumad.show.store import Store

PATIENCE_S: Final = 30.0


class Identify:
    """Holds what each asks for; the live value is all of it together."""

    def __init__(self, store: Store, later: Later) -> None:
        self._store = store
        self._later = later
        self._held: dict[str, Sequence[str]] = {}
        self._timers: dict[str, Timer] = {}

    def of(self, holder: str) -> list[str]:
        """What it asked for."""
        return list(self._held.get(holder, ()))

    def hold(self, holder: str, fixtures: Any, *, by: str = "", briefly: bool = False) -> None:
        """These lamps instead of its former ones; `briefly`: until 30 s pass without a word. EditError."""
        others = [one for name, held in self._held.items() if name != holder for one in held]
        known = [one for one in others if one in self._store.show.fixtures]
        wish = [*known, *fixtures] if isinstance(fixtures, list) else fixtures
        self._store.set_live(identify=wish, by=by)
        self._held[holder] = fixtures
        if timer := self._timers.pop(holder, None):
            timer.cancel()
        if briefly and fixtures:
            self._timers[holder] = self._later(PATIENCE_S, lambda: self.end(holder))

    def end(self, holder: str) -> None:
        """Its page is gone, or its time is over."""
        if holder in self._held:
            self.hold(holder, [])
            del self._held[holder]
