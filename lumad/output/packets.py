"""The packets of one route as one matrix: headers are written once, a tick moves sequences and slots only."""

import numpy as np
import numpy.typing as npt

from lumad.output.datagrams import Bytes, Indices
from lumad.output.route import Route
from lumad.protocols import artnet, e131

SLOTS = 512  # packets carry whole universes
_BLANK = bytes(SLOTS)


class PacketMatrix:
    """`rows`: the whole packet of the route's i-th universe; (n, 638) for sACN, (n, 530) for Art-Net."""

    def __init__(
        self,
        route: Route,
        cid: bytes,
        source_name: str,
        *,
        start_code: int = e131.LEVELS,
        slots: bytes = _BLANK,
    ) -> None:
        """`slots`: what every packet carries before the first write."""
        self.route = route
        if route.protocol == "artnet":
            packets = [artnet.encode(artnet.ArtDmx(address, slots)) for address in route.port_addresses]
        else:
            packets = [
                e131.encode(
                    e131.DataPacket(
                        cid, universe, slots, priority=route.priority, source_name=source_name,
                        sync_address=route.sync, start_code=start_code, preview=route.preview,
                        force_sync=bool(route.sync),
                    )
                )
                for universe in route.universes
            ]  # fmt: skip
        size = len(packets[0]) if packets else 0
        self.rows: Bytes = np.frombuffer(bytearray().join(packets), np.uint8).reshape(len(packets), size)
        self.slots: Bytes = self.rows[:, e131.SLOTS_AT if route.protocol == "sacn" else artnet.LEVELS_AT :]

    def number(
        self, rows: slice | Indices, source: slice | Indices, counters: npt.NDArray[np.uint64]
    ) -> None:
        """Puts number source[i] of `counters` (U,) into row rows[i]."""
        if self.route.protocol == "sacn":
            self.rows[rows, e131.SEQUENCE_AT] = counters[source] & 255
        else:  # 1..255: a 0 would switch re-ordering off
            self.rows[rows, artnet.SEQUENCE_AT] = counters[source] % 255 + 1

    def mark_terminated(self, *, terminated: bool) -> None:
        """Sets or clears sACN's stream-terminated bit in all rows (E1.31 6.2.6); Art-Net has none."""
        if self.route.protocol == "sacn":
            options = self.rows[:, e131.OPTIONS_AT]
            options[:] = options | e131.TERMINATED if terminated else options & ~np.uint8(e131.TERMINATED)


def span(indices: Indices) -> slice | Indices:
    """The same indices as a slice where they run without a gap: numpy copies those in one go."""
    if len(indices) and np.array_equal(indices, np.arange(indices[0], indices[0] + len(indices))):
        return slice(int(indices[0]), int(indices[0]) + len(indices))
    return indices
