"""`lumad record` and `lumad replay`: DMX on the network to a text file, and from there out again."""

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from lumad.cli import shows
from lumad.cli.monitor import add_wanted, opened, seconds, wanted_of

if TYPE_CHECKING:
    from lumad.input.recording import Source
    from lumad.output.network import UdpNetwork
    from lumad.output.route import Route
    from lumad.output.senders import Senders
    from lumad.output.senders import Source as Speaker

LOOK_S = 0.1  # how soon the end of a silent source is written, and Ctrl-C is noticed


def add_to(commands: Any) -> None:
    """Adds both commands."""
    record = commands.add_parser(
        "record",
        help="record the DMX that this machine hears, as text",
        description="Writes one line for each change of a source's universe, with its time; until Ctrl-C or "
        "for --seconds N.",
    )
    record.add_argument("file", metavar="FILE", help="the recording; - is standard output")
    add_wanted(record)
    record.add_argument("--seconds", type=seconds, metavar="N", help="how long to record")
    record.add_argument("--force", action="store_true", help="write over an old file")
    record.set_defaults(run=run_record)
    replay = commands.add_parser(
        "replay",
        help="play a recording on the network",
        description="Sends a recording with its own times, each source as a source of its own with the "
        "priority it had; at the end sACN receivers are told that the streams end.",
    )
    replay.add_argument("file", type=Path, metavar="FILE", help="the recording")
    replay.add_argument(
        "--to",
        required=True,
        type=_addresses,
        metavar="ADDRESS",
        help="addresses of nodes, parted by commas, or multicast",
    )
    replay.add_argument(
        "--interface", metavar="IF", help="where to send, for example eth0 (default: as in the settings)"
    )
    shows.add_settings(replay)
    replay.add_argument("--loop", action="store_true", help="again and again until Ctrl-C")
    replay.add_argument("--speed", type=_speed, default=1.0, metavar="X", help="2: twice as quick")
    replay.set_defaults(run=run_replay)


def run_record(args: argparse.Namespace) -> int:
    """Records; Ctrl-C is the ordinary end of it."""
    import asyncio

    asyncio.run(_record(args))
    return 0


async def _record(args: argparse.Namespace) -> None:
    import asyncio
    import signal
    import time

    from lumad.input.discovery import Discovery
    from lumad.input.recording import Recorder

    wanted, discovery, lines = wanted_of(args), Discovery(), list[str]()
    started = time.monotonic()
    end = started + (args.seconds or float("inf"))
    recorder = Recorder(lines.append, started, wanted)
    receiver = opened(args, [discovery.hear, recorder.hear], discovery=wanted is None)
    for warning in receiver.warnings:
        print(f"lumad: {warning}", file=sys.stderr)
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    try:
        with _file(args) as out:
            while (now := time.monotonic()) < end and not stopped.is_set():
                recorder.look(now)
                if wanted is None:
                    receiver.join(discovery.universes(now))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopped.wait(), min(LOOK_S, end - now))
                out.writelines(lines)
                lines.clear()
            recorder.close(time.monotonic())
            out.writelines(lines)
    finally:
        receiver.close()


def _file(args: argparse.Namespace) -> contextlib.AbstractContextManager[TextIO]:
    """Where the recording goes; never over an old one unless asked."""
    from lumad.errors import LumadError

    if args.file == "-":
        return contextlib.nullcontext(sys.stdout)
    try:
        return Path(args.file).open("w" if args.force else "x", encoding="utf-8", newline="\n")
    except FileExistsError:
        raise LumadError(f"{args.file} is there already; --force writes over it") from None
    except OSError as error:
        raise LumadError(f"{args.file} cannot be written: {error.strerror}") from None


def run_replay(args: argparse.Namespace) -> int:
    """Plays; whatever ends it ends its streams too."""
    import time

    from lumad.input.player import Player
    from lumad.output.network import UdpNetwork

    changes = _changes(args.file)
    if not args.to and any(change.source and change.source.protocol == "artnet" for change in changes):
        print("lumad: Art-Net of the recording knows no multicast; give --to an address", file=sys.stderr)
        return 2
    exits = _Exits(UdpNetwork(), args.to, args.interface or shows.settings_of(args).interface)
    player = Player(changes, exits.voice, time.monotonic(), speed=args.speed, loop=args.loop)
    try:
        while (due := player.play(time.monotonic())) is not None:
            time.sleep(max(due - time.monotonic(), 0.0))
    finally:
        player.stop(time.monotonic())
        exits.close()
    for trouble in exits.troubles():
        print(f"lumad: {trouble}", file=sys.stderr)
    return 1 if exits.troubles() else 0


def _changes(file: Path) -> list[Any]:
    from lumad.errors import DocumentError, Fault, LumadError
    from lumad.input.recording import read

    try:
        with file.open(encoding="utf-8") as lines:
            return list(read(lines, str(file)))
    except OSError as error:
        raise LumadError(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DocumentError([Fault((), "this is no text", str(file))]) from None


class _Exits:
    """The ways out of all streams, by one network."""

    def __init__(self, network: "UdpNetwork", to: tuple[str, ...], interface: str | None) -> None:
        self.network, self.to, self.interface = network, to, interface
        self._speakers: dict[Source, Speaker] = {}
        self._ways: list[_Way] = []

    def voice(self, source: "Source", universe: int) -> "_Way":
        """A way out; each recorded source speaks with one CID, a new one, so that it is never mistaken."""
        import uuid

        from lumad.output.senders import Source as Speaker

        speaker = self._speakers.get(source)
        if speaker is None:
            speaker = self._speakers[source] = Speaker(uuid.uuid4().bytes, f"{source.name} (replay)")
        self._ways.append(_Way(self, source, universe, speaker))
        return self._ways[-1]

    def troubles(self) -> list[str]:
        """What did not get out, one line a destination."""
        lines = {}
        for way in self._ways:
            for one in way.health:
                if one["errors"]:
                    to = one["to"] if one["to"] != "multicast" else f"multicast on {one['interface']}"
                    lines[to] = f"{to}: {one['last_error']}"
        return list(lines.values())

    def close(self) -> None:
        """Gives the sockets back."""
        self.network.close()


class _Way:
    """One stream's packets, numbered on through every change of priority."""

    def __init__(self, exits: "_Exits", source: "Source", universe: int, speaker: "Speaker") -> None:
        self._exits, self._source, self._universe, self._speaker = exits, source, universe, speaker
        self._priority = -1
        self._senders: Senders | None = None
        self._sent = 0

    @property
    def health(self) -> list[dict[str, Any]]:
        """How its destinations fare."""
        return self._senders.health() if self._senders else []

    def send(self, priority: int, levels: bytes, now: float) -> None:
        """One packet of 512 slots."""
        self._at(priority).tick(now, *self._frame(levels))
        self._sent += 1

    def end(self, priority: int, levels: bytes, now: float) -> None:
        """The end of the stream, which Art-Net does not know."""
        self._sent += self._at(priority).terminate(now, *self._frame(levels))

    def _frame(self, levels: bytes) -> tuple[Any, Any, Any]:
        import numpy as np

        slots = np.frombuffer(levels.ljust(512, b"\0"), np.uint8)
        return np.array([self._number], np.uint32), np.array([self._sent], np.uint64), slots[None]

    @property
    def _number(self) -> int:
        """The route's universe; an Art-Net route has its port-address besides."""
        return self._universe if self._source.protocol == "sacn" else 1

    def _at(self, priority: int) -> "Senders":
        from lumad.output.senders import Senders

        if self._senders is None or priority != self._priority:
            speaker, network = self._speaker, self._exits.network
            self._senders = Senders([self._route(priority)], speaker.cid, speaker.name, network, speaker)
            self._priority = priority
        return self._senders

    def _route(self, priority: int) -> "Route":
        from lumad.output.route import Route

        to, interface = self._exits.to, self._exits.interface
        if self._source.protocol == "artnet":
            return Route("artnet", (self._number,), (self._universe,), to, interface)
        return Route("sacn", (self._number,), (), to, interface, priority)


def _addresses(text: str) -> tuple[str, ...]:
    """Where to send; () is multicast."""
    from ipaddress import AddressValueError, IPv4Address

    try:
        return () if text == "multicast" else tuple(str(IPv4Address(one.strip())) for one in text.split(","))
    except AddressValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; write for example 10.0.0.20, or multicast") from None


def _speed(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.001 <= value <= 1000:
        raise argparse.ArgumentTypeError(f"{text} is no speed; they go from 0.001 to 1000")
    return value
