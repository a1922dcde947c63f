"""Colour tables: baked off the loop, one at a time, kept in the state directory."""

import asyncio
import contextlib
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from lumad.colour.lut import NODES
from lumad.pixelmap.tables import Recipe, Table, baked

MOST = (
    64  # tables of one show, about a megabyte each; what comes after them is solved exactly, frame by frame
)
_KEPT_FILES = 256
_TOLD_EVERY_S = 2.0  # each time the whole map is made anew

log = logging.getLogger(__name__)


class Tables:
    """Tables by key. `changed()` is called on the loop when some were added: at once, then now and then."""

    def __init__(self, folder: Path, changed: Callable[[], None]) -> None:
        self.ready: dict[str, Table] = {}
        self._folder = folder
        self._changed = changed
        self._wanted: dict[str, Recipe] = {}
        self._failed: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def want(self, recipes: Mapping[str, Recipe]) -> None:
        """The tables that the newest map would use: others are dropped, missing ones begin to be made."""
        self._wanted = dict(list(recipes.items())[:MOST])
        self.ready = {key: table for key, table in self.ready.items() if key in self._wanted}
        if self._missing() and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._make(), name="colour tables")

    def stop(self) -> None:
        """Makes no more of them."""
        self._wanted = {}
        if self._task:
            self._task.cancel()

    def _missing(self) -> str | None:
        return next((key for key in self._wanted if key not in self.ready and key not in self._failed), None)

    async def _make(self) -> None:
        told, untold = float("-inf"), False
        loop = asyncio.get_running_loop()
        while key := self._missing():
            try:
                table = await asyncio.to_thread(_table, self._folder / f"{key}.npy", self._wanted[key])
            except Exception:
                log.exception("a colour table could not be made; its lamps are solved frame by frame")
                self._failed.add(key)
                continue
            if key in self._wanted:
                self.ready[key] = table
                untold = True
                if loop.time() - told > _TOLD_EVERY_S:
                    told, untold = loop.time(), False
                    self._changed()
        if untold:
            self._changed()


def _table(path: Path, recipe: Recipe) -> Table:
    """From the disk, else baked and kept there; a disk that takes nothing only costs the time next start."""
    with contextlib.suppress(OSError, ValueError, EOFError):
        table = np.load(path, allow_pickle=False)
        os.utime(path)  # the ones used last are kept
        if table.shape == (*[NODES] * 3, len(recipe["columns"])) and np.isfinite(table).all():
            return np.asarray(table, np.float32)
    table = baked(recipe)
    with contextlib.suppress(OSError):
        _keep(path, table)
    return table


def _keep(path: Path, table: Table) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            np.save(file, table)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    files = sorted(path.parent.glob("*.npy"), key=lambda one: one.stat().st_mtime)
    for old in files[:-_KEPT_FILES]:
        old.unlink(missing_ok=True)
