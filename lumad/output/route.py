"""Routes: which universes go where, and how they leave the machine. Plain data that travels as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from ipaddress import AddressValueError, IPv4Address
from typing import Any, Literal

from lumad.errors import NetworkError
from lumad.protocols import artnet, e131


@dataclass(frozen=True, slots=True)
class Exit:
    """How datagrams leave the machine, by one socket each.

    `interface` None: multicast takes the only one that is up, unicast what the routing table says.
    `ttl`: of multicast; unicast keeps the system's (0 here).
    """

    interface: str | None
    multicast: bool
    ttl: int


@dataclass(frozen=True, slots=True)
class Route:
    """Universes on their way to nodes; NetworkError when its parts contradict each other.

    `to`: IPv4 addresses, () = the multicast group of each universe (sACN only). The n-th universe of an
    Art-Net route goes to the n-th port-address. `port` 0 is the protocol's own.
    """

    protocol: Literal["sacn", "artnet"]
    universes: tuple[int, ...]
    port_addresses: tuple[int, ...] = ()
    to: tuple[str, ...] = ()
    interface: str | None = None
    priority: int = e131.DEFAULT_PRIORITY
    ttl: int = 8
    port: int = 0

    def __post_init__(self) -> None:
        if self.protocol == "artnet" and len(self.port_addresses) != len(self.universes):
            raise NetworkError("an Art-Net route needs one port-address for each universe")
        if self.protocol == "artnet" and not self.to:
            raise NetworkError("an Art-Net route needs the addresses of its nodes")
        for address in self.to:
            try:
                IPv4Address(address)
            except AddressValueError as error:
                raise NetworkError(f"{address!r} is no IPv4 address") from error

    @property
    def exit(self) -> Exit:
        """The socket this route leaves by."""
        return Exit(self.interface, multicast=not self.to, ttl=0 if self.to else self.ttl)

    @property
    def udp_port(self) -> int:
        """Where the nodes listen."""
        return self.port or (e131.PORT if self.protocol == "sacn" else artnet.PORT)

    def targets(self, universe: int) -> tuple[tuple[str, int], ...]:
        """(IPv4 address, UDP port) of each datagram that carries `universe`."""
        addresses = self.to or (e131.multicast_group(universe),)
        return tuple((address, self.udp_port) for address in addresses)

    def to_json(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Route":
        """The route that `to_json` wrote."""
        lists = {key: tuple(value[key]) for key in ("universes", "port_addresses", "to")}
        return cls(**{**value, **lists})
