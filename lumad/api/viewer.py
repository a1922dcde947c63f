"""One open page: a mailbox with one slot a kind, so that a slow phone costs nobody anything."""

import asyncio
import struct
from collections.abc import Callable, Iterable
from typing import NamedTuple

from aiohttp import web

from lumad.api.devices import Device
from lumad.api.roles import Role

MAX_MESSAGE = 64 * 1024
PICTURE_S = 0.04  # the pace at which pictures are made; a rung's period is a multiple of it
FAST_ACK_S = 0.05
WIDTHS = (320, 640, 960)
MOST_ENCODED = 2  # sizes, whoever looks
SLOW_IN_A_ROW = 3
FIRST_PATIENCE_S, LONGEST_PATIENCE_S = 2.0, 60.0
_GROWTH = 3.0  # of a picture that is twice as wide, in time on the way
_PREVIEW = struct.Struct(">II")
Letter = str | bytes
Writer = Callable[[], Letter | None]


class Rung(NamedTuple):
    """How wide at most, and how often."""

    width: int
    period_s: float


LADDER = (
    Rung(WIDTHS[-1], PICTURE_S),
    Rung(WIDTHS[-1], 2 * PICTURE_S),
    Rung(320, 2 * PICTURE_S),
    Rung(320, 5 * PICTURE_S),
)


def shared(widths: Iterable[int]) -> tuple[int, ...]:
    """The sizes to encode for all who want these: the two smallest, since the air is what runs short."""
    return tuple(sorted(set(widths))[:MOST_ENCODED])


class Preview:
    """What a viewer wants of the picture, what its link carries of that, and how much is on the way.

    Down the ladder after three pictures in a row that took 1.5 periods to be acknowledged; up when the rung
    above would fit for 2 s, and for twice as long after each fall. Times in seconds of one clock.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self._wanted: int | None = None
        self._sent = 0
        self._seen = 0
        self._window = 1
        self._sent_at: dict[int, float] = {}
        self._left_at = 0.0
        self._rung = 0
        self._judged_from = 0  # pictures before it were sent from another rung
        self._slow = 0
        self._calm_since: float | None = None
        self._patience_s = FIRST_PATIENCE_S

    def want(self, width: int | None) -> None:
        """Start at the next width that is shared, or stop (None); nothing counts as on the way any more."""
        self._wanted = None if width is None else next((w for w in WIDTHS if w >= width), WIDTHS[-1])
        self.number = None
        self._seen = self._sent
        self._sent_at.clear()
        self._slow, self._calm_since = 0, None

    @property
    def width(self) -> int | None:
        """What is wanted and fits, None: nothing."""
        return None if self._wanted is None else min(self._wanted, LADDER[self._rung].width)

    def ready(self, now: float) -> bool:
        """Whether one more picture may leave: one on the way, two where acks return at once."""
        rested = now - self._left_at > LADDER[self._rung].period_s - PICTURE_S / 2 or not self._sent
        return self._wanted is not None and self._sent - self._seen < self._window and rested

    def letter(self, number: int, jpeg: bytes, now: float) -> bytes:
        """The message of one picture: sequence and frame number, 4 bytes each, big-endian, then the JPEG."""
        self._sent += 1
        self.number = number
        self._sent_at[self._sent] = self._left_at = now
        return _PREVIEW.pack(self._sent & 0xFFFFFFFF, number & 0xFFFFFFFF) + jpeg

    def acknowledge(self, sequence: int, now: float) -> None:
        """The page has drawn picture `sequence`; acks that are old or made up change nothing."""
        sent_at = self._sent_at.get(sequence)
        if sent_at is None:
            return
        took = now - sent_at
        self._window = 2 if took < FAST_ACK_S else 1
        self._seen = sequence
        self._sent_at = {number: time for number, time in self._sent_at.items() if number > sequence}
        if sequence >= self._judged_from:
            self._judge(took, now)

    def _judge(self, took: float, now: float) -> None:
        self._slow = self._slow + 1 if took > 1.5 * LADDER[self._rung].period_s else 0
        if self._slow >= SLOW_IN_A_ROW and self._rung < len(LADDER) - 1:
            self._patience_s = min(2 * self._patience_s, LONGEST_PATIENCE_S)
            self._step(1)
        elif not self._would_fit_above(took):
            self._calm_since = None
        elif self._calm_since is None:
            self._calm_since = now
        elif now - self._calm_since > self._patience_s:
            self._step(-1)

    def _would_fit_above(self, took: float) -> bool:
        if self._rung == 0 or self._wanted is None:
            return False
        here, above = LADDER[self._rung], LADDER[self._rung - 1]
        grows = min(self._wanted, above.width) > here.width
        return took * (_GROWTH if grows else 1.0) < 0.75 * above.period_s

    def _step(self, rungs: int) -> None:
        self._rung += rungs
        self._judged_from = self._sent + 1
        self._slow, self._calm_since = 0, None


class Viewer:
    """A socket with its mailbox: for each kind the newest letter, written when the socket has room.

    `role` None: whoever it was has been shown out; `device` None: a program of this machine.
    """

    patience_s = 5.0
    heartbeat_s = 10.0  # a phone that went out of range says no goodbye

    def __init__(
        self,
        socket: web.WebSocketResponse,
        name: str,
        drop: Callable[[], None],
        *,
        role: Role | None = Role.VIEWER,
        device: Device | None = None,
    ) -> None:
        self.socket = socket
        self.name = name
        self.drop = drop
        self.role = role
        self.device = device
        self.refusals = 0  # in a row
        self.preview = Preview()
        self._slots: dict[str, Writer] = {}
        self._filled = asyncio.Event()

    @property
    def by(self) -> str:
        """Who does what comes from it, by the name that people gave the device."""
        return self.device.name if self.device else "page"

    def post(self, kind: str, write: Writer) -> None:
        """Put a letter into the slot of `kind`, over what was there; `write()` makes it when it leaves."""
        self._slots[kind] = write
        self._filled.set()

    async def deliver(self) -> None:
        """Send what lies in the slots, oldest kind first; drops a socket that does not drain."""
        try:
            while not self.socket.closed:
                await self._filled.wait()
                self._filled.clear()
                while self._slots:
                    letter = self._slots.pop(next(iter(self._slots)))()
                    if letter is not None:
                        await self.send(letter)
        except (ConnectionError, TimeoutError):
            self.drop()

    async def send(self, letter: Letter) -> None:
        """Send now; TimeoutError where the socket does not drain within `patience_s`."""
        async with asyncio.timeout(self.patience_s):
            if isinstance(letter, bytes):
                await self.socket.send_bytes(letter)
            else:
                await self.socket.send_str(letter)
