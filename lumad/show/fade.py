"""How long light takes from one show to the next."""

from dataclasses import dataclass

from lumad.model.fixture import Fixture
from lumad.model.show import Show


@dataclass(frozen=True, slots=True)
class Fade:
    """These fixtures go over to their new light in so many seconds; 0 cuts."""

    seconds: float
    fixtures: frozenset[str]


def steered(before: Show, after: Show) -> frozenset[str]:
    """The fixtures whose own light was set by an edit: what still fades there is over."""
    if before.fixtures is after.fixtures:
        return frozenset()
    return frozenset(
        name
        for name, fixture in after.fixtures.items()
        if (old := before.fixtures.get(name)) is not fixture and old and _light(old) != _light(fixture)
    )


def _light(fixture: Fixture) -> tuple[object, ...]:
    return fixture.control, fixture.follow, fixture.level, fixture.colour, fixture.trims


class Fading:
    """Collects how light goes over from edit to edit, until a pixel map takes it along."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._seconds: dict[str, float] = {}

    def see(self, show: Show, fade: Fade | None) -> None:
        """The show is another now; lamps that were set by hand and not by `fade` go over at once."""
        self._seconds |= dict.fromkeys(steered(self._show, show), 0.0)
        self._seconds |= dict.fromkeys(fade.fixtures, fade.seconds) if fade else {}
        self._show = show

    def take(self) -> dict[str, float]:
        """Seconds by fixture; those that are not there go on as they do. The next ones are collected anew."""
        taken, self._seconds = self._seconds, {}
        return taken
