"""Where a console's levels come in, and what its channels do."""

from typing import Literal, Self

from pydantic import Field, model_validator

from lumad.model.fixture import Patch
from lumad.model.noun import Name, Noun, complaint
from lumad.model.output import (
    LAST_PORT_ADDRESS,
    InterfaceName,
    PortAddress,
    Universes,
    port_address_in,
    universes_in,
)

WhenLost = Literal["hold", "take"]


class FixtureControls(Noun):
    """Channels of one fixture: `intensity` dims it, `mix` goes from the wall (0) to the console (255)."""

    intensity: Patch | None = None
    mix: Patch | None = None


class Controls(Noun):
    """What channels of a console do, each [universe, address]; looks go when their channel goes up."""

    master: Patch | None = None
    blackout: Patch | None = None
    freeze: Patch | None = None
    looks: dict[Name, Patch] = Field(default_factory=dict)
    fixtures: dict[Name, FixtureControls] = Field(default_factory=dict)

    def patches(self) -> dict[tuple[str, ...], Patch]:
        """Every channel named, by its path."""
        own = {(key,): getattr(self, key) for key in ("master", "blackout", "freeze")}
        looks = {("looks", name): patch for name, patch in self.looks.items()}
        lamps = {
            ("fixtures", name, key): getattr(controls, key)
            for name, controls in self.fixtures.items()
            for key in ("intensity", "mix")
        }
        return {path: patch for path, patch in (own | looks | lamps).items() if patch is not None}


class Input(Noun):
    """Some universes of a console; by Art-Net the n-th of them is the n-th port-address.

    `when_lost`: the last levels heard hold, or lumad takes over.
    """

    name: Name
    protocol: Literal["sacn", "artnet"]
    universes: Universes
    interface: InterfaceName | None = None
    port_address: PortAddress | None = None
    when_lost: WhenLost = "hold"
    controls: Controls = Controls()

    @model_validator(mode="after")
    def _fits_its_protocol(self) -> Self:
        if self.protocol == "sacn" and self.port_address is not None:
            raise complaint("port_address belongs to artnet; sACN brings the show's own universe numbers")
        if self.protocol == "artnet" and self.port_address is None:
            raise complaint("artnet needs a port_address: the one its first universe comes from")
        if self.protocol == "artnet" and self.wire_universes()[-1] > LAST_PORT_ADDRESS:
            last = self.wire_universes()[-1]
            raise complaint(f"its last port-address would be {last}; they end at {LAST_PORT_ADDRESS}")
        return self

    @model_validator(mode="after")
    def _controls_lie_in_its_universes(self) -> Self:
        known = set(self.universe_list())
        for path, (universe, _) in self.controls.patches().items():
            if universe not in known:
                where = ".".join(path)
                raise complaint(f"{where}: universe {universe} is not among its universes, {self.universes}")
        return self

    def universe_list(self) -> tuple[int, ...]:
        """The show's universes in the order written."""
        return universes_in(self.universes)

    def wire_universes(self) -> tuple[int, ...]:
        """What each of them is called on the wire: sACN's own number, or an Art-Net port-address."""
        if self.port_address is None:
            return self.universe_list()
        first = port_address_in(self.port_address)
        return tuple(range(first, first + len(self.universe_list())))
