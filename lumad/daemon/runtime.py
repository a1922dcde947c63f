"""The runtime directory: one desk at a time, and what a desk that died left running."""

import contextlib
import fcntl
import os
import select
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from lumad.errors import LumadError, NetworkError
from lumad.link.channel import Channel, ChannelClosedError

_PATIENCE_S = 1.0
_LONGEST_SOCKET_NAME = 107  # unix(7): sun_path


class RuntimeDirectory:
    """Holds the desk's lock for as long as the process lives; the kernel lets go of it on any death."""

    def __init__(self, path: Path) -> None:
        if len(os.fsencode(path / "engine.sock")) > _LONGEST_SOCKET_NAME:
            raise NetworkError(
                f"{path} is too long a name for a runtime directory; set runtime_dir to a shorter one"
            )
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = os.open(path / "desk.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LumadError(f"the runtime directory {path} cannot be used: {error.strerror}") from None
        self.path = path
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.pread(self._lock, 32, 0).decode().strip() or "unknown"
            os.close(self._lock)
            raise NetworkError(
                f"a lumad already runs here (process {holder}, {path}); its lights go on"
            ) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(os.getpid()).encode(), 0)

    def close(self) -> None:
        """Lets another desk in."""
        os.close(self._lock)


def holder_of(lock_file: Path) -> int | None:
    """Process id of the process that holds a lock of the runtime directory, None if none does."""
    try:
        lock = os.open(lock_file, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return int(os.pread(lock, 32, 0) or 0) or None
    else:
        return None
    finally:
        os.close(lock)


@dataclass
class Orphan:
    """A child that outlived its desk: its channel and the descriptors it holds."""

    channel: Channel
    pid: int
    fds: dict[str, int] = field(default_factory=dict)
    standby: dict[str, Any] | None = None  # what an engine that is a standby told of itself

    @classmethod
    def find(cls, socket_path: Path) -> Self | None:
        """The child listening at that path, None if there is none or it does not answer."""
        channel = Channel.connect(socket_path)
        if channel is None:
            return None
        ready, _, _ = select.select([channel], [], [], _PATIENCE_S)
        try:
            hello = channel.receive() if ready else None
        except ChannelClosedError:
            hello = None
        if hello is None:
            channel.close()
            return None
        return cls(channel, int(hello.body["pid"]), hello.fds, hello.body.get("standby"))

    def end(self, op: str = "end") -> None:
        """Has it end, and kills it if it does not: its successor goes on with the same light."""
        self.channel.send(op)
        deadline = time.monotonic() + _PATIENCE_S
        with contextlib.suppress(ChannelClosedError):
            while (left := deadline - time.monotonic()) > 0:
                select.select([self.channel], [], [], left)
                self.channel.receive()  # reports that nobody reads any more
            kill(self.pid)
        self.channel.close()


def kill(pid: int) -> None:
    """Ends a process that does not answer."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
