"""Cross-checks of what consoles drive: inputs, controls and shares against fixtures, profiles and looks."""

from collections.abc import Iterator, Mapping, Sequence

from lumad.documents import nearest
from lumad.errors import Fault
from lumad.model.fixture import Fixture
from lumad.model.input import Input
from lumad.model.mode import Mode
from lumad.model.output import Output
from lumad.model.profile import Profile
from lumad.model.show import Show

UNIVERSE_SLOTS = 512


def faults_of(show: Show, profiles: Mapping[str, Profile]) -> Iterator[Fault]:
    """What keeps a console from driving what the show says; paths into the show file."""
    names = [each.name for each in show.inputs]
    for at, each in enumerate(show.inputs):
        here = ("inputs", at)
        if each.name in names[:at]:
            yield Fault((*here, "name"), f"two inputs are called {each.name}; shares would not know which")
        yield from _twins(here, each, show.inputs[:at])
        yield from _echoes(here, each, show.outputs)
        yield from _controls(here, each, show)
    inputs = {each.name: each for each in show.inputs}
    for name, fixture in show.fixtures.items():
        profile = profiles.get(fixture.profile)
        mode = profile.modes.get(fixture.mode) if profile else None
        yield from _share(("fixtures", name), fixture, mode, inputs)


def warnings_of(show: Show) -> Iterator[Fault]:
    """What is allowed and yet hardly meant."""
    sent = {
        universe
        for output in show.outputs
        if output.protocol == "sacn"
        for universe in output.universe_list()
    }
    for at, each in enumerate(show.inputs):
        both = sorted(sent & set(each.universe_list())) if each.protocol == "sacn" else []
        if both:
            yield Fault(
                ("inputs", at, "universes"),
                f"lumad sends universe {both[0]}, too; lamps that hear both obey the higher priority. Have "
                "the console drive another one, or share this one by per_address_priority, without input",
            )


def _twins(here: tuple[str, int], each: Input, before: Sequence[Input]) -> Iterator[Fault]:
    """Of a level that comes in by two inputs nobody knows which one counts."""
    for other in before:
        both = sorted(set(each.universe_list()) & set(other.universe_list()))
        wire = set(each.wire_universes()) & set(other.wire_universes())
        if both:
            yield Fault((*here, "universes"), f"universe {both[0]} comes in by {other.name} already")
        elif wire and each.protocol == other.protocol and each.interface == other.interface:
            yield Fault((*here, "port_address"), f"{other.name} takes port-address {min(wire)} already")


def _echoes(here: tuple[str, int], each: Input, outputs: Sequence[Output]) -> Iterator[Fault]:
    """Art-Net tells sources by address alone: what this machine sends would come back as a console's."""
    ours = {port for output in outputs for port in output.port_addresses()}
    if each.protocol == "artnet" and (both := ours & set(each.wire_universes())):
        yield Fault(
            (*here, "port_address"),
            f"lumad itself sends port-address {min(both)} and would hear its own levels; "
            "have the console send another one",
        )


def _controls(here: tuple[str, int], each: Input, show: Show) -> Iterator[Fault]:
    controls = each.controls
    for name in controls.looks:
        if name not in show.looks:
            yield Fault((*here, "controls", "looks", name), f"no look {name!r}{nearest(name, show.looks)}")
    for name, channels in controls.fixtures.items():
        at = (*here, "controls", "fixtures", name)
        fixture = show.fixtures.get(name)
        if fixture is None:
            yield Fault(at, f"no fixture {name!r}{nearest(name, show.fixtures)}")
        elif channels.mix is not None and fixture.share is None:
            yield Fault(
                (*at, "mix"), "has nothing to mix: give the fixture a share, the console's side of it"
            )


def _share(
    at: tuple[str, str], fixture: Fixture, mode: Mode | None, inputs: Mapping[str, Input]
) -> Iterator[Fault]:
    share = fixture.share
    if share is None:
        if fixture.control == "console":
            yield Fault(
                (*at, "control"), "control: console needs a share: which input, and its address there"
            )
        return
    here = (*at, "share")
    universe, address = share.address
    source = inputs.get(share.input)
    if source is None:
        yield Fault((*here, "input"), f"no input {share.input!r}{nearest(share.input, inputs)}")
    elif universe not in source.universe_list():
        yield Fault(
            (*here, "address"),
            f"universe {universe} is not among those of {share.input}, {source.universes}",
        )
    if mode is None:
        return
    highest = UNIVERSE_SLOTS - mode.footprint + 1
    if 1 <= highest < address:
        yield Fault(
            (*here, "address"),
            f"{address} leaves too little room for {mode.footprint} slots; the last that fits is {highest}",
        )
    known = {channel.attribute for channel in mode.all_channels()}
    for attribute in share.attributes if fixture.control != "console" else ():
        if attribute not in known:
            near = nearest(attribute, known)
            yield Fault((*here, "attributes"), f"mode {fixture.mode} has no {attribute}{near}")
