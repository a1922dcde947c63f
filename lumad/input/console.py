"""What consoles say: the newest levels of the universes they drive, and the looks they call."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.input.arbiter import Arbiter
from lumad.input.merge import merge
from lumad.input.stream import SLOTS, Protocol, about

Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int32]

ON = 128  # a level from which a switch is on
REFRESH_S = 0.25  # how often a source is looked up that says nothing


@dataclass(frozen=True, slots=True)
class Input:
    """One input, as the pixel map describes it.

    `wire` are the universes or port-addresses on the network, in rows from `first` on of (I, 512) levels;
    `controls` (master, blackout, freeze) and `looks` are flat indices into those. `hold`: the last levels
    heard hold when they stop coming.
    """

    name: str
    protocol: Protocol
    wire: tuple[int, ...]
    first: int
    interface: str | None
    hold: bool
    controls: Mapping[str, int]
    looks: Mapping[str, int]

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """The input as the desk described it."""
        names = ("name", "protocol", "first", "interface", "hold", "controls", "looks")
        return cls(wire=tuple(body["wire"]), **{name: body[name] for name in names})

    @property
    def rows(self) -> range:
        """Of (I, 512) levels."""
        return range(self.first, self.first + len(self.wire))

    @property
    def place(self) -> tuple[Any, ...]:
        """Equal for inputs that hear the same."""
        return self.name, self.protocol, self.wire, self.interface


@dataclass(slots=True)
class _Side:
    """An input and who speaks in it."""

    input: Input
    arbiter: Arbiter
    up: dict[str, bool] = field(default_factory=dict)  # looks, whether their channel is up


class Console:
    """All inputs of a show; time is an argument, in seconds.

    `levels` (I, 512) newest of all, kept when they stop coming; `known` (I, 512) slots that anybody ever
    drove; `heard` (I,) universes that somebody speaks in now; `watched` (I, 512) slots
    that matter to somebody.
    """

    def __init__(self, inputs: Sequence[Input] = (), before: Self | None = None) -> None:
        """`before`: what was heard till now goes on."""
        count = sum(len(each.wire) for each in inputs)
        self.inputs = tuple(inputs)
        self.levels: Bytes = np.zeros((count, SLOTS), np.uint8)
        self.known: Flags = np.zeros((count, SLOTS), np.bool_)
        self.heard: Flags = np.zeros(count, np.bool_)
        self.watched: Flags = np.ones((count, SLOTS), np.bool_)
        self.called: list[str] = []  # looks that went up since somebody took them
        self._refreshed = float("-inf")
        self._sides = [
            _Side(each, Arbiter(only={(each.protocol, wire) for wire in each.wire})) for each in inputs
        ]
        if before:
            self._go_on(before)

    def _go_on(self, before: Self) -> None:
        """What was heard till now still holds, where the inputs are the same."""
        sides = {side.input.place: side for side in before._sides}
        for side in self._sides:
            if old := sides.get(side.input.place):
                side.arbiter, side.up = old.arbiter, dict(old.up)
                rows, olds = (slice(each.rows.start, each.rows.stop) for each in (side.input, old.input))
                self.levels[rows], self.known[rows] = before.levels[olds], before.known[olds]
                self.heard[rows] = before.heard[olds]

    def watch(self, flats: Ints) -> None:
        """What matters: controls, looks, and what is at these flat indices."""
        own = [[*each.controls.values(), *each.looks.values()] for each in self.inputs]
        self.watched[:] = False
        self.watched.reshape(-1)[np.concatenate([flats, *own]).astype(np.intp)] = True

    def hear(self, interface: str | None, data: bytes, address: str, now: float) -> bool:
        """Takes one datagram that came by an interface; True if a watched level changed."""
        changed = False
        for side in self._sides:
            if side.input.interface == interface and (stream := side.arbiter.hear(data, address, now)):
                changed |= self._refresh(side, side.input.wire.index(stream.universe), now)
        return changed

    def turn(self, now: float) -> None:
        """Notices who fell silent."""
        if now - self._refreshed >= REFRESH_S:
            self._refreshed = now
            for side in self._sides:
                for at in range(len(side.input.wire)):
                    self._refresh(side, at, now)

    def decides(self, flat: Ints, hold: Flags) -> Flags:
        """Whether channels at these flat indices count: heard, or once heard where the last levels hold."""
        known: Flags = self.known.reshape(-1)[flat]
        return known & (self.heard[flat // SLOTS] | hold)

    def value(self, each: Input, control: str) -> int | None:
        """Level of a control of an input; None where it has none, or does not count now."""
        at = each.controls.get(control)
        if at is None or not self.known.flat[at] or not (each.hold or self.heard[at // SLOTS]):
            return None
        return int(self.levels.flat[at])

    def is_on(self, control: str) -> bool:
        """Whether any input switches it on."""
        return any((self.value(each, control) or 0) >= ON for each in self.inputs)

    def take_called(self) -> list[str]:
        """Looks whose channel went up since this was asked last."""
        called, self.called = self.called, []
        return called

    def report(self, now: float) -> list[dict[str, Any]]:
        """By input: name, state, the sources that count, what its controls stand at."""
        return [self._report(side, now) for side in self._sides]

    # ------------------------------------------------------------ one universe
    def _refresh(self, side: _Side, at: int, now: float) -> bool:
        """Takes what the sources of one universe make together; True if a watched level changed.

        Somebody alone counts at once, not only when per-address priorities had time to come: an engine that
        starts again has nothing else to go by.
        """
        row = side.input.first + at
        streams = side.arbiter.streams_of(side.input.protocol, side.input.wire[at], now)
        merged = merge(streams, now) or merge(streams, now, patient=False)
        new = bool(merged) and not self.heard[row]
        self.heard[row] = merged is not None
        if merged is None:
            return False
        owned = merged.priorities > 0
        levels = np.where(owned, merged.levels, self.levels[row])
        changed = new or bool(((levels != self.levels[row]) & self.watched[row]).any())
        self.levels[row] = levels
        self.known[row] |= owned
        if changed:
            self._call(side, row, new=new)
        return changed

    def _call(self, side: _Side, row: int, *, new: bool) -> None:
        """Looks go on the rise of their channel; one that stands up when a console is found calls nothing."""
        for name, flat in side.input.looks.items():
            if flat // SLOTS == row and self.known.flat[flat]:
                up = bool(self.levels.flat[flat] >= ON)
                if up and not new and not side.up.get(name, True):
                    self.called.append(name)
                side.up[name] = up

    def _report(self, side: _Side, now: float) -> dict[str, Any]:
        each = side.input
        rows = slice(each.rows.start, each.rows.stop)
        known = bool(self.known[rows].any())
        state = "heard" if self.heard[rows].any() else "lost" if known else "waiting"
        master = self.value(each, "master")
        switches = {name: self.value(each, name) for name in ("blackout", "freeze")}
        return {
            "name": each.name,
            "state": state,
            "sources": list(self._sources(side, now)),
            "master": None if master is None else round((master / 255) ** 2, 4),
            **{name: None if value is None else value >= ON for name, value in switches.items()},
        }

    def _sources(self, side: _Side, now: float) -> Iterator[dict[str, Any]]:
        for stream in side.arbiter.streams(now)[:16]:
            yield {"universe": stream.universe, **about(stream, now)}
