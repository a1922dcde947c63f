"""One child process: started, heard, watched, started again."""

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lumad.daemon.runtime import kill
from lumad.link.channel import Channel, ChannelClosedError, Message

SILENT_S = 3.0  # a child reports twice a second; so long without a word means it hangs
STARTING_S = 10.0
_BACK_OFF_S = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_HEALTHY_S = 10.0  # after so long the back-off starts again
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

log = logging.getLogger(__name__)


class Child:
    """`lumad NAME` under supervision; `greet` sends it what it needs, `hear` takes each of its messages."""

    def __init__(
        self, name: str, runtime: Path, greet: Callable[[Channel], None], hear: Callable[[Message], None]
    ) -> None:
        self.name = name
        self.state = "stopped"
        self.pid: int | None = None
        self.restarts = -1
        self.health: dict[str, Any] = {}
        self._runtime = runtime
        self._greet = greet
        self._hear = hear
        self._channel: Channel | None = None
        self._task: asyncio.Task[None] | None = None
        self._heard = 0.0

    def start(self) -> None:
        """Begins the supervision."""
        self._task = asyncio.get_running_loop().create_task(self._supervise(), name=f"child {self.name}")

    def tell(self, op: str, body: dict[str, Any] | None = None, fds: dict[str, int] | None = None) -> bool:
        """Sends a message if the child is there; one that starts later is greeted with all it needs."""
        return self._channel is not None and self._channel.send(op, body, fds)

    async def stop(self, op: str = "end", patience: float = 1.5) -> None:
        """Has the child end itself by message `op`, and kills it if it does not."""
        self.state = "stopping"
        self.tell(op)
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._task), patience)
        if not self._task.done():
            self._kill()
            await self._task
        self.state = "stopped"

    async def _supervise(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while self.state != "stopping":
            started = loop.time()
            await self._live_once()
            if self.state == "stopping":
                break
            failures = 0 if loop.time() - started > _HEALTHY_S else failures + 1
            pause = _BACK_OFF_S[min(max(failures - 1, 0), len(_BACK_OFF_S) - 1)]
            self.state = "restarting"
            log.warning("the %s process ended; starting it again in %.1f s", self.name, pause)
            await asyncio.sleep(pause)

    async def _live_once(self) -> None:
        """From the start of one process to its end."""
        loop = asyncio.get_running_loop()
        here, there = Channel.pair()
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "lumad", self.name),
            *("--channel", str(there.fileno()), "--runtime", str(self._runtime)),
            pass_fds=[there.fileno()],
            env={**os.environ, **_ENVIRONMENT},
            start_new_session=True,
        )
        there.close()
        self.restarts += 1
        self._channel, self.pid, self._heard = here, process.pid, loop.time() + STARTING_S
        if self.state != "stopping":
            self.state = "starting"
        self._greet(here)
        loop.add_reader(here.fileno(), self._read, here)
        watch = loop.create_task(self._watch())
        await process.wait()
        watch.cancel()
        loop.remove_reader(here.fileno())
        here.close()
        self._channel, self.pid, self.health = None, None, {}

    def _read(self, channel: Channel) -> None:
        try:
            while message := channel.receive():
                self._heard = max(self._heard, asyncio.get_running_loop().time() + SILENT_S)
                if message.op == "health":
                    self.health = message.body
                    if self.state == "starting":
                        self.state = "running"
                        self._heard = asyncio.get_running_loop().time() + SILENT_S
                self._hear(message)
        except ChannelClosedError:
            asyncio.get_running_loop().remove_reader(channel.fileno())

    async def _watch(self) -> None:
        """Kills a child that no longer reports."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(0.25)
            if loop.time() > self._heard:
                log.error("the %s process hangs; killing it", self.name)
                self._kill()

    def _kill(self) -> None:
        if self.pid is not None:
            kill(self.pid)
