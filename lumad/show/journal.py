"""The journal: what happened and by whom, the newest thousand at hand, more of them on the disk."""

import asyncio
import json
import logging
import re
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from lumad.show.saver import Later

KEPT: Final = 1000
MAX_BYTES: Final = 1 << 20  # of the file; then it becomes events.1.jsonl and a new one begins
LONGEST: Final = 500  # characters of a text
FLUSH_S: Final = 0.5

_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

log = logging.getLogger("lumad.show")


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: `time` in seconds since 1970; `kind` is one word (edit, undo, live, look, engine, …)."""

    id: int
    time: float
    kind: str
    by: str
    text: str

    def to_json(self) -> dict[str, Any]:
        """Plain values, as the file and the API have them."""
        return asdict(self)


class Journal:
    """Notes events on the loop's thread; the file (None: memory only) is written beside it, in a thread."""

    def __init__(self, path: Path | None, later: Later, clock: Callable[[], float]) -> None:
        self.path = path
        self._later = later
        self._clock = clock
        self._entries = deque(_read(path), maxlen=KEPT) if path else deque[Entry](maxlen=KEPT)
        self._next = self._entries[-1].id + 1 if self._entries else 1
        self._listeners: list[Callable[[Entry], None]] = []
        self._unwritten: list[Entry] = []
        self._writing: asyncio.Task[None] | None = None
        self._planned = False
        self._failed = False

    @property
    def count(self) -> int:
        """How many events there were, those of former runs that the file still knew included."""
        return self._next - 1

    def note(self, kind: str, text: str, by: str = "") -> Entry:
        """Something happened."""
        entry = Entry(self._next, round(self._clock(), 3), kind, one_line(by), one_line(text[:LONGEST]))
        self._next += 1
        self._entries.append(entry)
        if self.path is not None:
            self._unwritten = [*self._unwritten[-KEPT:], entry]
            self._plan()
        for listener in tuple(self._listeners):
            listener(entry)
        return entry

    def after(self, number: int) -> list[Entry]:
        """The events with an id above `number`, oldest first, as far as they are kept."""
        return [entry for entry in self._entries if entry.id > number]

    def subscribe(self, listener: Callable[[Entry], None]) -> Callable[[], None]:
        """`listener(entry)` after each event; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def settled(self) -> None:
        """Wait for the write that is going on, if any."""
        if self._writing is not None:
            await self._writing

    async def close(self) -> None:
        """Write what is unwritten at once."""
        await self.settled()
        if self._unwritten:
            await self._write()

    def _plan(self) -> None:
        if not self._planned and self._writing is None:
            self._planned = True
            self._later(FLUSH_S, self._begin)

    def _begin(self) -> None:
        self._planned = False
        self._writing = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        """A journal that cannot be written costs no light and no edit: memory still has the newest."""
        entries, self._unwritten = self._unwritten, []
        assert self.path is not None
        try:
            await asyncio.to_thread(_append, self.path, entries)
            self._failed = False
        except Exception as fault:  # noqa: BLE001 - told once, tried again with the next event
            if not self._failed:
                log.warning("%s cannot be written: %s; events stay in memory", self.path, fault)
            self._failed = True
        self._writing = None
        if self._unwritten:
            self._plan()


def one_line(text: str) -> str:
    """The text with control characters (line ends, a terminal's escapes, turns of direction) written out."""
    return _CONTROL.sub(lambda char: ascii(char[0])[1:-1], text)


def _append(path: Path, entries: list[Entry]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > MAX_BYTES:
        path.replace(path.with_suffix(".1.jsonl"))
    text = "".join(json.dumps(entry.to_json()) + "\n" for entry in entries)
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _read(path: Path) -> list[Entry]:
    """The events of former runs; lines that are none (a power cut leaves halves) are passed over."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - MAX_BYTES))
            lines = file.read().splitlines()[-KEPT:]
    except OSError:
        return []
    found: list[Entry] = []
    for line in lines:
        entry = _entry(line)
        if entry is not None and (not found or entry.id > found[-1].id):
            found.append(entry)
    return found


def _entry(line: bytes) -> Entry | None:
    try:
        body = json.loads(line)
        kind, by, text = (str(body[key]) for key in ("kind", "by", "text"))
        return Entry(int(body["id"]), float(body["time"]), kind, by, text)
    except (ValueError, LookupError, TypeError, OverflowError, RecursionError):
        return None
