"""A network that remembers what was sent and fails where a test says so."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lumad.output.route import Exit
from lumad.output.senders import Datagram, Failure, Refusal


@dataclass
class FakeNetwork:
    sent: list[tuple[str, int, bytes]] = field(default_factory=list)
    batches: list[Exit] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)  # address -> error
    trouble: dict[str | None, str] = field(default_factory=dict)  # interface -> trouble
    refusals: list[Refusal] = field(default_factory=list)
    closed: bool = False

    def begin(self, _now: float) -> list[Refusal]:
        refusals, self.refusals = self.refusals, []
        return refusals

    def batch(self, exit_: Exit, datagrams: Sequence[Datagram]) -> "FakeBatch":
        self.batches.append(exit_)
        return FakeBatch(self, exit_, datagrams)

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

    def send(self) -> list[Failure]:
        failures = []
        for at, (packet, address, port) in enumerate(self.datagrams):
            if why := self.network.broken.get(address):
                failures.append(Failure(at, why))
            else:
                self.network.sent.append((address, port, packet.tobytes()))
        return failures
