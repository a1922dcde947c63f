"""The control channel: JSON messages with named descriptors over an AF_UNIX SOCK_SEQPACKET socket.

SEQPACKET keeps message borders like datagrams do and, unlike them, tells when the peer has died.
"""

import contextlib
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from lumad.errors import LumadError, NetworkError

MAX_MESSAGE = 1 << 20
MAX_DESCRIPTORS = 16


class ChannelClosedError(LumadError):
    """The peer has ended."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a message is about, its values, and the descriptors with it (the receiver closes them)."""

    op: str
    body: dict[str, Any]
    fds: dict[str, int] = field(default_factory=dict)


class Channel:
    """One end of a control channel; never blocks."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(0)
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MAX_MESSAGE)
        self._socket = sock

    @classmethod
    def pair(cls) -> tuple[Self, Self]:
        """Two connected ends."""
        here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        return cls(here), cls(there)

    @classmethod
    def inherited(cls, fd: int) -> Self:
        """The end that a parent process left open at descriptor `fd`."""
        return cls(socket.socket(fileno=fd))

    @classmethod
    def connect(cls, path: Path) -> Self | None:
        """The listener at `path`; None if nobody listens there."""
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            sock.connect(str(path))
        except OSError:
            sock.close()
            return None
        return cls(sock)

    def fileno(self) -> int:
        """For select and event loops."""
        return self._socket.fileno()

    def send(
        self, op: str, body: Mapping[str, Any] | None = None, fds: Mapping[str, int] | None = None
    ) -> bool:
        """Sends one message at once; False if the peer's queue is full or the peer has gone."""
        fds = fds or {}
        data = json.dumps({**(body or {}), "op": op, "fds": list(fds)}, separators=(",", ":")).encode()
        if len(data) > MAX_MESSAGE:
            raise ValueError(f"a message of {len(data)} bytes is too long for the control channel")
        try:
            socket.send_fds(
                self._socket, [data], list(fds.values()), socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL
            )
        except OSError:
            return False
        return True

    def receive(self) -> Message | None:
        """The next waiting message, None if there is none; raises ChannelClosedError once the peer ended."""
        try:
            data, fds, _, _ = socket.recv_fds(
                self._socket, MAX_MESSAGE, MAX_DESCRIPTORS, socket.MSG_DONTWAIT | socket.MSG_CMSG_CLOEXEC
            )
        except BlockingIOError:
            return None
        except OSError as error:
            raise ChannelClosedError(str(error)) from None
        if not data:
            raise ChannelClosedError("the peer has ended")
        body = json.loads(data)
        names = body.pop("fds")
        return Message(body.pop("op"), body, dict(zip(names, fds, strict=True)))

    def close(self) -> None:
        """Ends the channel; the peer sees it."""
        self._socket.close()


class Listener:
    """A named socket in the runtime directory where a later desk can find a running child."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.settimeout(0)
        self._path = path
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        try:
            self._socket.bind(str(path))
            path.chmod(0o600)
            self._socket.listen(4)
        except OSError as error:
            self._socket.close()
            raise NetworkError(f"cannot listen at {path}: {error.strerror or error}") from None
        self._inode = path.stat().st_ino

    def fileno(self) -> int:
        """For select and event loops."""
        return self._socket.fileno()

    def accept(self) -> Channel | None:
        """The next caller, None if nobody is waiting."""
        try:
            sock, _ = self._socket.accept()
        except OSError:
            return None
        return Channel(sock)

    def close(self) -> None:
        """Ends listening; the name goes too, unless a successor has taken it."""
        self._socket.close()
        with contextlib.suppress(OSError):
            if self._path.stat().st_ino == self._inode:
                self._path.unlink()
