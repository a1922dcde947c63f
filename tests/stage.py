"""A real lumad with a receiver beside it; to be used inside a network namespace of the test's own."""

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from lumad.protocols import e131

FIXTURES = """
show: 1
name: e2e
wall: {size: [320, 180]}
regions:
  left: {center: [0.25, 0.5], size: [0.5, 1.0]}
  right: {center: [0.75, 0.5], size: [0.5, 1.0]}
fixtures:
  key: {profile: generic/rgb, mode: 8bit, universe: 1, address: 1, follow: left}
  rim: {profile: generic/rgb, mode: 16bit, universe: 2, address: 10, follow: right}
outputs:
  - {protocol: sacn, universes: "1-2", to: [127.0.0.1]}
"""


SO_TIMESTAMPNS = 35  # asm-generic/socket.h


@dataclass(frozen=True)
class Heard:
    """One data packet: when (seconds, monotonic), from which port, and what it said."""

    time: float
    port: int
    packet: Any


def arrival(notes: list[tuple[int, int, bytes]]) -> float:
    """When the kernel took a packet in, on the monotonic clock: a test may have been busy since."""
    seconds, nanoseconds = struct.unpack("qq", notes[0][2])
    return time.monotonic() - (time.time() - seconds - nanoseconds / 1e9)


@dataclass
class Stage:
    """`lumad run` on a show, with its own directories, and a socket where its sACN arrives."""

    folder: Path
    show: Path
    ear: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    heard: list[Heard] = field(default_factory=list)
    desks: list[subprocess.Popen[str]] = field(default_factory=list)
    url: str = ""

    def start(self, *arguments: str, command: tuple[str, ...] = ("run",)) -> subprocess.Popen[str]:
        """Starts a desk and waits for the address it prints."""
        shown = [str(self.show)] if command == ("run",) else []
        desk = subprocess.Popen(
            [sys.executable, "-m", "lumad", *command, *shown, "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=(self.folder / "log").open("a"),
            text=True,
            env=environment(self.folder),
        )
        self.desks.append(desk)
        assert desk.stdout is not None
        self.url = desk.stdout.readline().strip()
        desk.stdout.close()
        assert self.url.startswith("http"), f"no address: {(self.folder / 'log').read_text()}"
        return desk

    def listen(self, seconds: float, enough: Callable[[Heard], bool] = lambda _: False) -> list[Heard]:
        """What arrives in so many seconds, or until `enough` says so of a packet."""
        end, fresh = time.monotonic() + seconds, []
        while (left := end - time.monotonic()) > 0 and select.select([self.ear], [], [], left)[0]:
            data, notes, _, (_, port) = self.ear.recvmsg(2048, 64)
            fresh.append(Heard(arrival(notes), port, e131.decode(data)))
            if enough(fresh[-1]):
                break
        self.heard += fresh
        return fresh

    def get(self, path: str) -> Any:
        """GET, as JSON."""
        return self.send("GET", path)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """A request, its JSON answer; problems are answers too."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.url + path, data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)

    def pid(self, child: str) -> int:
        """Process id of the engine or the renderer, once it runs."""
        return int(self.until(lambda: self.get("api/v1/state")[child]["pid"]))

    def until(self, wanted: Callable[[], Any], timeout_s: float = 10.0) -> Any:
        """The first true value of `wanted()`; packets are heard meanwhile."""
        end = time.monotonic() + timeout_s
        while not (value := wanted()):
            assert time.monotonic() < end, f"that took too long: {(self.folder / 'log').read_text()}"
            self.listen(0.02)
        return value

    def close(self) -> None:
        """Ends every process this stage started, orphans too."""
        for desk in self.desks:
            if desk.poll() is None:
                desk.terminate()
            desk.wait(10)
        for pid in orphans(self.folder):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.ear.close()


def environment(folder: Path) -> dict[str, str]:
    """Directories of a lumad's own below `folder`."""
    own = {name: str(folder / name) for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
    for place in own.values():
        Path(place).mkdir(exist_ok=True, mode=0o700)
    return os.environ | own


def orphans(folder: Path) -> list[int]:
    """Children of lumad that run in this stage's runtime directory."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if b"--runtime\0" + bytes(folder) in (process / "cmdline").read_bytes():
                found.append(int(process.name))
    return found


def two_colours(path: Path, left: tuple[int, int, int], right: tuple[int, int, int]) -> None:
    """A PNG of 320 x 180 with two halves in R, G, B codes."""
    picture = np.zeros((180, 320, 3), np.uint8)
    picture[:, :160], picture[:, 160:] = left[::-1], right[::-1]
    cv2.imwrite(str(path), picture)


@contextlib.contextmanager
def still_stage(folder: str, port: int = e131.PORT) -> Iterator[Stage]:
    """A stage that shows a still picture: pure red on the left, mid grey on the right."""
    two_colours(Path(folder, "plate.png"), (255, 0, 0), (188, 188, 188))
    with show_stage(folder, "scene: {kind: plate, file: plate.png}\n", port) as stage:
        yield stage


@contextlib.contextmanager
def show_stage(folder: str, scene: str, port: int = e131.PORT) -> Iterator[Stage]:
    """A stage with FIXTURES and a scene, heard at `port`; `lumad run` is started by the test."""
    show = Path(folder, "show.yaml")
    show.write_text(FIXTURES + scene)
    stage = Stage(Path(folder), show)
    stage.ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    stage.ear.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    stage.ear.bind(("127.0.0.1", port))
    try:
        yield stage
    finally:
        stage.close()
