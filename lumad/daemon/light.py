"""The light path seen from the desk: two children, the blocks they share, and the newest pixel map."""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lumad.daemon.child import Child, command_of
from lumad.daemon.runtime import Orphan
from lumad.daemon.tables import Tables
from lumad.engine.pace import STILL_RATE
from lumad.errors import FrameError, LumadError
from lumad.frames.frame import Format
from lumad.frames.ring import RingReader
from lumad.link.arrays import pack
from lumad.link.channel import Channel, Message
from lumad.link.levels import LevelsBlock
from lumad.model.show import Show
from lumad.pixelmap.areas import AreaStore
from lumad.pixelmap.compile import Compiled, compile_show
from lumad.pixelmap.rows import fade_arrays, fixture_key
from lumad.pixelmap.solvers import Solvers
from lumad.pixelmap.tables import Table
from lumad.settings import Settings
from lumad.show.fade import Fading
from lumad.show.store import Event, Store

_MAP_PATIENCE_S = 2.0  # for an engine that is just being replaced

log = logging.getLogger(__name__)


def _expected_format(show: Show) -> Format:
    """The format to compile for until a ring says which it is: lamps that follow nothing are lit at once."""
    signal = show.wall.signal.model_dump(mode="json")
    return Format.of_signal(*show.wall.size, signal, STILL_RATE)


class LightPath:
    """Holds the blocks, keeps both children at work, compiles the show in a thread: the newest edit wins."""

    def __init__(
        self, store: Store, runtime: Path, show_dir: Path, block: LevelsBlock, settings: Settings
    ) -> None:
        self.store = store
        self.block = block
        self.ring: RingReader | None = None
        self.compiled: Compiled | None = None
        self.compiled_show: Show | None = None
        self.engine = Child("engine", command_of("engine", runtime), self._greet_engine, self._hear_engine)
        self.wall = Child("render", command_of("render", runtime), self._greet_wall, self._hear_wall)
        self._attended = False
        self._told_guard = ""
        self._faults: dict[str, str] = {}
        self._compile_faults: list[str] = []
        self._predecessor: Orphan | None = None
        self._show_dir = show_dir
        self._interface = settings.interface
        self._artnet_address = settings.artnet_address
        self._standby: dict[str, Any] | None = None  # what the next engine must know, if we are one
        if settings.standby_of is not None:
            self._standby = {"primary": settings.standby_of, "handback": settings.handback}
        self._areas = AreaStore()
        self._tables_sent: set[str] = set()
        self._solvers = Solvers()
        self._wake = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._played: dict[str, Any] = {}
        self._fading = Fading(store.show)
        self._map: Message | None = None
        self._dirty = asyncio.Event()
        self._tables = Tables(settings.state_dir / "tables", self._dirty.set)
        self._taken = asyncio.Event()  # the engine has taken the map sent last
        self._taken.set()
        self._compiler: asyncio.Task[None] | None = None

    def start(self, ring_fd: int | None, predecessor: Orphan | None) -> None:
        """Starts engine and wall; `ring_fd` and `predecessor`: what a former desk left."""
        self._predecessor = predecessor
        if self._standby and predecessor and predecessor.standby:
            self._standby = {**predecessor.standby, **self._standby}
        if ring_fd is not None:
            self._adopt(ring_fd)
        self._dirty.set()
        self._compiler = asyncio.get_running_loop().create_task(self._compile(), name="compiler")
        self.engine.start()
        self.wall.start()
        self.store.subscribe(self._changed)

    @property
    def awaited_primary(self) -> str:
        """Whom we stand by for, by name, as long as the engine has not told its CID; "" if nobody."""
        known = self.engine.health.get("standby", {}).get("cid")
        return "" if self._standby is None or known else str(self._standby["primary"])

    @property
    def faults(self) -> list[str]:
        """What is wrong now, and what still runs."""
        return [*self._faults.values(), *self._compile_faults]

    async def stop(self, *, release: bool) -> None:
        """Ends wall and engine; with `release` the lights are let go by terminated packets."""
        self._tables.stop()
        if self._compiler:
            self._compiler.cancel()
        word = "release" if release else "end"
        if self._predecessor is not None:
            self._predecessor.end(word)
        await asyncio.gather(self.wall.stop(), self.engine.stop(word))

    # ------------------------------------------------------------ the show changes
    def _changed(self, event: Event) -> None:
        if event.kind == "live":
            self._steer()
        elif event.kind == "show":
            if self.flash_guard != self._told_guard:
                self._steer()
            self._fading.see(self.store.show, event.fade)
            picture = self._picture()
            if picture != self._played:
                self._played = picture
                self.wall.tell("play", picture)
            self._dirty.set()

    def attend(self, *, present: bool) -> None:
        """Whether anybody looks at a page: the flash guard is stricter where nobody does."""
        self._attended = present
        if self.flash_guard != self._told_guard:
            self._steer()

    @property
    def flash_guard(self) -> str:
        """The flash guard as it is meant now: off, warn or limit."""
        wanted = self.store.show.flash_guard
        if wanted != "auto":
            return wanted
        return "warn" if self._attended or self.store.live.take.rolling else "limit"

    def _steer(self) -> None:
        self._told_guard = self.flash_guard
        self.engine.tell("live", self.store.live.keyed(fixture_key, self._told_guard))

    async def _compile(self) -> None:
        """One edit at a time, the newest; its map leaves when the engine has taken the one before."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            try:
                await self._compile_once()
            except Exception:
                log.exception("the show could not be compiled")
                self._faults["map"] = (
                    "the show could not be compiled; the last good one stays lit (see the log)"
                )
            else:
                self._faults.pop("map", None)

    async def _compile_once(self) -> None:
        show, revision, fades = self.store.show, self.store.revision, self._fading.take()
        fmt = self.ring.format if self.ring else _expected_format(show)
        compiled = await asyncio.to_thread(
            compile_show,
            show,
            self.store.profiles,
            fmt,
            revision,
            interface=self._interface,
            store=self._areas,
            measured=self.store.measured,
            tables=self._tables.ready,
            solvers=self._solvers,
        )
        fd = pack(compiled.arrays | fade_arrays(compiled.rows, fades), compiled.body)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._taken.wait(), _MAP_PATIENCE_S)
        if self._map:
            os.close(self._map.fds["map"])
        self._map = Message("map", {}, {"map": fd})
        self.compiled, self.compiled_show = compiled, show
        self._compile_faults = [f"{name}: {fault}" for name, fault in compiled.faults.items()]
        self._tables.want(compiled.recipes)
        self._taken.clear()
        new = {key: table for key, table in compiled.tables.items() if key not in self._tables_sent}
        if new:
            self._hand_over(self.engine.tell, new)
        self._tables_sent = set(compiled.tables)  # the engine drops the others
        self.engine.tell("map", self._map.body, self._map.fds)

    def _hand_over(self, send: Callable[..., object], tables: Mapping[str, Table]) -> None:
        """Colour tables to an engine, ahead of the map that may use them."""
        fd = pack(tables)
        send("tables", {}, {"tables": fd})
        os.close(fd)

    def recall(self, look: str) -> None:
        """A look goes on the word of a console."""
        try:
            self.store.play.go(look, by="console")
        except LumadError as error:
            log.warning("the console asks for a look that cannot go: %s", error)

    # ------------------------------------------------------------ engine
    def _greet_engine(self, channel: Channel) -> None:
        """All that an engine needs to go on where another one stopped."""
        source_name = f"lumad {self.store.show.name}".strip()
        body = {
            "source_name": source_name,
            "artnet_address": self._artnet_address,
            "standby": self._standby,
        }
        channel.send("start", body, {"levels": self.block.fd})
        channel.send("live", self.store.live.keyed(fixture_key, self.flash_guard))
        if self.ring is not None:
            channel.send("ring", {}, {"ring": self.ring.fd, "wake": self._wake})
        if self.compiled is not None and self.compiled.tables:
            self._hand_over(channel.send, self.compiled.tables)
        if self._map is not None:
            channel.send("map", self._map.body, self._map.fds)

    def _hear_engine(self, message: Message) -> None:
        if message.op == "fault":
            log.error("engine: %s", message.body["message"])
            self._faults["engine"] = message.body["message"]
            self._taken.set()
        elif message.op == "console":
            self.recall(str(message.body["look"]))
        elif message.op == "standby":
            self._standby = message.body
            log.warning("standby of %s: %s", message.body["primary"], message.body["state"])
        elif message.op == "ready":
            self._faults.pop("engine", None)
            self._taken.set()
            if self._predecessor is not None:
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
