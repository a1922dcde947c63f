"""Saving beside the light: debounced, in a thread, retried until it is done."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from lumad.show.atomic import write_first

DEBOUNCE_S = 0.5  # from the first unsaved change: a long drag is saved on the way
RETRY_S = 5.0

log = logging.getLogger("lumad.show")


class Timer(Protocol):
    """What `asyncio.loop.call_later` returns."""

    def cancel(self) -> None:
        """The call shall not happen."""


Later = Callable[[float, Callable[[], None]], Timer]
"""`call_later(delay_s, callback)` of a running loop, or a test's own clock."""


class Saver:
    """Keeps a file up to date with the newest wish; the loop never waits for the disk."""

    def __init__(self, paths: Sequence[Path], later: Later, on_change: Callable[[], None]) -> None:
        self.paths = tuple(paths)
        self.unsaved: str | None = (
            None if self.paths else "there is no file to save in; changes live in memory only"
        )
        self._later = later
        self._on_change = on_change
        self._make: Callable[[], bytes] | None = None
        self._timer: Timer | None = None
        self._task: asyncio.Task[None] | None = None
        self._writing = threading.Lock()

    @property
    def pending(self) -> bool:
        """Whether something waits to be saved or is being saved."""
        return self._make is not None or self._task is not None

    def want(self, make: Callable[[], bytes]) -> None:
        """`make()` (called in a thread) shall be the file soon; the newest wish wins."""
        self._make = make
        self._plan(DEBOUNCE_S)

    async def settled(self) -> None:
        """Wait for the write that is going on, if any."""
        if self._task is not None:
            await self._task

    async def close(self) -> None:
        """Save what is unsaved at once, and no more afterwards."""
        await self.settled()
        if self._make is not None:
            await self._save()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _plan(self, delay: float) -> None:
        if self._timer is None and self._task is None and self.paths:
            self._timer = self._later(delay, self._begin)

    def _begin(self) -> None:
        self._timer = None
        self._task = asyncio.ensure_future(self._save())

    async def _save(self) -> None:
        make = self._take()
        delay = DEBOUNCE_S
        try:
            if make is not None and self.paths:
                await asyncio.to_thread(self._write, make)
                self.unsaved = None
        except Exception as fault:  # noqa: BLE001 - shown and tried again, whatever it was
            self._failed(fault)
            self._keep(make)
            delay = RETRY_S
        self._task = None
        if self._make is not None:
            self._plan(delay)
        self._on_change()

    def _write(self, make: Callable[[], bytes]) -> None:
        with self._writing:  # where no thread could be started, the write waits for one beside its next try
            write_first(self.paths, make())

    def _take(self) -> Callable[[], bytes] | None:
        make, self._make = self._make, None
        return make

    def _keep(self, make: Callable[[], bytes] | None) -> None:
        """What could not be saved waits for the next try, unless there is something newer."""
        if self._make is None:
            self._make = make

    def _failed(self, fault: Exception) -> None:
        reason = getattr(fault, "strerror", None) or str(fault) or type(fault).__name__
        message = f"{self.paths[0]} cannot be saved: {reason}"
        if message != self.unsaved:
            log.warning("%s; lights and edits go on, the next try follows", message)
        self.unsaved = message
