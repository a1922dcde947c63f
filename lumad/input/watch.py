"""What a standby hears of its primary: how steadily it speaks, what it said last, since when it is silent.

Time is an argument, in seconds. Nothing here knows a socket, or what follows from a silence.
"""

import math
import uuid
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from statistics import median

from lumad.errors import PacketError
from lumad.protocols import e131

SILENT_FRAMES = 3.5  # of the primary's measured rate: it is gone when nothing came for so long
ENOUGH = 32  # intervals of a universe before its rate is known; whoever was hardly heard is not relieved
CHANCE = 1e-9  # that a silence is mere loss: on a lossy network the wait is longer than 3.5 frames
_KEPT = 64  # intervals for the median
_OFTEN = 16  # packets between two looks at what they come to
_LOSS_OVER = 512  # packets over which loss is counted; older ones count half
_LEAST_S = 1e-3  # of a period
_SUPPRESSED_S = 1.5 * e131.KEEP_ALIVE_S[1]
_PAUSE_S = 0.01  # shorter ones are no silence at any rate
GRACE_S = 0.25  # at most, for a primary that fell silent and went on: it stumbles
_GRACE = 1.25  # times its longest stumble
_GOES_ON = 8  # numbers left out by who goes on where it stopped; who starts anew is anywhere


@dataclass(slots=True)
class Said:
    """The primary in one universe. `patience`: seconds of silence after which it is gone; 0 = not known."""

    sequence: int
    time: float
    levels: bytes = b""
    priority: int = 0
    per_address: bytes = b""
    patience: float = 0.0
    period: float = 0.0
    _others: float = 0.0  # numbers a second that other ways of the same universe use
    _intervals: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _window: list[tuple[float, int]] = field(default_factory=list)  # since the last look
    _left_out: int = 0  # numbers, since the last levels
    _arrived: int = 0
    _lost: int = 0
    _repeats: int = 0  # packets in a row with the same levels
    _insists: bool = False  # it repeats at its full rate what did not change: it does not suppress

    def number(self, sequence: int) -> None:
        """A packet with this number arrived in its order."""
        self._left_out += (sequence - self.sequence - 1) % 256
        self.sequence = sequence

    def goes_on(self, sequence: int, now: float) -> bool:
        """Whether a number is the one after a pause, not that of another beginning."""
        return (sequence - self.sequence - 1) % 256 <= _GOES_ON + self._others * (now - self.time)

    def take(self, packet: e131.DataPacket, now: float) -> None:
        """Levels."""
        interval, left_out = now - self.time, self._left_out
        self._repeats = self._repeats + 1 if packet.slots == self.levels else 0
        if self._repeats > e131.UNCHANGED_PACKETS + 1:
            self._insists = interval < e131.KEEP_ALIVE_S[0] / 2
        if self.levels and interval < e131.LOSS_S:
            self._intervals.append((interval, left_out))
        self.levels, self.priority = packet.slots, packet.priority
        self.time, self._left_out = now, 0
        if not self.period and len(self._intervals) >= ENOUGH:
            self._measure()
            self._count(self._intervals)
        elif self.period:
            if interval <= self.patience:  # after a silence the numbers may begin anew
                self._window.append((interval, left_out))
            if len(self._window) == _OFTEN:
                self._measure()
                self._count(self._window)
                self._window.clear()
        if self.period:
            self.patience = self._patience()

    def _measure(self) -> None:
        """The period, and the numbers a second that other ways of the universe use (Art-Net, another rate).

        A median, and the least of every five: neither a stumble nor lost packets move them much.
        """
        times, numbers = zip(*self._intervals, strict=True)
        self.period = max(median(times), _LEAST_S)
        self._others = sorted(numbers)[len(numbers) // 5] / self.period

    def _count(self, window: Collection[tuple[float, int]]) -> None:
        """Packets arrived; before them as many were lost as numbers and time agree on, each and in all.

        Numbers alone say too much where others use some; time alone says too much of a sender that stumbles
        or is early after it was late.
        """
        missing = sum(
            max(0, min(round(left_out - self._others * interval), round(interval / self.period) - 1))
            for interval, left_out in window
        )
        in_all = round(sum(interval for interval, _ in window) / self.period) - len(window)
        self._arrived += len(window)
        self._lost += max(0, min(missing, in_all))
        if self._arrived + self._lost > _LOSS_OVER:
            self._arrived, self._lost = self._arrived // 2, self._lost // 2

    @property
    def highest(self) -> int:
        """The highest priority it claims for any slot."""
        highest: int = max([self.priority, *self.per_address])
        return min(highest, e131.MAX_PRIORITY)

    def _patience(self) -> float:
        loss = min(self._lost / (self._lost + self._arrived), 0.9)
        frames = max(SILENT_FRAMES, math.log(CHANCE) / math.log(loss) if loss else 0.0)
        seconds = frames * self.period
        if self._repeats >= e131.UNCHANGED_PACKETS and not self._insists:
            seconds = max(seconds, _SUPPRESSED_S)  # E1.31 6.6.2: it may just have nothing new to say
        return min(seconds, e131.LOSS_S)


class Watch:
    """One primary, known by its CID or its source name, in some universes."""

    def __init__(self, primary: str, own_cid: bytes) -> None:
        """`own_cid`: 16 bytes; what carries it is never the primary."""
        self.universes: Collection[int] = ()
        self.cid = b""  # the primary's, once heard
        self.name = ""
        self.own_at = float("-inf")  # when our own CID was heard last
        self._own = own_cid
        self._wanted = _cid_in(primary)
        self._called = e131.fit_name(primary)
        self._said: dict[int, Said] = {}
        self._released_at = self._newest = float("-inf")
        self._steady_since: float | None = None
        self._grace_s = 0.0
        self._missed = False

    def hear(self, data: bytes, now: float) -> None:
        """Takes one datagram; nothing that it holds is an error."""
        try:
            packet = e131.decode(data)
        except PacketError:
            return
        if packet.universe in self.universes and not packet.preview and self._is_primary(packet, now):
            self._take(packet, now)

    def miss(self) -> None:
        """It was taken for dead: if it goes on where it stopped it stumbles, and is given more time.

        A silence alone does not say so: this process may have stood still, not the primary.
        """
        self._missed = True

    def forget(self) -> None:
        """What was heard so far proves nothing any more: our own link was gone."""
        self._said.clear()
        self._steady_since = None

    # ------------------------------------------------------------ what it comes to
    @property
    def rate(self) -> float:
        """Levels packets a second in a universe, the median of its intervals; 0 before enough were heard."""
        periods = [said.period for said in self._said.values() if said.period]
        return 1 / min(periods) if periods else 0.0

    @property
    def silent_at(self) -> float:
        """When it is gone unless it speaks before; infinity if too little was heard of it to tell."""
        longest = max((said.patience for said in self._said.values()), default=0.0)
        if not longest or self._was_released:
            return math.inf
        return max(said.time + max(said.patience or longest, self._grace_s) for said in self._said.values())

    def is_silent(self, now: float) -> bool:
        """Whether it is gone: silent in all universes that it sent and did not end on purpose."""
        return now > self.silent_at

    def is_heard(self, now: float) -> bool:
        """Whether it speaks, and enough was heard of it to notice when it stops."""
        return now <= self.silent_at < math.inf

    def steady_s(self, now: float) -> float:
        """For how long it has been speaking without a gap."""
        return now - self._steady_since if self._steady_since is not None and self.is_heard(now) else 0.0

    def silence_s(self, now: float) -> float:
        """Since its last packet."""
        return now - self._newest

    def look(self) -> dict[int, bytes]:
        """Its last levels (up to 512) by universe."""
        return {universe: said.levels for universe, said in self._said.items() if said.levels}

    def priorities(self) -> dict[int, int]:
        """The highest priority it claimed, by universe."""
        return {universe: said.highest for universe, said in self._said.items() if said.levels}

    # ------------------------------------------------------------ one packet
    def _is_primary(self, packet: e131.DataPacket, now: float) -> bool:
        if packet.cid == self._own:
            self.own_at = now
            return False
        if self._wanted:
            return packet.cid == self._wanted
        if packet.source_name != self._called:
            return False
        # another of the same name is the primary only when the one that was has gone
        return packet.cid == self.cid or now - self._newest >= e131.LOSS_S

    def _take(self, packet: e131.DataPacket, now: float) -> None:
        pause = now - self._newest
        if packet.cid != self.cid or pause >= e131.LOSS_S:
            self._said, self._steady_since, self._grace_s = {}, now, 0.0
        said = self._said.get(packet.universe)
        if pause > _PAUSE_S and (self._steady_since is None or self.is_silent(now)):
            self._steady_since = now
            if said and not said.goes_on(packet.sequence, now):
                self._grace_s = 0.0
            elif said and self._missed:
                self._grace_s = max(self._grace_s, min(_GRACE * pause, GRACE_S))
            self._missed = False
        if said and e131.is_out_of_order(said.sequence, packet.sequence):
            return
        if packet.terminated:
            self._said.pop(packet.universe, None)
            self._released_at = now
            return
        if packet.start_code not in {e131.LEVELS, e131.PRIORITIES} or (packet.start_code and not said):
            return
        if said is None:
            said = self._said[packet.universe] = Said(packet.sequence, now)
        else:
            said.number(packet.sequence)
        self.cid, self.name, self._newest = packet.cid, packet.source_name, now
        if packet.start_code == e131.PRIORITIES:
            said.per_address = packet.slots
        else:
            said.take(packet, now)

    @property
    def _was_released(self) -> bool:
        """Whether its last act was to end streams; of three packets for a universe all may have been lost."""
        after = max((said.time for said in self._said.values()), default=-math.inf) - self._released_at
        return after <= max((said.period for said in self._said.values()), default=0.0)


def _cid_in(text: str) -> bytes:
    """The CID that a text spells; b"" if it is a name."""
    try:
        return uuid.UUID(text).bytes
    except ValueError:
        return b""
