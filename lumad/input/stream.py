"""What one source says about one universe: its newest levels, their priorities, and how well they arrive."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from lumad.protocols import e131

Bytes = npt.NDArray[np.uint8]
Protocol = Literal["sacn", "artnet"]
Universe = tuple[Protocol, int]  # sACN's 1..63999, or Art-Net's port-address 0..32767

SLOTS = 512
LOSS_S = {"sacn": e131.LOSS_S, "artnet": 10.0}
"""A source silent for as long is gone: E1.31 6.7.1; a node that merges Art-Net lets go after 10 s."""
PER_ADDRESS_WAIT_S = 1.5  # a new sACN source may bring per-address priorities; until then it lights nothing
_RATE_OVER_S = 1.0  # a rate is counted over at least so long
_NEVER = float("-inf")


@dataclass(slots=True, eq=False)
class Stream:
    """One source in one universe (sACN) or port-address (Art-Net).

    `source`: the CID in hex (sACN) or the IPv4 address (Art-Net). `priority`: 0 for Art-Net, which has none.
    `time`: of the newest levels; `since`: of the first; `errors`: packets that came late or after a gap;
    `ended`: the source said so; `measured`: its rate in Hz, None before it is known.
    """

    protocol: Protocol
    universe: int
    source: str
    address: str
    since: float
    name: str = ""
    priority: int = 0
    preview: bool = False
    ended: bool = False
    sync: int = 0
    sequence: int = 0
    levels: bytes = b""
    time: float = _NEVER
    per_address: bytes | None = None
    per_address_time: float = _NEVER
    packets: int = 0
    errors: int = 0
    recent: tuple[float, float] = (_NEVER, _NEVER)  # times of the two levels packets before the newest
    changed: npt.NDArray[np.float64] | None = None  # (512,) when each slot last moved; None: nobody asks
    measured: float | None = None
    _window: tuple[float, int] = field(default=(_NEVER, 0))  # start, packets since

    def is_late(self, sequence: int) -> bool:
        """Whether a packet of this number came too late to count; counts it, or the gap before it."""
        if self.protocol == "sacn":
            late = e131.is_out_of_order(self.sequence, sequence)
            expected = (self.sequence + 1) % 256
        elif not (self.sequence and sequence):  # 0 switches re-ordering off
            return False
        else:  # one number for all universes of a node is a known fault of senders: the same one is not late
            late = sequence != self.sequence and e131.is_out_of_order(self.sequence, sequence)
            expected = self.sequence % 255 + 1
        self.errors += late or sequence != expected
        return late

    def take(self, levels: bytes, now: float) -> None:
        """New levels."""
        if self.changed is not None:
            self.changed[_padded(levels) != _padded(self.levels)] = now
        self.levels = levels
        self.recent, self.time = (self.recent[1], self.time), now
        self.packets += 1
        start, count = self._window
        if start == _NEVER:
            self._window = (now, 0)
        elif now - start >= _RATE_OVER_S:
            self.measured, self._window = (count + 1) / (now - start), (now, 0)
        else:
            self._window = (start, count + 1)

    def take_priorities(self, priorities: bytes, now: float) -> None:
        """Priorities of each address (start code 0xDD)."""
        self.per_address, self.per_address_time = priorities, now

    @property
    def rate(self) -> float:
        """Levels packets a second; 0 before the second one."""
        start, count = self._window
        if self.measured is not None:
            return self.measured
        return count / (self.time - start) if count and self.time > start else 0.0

    def speaks(self, now: float) -> bool:
        """Whether it was heard lately."""
        return now - self.time < LOSS_S[self.protocol]

    def says_per_address(self, now: float) -> bool:
        """Whether it gives each address a priority of its own."""
        return self.per_address is not None and now - self.per_address_time < e131.LOSS_S

    def is_settled(self, now: float) -> bool:
        """Whether its priorities are known: at once in Art-Net, else by 0xDD or after the wait for it."""
        if self.protocol == "artnet" or self.says_per_address(now):
            return True
        return now - self.since >= PER_ADDRESS_WAIT_S

    def slots(self) -> Bytes:
        """Levels of all 512 slots; those not sent are 0."""
        return _padded(self.levels)

    def priorities(self, now: float) -> Bytes:
        """Priority of each of 512 slots, 1..200; 0: not this source's. A source of priority 0 says 1."""
        if self.per_address is not None and self.says_per_address(now):
            priorities = np.minimum(_padded(self.per_address), e131.MAX_PRIORITY)
        else:
            priorities = np.full(SLOTS, max(self.priority, 1), np.uint8)
        priorities[len(self.levels) :] = 0
        return priorities


def about(stream: Stream, now: float) -> dict[str, Any]:
    """The stream in plain values for people and programs, without its levels."""
    return {
        "source": stream.source,
        "name": stream.name,
        "address": stream.address,
        "priority": stream.priority,
        "per_address_priority": stream.says_per_address(now),
        "preview": stream.preview,
        "sync": stream.sync,
        "rate_hz": round(stream.rate, 1),
        "age_ms": round((now - stream.time) * 1000),
        "packets": stream.packets,
        "errors": stream.errors,
        "slots": len(stream.levels),
    }


def _padded(values: bytes) -> Bytes:
    return np.frombuffer(values.ljust(SLOTS, b"\0"), np.uint8)
