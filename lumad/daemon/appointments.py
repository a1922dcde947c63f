"""Keeps the schedule: looks and live values at their time of day, unless a take is rolling."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from lumad.errors import LumadError
from lumad.model.schedule import Appointment
from lumad.show.journal import Journal
from lumad.show.schedule import due
from lumad.show.store import Store

LOOK_S: Final = 1.0
BY: Final = "schedule"

log = logging.getLogger(__name__)


def local_now() -> datetime:
    """The time on the clock on the wall, with its zone."""
    return datetime.now().astimezone()


class Appointments:
    """Looks at the clock once a second; `clock()` is the local time, aware."""

    def __init__(self, store: Store, journal: Journal, clock: Callable[[], datetime] = local_now) -> None:
        self._store, self._journal, self._clock = store, journal, clock
        self._seen = clock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="schedule")

    def stop(self) -> None:
        """Ends."""
        if self._task:
            self._task.cancel()

    def look(self) -> None:
        """Does what has fallen due since the last time."""
        now, since = self._clock(), self._seen
        self._seen = now
        show, take = self._store.show, self._store.live.take
        for entry in due(show.schedule, show.place, since, now):
            name = entry.name or entry.at
            if take.rolling:
                self._journal.note("schedule", f"{name} is left out: {take.slate} is rolling")
                continue
            try:
                self._do(entry)
            except LumadError as fault:
                self._journal.note("schedule", f"{name} did not happen: {fault}")
            else:
                self._journal.note("schedule", f"{name} has happened")

    def _do(self, entry: Appointment) -> None:
        if entry.look is not None:
            self._store.play.go(entry.look, entry.fade_s, by=BY)
        elif entry.release is not None:
            self._store.play.release(entry.release, entry.fade_s, by=BY)
        elif entry.master is not None:
            self._store.set_live(master=entry.master, by=BY)
        else:
            self._store.set_live(blackout=entry.blackout, by=BY)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                self.look()
            except Exception:
                log.exception("the schedule could not be kept this time")
