"""What senders and networks say to each other: datagrams, and what became of them."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from lumad.output.route import Exit

Bytes = npt.NDArray[np.uint8]
Indices = npt.NDArray[np.intp]


class Datagram(NamedTuple):
    """One packet's place in memory, read anew at each send, and where it goes.

    `address`: IPv4 or IPv6, or `route.BROADCAST`: the directed broadcast address of its exit's interface.
    """

    packet: Bytes
    address: str
    port: int


class Failure(NamedTuple):
    """The `at`-th datagram of a batch did not leave."""

    at: int
    error: str


class Refusal(NamedTuple):
    """The network said later that datagrams to this target do not arrive."""

    address: str
    port: int
    error: str


class Heard(NamedTuple):
    """A datagram that came in, and the address it came from."""

    data: bytes
    address: str


class Place(NamedTuple):
    """Where an exit's interface stands in its network; `mac` is zero where it has none."""

    interface: str
    address: str
    mac: bytes


class Batch(Protocol):
    """Datagrams that leave together by one socket."""

    @property
    def trouble(self) -> str:
        """Why nothing can leave by this socket now; "" when it can."""

    def send(self, which: Indices | None = None) -> Sequence[Failure]:
        """Sends all datagrams, or these alone; a failing one never holds up the others."""


class Network(Protocol):
    """What the senders need of a network; `network.UdpNetwork` is the real one."""

    def begin(self, now: float) -> Sequence[Refusal]:
        """A new frame: looks after sockets and hands over what was refused since the last one."""

    def batch(self, exit_: Exit, datagrams: Sequence[Datagram]) -> Batch:
        """Datagrams prepared once, to be sent in many frames."""

    def hear(self, exit_: Exit) -> Sequence[Heard]:
        """What came to the port of this exit since the last time."""

    def place(self, exit_: Exit) -> Place | None:
        """Where this exit's interface stands; None while it has no IPv4 address."""

    def is_here(self, address: str) -> bool:
        """Whether an address is one of this machine's."""

    def close(self) -> None:
        """Gives all sockets back."""
