"""One open page: a mailbox with one slot a kind, so that a slow phone costs nobody anything."""

import asyncio
import struct
from collections.abc import Callable

from aiohttp import web

from lumad.api.devices import Device
from lumad.api.roles import Role

MAX_MESSAGE = 64 * 1024
FAST_ACK_S = 0.05
WIDTHS = (160, 320, 480, 640, 960, 1280)
_PREVIEW = struct.Struct(">II")
Letter = str | bytes
Writer = Callable[[], Letter | None]


class Preview:
    """What a viewer wants of the picture, and how much of it is still on the way."""

    def __init__(self) -> None:
        self.width: int | None = None
        self.number: int | None = None
        self._sent = 0
        self._seen = 0
        self._window = 1
        self._sent_at: dict[int, float] = {}

    def want(self, width: int | None) -> None:
        """Start at the next width that is shared, or stop (None); nothing counts as on the way any more."""
        self.width = None if width is None else next((w for w in WIDTHS if w >= width), WIDTHS[-1])
        self.number = None
        self._seen = self._sent
        self._sent_at.clear()

    @property
    def ready(self) -> bool:
        """Whether one more picture may leave: one on the way, two where acks return at once."""
        return self.width is not None and self._sent - self._seen < self._window

    def letter(self, number: int, jpeg: bytes, now: float) -> bytes:
        """The message of one picture: sequence and frame number, 4 bytes each, big-endian, then the JPEG."""
        self._sent += 1
        self.number = number
        self._sent_at[self._sent] = now
        return _PREVIEW.pack(self._sent & 0xFFFFFFFF, number & 0xFFFFFFFF) + jpeg

    def acknowledge(self, sequence: int, now: float) -> None:
        """The page has drawn picture `sequence`; acks that are old or made up change nothing."""
        sent_at = self._sent_at.get(sequence)
        if sent_at is None:
            return
        self._window = 2 if now - sent_at < FAST_ACK_S else 1
        self._seen = sequence
        self._sent_at = {number: time for number, time in self._sent_at.items() if number > sequence}


class Viewer:
    """A socket with its mailbox: for each kind the newest letter, written when the socket has room.

    `role` None: whoever it was has been shown out; `device` None: a program of this machine.
    """

    patience_s = 5.0

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
