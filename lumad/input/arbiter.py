"""Who lights a universe: the newest levels of each source that speaks, and what they make together."""

import logging
from collections import Counter
from collections.abc import Container

import numpy as np

from lumad.errors import PacketError
from lumad.input.complaints import Complaints
from lumad.input.merge import Merged, Takes, merge
from lumad.input.stream import SLOTS, Protocol, Stream, Universe
from lumad.protocols import artnet, e131

PER_ADDRESS_PRIORITY = 0xDD  # start code: a priority, 0..200, for each slot

MAX_SOURCES = 16  # of one universe: a stage has two or three, and a merge costs by their number
MAX_STREAMS = 8192  # sources times universes, 2 kB each; what comes beyond is refused and counted
SWEEP_S = 0.5  # silent streams are looked for no oftener when the table is full

log = logging.getLogger("lumad.input")


class Arbiter:
    """Streams of everything heard. Universes are sACN's 1..63999, or Art-Net's port-addresses 0..32767.

    `counts`: datagrams received; of these bad, late (out of order), ignored (preview, other start codes,
    other kinds of packet, universes not in `only`), refused (too many streams).
    """

    def __init__(
        self,
        max_streams: int = MAX_STREAMS,
        *,
        only: Container[Universe] | None = None,
        takes: Takes = "htp",
        preview: bool = False,
    ) -> None:
        """`only`: what to listen to, None = everything; `preview`: whether preview data counts as light."""
        self.counts: Counter[str] = Counter(received=0, bad=0, late=0, ignored=0, refused=0)
        self._streams: dict[Universe, dict[str, Stream]] = {}
        self._held, self._max = 0, max_streams
        self._only, self._takes, self._preview = only, takes, preview
        self._sweep_at = float("-inf")
        self._complaints = Complaints(log)

    def hear(self, data: bytes, address: str, now: float) -> Stream | None:
        """Takes one datagram from an IPv4 address; the stream that it gave new levels, or ended.

        Nothing that a datagram holds is an error.
        """
        self.counts["received"] += 1
        try:
            if artnet.is_artnet(data):
                return self._hear_artnet(data, address, now)
            return self._hear_sacn(data, address, now)
        except PacketError as error:
            self.counts["bad"] += 1
            self._complaints.say("bad", f"a bad packet from {address}: {error}", now)
            return None

    def levels(self, protocol: Protocol, universe: int, now: float) -> Merged | None:
        """What a universe's sources make together; None when none counts."""
        return merge(self.streams_of(protocol, universe, now), now, self._takes)

    def live(self, protocol: Protocol, universe: int, now: float) -> Stream | None:
        """The newest stream of the highest priority, at once and unmerged; None when nobody speaks."""
        speaking = self.streams_of(protocol, universe, now)
        return max(speaking, key=lambda stream: (stream.priority, stream.time), default=None)

    def streams_of(self, protocol: Protocol, universe: int, now: float) -> list[Stream]:
        """Streams that speak in one universe, in the order heard."""
        streams = self._streams.get((protocol, universe), {})
        return [stream for stream in streams.values() if stream.speaks(now)]

    def streams(self, now: float) -> list[Stream]:
        """All streams that speak, losing ones too, in the order of protocol, universe, source."""
        speaking = [stream for key in self._streams for stream in self.streams_of(*key, now)]
        return sorted(speaking, key=lambda stream: (stream.protocol, stream.universe, stream.source))

    def _hear_sacn(self, data: bytes, address: str, now: float) -> Stream | None:
        packet = None if e131.is_extended(data) else e131.decode(data)
        if packet is None or not self._wants("sacn", packet.universe):
            return self._drop("ignored")
        key: Universe = ("sacn", packet.universe)
        cid = packet.cid.hex()
        known = self._known(key, cid, now)
        if known and known.is_late(packet.sequence):
            return self._drop("late")
        if known:
            known.sequence = packet.sequence  # numbered over all start codes together (6.7.2)
        if packet.terminated:
            return self._end(known)
        if packet.start_code == PER_ADDRESS_PRIORITY and known:
            known.take_priorities(packet.slots, now)
            return None
        if packet.start_code or (packet.preview and not self._preview):
            return self._drop("ignored")
        stream = known or self._begin(key, cid, now)
        if stream:
            stream.name, stream.address = printable(packet.source_name), address
            stream.priority, stream.sync = packet.priority, packet.sync_address
            stream.preview, stream.sequence = packet.preview, packet.sequence
            stream.take(packet.slots, now)
        return stream

    def _hear_artnet(self, data: bytes, address: str, now: float) -> Stream | None:
        packet = artnet.decode(data) if artnet.opcode(data) == artnet.OP_DMX else None
        if packet is None or not self._wants("artnet", packet.port_address):
            return self._drop("ignored")
        key: Universe = ("artnet", packet.port_address)
        known = self._known(key, address, now)
        if known and known.is_late(packet.sequence):
            return self._drop("late")
        stream = known or self._begin(key, address, now)
        if stream:
            stream.sequence = packet.sequence
            stream.take(packet.levels, now)
        return stream

    def _wants(self, protocol: Protocol, universe: int) -> bool:
        return self._only is None or (protocol, universe) in self._only

    def _drop(self, why: str) -> Stream | None:
        """Counts a datagram that changes nothing."""
        self.counts[why] += 1
        return None

    def _end(self, stream: Stream | None) -> Stream | None:
        """The source ends this stream; of its three packets (6.2.6) the first one counts."""
        if stream:
            stream.ended = True
            self._forget((stream.protocol, stream.universe), stream.source)
        return stream

    def _known(self, key: Universe, source: str, now: float) -> Stream | None:
        """The stream of a source that speaks; one that fell silent starts anew."""
        stream = self._streams.get(key, {}).get(source)
        if stream and not stream.speaks(now):
            self._forget(key, source)
            return None
        return stream

    def _begin(self, key: Universe, source: str, now: float) -> Stream | None:
        """A new stream; None when there is no room."""
        if len(self._streams.get(key, {})) >= MAX_SOURCES:
            self._forget_silent([key], now)
        if self._held >= self._max and now >= self._sweep_at:
            self._sweep_at = now + SWEEP_S
            self._forget_silent(list(self._streams), now)
        if self._held >= self._max or len(self._streams.get(key, {})) >= MAX_SOURCES:
            self.counts["refused"] += 1
            self._complaints.say(
                "refused", f"too many sources: {key[0]} {key[1]} of {source} is ignored", now
            )
            return None
        stream = Stream(*key, source, source, since=now)
        if self._takes == "ltp":
            stream.changed = np.full(SLOTS, now)
        self._streams.setdefault(key, {})[source] = stream
        self._held += 1
        return stream

    def _forget(self, key: Universe, source: str) -> None:
        streams = self._streams.get(key, {})
        if streams.pop(source, None) is not None:
            self._held -= 1
        if not streams:
            self._streams.pop(key, None)

    def _forget_silent(self, keys: list[Universe], now: float) -> None:
        silent = [(key, s.source) for key in keys for s in self._streams[key].values() if not s.speaks(now)]
        for key, source in silent:
            self._forget(key, source)


def printable(name: str) -> str:
    """A name from the network with nothing in it that a terminal would obey."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
