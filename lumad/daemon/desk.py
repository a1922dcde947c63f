"""The desk from start to stop: lock, levels block, engine, wall, then the door; stop is the mirror."""

import asyncio
import contextlib
import logging
import os
import signal
import sys
import uuid
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lumad.daemon.light import LightPath
from lumad.daemon.notify import notify, watchdog_interval
from lumad.daemon.runtime import Orphan, RuntimeDirectory, holder_of, kill
from lumad.errors import FrameError
from lumad.link.levels import LevelsBlock
from lumad.settings import Settings
from lumad.show.files import load_show
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
    loop = asyncio.get_running_loop()
    stopping = asyncio.Event()
    stopped_by: list[int] = []

    def stop(number: int) -> None:
        stopped_by.append(number)
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        loop.add_signal_handler(number, stop, number)

    loaded = load_show(options.show, options.libraries, settings.state_dir)
    runtime = RuntimeDirectory(settings.runtime_dir)
    engine, wall = (Orphan.find(runtime.path / name) for name in ("engine.sock", "wall.sock"))
    sender = holder_of(runtime.path / "engine.lock")
    if engine is None and sender is not None:
        log.error("engine %d outlived its desk and does not answer; killing it", sender)
        kill(sender)
    block = _levels_block(engine, settings.state_dir)
    store = Store(loaded, loop.call_later)
    light = LightPath(store, runtime.path, options.show.resolve().parent, block, settings.interface)
    if wall is not None:
        wall.end()
    orphans = {name: fd for orphan in (engine, wall) if orphan for name, fd in orphan.fds.items()}
    light.start(orphans.get("ring"), predecessor=engine)
    try:
        async with _door(options, light, list(loaded.warnings)) as url:
            print(url, flush=True)  # noqa: T201 - the contract: first line of stdout
            notify("READY=1\nSTATUS=" + url)
            watchdog = loop.create_task(_feed_watchdog())
            await stopping.wait()
            watchdog.cancel()
            notify("STOPPING=1")
    finally:
        released = signal.SIGUSR1 in stopped_by or (options.demo and signal.SIGINT in stopped_by)
        await light.stop(release=released)
        await store.close()
        runtime.close()
    return 130 if stopped_by[:1] == [signal.SIGINT] else 0


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


@contextlib.asynccontextmanager
async def _door(options: Options, light: LightPath, warnings: list[str]) -> AsyncIterator[str]:
    """The page and the API, open while inside; yields the address. The heavy imports happen here."""
    from lumad.api.app import build_app, serve  # noqa: PLC0415 - the lights are lit before these load
    from lumad.api.guard import is_loopback, new_token, page_url  # noqa: PLC0415
    from lumad.daemon.views import Views  # noqa: PLC0415
    from lumad.input.receiver import Receiver  # noqa: PLC0415

    settings = options.settings
    receiver = None
    if options.demo:
        universes = [u for output in light.store.show.outputs for u in output.universe_list()]
        receiver = Receiver(universes, "lo")
        warnings += receiver.start()
    token = None if is_loopback(settings.bind) else new_token()
    if token:
        log.warning(
            "listening beyond this machine, at %s: whoever has the address below may change the light",
            settings.bind,
        )
    app = build_app(Views(light, receiver, warnings), bind=settings.bind, token=token)
    runner, port = await serve(app, settings.bind, settings.port)
    try:
        yield page_url(settings.bind, port, token)
    finally:
        await runner.cleanup()
        if receiver:
            receiver.close()


async def _feed_watchdog() -> None:
    """Tells systemd that the loop turns."""
    interval = watchdog_interval()
    while interval:
        notify("WATCHDOG=1")
        await asyncio.sleep(interval)


def log_to_stderr(level: str) -> None:
    """Plain lines; with systemd's priority prefix where the journal listens (sd-daemon(3))."""
    journal = "JOURNAL_STREAM" in os.environ
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Prefixed("%(message)s") if journal else logging.Formatter("lumad: %(message)s"))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)


class _Prefixed(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        priority = 3 if record.levelno >= logging.ERROR else 4 if record.levelno >= logging.WARNING else 6
        return f"<{priority}>{super().format(record)}"
