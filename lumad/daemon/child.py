"""One child process: started, heard, watched, started again."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lumad.daemon.runtime import kill
from lumad.link.channel import Channel, ChannelClosedError, Message

SILENT_S = 3.0  # a child reports twice a second; so long without a word means it hangs
STARTING_S = 10.0
_BACK_OFF_S = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_HEALTHY_S = 10.0  # after so long the back-off starts again
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
_HOME = str(Path(__file__).parents[2])
_START = (
    "import sys; home = sys.argv.pop(1); sys.path[:0] = [] if home in sys.path else [home]; "
    "from lumad.cli import main; raise SystemExit(main())"
)

log = logging.getLogger(__name__)


def command_of(name: str, runtime: Path) -> tuple[str, ...]:
    """The command line of one of lumad's own children, its channel not yet named.

    It runs this very lumad, wherever it was started: a folder `lumad` there is somebody else's.
    """
    return (sys.executable, "-P", "-c", _START, _HOME, name, "--runtime", str(runtime))


class Child:
    """A process under supervision; `greet` sends it what it needs, `hear` takes each of its messages.

    `command` gets `--channel N` behind it, N an inherited descriptor.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        greet: Callable[[Channel], None],
        hear: Callable[[Message], None],
        *,
        starting_s: float = STARTING_S,
        silent_s: float = SILENT_S,
    ) -> None:
        self.name = name
        self.state = "stopped"
        self.pid: int | None = None
        self.restarts = -1
        self.health: dict[str, Any] = {}
        self._command = tuple(command)
        self._greet = greet
        self._hear = hear
        self._channel: Channel | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._starting_s, self._silent_s = starting_s, silent_s
        self._patient_until = 0.0

    def start(self) -> None:
        """Begins the supervision."""
        self._task = asyncio.get_running_loop().create_task(self._supervise(), name=f"child {self.name}")

    def tell(
        self, op: str, body: Mapping[str, Any] | None = None, fds: Mapping[str, int] | None = None
    ) -> None:
        """Sends a message; a child that does not take it is replaced by one greeted with everything."""
        if self._channel is not None and not self._channel.send(op, body, fds):
            log.warning("the %s process does not listen; replacing it", self.name)
            self._channel = None
            self._kill()

    async def stop(self, op: str = "end", patience: float = 1.5) -> None:
        """Has the child end itself by message `op`, and kills it if it does not."""
        self._stopping.set()
        if self._task is None:
            return
        if self._channel is not None:
            self._channel.send(op)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._task), patience)
        if not self._task.done():
            self._kill()
            await self._task
        self.state = "stopped"

    async def _supervise(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while not self._stopping.is_set():
            started = loop.time()
            try:
                await self._live_once()
            except Exception:
                log.exception("the %s process could not be started", self.name)
            if self._stopping.is_set():
                break
            failures = 0 if loop.time() - started > _HEALTHY_S else failures + 1
            pause = _BACK_OFF_S[min(max(failures - 1, 0), len(_BACK_OFF_S) - 1)]
            self.state = "restarting"
            log.warning("the %s process ended; starting it again in %.1f s", self.name, pause)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def _live_once(self) -> None:
        """From the start of one process to its end."""
        loop = asyncio.get_running_loop()
        here, there = Channel.pair()
        try:
            process = await asyncio.create_subprocess_exec(
                *(*self._command, "--channel", str(there.fileno())),
                pass_fds=[there.fileno()],
                env={**os.environ, **_ENVIRONMENT},
                start_new_session=True,
            )
        except BaseException:
            here.close()
            raise
        finally:
            there.close()
        self.restarts += 1
        self.pid, self.state = process.pid, "starting"
        self._patient_until = loop.time() + self._starting_s
        loop.add_reader(here.fileno(), self._read, here)
        watch = loop.create_task(self._watch())
        try:
            self._greet(here)
            self._channel = here
            await process.wait()
        finally:
            watch.cancel()
            loop.remove_reader(here.fileno())
            here.close()
            self._kill()
            self._channel, self.pid, self.health = None, None, {}

    def _read(self, channel: Channel) -> None:
        loop = asyncio.get_running_loop()
        try:
            while message := channel.receive():
                if message.op == "health":
                    self.health, self.state = message.body, "running"
                    self._patient_until = loop.time() + self._silent_s
                self._hear(message)
        except ChannelClosedError:
            loop.remove_reader(channel.fileno())

    async def _watch(self) -> None:
        """Kills a child that no longer reports."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._silent_s / 8)
            if loop.time() > self._patient_until:
                log.error("the %s process hangs; killing it", self.name)
                self._kill()

    def _kill(self) -> None:
        if self.pid is not None:
            kill(self.pid)
