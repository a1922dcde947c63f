"""Who lights a universe: the newest levels of each source that speaks, and which of them counts."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Literal

from lumad.errors import PacketError
from lumad.protocols import artnet, e131

Protocol = Literal["sacn", "artnet"]

LOSS_S = e131.LOSS_S  # a source silent for as long is gone
MAX_STREAMS = 8192  # sources times universes; what comes beyond is refused and counted


@dataclass(frozen=True, slots=True)
class Stream:
    """What one source last said about one universe (sACN) or port-address (Art-Net).

    `source`: the CID in hex (sACN) or the IPv4 address (Art-Net). `priority`: 0 for Art-Net, which has none.
    """

    protocol: Protocol
    universe: int
    source: str
    name: str
    address: str
    priority: int
    sequence: int
    time: float
    levels: bytes


class Arbiter:
    """Levels of everything heard: the highest priority counts, among equals the newest.

    `counts`: datagrams received; of these bad, late (out of order), ignored (preview, other start codes,
    other kinds of packet), refused (too many streams).
    """

    def __init__(self, max_streams: int = MAX_STREAMS) -> None:
        self.counts: Counter[str] = Counter(received=0, bad=0, late=0, ignored=0, refused=0)
        self._streams: dict[tuple[Protocol, int], dict[str, Stream]] = {}
        self._held, self._max = 0, max_streams

    def receive(self, data: bytes, address: tuple[str, int], now: float) -> None:
        """Takes one datagram from (IPv4 address, port)."""
        self.counts["received"] += 1
        try:
            if artnet.is_artnet(data):
                self._receive_artnet(data, address[0], now)
            else:
                self._receive_sacn(data, address[0], now)
        except PacketError:
            self.counts["bad"] += 1

    def live(self, protocol: Protocol, universe: int, now: float) -> Stream | None:
        """The stream that counts in a universe or port-address; None when nobody speaks."""
        speaking = self._speaking(protocol, universe, now)
        return max(speaking, key=lambda stream: (stream.priority, stream.time), default=None)

    def streams(self, now: float) -> list[Stream]:
        """All streams that speak, losing ones too, in the order of protocol, universe, source."""
        found = [
            stream for protocol, number in self._streams for stream in self._speaking(protocol, number, now)
        ]
        return sorted(found, key=lambda stream: (stream.protocol, stream.universe, stream.source))

    def _receive_sacn(self, data: bytes, address: str, now: float) -> None:
        if e131.is_extended(data):
            self.counts["ignored"] += 1
            return
        packet = e131.decode(data)
        cid = packet.cid.hex()
        known = self._streams.get(("sacn", packet.universe), {}).get(cid)
        fresh = known is not None and now - known.time < LOSS_S
        if known is not None and fresh and e131.is_out_of_order(known.sequence, packet.sequence):
            self.counts["late"] += 1
        elif packet.terminated:
            self._forget("sacn", packet.universe, cid)
        elif packet.preview:
            self.counts["ignored"] += 1
        elif packet.start_code:  # numbered together with the levels (6.7.2), but no levels
            self.counts["ignored"] += 1
            if known is not None and fresh:
                self._keep(replace(known, sequence=packet.sequence))
        else:
            name, priority, sequence = packet.source_name, packet.priority, packet.sequence
            levels = packet.slots
            self._keep(Stream("sacn", packet.universe, cid, name, address, priority, sequence, now, levels))

    def _receive_artnet(self, data: bytes, address: str, now: float) -> None:
        if artnet.opcode(data) != artnet.OP_DMX:
            self.counts["ignored"] += 1
            return
        packet = artnet.decode(data)
        number, sequence = packet.port_address, packet.sequence
        self._keep(Stream("artnet", number, address, address, address, 0, sequence, now, packet.levels))

    def _speaking(self, protocol: Protocol, universe: int, now: float) -> list[Stream]:
        streams = self._streams.get((protocol, universe), {})
        return [stream for stream in streams.values() if now - stream.time < LOSS_S]

    def _keep(self, stream: Stream) -> None:
        streams = self._streams.get((stream.protocol, stream.universe), {})
        if stream.source not in streams:
            if self._held >= self._max:
                self._forget_silent(stream.time)
            if self._held >= self._max:
                self.counts["refused"] += 1
                return
            self._held += 1
        self._streams.setdefault((stream.protocol, stream.universe), {})[stream.source] = stream

    def _forget(self, protocol: Protocol, universe: int, source: str) -> None:
        streams = self._streams.get((protocol, universe), {})
        if streams.pop(source, None) is not None:
            self._held -= 1
        if not streams:
            self._streams.pop((protocol, universe), None)

    def _forget_silent(self, now: float) -> None:
        silent = [s for streams in self._streams.values() for s in streams.values() if now - s.time >= LOSS_S]
        for stream in silent:
            self._forget(stream.protocol, stream.universe, stream.source)
