import os
import select
import signal
import subprocess
import sys
import time

import pytest
from render.plays import asked

from lumad.frames.ring import RingReader
from lumad.link.channel import Channel, ChannelClosedError

pytestmark = pytest.mark.e2e
PATIENCE_S = 10


class Desk:
    """The other end of a wall's channel."""

    def __init__(self, channel) -> None:
        self.channel = channel

    def hear(self, op, until=lambda _: True):
        """The next message `op` that satisfies `until`."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            select.select([self.channel], [], [], 0.5)
            while message := self.channel.receive():
                if message.op == op and until(message.body):
                    return message
        raise AssertionError(f"no {op} in {PATIENCE_S} s")


@pytest.fixture
def wall(tmp_path):
    """(process, desk) of a wall that has been told nothing yet."""
    here, there = Channel.pair()
    command = (
        sys.executable,
        "-m",
        "lumad",
        "render",
        "--channel",
        str(there.fileno()),
        "--runtime",
        str(tmp_path),
    )
    process = subprocess.Popen(command, pass_fds=[there.fileno()], stderr=subprocess.PIPE)
    there.close()
    yield process, Desk(here)
    process.kill()
    process.communicate()
    here.close()


def woken(eventfd, count):
    """How often the reader was woken, waiting for `count` frames."""
    seen, end = 0, time.monotonic() + PATIENCE_S
    while seen < count and time.monotonic() < end:
        if select.select([eventfd], [], [], 0.5)[0]:
            seen += os.eventfd_read(eventfd)
    return seen


def test_a_wall_plays_wakes_reports_and_ends(wall, tmp_path):
    process, desk = wall
    eventfd = os.eventfd(0, os.EFD_NONBLOCK)
    desk.channel.send("play", asked(tmp_path, size=(160, 90)), {"wake.engine": eventfd})
    ring = RingReader(desk.hear("ring").fds["ring"])
    assert woken(eventfd, 20) >= 20
    frame = ring.latest()
    assert frame.number >= 20
    assert frame.pixels.std() > 8
    health = desk.hear("health").body
    assert (health["state"], health["picture"], health["error"]) == ("playing", "dusk", "")
    desk.channel.send("end")
    assert process.wait(PATIENCE_S) == 0


def test_sigterm_ends_a_wall_at_once_without_a_word(wall, tmp_path):
    process, desk = wall
    desk.channel.send("play", asked(tmp_path))
    desk.hear("ring")
    process.send_signal(signal.SIGTERM)
    assert process.wait(2) == 0
    assert process.stderr.read() == b""


def test_a_wall_outlives_its_desk_and_a_later_desk_finds_it(wall, tmp_path):
    process, desk = wall
    desk.channel.send("play", asked(tmp_path, size=(160, 90)))
    ring = RingReader(desk.hear("ring").fds["ring"])
    desk.channel.close()
    successor = Desk(Channel.connect(tmp_path / "wall.sock"))
    hello = successor.hear("hello")
    assert hello.body["pid"] == process.pid
    before = ring.published
    successor.hear("health")
    assert RingReader(hello.fds["ring"]).published > before
    successor.channel.send("end")
    with pytest.raises(ChannelClosedError):
        successor.hear("never")
    successor.channel.close()
    assert process.wait(PATIENCE_S) == 0
    assert not (tmp_path / "wall.sock").exists()


def test_a_wall_without_its_picture_says_so_and_plays_the_next_one(wall, tmp_path):
    _, desk = wall
    desk.channel.send("play", asked(tmp_path, scene={"kind": "video", "file": "none.mp4"}))
    health = desk.hear("health", lambda body: body["state"] == "failed").body
    assert "none.mp4: No such file" in health["error"]
    desk.channel.send("play", asked(tmp_path))
    assert desk.hear("health", lambda body: body["state"] == "playing").body["error"] == ""


def test_a_killed_wall_is_continued_in_the_same_ring(wall, tmp_path):
    process, desk = wall
    desk.channel.send("play", asked(tmp_path))
    ring = RingReader(desk.hear("ring").fds["ring"])
    desk.hear("health")
    process.kill()
    process.wait()
    number = ring.published
    here, there = Channel.pair()
    second = subprocess.Popen(
        (
            sys.executable,
            "-m",
            "lumad",
            "render",
            "--channel",
            str(there.fileno()),
            "--runtime",
            str(tmp_path),
        ),
        pass_fds=[there.fileno()],
    )
    there.close()
    here.send("play", asked(tmp_path), {"ring": ring.fd})
    Desk(here).hear("health", lambda body: body["number"] > number)
    here.send("end")
    assert second.wait(PATIENCE_S) == 0
    here.close()
    assert ring.published > number
