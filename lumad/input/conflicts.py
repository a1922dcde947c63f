"""Who else sends our universes: another source at our priority or above, told within a second."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lumad.input.arbiter import Arbiter
from lumad.input.stream import SLOTS, Bytes, Protocol, Stream, Universe
from lumad.protocols import artnet, e131

PACKETS_WITHIN_S = 1.0  # three packets in so long are a stream; fewer may be a stray
STREAM_S = e131.LOSS_S  # or it went on for so long: a source that only keeps alive is one to every receiver
CLEAR_S = 5.0  # a conflict is over when nothing was heard of it for so long


@dataclass(frozen=True, slots=True)
class Conflict:
    """Another source in our universes, all of them in one entry; `since` its first alarm.

    `source`: its CID in hex (sACN) or IPv4 address (Art-Net). `priority`: the highest it claims there.
    """

    protocol: Protocol
    source: str
    name: str
    address: str
    priority: int
    universes: tuple[int, ...]
    since: float

    def __str__(self) -> str:
        who = f"{self.name} ({self.address})" if self.name else self.address
        numbers = ranges(self.universes)
        if self.protocol == "sacn":
            return f"{who} also sends sacn universe {numbers} at priority {self.priority}"
        ends = dict.fromkeys([self.universes[0], self.universes[-1]])
        from_to = " to ".join(":".join(map(str, artnet.parts(end))) for end in ends)
        return f"{who} also sends artnet port-address {numbers} ({from_to})"

    def to_json(self, now: float) -> dict[str, Any]:
        """Plain values for people and programs; port-addresses as Net:Sub-Net:Universe, too."""
        told: dict[str, Any] = {
            "protocol": self.protocol,
            "source": self.source,
            "name": self.name,
            "address": self.address,
            "priority": self.priority if self.protocol == "sacn" else None,
            "universes": list(self.universes),
            "age_s": round(now - self.since, 1),
            "text": str(self),
        }
        if self.protocol == "artnet":
            told["net_sub_universes"] = [":".join(map(str, artnet.parts(each))) for each in self.universes]
        return told


class Conflicts:
    """Watches our universes in an `Arbiter`; `look` as often as an alarm is to be quick."""

    def __init__(self, ours: Mapping[Universe, int | Bytes], own: Collection[str]) -> None:
        """See `watch`."""
        self._found: dict[tuple[str, Universe], _Found] = {}
        self.watch(ours, own)

    def watch(
        self,
        ours: Mapping[Universe, int | Bytes],
        own: Collection[str],
        source_name: str = "",
        primary: str = "",
    ) -> None:
        """What we send from now on, and who is no stranger; conflicts about the rest are over.

        `ours`: universe -> our priority, or one for each slot (512,), 0 = not ours; Art-Net's number is not
        looked at. `own`: CIDs in hex and IP addresses that are us, our standby or our primary. `source_name`:
        ours; who bears it and sends one priority above us is a standby of ours that took over. `primary`:
        the name of ours, until its CID is known.
        """
        self._ours = {key: _as_slots(priority) for key, priority in ours.items()}
        self._own, self._source_name, self._primary = frozenset(own), source_name, primary
        self._found = {
            at: found for at, found in self._found.items() if at[1] in self._ours and at[0] not in self._own
        }

    def look(self, arbiter: Arbiter, now: float) -> list[Conflict]:
        """Conflicts at this time, the one that began first in front."""
        for key, ours in self._ours.items():
            for stream in arbiter.streams_of(*key, now):
                at = (stream.source, key)
                if stream.source in self._own or stream.preview or self._is_partner(stream, ours):
                    continue
                if not _collides(stream, ours, now):
                    self._found.pop(at, None)  # it changed its mind; falling silent is another matter
                elif at in self._found or _is_a_stream(stream):
                    since = self._found[at].since if at in self._found else now
                    self._found[at] = _Found(stream, since)
        self._found = {at: found for at, found in self._found.items() if now - found.stream.time < CLEAR_S}
        return _by_source(self._found.values())

    def _is_partner(self, stream: Stream, ours: Bytes) -> bool:
        """Whether it is our standby, or our primary."""
        if self._primary and stream.name == self._primary:
            return True
        ours_at_most = int(ours.max())
        above = min(ours_at_most + 1, e131.MAX_PRIORITY)
        named = bool(stream.name) and stream.name == self._source_name
        return named and ours_at_most < stream.priority == above


@dataclass(frozen=True, slots=True)
class _Found:
    stream: Stream
    since: float


def ranges(numbers: Iterable[int]) -> str:
    """Numbers as a person writes them: 1-4, 7."""
    parts: list[list[int]] = []
    for number in sorted(set(numbers)):
        if parts and number == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], number]
        else:
            parts.append([number])
    return ", ".join("-".join(map(str, part)) for part in parts)


def _as_slots(priority: int | Bytes) -> Bytes:
    """Our priority in each slot; like everybody's, one of 0 for all counts as 1."""
    return np.full(SLOTS, max(priority, 1), np.uint8) if isinstance(priority, int) else priority


def _collides(stream: Stream, ours: Bytes, now: float) -> bool:
    """Whether it claims any slot that is ours at our priority or above."""
    theirs = stream.priorities(now)
    claimed = (ours > 0) & (theirs > 0)
    if stream.protocol == "sacn":
        claimed &= theirs >= ours
    return bool(claimed.any())


def _is_a_stream(stream: Stream) -> bool:
    return stream.time - stream.recent[0] <= PACKETS_WITHIN_S or stream.time - stream.since >= STREAM_S


def _by_source(found: Iterable[_Found]) -> list[Conflict]:
    together: dict[tuple[Protocol, str], list[_Found]] = {}
    for one in sorted(found, key=lambda one: one.since):
        together.setdefault((one.stream.protocol, one.stream.source), []).append(one)
    return [_told(*key, entries) for key, entries in together.items()]


def _told(protocol: Protocol, source: str, entries: Sequence[_Found]) -> Conflict:
    newest = max((entry.stream for entry in entries), key=lambda stream: stream.time)
    return Conflict(
        protocol,
        source,
        newest.name,
        newest.address,
        max(entry.stream.priority for entry in entries),
        tuple(sorted(entry.stream.universe for entry in entries)),
        entries[0].since,
    )
