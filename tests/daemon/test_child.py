"""Supervision: whatever a child does, one is at work soon and knows everything."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from lumad.daemon.child import Child, command_of
from lumad.link.channel import Channel, Message

FAKE = str(Path(__file__).with_name("fake_child.py"))


class Watched:
    """A child and what was said to and by it."""

    def __init__(self, *command: str, starting_s: float = 5.0, silent_s: float = 5.0) -> None:
        self.greeted = 0
        self.heard: list[Message] = []
        self.child = Child(
            "fake", command, self._greet, self.heard.append, starting_s=starting_s, silent_s=silent_s
        )
        self.child.start()

    def _greet(self, channel: Channel) -> None:
        self.greeted += 1
        channel.send("hello")

    async def until(self, wanted: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not wanted():  # noqa: ASYNC110 - watches another process from outside
                await asyncio.sleep(0.01)

    async def running(self) -> None:
        await self.until(lambda: self.child.state == "running")

    async def stop(self) -> None:
        async with asyncio.timeout(5):
            await self.child.stop(patience=0.3)


def fake(manner: str) -> tuple[str, ...]:
    return (sys.executable, FAKE, manner)


async def test_a_child_is_greeted_and_heard():
    it = Watched(*fake("reports"))
    await it.running()
    await it.until(lambda: [message for message in it.heard if message.body == {"got": "hello"}])
    assert it.child.health == {"manner": "reports"}
    await it.stop()
    assert it.child.state == "stopped"


async def test_a_child_that_dies_is_started_again_and_greeted_again():
    it = Watched(*fake("reports"))
    await it.running()
    first = it.child.pid
    it.child.tell("die")
    await it.until(lambda: it.greeted == 2 and it.child.state == "running")
    assert it.child.pid != first
    assert it.child.restarts == 1
    await it.stop()


async def test_a_child_that_says_nothing_is_replaced():
    it = Watched(*fake("silent"), starting_s=0.5)
    await it.until(lambda: it.greeted >= 2)
    await it.stop()


async def test_a_child_that_does_not_listen_is_replaced_by_one_that_is_told_everything():
    it = Watched(*fake("deaf"))
    await it.running()
    for _ in range(20_000):
        it.child.tell("live", {"pad": "x" * 500})
    await it.until(lambda: it.greeted >= 2)
    await it.stop()


async def test_a_child_that_will_not_end_is_killed():
    it = Watched(*fake("deaf"))
    await it.running()
    await it.stop()
    assert it.child.pid is None


async def test_a_child_that_cannot_be_started_does_not_end_the_supervision(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.CRITICAL)
    it = Watched("/no/such/program")
    await it.until(lambda: it.child.state == "restarting")
    await it.stop()
    assert it.child.state == "stopped"


def test_children_run_this_lumad_wherever_it_was_started(tmp_path: Path):
    (tmp_path / "lumad").mkdir()
    (tmp_path / "lumad/__init__.py").write_text("raise SystemExit('somebody else')")
    command = [*command_of("engine", tmp_path), "--help"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "control channel" in done.stdout
