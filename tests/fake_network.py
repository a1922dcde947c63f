"""A network that remembers what was sent, fails where a test says so, and says what a test has it hear."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lumad.output.datagrams import Datagram, Failure, Heard, Place, Refusal
from lumad.output.route import Exit


@dataclass
class FakeNetwork:
    sent: list[tuple[str, int, bytes]] = field(default_factory=list)
    batches: list[Exit] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)  # address -> error
    trouble: dict[str | None, str] = field(default_factory=dict)  # interface -> trouble
    refusals: list[Refusal] = field(default_factory=list)
    incoming: list[Heard] = field(default_factory=list)
    closed: bool = False

    def begin(self, _now: float) -> list[Refusal]:
        refusals, self.refusals = self.refusals, []
        return refusals

    def batch(self, exit_: Exit, datagrams: Sequence[Datagram]) -> "FakeBatch":
        self.batches.append(exit_)
        return FakeBatch(self, exit_, datagrams)

    def hear(self, _exit: Exit) -> list[Heard]:
        incoming, self.incoming = self.incoming, []
        return incoming

    def place(self, exit_: Exit) -> Place:
        return Place(exit_.interface or "eth0", "10.0.0.1", bytes.fromhex("020000000001"))

    def is_here(self, address: str) -> bool:
        return address == "10.0.0.1"

    def close(self) -> None:
        self.closed = True

    def take(self) -> list[tuple[str, int, bytes]]:
        """What was sent since the last take."""
        sent, self.sent = self.sent, []
        return sent


@dataclass
class FakeBatch:
    network: FakeNetwork
    exit: Exit
    datagrams: Sequence[Datagram]

    @property
    def trouble(self) -> str:
        return self.network.trouble.get(self.exit.interface, "")

    def send(self, which: Any = None) -> list[Failure]:
        failures = []
        for at in range(len(self.datagrams)) if which is None else which.tolist():
            packet, address, port = self.datagrams[at]
            if why := self.network.broken.get(address):
                failures.append(Failure(at, why))
            else:
                self.network.sent.append((address, port, packet.tobytes()))
        return failures
