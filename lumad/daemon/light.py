"""The light path seen from the desk: two children, the blocks they share, and the newest pixel map."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Any

from lumad.daemon.child import Child
from lumad.daemon.runtime import Orphan
from lumad.errors import FrameError
from lumad.frames.ring import RingReader
from lumad.link.arrays import pack
from lumad.link.channel import Channel, Message
from lumad.link.levels import LevelsBlock
from lumad.pixelmap.compile import Compiled, compile_show
from lumad.show.store import Event, Store

log = logging.getLogger(__name__)


class LightPath:
    """Holds the blocks, keeps both children at work, compiles the show in a thread: the newest edit wins."""

    def __init__(
        self, store: Store, runtime: Path, show_dir: Path, block: LevelsBlock, interface: str | None = None
    ) -> None:
        self.store = store
        self.block = block
        self.ring: RingReader | None = None
        self.compiled: Compiled | None = None
        self.engine = Child("engine", runtime, self._greet_engine, self._hear_engine)
        self.wall = Child("render", runtime, self._greet_wall, self._hear_wall)
        self.faults: dict[str, str] = {}
        self._predecessor: Orphan | None = None
        self._show_dir = show_dir
        self._interface = interface
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._played: dict[str, Any] = {}
        self._map: Message | None = None
        self._dirty = asyncio.Event()
        self._compiler: asyncio.Task[None] | None = None

    def start(self, ring_fd: int | None, predecessor: Orphan | None) -> None:
        """Starts engine and wall; `ring_fd` and `predecessor`: what a former desk left."""
        self._predecessor = predecessor
        if ring_fd is not None:
            self._adopt(ring_fd)
        self._compiler = asyncio.get_running_loop().create_task(self._compile(), name="compiler")
        self.engine.start()
        self.wall.start()
        self.store.subscribe(self._changed)

    async def stop(self, *, release: bool) -> None:
        """Ends wall and engine; with `release` the lights are let go by terminated packets."""
        if self._compiler:
            self._compiler.cancel()
        await self.wall.stop()
        await self.engine.stop("release" if release else "end")

    # ------------------------------------------------------------ the show changes
    def _changed(self, event: Event) -> None:
        if event.kind == "live":
            self.engine.tell("live", self.store.live.to_json())
        elif event.kind == "show":
            picture = self._picture()
            if picture != self._played:
                self._played = picture
                self.wall.tell("play", picture)
            self._dirty.set()

    async def _compile(self) -> None:
        """One edit at a time; while one is compiled, later ones wait as one."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            if self.ring is None:
                continue
            arguments = (
                self.store.show,
                self.store.profiles,
                self.ring.format,
                self.store.revision,
                self._interface,
            )
            try:
                compiled = await asyncio.to_thread(compile_show, *arguments)
            except Exception:
                log.exception("the show could not be compiled; the last good one stays lit")
                self.faults["map"] = (
                    "the show could not be compiled; the last good one stays lit (see the log)"
                )
                continue
            self.faults.pop("map", None)
            index, fd = pack(compiled.arrays)
            if self._map:
                os.close(self._map.fds["map"])
            self._map = Message("map", {**compiled.body, "index": index}, {"map": fd})
            self.compiled = compiled
            self.engine.tell("map", self._map.body, self._map.fds)

    # ------------------------------------------------------------ engine
    def _greet_engine(self, channel: Channel) -> None:
        """All that an engine needs to go on where another one stopped."""
        source_name = f"lumad {self.store.show.name}".strip()
        channel.send("start", {"source_name": source_name}, {"levels": self.block.fd})
        channel.send("live", self.store.live.to_json())
        if self.ring is not None:
            channel.send("ring", {}, {"ring": self.ring.fd, "wake": self._wake})
        if self._map is not None:
            channel.send("map", self._map.body, self._map.fds)

    def _hear_engine(self, message: Message) -> None:
        if message.op == "fault":
            log.error("engine: %s", message.body["message"])
        elif message.op == "ready" and self._predecessor is not None:
            log.warning("taking over from engine %d, which outlived its desk", self._predecessor.pid)
            self._predecessor.end()
            self._predecessor = None

    # ------------------------------------------------------------ wall
    def _picture(self) -> dict[str, Any]:
        form = self.store.show.model_dump(mode="json", include={"feed", "scene", "wall"})
        return {**form, "show_dir": str(self._show_dir)}

    def _greet_wall(self, channel: Channel) -> None:
        self._played = self._picture()
        rings = {} if self.ring is None else {"ring": self.ring.fd}
        channel.send("play", self._played, {**rings, "wake.engine": self._wake})

    def _hear_wall(self, message: Message) -> None:
        if message.op == "ring":
            self._adopt(message.fds["ring"])

    def _adopt(self, fd: int) -> None:
        """Takes frames from this ring from now on, and has the engine do so."""
        try:
            ring = RingReader(fd)
        except FrameError as error:
            log.error("the wall's frame ring is not usable: %s", error)  # noqa: TRY400 - one line says it
            os.close(fd)
            return
        if self.ring is not None:
            os.close(self.ring.fd)
        self.ring = ring
        self.engine.tell("ring", {}, {"ring": ring.fd, "wake": self._wake})
        self._dirty.set()
