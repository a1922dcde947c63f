"""DMX as a text to keep, to compare and to play again: one line for each change of a source's universe.

The format is in docs/recording.md. No file here, no clock: lines and times are arguments.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from lumad.errors import DocumentError, Fault
from lumad.input.arbiter import Arbiter
from lumad.input.stream import SLOTS, Protocol, Stream, Universe
from lumad.protocols import artnet, e131

FORMAT = "lumad-dmx 1"
TENTHS = 10_000  # of a millisecond, in a second: times are whole numbers of them
LOOK_S = 0.1  # how soon the end of a source that fell silent is noticed
LONGEST_LINE = 8192  # characters; 512 slots of which no two neighbours change need 3700

# Four equal bytes or more are worth a run; what lies between such runs is written out.
_PIECES = re.compile(rb"(?P<run>(.)\2{3,})|(?:(?!(.)\3{3}).)+", re.DOTALL)
_TIME = re.compile(r"(\d{1,12})\.(\d)", re.ASCII)
_SOURCE = re.compile(r'@(\d{1,6}) (sacn|artnet) ([0-9a-f.]{1,32}) (\d{1,3}(?:\.\d{1,3}){3}) (".*")', re.ASCII)
_RUN = re.compile(r"(\d{1,3}):([0-9a-f]{2})(?:\*(\d{1,3})|((?:[0-9a-f]{2})*))", re.ASCII)
_CHANGE = re.compile(r"(sacn|artnet) (\d{1,5}) @(\d{1,6}) (?:(end)|(\d{1,3}) (\d{1,3})((?: \S+)*))", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """Who sent it. `id`: the CID in hex (sACN) or the IPv4 address (Art-Net)."""

    protocol: Protocol
    id: str
    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """From `tenths` of a millisecond on, the source gives the universe these levels; None: no more.

    `source` None: the recording ends here.
    """

    tenths: int
    source: Source | None = None
    universe: int = 0
    priority: int = 0
    levels: bytes | None = None


@dataclass(slots=True)
class _Last:
    """What stands in the file of one source's universe; `stream` is the newest: a pause starts another."""

    stream: Stream
    number: int
    priority: int
    levels: bytes


class Recorder:
    """Writes what it hears; `only`: these universes and port-addresses, None = all."""

    def __init__(
        self, write: Callable[[str], object], start: float, only: frozenset[Universe] | None = None
    ) -> None:
        """`write` gets whole lines; `start`: the time that is 0.0 in the recording."""
        self._write, self._start = write, start
        self._arbiter = Arbiter(only=only)
        self._numbers: dict[tuple[Protocol, str], int] = {}
        self._last: dict[tuple[Universe, str], _Last] = {}
        self._look_at = start
        write(f"{FORMAT}\n")

    def hear(self, data: bytes, address: str, now: float) -> None:
        """Takes one datagram from an IPv4 address."""
        self.look(now)
        stream = self._arbiter.hear(data, address, now)
        if stream is None:
            return
        at = ((stream.protocol, stream.universe), stream.source)
        last = self._last.get(at)
        if stream.ended:
            if last is not None:
                self._end(self._last.pop(at), now)
            return
        number = self._number(stream)
        if last is None or (last.priority, last.levels) != (stream.priority, stream.levels):
            runs = "".join(f" {run}" for run in runs_of(last.levels if last else None, stream.levels))
            what = f"{stream.priority} {len(stream.levels)}{runs}"
            self._line(now, f"{stream.protocol} {stream.universe} @{number} {what}")
        self._last[at] = _Last(stream, number, stream.priority, stream.levels)

    def look(self, now: float) -> None:
        """Notices who fell silent."""
        if now < self._look_at:
            return
        self._look_at = now + LOOK_S
        for at in [at for at, last in self._last.items() if not last.stream.speaks(now)]:
            self._end(self._last.pop(at), now)

    @property
    def streams(self) -> int:
        """How many speak now."""
        return len(self._last)

    def close(self, now: float) -> None:
        """The last line."""
        self._line(now, "end")

    def _number(self, stream: Stream) -> int:
        """The number of its source; a new one is written first, with the name it has now."""
        key = (stream.protocol, stream.source)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            who = f"{stream.protocol} {stream.source} {stream.address}"
            self._write(f"@{self._numbers[key]} {who} {json.dumps(stream.name, ensure_ascii=False)}\n")
        return self._numbers[key]

    def _end(self, last: _Last, now: float) -> None:
        self._line(now, f"{last.stream.protocol} {last.stream.universe} @{last.number} end")

    def _line(self, now: float, text: str) -> None:
        tenths = round((now - self._start) * TENTHS)
        self._write(f"{tenths // 10}.{tenths % 10} {text}\n")


def runs_of(old: bytes | None, new: bytes) -> Iterator[str]:
    """Runs `address:hex` and `address:hex*count` that make `new` of `old`; all of `new` when old is None."""
    before = new if old is None else old.ljust(len(new), b"\0")
    moved = bytes(old is None or a != b for a, b in zip(before, new, strict=False))
    for span in re.finditer(b"\1+", moved):
        for piece in _PIECES.finditer(new, *span.span()):
            written = piece[0][:1].hex() + f"*{len(piece[0])}" if piece["run"] else piece[0].hex()
            yield f"{piece.start() + 1}:{written}"


def read(lines: Iterable[str], file: str = "") -> Iterator[Change]:
    """The changes in a recording, in order, each with all levels; DocumentError at the first bad line."""
    reader = _Reader(file)
    for line in lines:
        if (change := reader.take(line)) is not None:
            yield change
    reader.finish()


class _Reader:
    """Reads line by line and keeps what each stream has."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._at = 0
        self._tenths = 0
        self._sources: dict[str, Source] = {}
        self._levels: dict[tuple[Source, int], bytes] = {}

    def take(self, line: str) -> Change | None:
        """One line; the change it tells, if it tells one."""
        self._at += 1
        if len(line) > LONGEST_LINE:
            self._fail("the line is too long for this format")
        text = line.rstrip("\r\n")
        if self._at == 1:
            if text != FORMAT:
                self._fail(f"no recording of lumad; its first line is {FORMAT!r}")
        elif text.startswith("@"):
            self._define(text)
        elif text and not text.startswith("#"):
            return self._change(text)
        return None

    def finish(self) -> None:
        """The file ends; an empty one is no recording."""
        if not self._at:
            self._fail("the file is empty")

    def _define(self, text: str) -> None:
        found = _SOURCE.fullmatch(text)
        if found is None:
            self._fail('no source; they are written @1 sacn CID ADDRESS "name"')
        number, protocol, identity, address, quoted = found.groups()
        try:
            name = json.loads(quoted)
        except ValueError:
            self._fail("the name is not written as JSON writes text")
        if protocol == "sacn" and not re.fullmatch("[0-9a-f]{32}", identity):
            self._fail("a CID has 32 hex digits")
        self._sources[number] = Source("sacn" if protocol == "sacn" else "artnet", identity, address, name)

    def _change(self, text: str) -> Change:
        clock, _, what = text.partition(" ")
        time = _TIME.fullmatch(clock)
        tenths = int(time[1]) * 10 + int(time[2]) if time else -1
        if tenths < self._tenths:
            self._fail(f"{clock!r} is no time, in milliseconds as 12.5, at or after the one before")
        self._tenths = tenths
        if what == "end":
            return Change(tenths)
        found = _CHANGE.fullmatch(what)
        if found is None:
            self._fail("not understood; a change is TIME PROTOCOL UNIVERSE @SOURCE PRIORITY SLOTS RUNS")
        protocol, universe, number, end, priority, count, runs = found.groups()
        source = self._sources.get(number)
        if source is None or source.protocol != protocol:
            self._fail(f"@{number} is no {protocol} source of the lines above")
        key = (source, self._universe(source.protocol, int(universe)))
        if end:
            self._levels.pop(key, None)
            return Change(tenths, source, key[1])
        self._levels[key] = self._applied(self._levels.get(key, b""), int(count), runs)
        return Change(tenths, source, key[1], self._priority(int(priority)), self._levels[key])

    def _universe(self, protocol: Protocol, number: int) -> int:
        low, high = (1, e131.MAX_UNIVERSE) if protocol == "sacn" else (0, artnet.MAX_PORT_ADDRESS)
        if not low <= number <= high:
            self._fail(f"{protocol} has no {number}; it goes from {low} to {high}")
        return number

    def _priority(self, priority: int) -> int:
        if priority > e131.MAX_PRIORITY:
            self._fail(f"{priority} is not a priority; they are 0 to {e131.MAX_PRIORITY}")
        return priority

    def _applied(self, old: bytes, count: int, runs: str) -> bytes:
        if count > SLOTS:
            self._fail(f"{count} slots; a universe has {SLOTS}")
        levels = bytearray(old[:count].ljust(count, b"\0"))
        for run in runs.split():
            found = _RUN.fullmatch(run)
            if found is None:
                self._fail(f"{run!r} is no run; they are written ADDRESS:HEX or ADDRESS:HEX*COUNT")
            address, first, times, more = found.groups()
            new = bytes.fromhex(first + (more or "")) * int(times or 1)
            start = int(address) - 1
            if start < 0 or start + len(new) > count:
                self._fail(f"{run!r} lies outside slots 1 to {count}")
            levels[start : start + len(new)] = new
        return bytes(levels)

    def _fail(self, message: str) -> NoReturn:
        raise DocumentError([Fault((), message, self._file, max(self._at, 1), 1)])
