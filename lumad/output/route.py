"""Routes: which universes go where, and how they leave the machine. Plain data that travels as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from ipaddress import ip_address
from typing import Any, Literal

from lumad.errors import NetworkError
from lumad.protocols import artnet, e131

BROADCAST = "broadcast"  # instead of an address: the directed broadcast address of the exit's interface


@dataclass(frozen=True, slots=True)
class Exit:
    """How datagrams leave the machine, by one socket each.

    `interface` None: multicast and broadcast take the only one that is up, unicast what the routing table
    says. `ttl`: of multicast; unicast keeps the system's (0 here). `port`: where the socket itself listens,
    on its interface alone; 0 = nowhere. `source`: the IPv4 address that datagrams come from; while this
    machine has not got it, nothing leaves.
    """

    interface: str | None
    multicast: bool
    ttl: int
    ipv6: bool = False
    broadcast: bool = False
    port: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Universes on their way to nodes; NetworkError when its parts contradict each other.

    `to`: addresses, IPv4 or (sACN only) IPv6; () = by sACN the multicast group of each universe, with `ipv6`
    its IPv6 group; by Art-Net whoever subscribes (`discover`) or everybody (`broadcast`). The n-th universe
    of an Art-Net route goes to the n-th port-address. `port` 0 is the protocol's own. `sync`: sACN's
    synchronisation universe, 1 for ArtSync, 0 = none. `per_address_priority`: 0xDD packets. `suppress`:
    unchanged levels leave once a second. `rate` in Hz, 0 = the feed's. `spread_ms`: a frame takes so long.
    """

    protocol: Literal["sacn", "artnet"]
    universes: tuple[int, ...]
    port_addresses: tuple[int, ...] = ()
    to: tuple[str, ...] = ()
    interface: str | None = None
    priority: int = e131.DEFAULT_PRIORITY
    ttl: int = 8
    port: int = 0
    rate: float = 0.0
    delay_ms: float = 0.0
    spread_ms: float = 0.0
    sync: int = 0
    per_address_priority: bool = False
    preview: bool = False
    suppress: bool = False
    ipv6: bool = False
    discover: bool = False
    broadcast: bool = False
    source: str = ""

    def __post_init__(self) -> None:
        if self.protocol == "artnet" and len(self.port_addresses) != len(self.universes):
            raise NetworkError("an Art-Net route needs one port-address for each universe")
        ways = bool(self.to) + self.discover + self.broadcast
        if self.protocol == "artnet" and ways != 1:
            raise NetworkError("an Art-Net route needs the addresses of its nodes, discover or broadcast")
        if self.protocol == "sacn" and (self.discover or self.broadcast):
            raise NetworkError("sACN goes to multicast groups or to addresses")
        for address in self.to:
            try:
                version = ip_address(address).version
            except ValueError as error:
                raise NetworkError(f"{address!r} is no IP address") from error
            if version == 6 and self.protocol == "artnet":
                raise NetworkError(f"{address}: Art-Net knows IPv4 only")

    @property
    def udp_port(self) -> int:
        """Where the nodes listen."""
        return self.port or (e131.PORT if self.protocol == "sacn" else artnet.PORT)

    @property
    def multicast(self) -> bool:
        """Whether each universe goes to its group."""
        return self.protocol == "sacn" and not self.to

    def names(self) -> tuple[str, ...]:
        """Who answers for this route's datagrams, as the show file calls them in `to`."""
        multicast = "multicast6" if self.ipv6 else "multicast"
        return self.to or ("discover" if self.discover else BROADCAST if self.broadcast else multicast,)

    def addresses(self, universe: int) -> tuple[str, ...]:
        """Where `universe` goes; () when that is for the nodes to say."""
        if self.multicast:
            return (e131.multicast_group6(universe) if self.ipv6 else e131.multicast_group(universe),)
        return (BROADCAST,) if self.broadcast else self.to

    def exit_to(self, address: str) -> Exit:
        """The socket by which datagrams for `address` leave."""
        return Exit(
            self.interface,
            multicast=self.multicast,
            ttl=self.ttl if self.multicast else 0,
            ipv6=":" in address,
            broadcast=address == BROADCAST,
            source="" if ":" in address else self.source,
        )

    def above(self, priorities: Mapping[int, int]) -> "Route":
        """The same route, one above the highest of these priorities (by universe) in what it sends."""
        rivals = [priorities[universe] for universe in self.universes if universe in priorities]
        if self.protocol != "sacn" or not rivals:
            return self
        return replace(self, priority=min(max(rivals) + 1, e131.MAX_PRIORITY))

    def sent_from(self, artnet_address: str) -> "Route":
        """The same route; Art-Net comes from this address, "" for any."""
        return replace(self, source=artnet_address) if self.protocol == "artnet" else self

    def to_json(self) -> dict[str, Any]:
        """Plain lists and numbers."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Route":
        """The route that `to_json` wrote."""
        lists = {key: tuple(value[key]) for key in ("universes", "port_addresses", "to")}
        return cls(**{**value, **lists})
