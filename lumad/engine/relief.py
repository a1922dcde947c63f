"""A standby at work: it hears its primary, looks at its cable, and has the engine take or give the light."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import numpy as np

from lumad.engine.engine import Engine
from lumad.engine.pace import SECOND_NS
from lumad.engine.standby import Deed, Plan, Standby
from lumad.engine.timetable import NEVER
from lumad.input.hearing import Hearing
from lumad.input.watch import Watch
from lumad.link.levels import Light
from lumad.output.links import Cable
from lumad.output.netlink import LinkNews
from lumad.output.route import Route

_LOOK_S = 0.25  # how often the cable is looked at without news of it


class Relief:
    """The standby of one engine process."""

    def __init__(self, plan: Plan, cid: bytes, now: int, clock: Callable[[], float] = time.time) -> None:
        self.standby = Standby(plan, Watch(plan.primary, cid), now / SECOND_NS)
        self.hearing = Hearing()
        self._cable, self._news = Cable(), LinkNews()
        self._looked_at = -math.inf
        self._routes: tuple[Route, ...] | None = None
        self._interfaces: set[str | None] = set()
        self._groups: tuple[str, ...] = ()
        self._turned_at = -math.inf
        self._outranked: Mapping[int, int] = {}
        self._clock = clock

    @classmethod
    def of(cls, told: Mapping[str, Any], cid: bytes, engine: Engine, now: int) -> Self:
        """The standby that a desk asks for, `told` as by the engine before; it has the engine send or not."""
        plan = Plan(told["primary"], told["handback"])
        relief = cls(plan, cid, now)
        relief.standby.automatic = told.get("automatic", True)
        engine.passive = not told.get("active", False)
        if not engine.passive:
            engine.outranked = {int(universe): level for universe, level in told["outranked"].items()}
            relief.standby.resume(now / SECOND_NS)
        relief._outranked = engine.outranked
        return relief

    @property
    def deadline_ns(self) -> int:
        """When something is to be decided, should nothing come before."""
        silent_at = self.standby.watch.silent_at
        decided = self.standby.active or math.isinf(silent_at) or silent_at < self._turned_at
        return NEVER if decided else math.ceil(silent_at * SECOND_NS) + 1

    def order(self, do: str, now: int) -> str:
        """As `Standby.order`."""
        return self.standby.order(do, now / SECOND_NS)

    def hear(self, now: int) -> None:
        """Takes in what the primary has sent."""
        self.hearing.drain(self.standby.watch.hear, now / SECOND_NS)

    def turn(self, engine: Engine, now: int) -> bool:
        """Has the engine do what is due now; True if that changed who has the light."""
        if engine.pixel_map is None:
            return False
        self._follow(engine.pixel_map.routes)
        self._turned_at = seconds = now / SECOND_NS
        if self.standby.suspects(seconds):
            self.hear(now)  # this process may have stood still since it listened last, not the primary
        if self._news.came() or seconds - self._looked_at >= _LOOK_S or self.standby.suspects(seconds):
            self._look(seconds)
        deed = self.standby.decide(seconds, self._cable.up_s(seconds))
        if deed:
            self._do(deed, engine, now)
            self.standby.done(deed, seconds)
        return bool(deed)

    def report(self, now: int) -> dict[str, Any]:
        """As `Standby.report`, `since` as a time of the wall clock, and what stands in the way of hearing."""
        report = self.standby.report(now / SECOND_NS)
        since = self._clock() - report.pop("since_s")
        return {**report, "since": round(since, 1), "note": self.hearing.warning or report["note"]}

    def told(self, now: int) -> dict[str, Any]:
        """The report, and what the next engine of this standby must know (see `of`)."""
        standby = self.standby
        return {
            **self.report(now),
            "primary": standby.plan.primary,
            "active": standby.active,
            "automatic": standby.automatic,
            "outranked": self._outranked,
        }

    def close(self) -> None:
        """Gives the sockets back."""
        self.hearing.close()
        self._news.close()

    def _do(self, deed: Deed, engine: Engine, now: int) -> None:
        watch = self.standby.watch
        if deed == "take":
            self._outranked = watch.priorities()
            engine.take(light_of(watch.look(), now), self._outranked, now)
        else:
            engine.hand_back(now)

    def _follow(self, routes: tuple[Route, ...]) -> None:
        """Listens for what the show sends by multicast."""
        if routes == self._routes:
            return
        self._routes = routes
        watched = [route for route in routes if route.multicast]
        self._interfaces = {route.interface for route in watched}
        universes = [universe for route in watched for universe in route.universes]
        self._groups = tuple(dict.fromkeys(_groups(watched)))
        self.standby.watch.universes = frozenset(universes)
        self._looked_at = -math.inf

    def _look(self, now: float) -> None:
        self._looked_at = now
        before = self._cable.up_s(now)
        self._cable.look(self._interfaces, now)
        after = self._cable.up_s(now)
        if after is None or (before is not None and after < before):
            self.hearing.silence()
        if after is not None:
            self.hearing.listen(self._groups, [link.index for link in self._cable.links])


def light_of(look: dict[int, bytes], now: int) -> Light:
    """A heard look as light that left at `now`; slots that were not sent are 0."""
    universes = sorted(look)
    levels = [np.frombuffer(look[universe].ljust(512, b"\0")[:512], np.uint8) for universe in universes]
    return Light(
        now if universes else 0,
        np.array(universes, np.uint32),
        np.zeros(len(universes), np.uint64),
        np.array(levels, np.uint8).reshape(len(universes), 512),
    )


def _groups(routes: Iterable[Route]) -> list[str]:
    return [
        address for route in routes for universe in route.universes for address in route.addresses(universe)
    ]
