"""What was deleted a moment ago: a hand that still drags it is told so, and does not bring it back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from lumad.api.problem import RequestError
from lumad.model.show import Show
from lumad.show.edits import ROOMS
from lumad.show.store import Event, Store

FRESH_S: Final = 10.0  # so long nobody else begins it anew
FORGOTTEN_S: Final = 600.0


@dataclass(slots=True)
class _Grave:
    """When it went, whose page deleted it, and the gestures (who, which) that were told."""

    at: float
    by: str = ""
    told: set[tuple[str, str]] = field(default_factory=set)


class Gone:
    """The paths (`groups/front`) that went lately, by a store's events; `clock()` in seconds."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store, self._clock = store, clock
        self._paths = _paths(store.show)
        self._graves: dict[str, _Grave] = {}
        self.close = store.subscribe(self._hear)

    def by(self, path: str, page: str) -> None:
        """The page that deleted it knows."""
        if grave := self._graves.get(path):
            grave.by = page

    def check(self, path: str, page: str, gesture: str | None) -> None:
        """RequestError 409 where the page would bring back what somebody else has just deleted."""
        grave = self._graves.get(path)
        if grave is None or grave.by == page:
            return
        hand = (page, gesture or "")
        if self._clock() - grave.at < FRESH_S or (gesture and hand in grave.told):
            grave.told.add(hand)
            raise RequestError(HTTPStatus.CONFLICT, f"{path[:80]} was deleted meanwhile")

    def _hear(self, event: Event) -> None:
        if event.kind != "show":
            return
        before, self._paths = self._paths, _paths(self._store.show)
        gone = before - self._paths
        now = self._clock()
        kept = {
            path: grave
            for path, grave in self._graves.items()
            if path not in self._paths and now - grave.at < FORGOTTEN_S
        }
        self._graves = kept | {path: _Grave(now) for path in gone}


def _paths(show: Show) -> frozenset[str]:
    return frozenset(f"{room}/{name}" for room in ROOMS for name in getattr(show, room))
