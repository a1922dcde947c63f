"""What goes into the journal: edits by their names, live values, and what befalls the light path."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from lumad.model.show import Show
from lumad.show.edits import ROOMS
from lumad.show.journal import Journal
from lumad.show.store import Event, Store

QUIET_S: Final = 1.0  # a drag is one entry, written when the finger has rested so long
LOOK_S: Final = 0.5
_MOST_HELD: Final = 64
_CHILDREN: Final = ("engine", "renderer")
_NAMED: Final = 4  # parts of the show that an entry names; of more it says how many

log = logging.getLogger(__name__)


class Chronicle:
    """Listens to the store and looks at the status twice a second; each thing is told once, when it begins
    and when it ends. `status()` is the desk's, `clock()` seconds that never jump.
    """

    def __init__(
        self,
        journal: Journal,
        store: Store,
        status: Callable[[], Mapping[str, Any]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._store = store
        self._status = status
        self._show, self._live = store.show, store.live
        self._held: dict[tuple[str, str, str], float] = {}  # kind, text, by; and when it was last seen
        self._known: dict[str, str] = {}
        self._failed = False
        self._leave = store.subscribe(self.hear)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look."""
        self._journal.note("start", "lumad started")
        self._task = asyncio.get_running_loop().create_task(self._run(), name="chronicle")

    async def stop(self) -> None:
        """Ends, with what is held written down."""
        self._leave()
        if self._task is not None:
            self._task.cancel()
        self.rest()
        self._journal.note("stop", "lumad stops")
        await self._journal.close()

    def hear(self, event: Event) -> None:
        """The store has changed."""
        if event.kind == "show":
            before, self._show = self._show, self._store.show
            parts = parts_of(before, self._show)
            if not event.what:
                self._hold("edit", parts, event.by)
            else:
                word, _, name = event.what.partition(" ")
                self._tell(word, f"{name}: {parts}" if name else parts, event.by)
        elif event.kind == "live":
            before_live, self._live = self._live.to_json(), self._store.live
            for name, value in self._live.to_json().items():
                if value != before_live[name]:
                    self._tell_live(name, value, event.by)

    def look(self) -> None:
        """Writes down what was held long enough, and what is new in the status."""
        now = self._clock()
        self._write(entry for entry, seen in self._held.items() if now - seen >= QUIET_S)
        troubles = troubles_of(self._status())
        known, self._known = self._known, troubles
        for key in (key for key in troubles if key not in known):
            self._journal.note(key.partition(" ")[0], troubles[key])
        for key in (key for key in known if key not in troubles):
            kind = key.partition(" ")[0]
            if kind not in _CHILDREN:  # a restart is never over
                self._journal.note(kind, f"over: {known[key]}")

    def rest(self) -> None:
        """Writes down what is held."""
        self._write(self._held)

    def _tell_live(self, name: str, value: Any, by: str) -> None:
        if name == "master":
            self._hold("live", "master", by)
        elif isinstance(value, bool):
            self._tell("live", f"{name} {'on' if value else 'off'}", by)
        elif isinstance(value, list):
            self._tell("live", f"{name}: {', '.join(map(str, value)) or 'nobody'}", by)
        elif name == "take":
            take = self._live.take
            self._tell("take", f"{take.slate}: {'rolling' if take.rolling else 'not rolling'}", by)
        # else it is the cue: the look that it calls is told

    def _tell(self, kind: str, text: str, by: str) -> None:
        """An entry of its own, behind all that came before it."""
        self.rest()
        self._journal.note(kind, text, by)

    def _hold(self, kind: str, text: str, by: str) -> None:
        """An entry that waits for its end: many hands may move at once, each of them is one."""
        if len(self._held) >= _MOST_HELD:
            self.rest()
        self._held[kind, text, by] = self._clock()

    def _write(self, entries: Iterable[tuple[str, str, str]]) -> None:
        for entry in tuple(entries):
            del self._held[entry]
            kind, text, by = entry
            self._journal.note(kind, text, by)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                self.look()
            except Exception:
                if not self._failed:
                    log.exception("the journal could not look at the status")
                self._failed = True
            else:
                self._failed = False


def parts_of(before: Show, after: Show) -> str:
    """The paths that differ between two shows, as edits name them."""
    parts = list(_parts(before, after))
    more = f" and {len(parts) - _NAMED} more" if len(parts) > _NAMED else ""
    return ", ".join(parts[:_NAMED]) + more or "nothing"


def _parts(before: Show, after: Show) -> Iterator[str]:
    for room in ROOMS:
        old, new = getattr(before, room), getattr(after, room)
        for name in dict.fromkeys([*old, *new]):
            if name not in new:
                yield f"{room}/{name} removed"
            elif name not in old:
                yield f"{room}/{name} made"
            elif old[name] is not new[name] and old[name] != new[name]:
                yield f"{room}/{name}"
    for key in Show.model_fields:
        if key not in ROOMS and getattr(before, key) != getattr(after, key):
            yield key


def troubles_of(status: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong now: a key for each trouble, its first word the kind, and what to say of it."""
    found: dict[str, str] = {}
    feed = status.get("feed", {})
    if feed.get("state") in {"lost", "failed"}:
        found["feed"] = f"no pictures come ({feed.get('error') or 'the feed is lost'}); the lights hold"
    for name in _CHILDREN:
        restarts = status.get(name, {}).get("restarts") or 0
        if restarts > 0:
            found[f"{name} {restarts}"] = f"the {name} was started again, for the {_ordinal(restarts)} time"
    for each in status.get("outputs", []):
        if each.get("failing"):
            key = f"output {each['protocol']} {each['to']} {each.get('interface')}"
            found[key] = f"{each['protocol']} to {each['to']}: {each['last_error']}"
    for node in status.get("nodes", []):
        if node.get("missing"):
            found[f"node {node['address']} {node.get('bind_index')}"] = (
                f"{node['name']} ({node['address']}) is silent"
            )
    for conflict in status.get("conflicts", []):
        who = f"{conflict['protocol']} {conflict['source']}"  # the same one, whatever it changes
        found[f"conflict {who}"] = conflict["text"]
    if status.get("unsaved"):
        found["unsaved"] = str(status["unsaved"])
    return found


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
