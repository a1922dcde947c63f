"""What sACN sources say that they send: universe discovery (E1.31 8), heard without joining a universe."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from lumad.errors import PacketError
from lumad.input.arbiter import printable
from lumad.protocols import e131, e131_extended

GONE_S = 2 * e131_extended.DISCOVERY_INTERVAL_S + 1.0  # two lists missed, and a late one
MAX_ANNOUNCERS = 256  # 128 kB each at most; more are not kept
_LAST_PAGE = e131.MAX_UNIVERSE // e131_extended.PAGE_UNIVERSES


@dataclass(slots=True, eq=False)
class Announcer:
    """One source's list. `source`: its CID in hex."""

    source: str
    name: str
    address: str
    time: float
    last_page: int
    _pages: dict[int, tuple[float, npt.NDArray[np.uint16]]] = field(default_factory=dict)

    def take(self, packet: e131_extended.DiscoveryPacket, now: float) -> None:
        """One page."""
        self.time, self.last_page = now, packet.last_page
        self._pages[packet.page] = (now, np.array(packet.universes, np.uint16))

    def universes(self, now: float) -> list[int]:
        """Universes of all pages that still hold, sorted."""
        pages = [
            universes
            for page, (time, universes) in self._pages.items()
            if page <= self.last_page and now - time < GONE_S
        ]
        return sorted({int(universe) for page in pages for universe in page})


class Discovery:
    """The lists of all sources; `hear` takes any datagram and minds discovery packets only."""

    def __init__(self) -> None:
        self._announcers: dict[str, Announcer] = {}

    def hear(self, data: bytes, address: str, now: float) -> bool:
        """Takes one datagram from an IPv4 address; True when it brought a list."""
        if not e131.is_extended(data):
            return False
        try:
            packet = e131_extended.decode(data)
        except PacketError:
            return False
        if not isinstance(packet, e131_extended.DiscoveryPacket) or packet.last_page > _LAST_PAGE:
            return False
        source = packet.cid.hex()
        if source not in self._announcers:
            self._announcers = {one.source: one for one in self.announcers(now)}
            if len(self._announcers) >= MAX_ANNOUNCERS:
                return False
        name = printable(packet.source_name)
        known = self._announcers.setdefault(source, Announcer(source, name, address, now, packet.last_page))
        known.name, known.address = name, address
        known.take(packet, now)
        return True

    def announcers(self, now: float) -> list[Announcer]:
        """Sources whose lists still hold, by name."""
        held = [one for one in self._announcers.values() if now - one.time < GONE_S]
        return sorted(held, key=lambda one: (one.name, one.source))

    def universes(self, now: float) -> set[int]:
        """Every universe that anybody announces."""
        return {universe for one in self.announcers(now) for universe in one.universes(now)}
