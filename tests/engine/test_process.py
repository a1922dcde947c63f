"""The engine's process: what a desk may tell it, and what must not end it."""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from fake_network import FakeNetwork
from namespaces import isolated
from shows import PROFILES, fixture, frame, show

from lumad.engine.process import bounded
from lumad.frames.frame import Format
from lumad.frames.ring import RingWriter
from lumad.link.arrays import pack
from lumad.link.channel import Channel, ChannelClosedError
from lumad.link.levels import LevelsBlock
from lumad.output.datagrams import Heard
from lumad.output.route import Route
from lumad.output.senders import Senders
from lumad.pixelmap.compile import compile_show
from lumad.protocols import artnet_poll
from lumad.protocols.artnet_poll import ArtPollReply, Port

FORMAT = Format(64, 36, rate=Fraction(30))


class Desk:
    """A desk that says what a test wants it to say."""

    def __init__(self, runtime: str, block: LevelsBlock | None = None) -> None:
        self.channel, there = Channel.pair()
        command = [
            sys.executable,
            "-m",
            "lumad",
            "engine",
            "--runtime",
            runtime,
            "--channel",
            str(there.fileno()),
        ]
        self.engine = subprocess.Popen(command, pass_fds=[there.fileno()])
        there.close()
        self.block = block or LevelsBlock.create(os.urandom(16))
        self.ring = RingWriter.create(FORMAT)
        self.wake = os.eventfd(0, os.EFD_NONBLOCK)
        self.channel.send("start", {"source_name": "test"}, {"levels": self.block.fd})
        self.channel.send("ring", {}, {"ring": self.ring.fd, "wake": self.wake})

    def use(self, **body: Any) -> None:
        compiled = compile_show(show(fixtures={"key": fixture("rgb8")}), PROFILES, FORMAT)
        self.channel.send("map", {}, {"map": pack(compiled.arrays, {**compiled.body, **body})})

    def draw(self, code: int) -> None:
        self.ring.begin()[:] = frame((code, code, code), (code, code, code)).pixels
        self.ring.publish(0, time.monotonic_ns())
        os.eventfd_write(self.wake, 1)

    def hear(self, op: str) -> dict[str, Any]:
        """The next message of that kind."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            select.select([self.channel], [], [], 1)
            message = self.channel.receive()
            if message and message.op == op:
                return message.body
        raise AssertionError(f"no {op} came")

    def lit(self, level: int) -> None:
        """Returns once this level has left."""
        end = time.monotonic() + 10
        while (self.block.read().of(1) or b"\0")[0] != level:
            assert time.monotonic() < end
            select.select([self.channel], [], [], 0.01)
            self.channel.receive()


@contextmanager
def desk(runtime: str) -> Iterator[Desk]:
    running = Desk(runtime)
    try:
        yield running
    finally:
        running.engine.kill()
        running.engine.wait()
        running.channel.close()


def bad_messages(runtime: str) -> list[Any]:
    with desk(runtime) as it:
        it.use()
        it.draw(255)
        it.lit(255)
        it.use(lamps=[{"nonsense": True}])
        fault = it.hear("fault")["message"]
        it.channel.send("dance")
        unknown = it.hear("fault")["message"]
        it.draw(0)
        it.lit(0)
        return [fault, unknown, it.engine.poll()]


def test_a_map_that_cannot_be_used_leaves_the_last_one_at_work(tmp_path: Path):
    fault, unknown, ended = isolated(bad_messages, str(tmp_path))
    assert fault.startswith("map cannot be used")
    assert "dance" in unknown
    assert ended is None


def desk_gone(runtime: str) -> list[Any]:
    with desk(runtime) as it:
        it.use()
        it.draw(255)
        it.lit(255)
        it.channel.close()
        it.channel = Channel.connect(Path(runtime, "engine.sock"))
        hello = it.channel
        select.select([hello], [], [], 5)
        greeting = hello.receive()
        same = [
            os.fstat(greeting.fds[name]).st_ino == os.fstat(fd).st_ino
            for name, fd in (("levels", it.block.fd), ("ring", it.ring.fd))
        ]
        it.draw(0)
        it.lit(0)
        hello.send("end")
        code = it.engine.wait(5)
        try:
            while hello.receive():
                pass
        except ChannelClosedError:
            code = [code, "closed"]
        return [greeting.body["pid"] == it.engine.pid, same, code]


def test_an_engine_without_a_desk_works_on_and_greets_the_next_one(tmp_path: Path):
    assert isolated(desk_gone, str(tmp_path)) == [True, [True, True], [0, "closed"]]


def test_a_report_stays_small_however_many_nodes_answer():
    network = FakeNetwork()
    route = Route("artnet", tuple(range(1, 1025)), tuple(range(1024)), discover=True)
    senders = Senders([route], bytes(16), "test", network)
    universes = np.arange(1, 1025, dtype=np.uint32)
    for at in range(1024):
        ports = tuple(Port(artnet_poll.PORT_OUTPUT, output=port) for port in range(4))
        reply = ArtPollReply("10.0.0.1", "n" * 17, "n" * 63, ports=ports, net=at >> 8, sub_net=at % 16)
        network.incoming.append(Heard(artnet_poll.encode(reply), f"192.168.{100 + at // 256}.{at % 256}"))
        network.broken[network.incoming[-1].address] = "Network is unreachable"
    senders.tick(0.0, universes, np.zeros(1024, np.uint64), np.zeros((1024, 512), np.uint8))
    report = bounded({"nodes": senders.nodes(), "outputs": senders.health()})
    assert len(json.dumps(report)) < 212_992
    assert (len(report["nodes"]), report["nodes_total"]) == (128, 1024)


def test_of_many_outputs_the_failing_ones_are_reported():
    outputs = [{"to": str(at), "failing": at == 999} for at in range(1000)]
    told = bounded({"nodes": [], "outputs": outputs})["outputs"]
    assert [each["to"] for each in told[:2]] == ["999", "0"]
