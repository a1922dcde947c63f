"""Every universe and source on the network, as plain values for people and programs."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from lumad.input.arbiter import Arbiter
from lumad.input.conflicts import ranges
from lumad.input.discovery import Discovery
from lumad.input.merge import merge
from lumad.input.stream import Protocol, Stream, Universe, about
from lumad.protocols import artnet

FIRST_UNIVERSES = range(1, 61)  # heard without being announced: three sockets' groups
MAX_ANNOUNCED = 1024  # universes joined because somebody announces them


class Monitor:
    """Hears everything, preview data and losing sources too; judges nothing."""

    def __init__(self) -> None:
        self.arbiter = Arbiter(preview=True)
        self.discovery = Discovery()

    def hear(self, data: bytes, address: str, now: float) -> None:
        """Takes one datagram from an IPv4 address."""
        self.discovery.hear(data, address, now)
        self.arbiter.hear(data, address, now)

    def announced(self, now: float) -> list[int]:
        """Universes worth joining because a source says it sends them, the lowest first."""
        return sorted(self.discovery.universes(now))[:MAX_ANNOUNCED]

    def view(self, now: float, *, levels: bool = True, ours: Sequence[Stream] = ()) -> dict[str, Any]:
        """`universes`, each with its sources; `announced`, who says it sends what; `counts` of datagrams.

        `levels`: 512 of each universe as merged (null while no source counts), and those of each source.
        `ours`: what we send ourselves and do not hear.
        """
        streams = sorted([*ours, *self.arbiter.streams(now)], key=_place)
        return {
            "universes": [
                _universe(*key, list(group), now, levels=levels)
                for key, group in groupby(streams, key=_place)
            ],
            "announced": [
                {
                    "source": one.source,
                    "name": one.name,
                    "address": one.address,
                    "universes": ranges(one.universes(now)),
                    "age_ms": round((now - one.time) * 1000),
                }
                for one in self.discovery.announcers(now)
            ],
            "counts": dict(self.arbiter.counts),
        }

    def universe(
        self, protocol: Protocol, number: int, now: float, *, ours: Sequence[Stream] = ()
    ) -> dict[str, Any] | None:
        """One universe as in `view`, with levels; None when nobody sends it."""
        streams = [stream for stream in ours if _place(stream) == (protocol, number)]
        streams += self.arbiter.streams_of(protocol, number, now)
        return _universe(protocol, number, streams, now, levels=True) if streams else None


def _place(stream: Stream) -> Universe:
    return stream.protocol, stream.universe


def _universe(
    protocol: Protocol, number: int, streams: Sequence[Stream], now: float, *, levels: bool
) -> dict[str, Any]:
    by_age = sorted(streams, key=lambda stream: stream.since)
    merged = merge([stream for stream in by_age if not stream.preview], now, patient=False)
    counting = merged.sources if merged else ()
    said: dict[str, Any] = {"protocol": protocol, "universe": number}
    if protocol == "artnet":
        said["net_sub_universe"] = ":".join(map(str, artnet.parts(number)))
    said["sources"] = [
        about(stream, now)
        | {"counts": any(stream is one for one in counting)}
        | ({"levels": list(stream.levels)} if levels else {})
        for stream in streams
    ]
    if levels:
        said["levels"] = merged.levels.tolist() if merged else None
    return said
