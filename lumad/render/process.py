"""The wall process: wires player, control channels and clock; `lumad render` runs it."""

import contextlib
import os
import select
import signal
import sys
import time
from pathlib import Path
from types import FrameType

import cv2

from lumad.errors import LumadError
from lumad.frames.ring import RingWriter
from lumad.link.channel import Channel, ChannelClosedError, Listener, Message
from lumad.render.player import Player

HEALTH_NS = 500_000_000
SOCKET = "wall.sock"


class Wall:
    """One player, the desks that talk to it and the readers it wakes."""

    def __init__(self, desks: list[Channel], listener: Listener | None) -> None:
        self._player = Player(time.monotonic_ns)
        self._desks, self._listener = desks, listener
        self._wakes: dict[str, int] = {}
        self._announced: RingWriter | None = None
        self._health_ns = time.monotonic_ns() + HEALTH_NS
        self._ended = False

    def run(self) -> None:
        """Play until told to end; a desk that goes away changes nothing."""
        while not self._ended:
            listening: list[Channel | Listener] = [
                *self._desks,
                *([self._listener] if self._listener else []),
            ]
            ready, _, _ = select.select(listening, [], [], self._patience())
            for each in ready:
                self._hear(each)
            if self._player.tick():
                self._wake()
                self._player.ahead()
            self._announce()
            if time.monotonic_ns() >= self._health_ns:
                self._report()

    def _patience(self) -> float:
        """Seconds until something is due."""
        due = self._player.due_ns
        until = self._health_ns if due is None else min(due, self._health_ns)
        return max(0.0, (until - time.monotonic_ns()) / 1e9)

    def _hear(self, peer: Channel | Listener) -> None:
        if isinstance(peer, Listener):
            desk = peer.accept()
            if desk is not None:
                self._desks.append(desk)
                self._greet(desk)
            return
        try:
            while message := peer.receive():
                self._obey(message)
        except (ChannelClosedError, ValueError, KeyError):  # ended, or talks nonsense
            peer.close()
            self._desks.remove(peer)

    def _obey(self, message: Message) -> None:
        fds = dict(message.fds)
        match message.op:
            case "play":
                self._add_wakes(fds)
                ring_fd = fds.pop("ring", None)
                self._player.play(message.body, ring_fd)
                if self._player.ring and self._player.ring.fd == ring_fd:
                    self._announced = self._player.ring  # the desk has it already
            case "wake":
                self._add_wakes(fds)
            case "end":
                self._ended = True
        for fd in fds.values():
            os.close(fd)

    def _add_wakes(self, fds: dict[str, int]) -> None:
        """Take the eventfds out of `fds`; one of a known name replaces the old one."""
        for name in [name for name in fds if name.startswith("wake")]:
            self._drop_wake(name)
            self._wakes[name] = fds.pop(name)

    def _drop_wake(self, name: str) -> None:
        if name in self._wakes:
            os.close(self._wakes.pop(name))

    def _wake(self) -> None:
        """Tell every reader that there is a new frame."""
        for name, fd in list(self._wakes.items()):
            try:
                os.eventfd_write(fd, 1)
            except BlockingIOError:
                pass  # it has not read the last 2**64 - 2 either
            except OSError:
                self._drop_wake(name)

    def _greet(self, desk: Channel) -> None:
        ring = self._player.ring
        body = {"pid": os.getpid(), "format": ring.format.to_json() if ring else None}
        desk.send("hello", body, {"ring": ring.fd} if ring else {})

    def _announce(self) -> None:
        """Send a new ring to every desk."""
        ring = self._player.ring
        if ring is None or ring is self._announced:
            return
        self._announced = ring
        for desk in self._desks:
            desk.send("ring", {"format": ring.format.to_json()}, {"ring": ring.fd})

    def _report(self) -> None:
        self._health_ns = time.monotonic_ns() + HEALTH_NS
        health = self._player.health()
        for desk in self._desks:
            desk.send("health", health)


def main(channel: int | None, runtime: Path | None) -> int:
    """The wall child: inherited control channel, folder of wall.sock; ends on SIGTERM or an `end` message."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the desk's to handle
    cv2.setNumThreads(1)
    desks = [] if channel is None else [Channel.inherited(channel)]
    listener = _listen(runtime) if runtime else None
    with contextlib.closing(listener) if listener else contextlib.nullcontext():
        Wall(desks, listener).run()
    return 0


def _listen(runtime: Path) -> Listener | None:
    """Where a later desk finds this wall; without it the wall plays all the same."""
    try:
        return Listener(runtime / SOCKET)
    except (LumadError, OSError) as error:
        sys.stderr.write(f"lumad render: {error}; a later desk cannot find this wall\n")
        return None


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)
