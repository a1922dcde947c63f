"""Keeps the light of every take, from the moment it rolls."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from lumad.show.journal import Journal
from lumad.show.store import Event, Store
from lumad.show.takes import Moment, Takes

STILL_WIDTH: Final = 960

log = logging.getLogger(__name__)


class Continuity:
    """`levels()` are those that left last, by universe; `still(width)` the wall as (frame number, JPEG)."""

    def __init__(
        self,
        store: Store,
        takes: Takes,
        journal: Journal,
        levels: Callable[[], Mapping[int, bytes]],
        still: Callable[[int], Awaitable[tuple[int, bytes] | None]],
    ) -> None:
        self._store, self._takes, self._journal = store, takes, journal
        self._levels, self._still = levels, still
        self._rolling = store.live.take.rolling
        self._keeping: set[asyncio.Task[None]] = set()
        self._leave = store.subscribe(self._hear)

    async def settled(self) -> None:
        """What is being kept is kept."""
        await asyncio.gather(*self._keeping)

    async def close(self) -> None:
        """Ends, with what is being kept."""
        self._leave()
        await self.settled()

    def _hear(self, event: Event) -> None:
        if event.kind != "live":
            return
        before, self._rolling = self._rolling, self._store.live.take.rolling
        if self._rolling and not before:
            keeping = asyncio.ensure_future(self._keep())
            self._keeping.add(keeping)
            keeping.add_done_callback(self._keeping.discard)

    async def _keep(self) -> None:
        """A take that cannot be kept is told of; the light goes on."""
        store = self._store
        now, show, live, levels = time.time(), store.show, store.live, self._levels()
        try:
            picture = await self._still(STILL_WIDTH)
            moment = Moment(now, live.take, show, live, levels, picture[1] if picture else b"")
            number = await asyncio.to_thread(self._takes.keep, moment)
        except Exception as fault:
            log.exception("the light of %s could not be kept", live.take.slate)
            self._journal.note("take", f"the light of {live.take.slate} could not be kept: {fault}")
        else:
            self._journal.note("take", f"the light of {live.take.slate} is kept as number {number}")
