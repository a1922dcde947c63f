"""The lookout: who else sends our universes, always; and while somebody looks, all DMX there is."""

import asyncio
import logging
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from lumad.daemon.light import LightPath
from lumad.input.conflicts import Conflict, Conflicts
from lumad.input.ears import Ears
from lumad.input.monitor import FIRST_UNIVERSES, Monitor
from lumad.input.stream import Bytes, Protocol, Stream, Universe
from lumad.output.route import Route
from lumad.pixelmap.map import PixelMap
from lumad.protocols import e131, e131_extended

LOOK_S = 0.25  # a conflict is told within a second of its third packet
SETTLES_S = 1.1  # a source that only keeps alive sends each 0.8 to 1 s
ASKED_S = 15.0  # what nobody asked for so long is not overheard any more
MOST_TOLD = 8  # conflicts in warnings; beyond that a number says it
HERE = "this desk"  # instead of an address: our own light, read where it is made
CONSEQUENCE = "lamps follow it, or both in turn"
_NEVER = float("-inf")

log = logging.getLogger(__name__)


class Lookout:
    """Overhears our universes beside the light path; needs a running loop.

    `shared_address`: where Art-Net comes from, whether we or our primary have it now.
    """

    def __init__(self, light: LightPath, shared_address: str | None) -> None:
        self._light, self._shared_address = light, shared_address or ""
        self._monitor = Monitor()
        self._ears = Ears(self._monitor.hear, light.block.cid)
        self._conflicts = Conflicts({}, ())
        self._claims: dict[Universe, int | Bytes] = {}
        self._found: list[Conflict] = []
        self._asked_since = self._asked_at = _NEVER
        self._asked_for: dict[int, tuple[float, float]] = {}  # universes by number: since when, last when
        self._failed = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look out."""
        self._task = asyncio.get_running_loop().create_task(self._look_out(), name="lookout")

    def close(self) -> None:
        """Gives the sockets back."""
        if self._task is not None:
            self._task.cancel()
        self._ears.close()

    # ------------------------------------------------------------ conflicts
    @property
    def warnings(self) -> list[str]:
        """A line for each conflict, and what is not overheard."""
        more = len(self._found) - MOST_TOLD
        return [
            *(f"{conflict}; {CONSEQUENCE}" for conflict in self._found[:MOST_TOLD]),
            *([f"and {more} more sources send our universes"] if more > 0 else []),
            *self._ears.warnings,
        ]

    def conflicts(self) -> list[dict[str, Any]]:
        """Who else sends our universes at our priority or above, longest first."""
        now = time.monotonic()
        return [conflict.to_json(now) for conflict in self._found]

    # ------------------------------------------------------------ what somebody looks at
    async def listen(self, universe: int | None = None) -> None:
        """Overhears all there is, and this sACN universe, for a while; returns when that settled."""
        self.ask(universe)
        since, _ = max((self._asked_since, 0.0), self._asked_for.get(universe or 0, (_NEVER, 0.0)))
        await asyncio.sleep(max(0.0, since + SETTLES_S - time.monotonic()))

    def ask(self, universe: int | None = None) -> None:
        """Somebody still looks, at this sACN universe among others."""
        now = time.monotonic()
        if not self._is_asked(now):
            self._asked_since = now
        self._asked_at = now
        if universe is not None and 1 <= universe <= e131.MAX_UNIVERSE:
            since, _ = self._asked_for.get(universe, (now, now))
            self._asked_for[universe] = since, now

    def network(self, *, levels: bool) -> dict[str, Any]:
        """As `Monitor.view`, our own light among it."""
        now = time.monotonic()
        view = self._monitor.view(now, levels=levels, ours=list(self._ours(now)))
        for universe in view["universes"]:
            self._mark(universe)
        return view

    def universe(self, protocol: Protocol, number: int) -> dict[str, Any] | None:
        """One universe of `network` with its levels; None when nobody sends it."""
        now = time.monotonic()
        ours = list(self._ours(now, (protocol, number)))
        found = self._monitor.universe(protocol, number, now, ours=ours)
        return found and self._mark(found)

    def _mark(self, universe: dict[str, Any]) -> dict[str, Any]:
        for source in universe["sources"]:
            source["ours"] = source["address"] == HERE
        return universe

    def _is_asked(self, now: float) -> bool:
        return now - self._asked_at < ASKED_S

    # ------------------------------------------------------------ the loop
    async def _look_out(self) -> None:
        seen: PixelMap | None = None
        while True:
            try:
                pixel_map = self._light.compiled.pixel_map if self._light.compiled else None
                if pixel_map is not None:
                    self._look(pixel_map, time.monotonic(), anew=pixel_map is not seen)
                    seen = pixel_map
                self._failed = False
            except Exception:  # the light does not depend on it
                if not self._failed:
                    log.exception("nobody looks out for other sources")
                self._failed = True
            await asyncio.sleep(LOOK_S)

    def _look(self, pixel_map: PixelMap, now: float, *, anew: bool) -> None:
        routes = pixel_map.routes
        groups, artnet_too = self._wanted(routes, now)
        self._ears.listen(groups, {route.interface for route in routes} or {None}, artnet_too=artnet_too)
        if anew:
            self._claims = claims(pixel_map)
        self._conflicts.watch(self._claims, self._own(), self._source_name(), self._light.awaited_primary)
        before = {(each.protocol, each.source): each for each in self._found}
        self._found = self._conflicts.look(self._monitor.arbiter, now)
        after = {(each.protocol, each.source): each for each in self._found}
        for key in list(after.keys() - before.keys())[:MOST_TOLD]:
            log.warning("%s; %s", after[key], CONSEQUENCE)
        for key in list(before.keys() - after.keys())[:MOST_TOLD]:
            log.info("over: %s", before[key])

    def _wanted(self, routes: tuple[Route, ...], now: float) -> tuple[list[str], bool]:
        """Multicast groups, the most important first; and whether to overhear Art-Net."""
        groups = [e131_extended.DISCOVERY_GROUP]
        for route in routes:
            if route.protocol == "sacn":
                group_of = e131.multicast_group6 if route.ipv6 else e131.multicast_group
                groups += map(group_of, route.universes)
        self._asked_for = {number: at for number, at in self._asked_for.items() if now - at[1] < ASKED_S}
        if not self._is_asked(now):
            return groups, any(route.protocol == "artnet" for route in routes)
        listed = [*self._asked_for, *FIRST_UNIVERSES, *self._monitor.announced(now)]
        return groups + [e131.multicast_group(universe) for universe in listed], True

    def _own(self) -> set[str]:
        """Sources that are no strangers: ourselves, and the primary that we stand by for."""
        standby = self._light.engine.health.get("standby") or {}
        return {
            self._light.block.cid.hex(),
            str(standby.get("cid") or "").replace("-", ""),
            self._shared_address,
            *self._ears.addresses,
        }

    def _source_name(self) -> str:
        return f"lumad {self._light.store.show.name}".strip()

    def _ours(self, now: float, only: Universe | None = None) -> Iterator[Stream]:
        """Our own light as a receiver would know it; of one universe, if `only` one is looked at."""
        compiled = self._light.compiled
        sent = self._light.block.read()
        if compiled is None or not sent.time_ns or now - sent.time_ns / 1e9 > e131.LOSS_S:
            return
        row_of = {universe: row for row, universe in enumerate(sent.universes.tolist())}
        told = set[Universe]()
        for route in compiled.pixel_map.routes:
            for universe, number in zip(
                route.universes, route.port_addresses or route.universes, strict=True
            ):
                key: Universe = (route.protocol, number)
                if universe in row_of and key not in told and key == (only or key):
                    told.add(key)
                    yield self._stream(
                        route, key, sent.levels[row_of[universe]].tobytes(), sent.time_ns / 1e9
                    )

    def _stream(self, route: Route, key: Universe, levels: bytes, left: float) -> Stream:
        stream = Stream(*key, self._light.block.cid.hex(), HERE, since=_NEVER, name=self._source_name())
        stream.levels, stream.time = levels, left
        stream.measured = route.rate or self._light.engine.health.get("measured_rate", 0.0)
        stream.priority, stream.sync, stream.preview = route.priority, route.sync, route.preview
        slots = self._claims.get(key)
        if route.per_address_priority and isinstance(slots, np.ndarray):
            stream.take_priorities(slots.tobytes(), left)
        return stream


def claims(pixel_map: PixelMap) -> dict[Universe, int | Bytes]:
    """What we send of each universe: our priority, or one for each slot, 0 = not ours."""
    row_of = {universe: row for row, universe in enumerate(pixel_map.universes.tolist())}
    found: dict[Universe, int | Bytes] = {}
    for route in pixel_map.routes:
        if route.preview:
            continue
        for universe, number in zip(route.universes, route.port_addresses or route.universes, strict=True):
            found[route.protocol, number] = route.priority
            if route.per_address_priority and universe in row_of:
                owned = pixel_map.owned[row_of[universe]]
                found[route.protocol, number] = np.where(owned, route.priority, 0).astype(np.uint8)
    return found
