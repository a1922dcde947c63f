"""A circuit: what lamps on one breaker may draw together."""

from collections.abc import Iterator, Mapping
from typing import Annotated

from lumad.documents import nearest
from lumad.errors import Fault
from lumad.model.fixture import Fixture
from lumad.model.noun import Noun, Number, Text, Within
from lumad.model.profile import Profile

Watts = Annotated[Number, Within(1, 1_000_000, "a limit in watts", "limits")]


class Circuit(Noun):
    """Lamps name it by `circuit`; `limit_w` is kept by dimming all of them alike (an estimate, in watts)."""

    label: Text = ""
    limit_w: Watts


def faults_of(circuits: Mapping[str, Circuit], fixtures: Mapping[str, Fixture]) -> Iterator[Fault]:
    """Circuits that are not there."""
    for name, fixture in fixtures.items():
        if fixture.circuit is not None and fixture.circuit not in circuits:
            near = nearest(fixture.circuit, circuits)
            yield Fault(("fixtures", name, "circuit"), f"no circuit {fixture.circuit!r}{near}")


def warnings_of(fixtures: Mapping[str, Fixture], profiles: Mapping[str, Profile]) -> Iterator[Fault]:
    """Lamps whose watts nobody knows: their circuit may draw more than it seems."""
    for name, fixture in fixtures.items():
        profile = profiles.get(fixture.profile)
        if fixture.circuit is not None and profile is not None and profile.power is None:
            said = f"the profile {fixture.profile} does not say its watts; the circuit counts it as 0"
            yield Fault(("fixtures", name, "circuit"), said)
