"""Where levels leave: sACN or Art-Net, which universes, to whom."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Tag, model_validator

from lumad.errors import Fault
from lumad.model.noun import Flag, NameOrNumber, Noun, Number, Text, Whole, Within, complaint

_RANGE = re.compile(r"\s*([0-9]{1,5})\s*(?:-\s*([0-9]{1,5})\s*)?")
_NET_SUB_UNIVERSE = re.compile(r"([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2})")
LAST_UNIVERSE = 63999
LAST_PORT_ADDRESS = 32767
_WAYS = {"multicast", "multicast6", "discover", "broadcast"}
_PORT_ADDRESS_HINT = f'write 0 to {LAST_PORT_ADDRESS} or "net:sub:universe"'


def universes_in(text: str) -> tuple[int, ...]:
    """`1-4,7` as numbers, in the order written; raises ValueError in plain words."""
    numbers: list[int] = []
    for part in text.split(","):
        found = _RANGE.fullmatch(part)
        if found is None:
            raise ValueError(f"{part.strip()!r} is no universe or range; write for example 1-4,7")
        first, last = int(found[1]), int(found[2] or found[1])
        if not 1 <= first <= last <= LAST_UNIVERSE:
            raise ValueError(f"{part.strip()} is no range of universes; they go from 1 to {LAST_UNIVERSE}")
        numbers += range(first, last + 1)
        if len(numbers) > LAST_UNIVERSE:
            break
    if len(set(numbers)) < len(numbers):
        raise ValueError("a universe stands twice")
    return tuple(numbers)


def port_address_in(value: int | str) -> int:
    """Art-Net's 15-bit port-address: a number, or `net:sub:universe`; raises ValueError in plain words."""
    if isinstance(value, str):
        found = _NET_SUB_UNIVERSE.fullmatch(value)
        if found is None:
            raise ValueError(f"{value!r} is no port-address; {_PORT_ADDRESS_HINT}")
        net, sub, universe = int(found[1]), int(found[2]), int(found[3])
        if net > 127 or sub > 15 or universe > 15:
            raise ValueError(f"{value}: the net goes up to 127, sub-net and universe up to 15")
        return net << 8 | sub << 4 | universe
    if not 0 <= value <= LAST_PORT_ADDRESS:
        raise ValueError(f"{value} is not a port-address; port-addresses are 0 to {LAST_PORT_ADDRESS}")
    return value


def _universes(value: str) -> str:
    try:
        universes_in(value)
    except ValueError as error:
        raise complaint(str(error)) from None
    return value


def _port_address(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise complaint(f"not a port-address; {_PORT_ADDRESS_HINT}")
    try:
        port_address_in(value)
    except ValueError as error:
        raise complaint(str(error)) from None
    return value


def _destinations(value: Any) -> Any:
    return [value] if isinstance(value, str) and value not in _WAYS else value


def _receiver(value: str) -> str:
    try:
        address = ip_address(value)
    except ValueError:
        raise complaint(f"{value!r} is no IP address; write for example 10.0.0.20") from None
    if address.is_multicast or address.is_unspecified:
        raise complaint(f"{value} is no address of a receiver")
    return str(address)


def _sync(value: Any) -> Any:
    if isinstance(value, int):
        return value
    raise complaint(f"{value!r} is no synchronisation; by sACN it is a universe of its own, by artnet true")


def _rate(value: Any) -> Any:
    if value == "auto" or (
        isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 1000
    ):
        return value
    raise complaint(f"{value!r} is no rate; write auto, or 1 to 1000 (Hz)")


def _interface(value: str) -> str:
    if not 1 <= len(value.encode()) <= 15 or "/" in value or any(letter.isspace() for letter in value):
        raise complaint(f"{value!r} is no name of a network interface; write for example eth0")
    return value


Universes = Annotated[NameOrNumber, AfterValidator(_universes)]
InterfaceName = Annotated[Text, AfterValidator(_interface)]
PortAddress = Annotated[int | str, BeforeValidator(_port_address)]
Receiver = Annotated[Text, AfterValidator(_receiver)]
Destinations = Annotated[
    Annotated[Literal["multicast", "multicast6", "discover", "broadcast"], Tag("<way>")]
    | Annotated[tuple[Receiver, ...], Tag("<receivers>")],
    Discriminator(lambda value: "<way>" if isinstance(value, str) else "<receivers>"),
    BeforeValidator(_destinations, json_schema_input_type=str | list[str]),
]


class Output(Noun):
    """One way out of some universes; by Art-Net the n-th of them goes to the n-th port-address."""

    protocol: Literal["sacn", "artnet"]
    universes: Universes
    to: Destinations = "multicast"
    interface: InterfaceName | None = None
    priority: Annotated[Whole, Within(0, 200, "a priority", "sACN priorities")] = 100
    port_address: PortAddress | None = None
    ttl: Annotated[Whole, Within(1, 255)] = 8
    sync: Annotated[Flag | Whole, BeforeValidator(_sync)] = False
    per_address_priority: Flag = False
    preview: Flag = False
    suppress: Flag = False
    rate: Annotated[float | Literal["auto"], BeforeValidator(_rate)] = "auto"
    delay_ms: Annotated[Number, Within(0, 1000)] = 0.0
    spread_ms: Annotated[Number, Within(0, 20)] = 0.0

    @model_validator(mode="after")
    def _fits_its_protocol(self) -> Self:
        if not self.to:
            raise complaint("to: is an empty list; name a receiver")
        for address in self.receivers:
            if self.interface is None and ip_address(address).is_link_local and ":" in address:
                raise complaint(f"{address} means something on one link only; name it with interface:")
        if self.protocol == "sacn":
            self._fits_sacn()
        else:
            self._fits_artnet()
        return self

    def _fits_sacn(self) -> None:
        if self.port_address is not None:
            raise complaint("port_address belongs to artnet; sACN sends the show's own universe numbers")
        if self.to in {"discover", "broadcast"}:
            raise complaint(f"to: {self.to} belongs to artnet; sACN knows multicast or a list of addresses")
        if self.sync is not False and (self.sync is True or not 1 <= self.sync <= LAST_UNIVERSE):
            raise complaint(f"sync: by sACN it is a universe of its own, 1 to {LAST_UNIVERSE}, e.g. 7999")
        if self.per_address_priority and not self.priority:
            raise complaint("per_address_priority: with priority 0 every slot would be given away")

    def _fits_artnet(self) -> None:
        if self.port_address is None:
            raise complaint("artnet needs a port_address: the one its first universe goes to")
        if self.to in {"multicast", "multicast6"}:
            raise complaint("artnet has no multicast; give to: discover, a list of addresses, or broadcast")
        for address in self.receivers:
            if ":" in address:
                raise complaint(f"{address}: Art-Net knows IPv4 only")
        if not isinstance(self.sync, bool):
            raise complaint("sync: by artnet it is true or false")
        for key, value in (("per_address_priority", self.per_address_priority), ("preview", self.preview)):
            if value:
                raise complaint(f"{key} belongs to sacn; Art-Net does not know it")
        last = self.port_address_number() + len(self.universe_list()) - 1
        if last > LAST_PORT_ADDRESS:
            raise complaint(f"its last port-address would be {last}; they end at {LAST_PORT_ADDRESS}")

    @property
    def receivers(self) -> tuple[str, ...]:
        """The addresses of `to`; () where it names a way."""
        return () if isinstance(self.to, str) else self.to

    @property
    def rate_hz(self) -> float:
        """0: with the feed."""
        return 0.0 if self.rate == "auto" else self.rate

    def universe_list(self) -> tuple[int, ...]:
        """The show's universes in the order written."""
        return universes_in(self.universes)

    def port_address_number(self) -> int:
        """The port-address of the first universe; ValueError on sacn."""
        if self.port_address is None:
            raise ValueError("sACN has no port-address")
        return port_address_in(self.port_address)

    def port_addresses(self) -> tuple[int, ...]:
        """One port-address for each universe of `universe_list()`; () on sacn."""
        if self.port_address is None:
            return ()
        first = self.port_address_number()
        return tuple(range(first, first + len(self.universe_list())))


def doubts_of(outputs: Sequence[Output]) -> Iterator[Fault]:
    """What is allowed and yet hardly meant: one universe, one source, two priorities. Paths into the show."""
    first: dict[int, int] = {}  # universe -> the first sACN output that sends it
    for at, output in enumerate(outputs):
        if output.protocol != "sacn":
            continue
        rivals = {first.setdefault(universe, at): universe for universe in reversed(output.universe_list())}
        for other, universe in sorted(rivals.items()):
            if (theirs := outputs[other].priority) != output.priority:
                yield Fault(
                    ("outputs", at, "priority"),
                    f"universe {universe} leaves with priority {output.priority} here and with {theirs} by "
                    f"output {other + 1}; a receiver that hears both follows one packet, then the other",
                )
