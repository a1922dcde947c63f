"""The light process: wires the engine to its descriptors, and is the only file here that knows the clock."""

import contextlib
import fcntl
import gc
import os
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

from lumad.engine.engine import Engine
from lumad.engine.health import Health
from lumad.engine.pace import SECOND_NS
from lumad.engine.relief import Relief
from lumad.frames.ring import RingReader
from lumad.input.hearing import Hearing
from lumad.input.listeners import Listeners
from lumad.link.arrays import Arrays, unpack
from lumad.link.channel import Channel, ChannelClosedError, Listener, Message
from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.output.network import UdpNetwork
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.solvers import Solvers

LOCK = "engine.lock"  # held by the one process that may send
SOCKET = "engine.sock"
MOST_NODES_TOLD, MOST_OUTPUTS_TOLD = 128, 256  # of either in one report
MOST_INPUTS_TOLD = 32
LONGEST_NAME = 32  # characters of a node's in a report
_NAP_NS = SECOND_NS // 50


class Process:
    """One engine process: messages of the desk in, light out."""

    def __init__(self, desk: Channel, runtime: Path) -> None:
        self._desks = [desk]
        self._listener = Listener(runtime / SOCKET)
        self._lock = os.open(runtime / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._sender = False
        self._engine: Engine | None = None
        self._health = Health()
        self._relief: Relief | None = None  # of an engine that is its primary's standby
        self._listeners: Listeners | None = None  # once a show has inputs
        self._fds: dict[str, int] = {}
        self._tables: Arrays = {}  # colour tables by key, for the maps that come after them
        self._solvers = Solvers()
        self._faults: set[str] = set()
        self._rehearsed_ns = 0
        self.running = True

    def run(self) -> None:
        """Until the desk says `end` or `release`, or SIGTERM comes. A desk that dies ends nothing."""
        while self.running:
            self._wait()
            if self._engine is not None:
                self._turn(self._engine, time.monotonic_ns())
        os.close(self._lock)
        self._listener.close()

    def _turn(self, engine: Engine, now: int) -> None:
        """Lets light leave and tells the desks how it goes; nothing follows a `release`."""
        if not self.running or not self._may_send(engine, now):
            return
        if self._relief and self._relief.turn(engine, now):
            self._tell("standby", self._relief.told(now))
        self._step(engine, now)
        if engine.consoles:
            for name in engine.consoles.console.take_called():
                self._tell("console", {"look": name})
        if self._health.due(now):
            report = bounded(self._health.report(engine, now))
            standby = {"standby": self._relief.report(now)} if self._relief else {}
            inputs = {"inputs": self._consoles_told(engine, now)} if self._listeners else {}
            self._tell("health", {**report, **standby, **inputs, "pid": os.getpid()})

    def _consoles_told(self, engine: Engine, now: int) -> list[dict[str, Any]]:
        """What each input hears, and what it cannot."""
        if engine.consoles is None or self._listeners is None:
            return []
        self._listeners.look_again()
        told = engine.consoles.console.report(now / SECOND_NS)[:MOST_INPUTS_TOLD]
        return [{**each, "warnings": self._listeners.warnings(each["name"])} for each in told]

    def _step(self, engine: Engine, now: int) -> None:
        """One turn of the engine; whatever is wrong in it, the last light goes on."""
        try:
            frame = engine.step(now)
        except Exception as error:  # noqa: BLE001 - output never stops
            self._complain(f"a frame could not be turned into light: {error!r}; the last light goes on")
            self._repeat(engine, now)
            return
        if frame is not None:
            self._health.left(frame.publish_time_ns, time.monotonic_ns())

    def _repeat(self, engine: Engine, now: int) -> None:
        try:
            engine.repeat(now)
        except Exception as error:  # noqa: BLE001 - there is nothing left to try but the next map
            self._complain(f"the last light could not be sent again: {error!r}")

    def _complain(self, fault: str) -> None:
        """Tells the desks about a fault, each kind once."""
        if fault not in self._faults:
            self._faults.add(fault)
            self._tell("fault", {"message": fault})

    def _tell(self, op: str, body: dict[str, Any]) -> None:
        """Sends to all desks what is no message's answer."""
        for desk in self._desks:
            with contextlib.suppress(ValueError):  # too long: light matters more than news of it
                desk.send(op, body)

    def _may_send(self, engine: Engine, now: int) -> bool:
        """True while this process holds the sender's lock, which a living predecessor keeps."""
        if not self._sender:
            with contextlib.suppress(OSError):
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.ftruncate(self._lock, 0)
                os.pwrite(self._lock, str(os.getpid()).encode(), 0)
                self._sender = True
                engine.resume(now)
        return self._sender

    def _wait(self) -> None:
        """Sleeps until a frame, a message, a caller, or the next deadline."""
        at_work = self._engine is not None and self._engine.pixel_map is not None and self._sender
        deadline = self._engine.deadline_ns if self._engine and at_work else time.monotonic_ns() + _NAP_NS
        readers: list[Channel | Listener | Hearing | Listeners | int] = [*self._desks, self._listener]
        if self._relief:
            readers.append(self._relief.hearing)
            deadline = min(deadline, self._relief.deadline_ns)
        if self._listeners:
            readers.append(self._listeners)
        wake = self._fds.get("wake")
        pause = min(max(deadline - time.monotonic_ns(), 0), SECOND_NS) / SECOND_NS
        ready, _, _ = select.select(readers if wake is None else [*readers, wake], [], [], pause)
        if wake in ready and wake is not None:
            with contextlib.suppress(BlockingIOError):
                os.eventfd_read(wake)
        for reader in ready:
            if isinstance(reader, Channel):
                self._hear(reader)
            elif isinstance(reader, Hearing) and self._relief:
                self._relief.hear(time.monotonic_ns())
            elif isinstance(reader, Listeners):
                reader.drain(self._hear_console)
            elif reader is self._listener and (caller := self._listener.accept()):
                self._greet(caller)

    def _greet(self, caller: Channel) -> None:
        """A desk that started later: it gets all that a successor needs."""
        fds = {name: fd for name, fd in self._fds.items() if name in {"levels", "ring"}}
        standby = {"standby": self._relief.told(time.monotonic_ns())} if self._relief else {}
        caller.send("hello", {"pid": os.getpid(), **standby}, fds)
        self._desks.append(caller)

    def _hear_console(self, interface: str | None, data: bytes, address: str) -> None:
        if self._engine is not None:
            self._engine.hear(interface, data, address, time.monotonic_ns())

    def _hear(self, desk: Channel) -> None:
        try:
            while message := desk.receive():
                try:
                    self._obey(desk, message)
                except Exception as error:  # noqa: BLE001 - output never stops
                    fault = f"{message.op} cannot be used: {error!r}; what was there before goes on"
                    desk.send("fault", {"message": fault})
        except ChannelClosedError:
            self._desks.remove(desk)
            desk.close()
            if self._engine and not self._desks:  # nobody is left to end it
                self._engine.steer(self._engine.live.kept, time.monotonic_ns())

    def _obey(self, desk: Channel, message: Message) -> None:
        now = time.monotonic_ns()
        match message.op, self._engine:
            case "start", None:
                self._start(message, now)
            case "ring", Engine() as engine:
                self._keep(message, "ring", "wake")
                engine.follow(RingReader(self._fds["ring"]), now)
            case "tables", _:
                self._tables |= _unpacked(message)[1]
            case "map", Engine() as engine:
                self._use(engine, message, now)
                desk.send("ready")
                self._rehearse(engine, time.monotonic_ns())
                gc.collect()
            case "live", Engine() as engine:
                engine.steer(Live.from_json(message.body), now)
            case "standby", Engine():
                self._order(desk, message, now)
            case "release", Engine() as engine:
                engine.release(now)
                self.running = False
            case "end", _:
                self.running = False
            case other, _:
                desk.send("fault", {"message": f"the engine does not know {other!r}"})

    def _start(self, message: Message, now: int) -> None:
        """The engine, and the standby that it may be."""
        self._keep(message, "levels")
        block = LevelsBlock(self._fds["levels"])
        self._engine = Engine(block, message.body["source_name"], UdpNetwork, now)
        self._engine.artnet_address = message.body.get("artnet_address") or ""
        if standby := message.body.get("standby"):
            self._relief = Relief.of(standby, block.cid, self._engine, now)

    def _use(self, engine: Engine, message: Message, now: int) -> None:
        body, arrays = _unpacked(message)
        self._tables = {key: self._tables[key] for key in body["tables"] if key in self._tables}
        pixel_map = PixelMap.from_message(body, arrays, self._tables, self._solvers)
        engine.use(pixel_map, now, arrays.get("fade_s"))
        self._listen(engine)
        self._faults.clear()  # what goes wrong from now on is news

    def _listen(self, engine: Engine) -> None:
        """Hears what the inputs of the newest map need."""
        inputs = engine.consoles.console.inputs if engine.consoles else ()
        if inputs and self._listeners is None:
            self._listeners = Listeners(engine.cid)
        if self._listeners:
            self._listeners.follow(inputs)

    def _order(self, desk: Channel, message: Message, now: int) -> None:
        """An operator's word to a standby."""
        fault = "this is no standby" if self._relief is None else self._relief.order(message.body["do"], now)
        if fault:
            desk.send("fault", {"message": fault})
        elif self._relief:
            self._tell("standby", self._relief.told(now))

    def _rehearse(self, engine: Engine, now: int) -> None:
        """Times the map's sampling, once a second at most: a drag swaps maps sixty times a second."""
        if now - self._rehearsed_ns > SECOND_NS:
            self._rehearsed_ns = now
            engine.rehearse()
            self._health.sample_ms = (time.monotonic_ns() - now) / 1e6

    def _keep(self, message: Message, *names: str) -> None:
        for name in names:
            if name in message.fds:
                if name in self._fds:
                    os.close(self._fds[name])
                self._fds[name] = message.fds[name]


def bounded(report: dict[str, Any]) -> dict[str, Any]:
    """A report that a stock kernel takes as one message, 208 KiB (net.core.wmem_max), whoever is out there.

    Of many outputs those that fail come first; `nodes_total` says how many nodes there are in all.
    """
    nodes, outputs = report["nodes"], report["outputs"]
    if len(outputs) > MOST_OUTPUTS_TOLD:
        outputs = sorted(outputs, key=lambda each: not each["failing"])[:MOST_OUTPUTS_TOLD]
    told = [{**node, "long_name": node["long_name"][:LONGEST_NAME]} for node in nodes[:MOST_NODES_TOLD]]
    return {**report, "outputs": outputs, "nodes": told, "nodes_total": len(nodes)}


def _unpacked(message: Message) -> tuple[dict[str, Any], Arrays]:
    """Body and arrays that came with a message."""
    fd = message.fds[message.op]
    try:
        return unpack(fd)
    finally:
        os.close(fd)


def main(channel_fd: int, runtime: Path) -> int:
    """Runs the engine on an inherited control channel; 0 when it was told to end."""
    process = Process(Channel.inherited(channel_fd), runtime)

    def stop(*_: object) -> None:
        process.running = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the desk
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)  # where the unit allows it
    gc.disable()  # nothing per frame makes cycles; a map swap collects
    gc.freeze()  # but what is loaded by now stays anyway, and costs 3 ms to look through
    sys.setswitchinterval(0.001)
    process.run()
    return 0
