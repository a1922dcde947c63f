"""A primary as its standby hears it: packets of some universes at a rate, some of them lost."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lumad.input.watch import Watch
from lumad.protocols import e131

CID, OWN = b"the primary's id", b"the standby's id"
NAME = "lumad stage"


@dataclass
class Primary:
    """Speaks to `watch`, at `rate`, in `universes`; `lost` tells of each packet whether it is."""

    watch: Watch
    universes: tuple[int, ...] = (1, 2)
    rate: float = 44.0
    priority: int = 100
    cid: bytes = CID
    name: str = NAME
    level: Callable[[int], int] = lambda number: number % 256
    lost: Callable[[], bool] = lambda: False
    late_s: Callable[[], float] = lambda: 0.0
    number: int = 0
    now: float = 100.0
    _sequence: dict[int, int] = field(default_factory=dict)

    def speak(self, seconds: float, *, only: tuple[int, ...] | None = None) -> Iterator[float]:
        """Sends for so long; yields the time before each frame, and in between."""
        end = self.now + seconds
        while self.now < end:
            for universe in self.universes if only is None else only:
                self.send(universe, at=self.now + self.late_s())
            self.number += 1
            for part in range(4):
                yield self.now + (part + 0.99) / (4 * self.rate)
            self.now += 1 / self.rate

    def send(self, universe: int, *, at: float | None = None, **fields: object) -> None:
        sequence = self._sequence[universe] = (self._sequence.get(universe, 0) + 1) % 256
        packet = {"slots": bytes([self.level(self.number)] * 4), "priority": self.priority, **fields}
        if not self.lost():
            data = e131.encode(
                e131.DataPacket(self.cid, universe, sequence=sequence, source_name=self.name, **packet)
            )
            self.watch.hear(data, self.now if at is None else at)


def watch(primary: str = NAME, universes: tuple[int, ...] = (1, 2)) -> Watch:
    watching = Watch(primary, OWN)
    watching.universes = universes
    return watching


def heard(seconds: float = 2.0, **how: object) -> Primary:
    """A primary that has spoken for so long."""
    primary = Primary(watch(), **how)
    for _ in primary.speak(seconds):
        pass
    return primary


def losing(share: float, seed: int) -> Callable[[], bool]:
    """A network that loses this share of the packets, at random."""
    dice = random.Random(seed)
    return lambda: dice.random() < share
