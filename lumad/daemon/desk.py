"""The desk from start to stop: lock, levels block, engine, wall, then the door; stop is the mirror."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lumad.api.listen import listen
from lumad.daemon.light import LightPath
from lumad.daemon.notify import notify, watchdog_interval
from lumad.daemon.runtime import Orphan, RuntimeDirectory, holder_of, kill
from lumad.errors import FrameError
from lumad.link.levels import LevelsBlock
from lumad.settings import Settings
from lumad.show.files import load_show
from lumad.show.journal import one_line
from lumad.show.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """One run: the show file, where profiles lie, and `demo` for the stage in a box."""

    show: Path
    settings: Settings
    libraries: Sequence[Path]
    demo: bool = False


async def run(options: Options) -> int:
    """Runs the desk until a signal ends it; prints the page's address as the first line of stdout.

    SIGTERM and Ctrl-C leave receivers holding the last light; SIGUSR1 (`lumad release`), and Ctrl-C in the
    demo, let the lights go.
    """
    settings = options.settings
    signals = _Signals()
    runtime = RuntimeDirectory(settings.runtime_dir)
    listening = listen(settings.bind, settings.port)
    loaded = load_show(options.show, options.libraries, settings.state_dir)
    for warning in loaded.warnings:
        log.warning(warning)
    store = Store(loaded, asyncio.get_running_loop().call_later)
    inherited = _inherit(runtime.path, settings.state_dir)
    light = LightPath(store, runtime.path, options.show.resolve().parent, inherited.block, settings)
    light.start(inherited.ring, inherited.engine)
    try:
        from lumad.daemon.door import open_door  # noqa: PLC0415 - the lights are lit before this loads

        async with open_door(settings, light, listening, runtime.path, demo=options.demo) as door:
            print(door.url, flush=True)  # noqa: T201 - the contract: first line of stdout
            if door.welcome:
                print(door.welcome, flush=True)  # noqa: T201 - for whoever started it
            notify(f"READY=1\nSTATUS={door.url}")
            await signals.come()
            notify("STOPPING=1")
    finally:
        try:
            await light.stop(release=signals.release(demo=options.demo))
        finally:
            await store.close()
            runtime.close()
    return 130 if signals.interrupted else 0


class _Signals:
    """The signals that end a desk, and what they ask for."""

    def __init__(self) -> None:
        self._seen: list[int] = []
        self._event = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            asyncio.get_running_loop().add_signal_handler(number, self._see, number)

    def _see(self, number: int) -> None:
        self._seen.append(number)
        self._event.set()

    async def come(self) -> None:
        """Waits for the first; systemd hears meanwhile that the loop turns."""
        interval = watchdog_interval()
        while not self._event.is_set():
            notify("WATCHDOG=1")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._event.wait(), interval)

    @property
    def interrupted(self) -> bool:
        """Ctrl-C came first."""
        return self._seen[:1] == [signal.SIGINT]

    def release(self, *, demo: bool) -> bool:
        """Whether the lights are to be let go."""
        return signal.SIGUSR1 in self._seen or (demo and signal.SIGINT in self._seen)


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a desk that died left: the block, the ring, and an engine that still sends."""

    block: LevelsBlock
    ring: int | None
    engine: Orphan | None


def _inherit(runtime: Path, state_dir: Path) -> _Inherited:
    """Finds the orphans of a former desk; ends the wall, and any engine that cannot be reached."""
    engine, wall = (Orphan.find(runtime / name) for name in ("engine.sock", "wall.sock"))
    sender = holder_of(runtime / "engine.lock")
    if sender is not None and (engine is None or engine.pid != sender):
        log.error("engine %d outlived its desk and cannot be reached; killing it", sender)
        kill(sender)
    if wall is not None:
        wall.end()
    ring = next((orphan.fds["ring"] for orphan in (wall, engine) if orphan and "ring" in orphan.fds), None)
    return _Inherited(_levels_block(engine, state_dir), ring, engine)


def _levels_block(orphan: Orphan | None, state_dir: Path) -> LevelsBlock:
    """The block of an engine that outlived its desk, else a new one under this installation's CID."""
    if orphan and "levels" in orphan.fds:
        with contextlib.suppress(FrameError):
            return LevelsBlock(orphan.fds["levels"])
    return LevelsBlock.create(_cid(state_dir))


def _cid(state_dir: Path) -> bytes:
    """The CID that is this installation's for good (E1.31 clause 5.6); made at the first start."""
    path = state_dir / "cid"
    try:
        return uuid.UUID(path.read_text().strip()).bytes
    except (OSError, ValueError):
        cid = uuid.uuid4()
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{cid}\n")
    except OSError as error:
        log.warning(
            "the CID could not be kept (%s); receivers will see a new source at the next start", error
        )
    return cid.bytes


def log_to_stderr(level: str) -> None:
    """Plain lines; with systemd's priority prefix where the journal listens (sd-daemon(3))."""
    journal = "JOURNAL_STREAM" in os.environ
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Prefixed("%(message)s") if journal else _Plain("lumad: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


class _Plain(logging.Formatter):
    """One line a message: names from the network or a show begin no line of their own, steer no terminal."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        record.message = one_line(record.message)
        return super().formatMessage(record)


class _Prefixed(_Plain):
    def format(self, record: logging.LogRecord) -> str:
        priority = 3 if record.levelno >= logging.ERROR else 4 if record.levelno >= logging.WARNING else 6
        return f"<{priority}>{super().format(record)}"
