"""A recording played again: when each universe is due, and with which levels. No socket, no clock."""

from collections.abc import Sequence
from typing import Protocol

from lumad.input.recording import TENTHS, Change, Source

REPEAT_S = 0.1  # what does not change is sent again after so long: no receiver lets go, a lost packet heals


class Voice(Protocol):
    """The way out of one stream."""

    def send(self, priority: int, levels: bytes, now: float, /) -> None:
        """One packet."""

    def end(self, priority: int, levels: bytes, now: float, /) -> None:
        """The stream ends: sACN says so three times."""


class Voices(Protocol):
    """Where streams get their way out."""

    def __call__(self, source: Source, universe: int, /) -> Voice:
        """A way out for one source's universe; asked for once."""


class Player:
    """Plays `changes` from `start` on, `speed` times as quick, again and again with `loop`."""

    def __init__(
        self,
        changes: Sequence[Change],
        voices: Voices,
        start: float,
        *,
        speed: float = 1.0,
        loop: bool = False,
    ) -> None:
        self.changes_played = 0
        self._changes, self._voices = changes, voices
        self._start, self._speed, self._loop = start, speed, loop
        self._next = 0
        self._streams: dict[tuple[Source, int], _Playing] = {}
        self._known: dict[tuple[Source, int], Voice] = {}

    def play(self, now: float) -> float | None:
        """Sends what is due; returns when to come again, None when the recording is over."""
        while self._next < len(self._changes) and self._time(self._next) <= now:
            self._take(self._changes[self._next], now)
            self._next += 1
            self.changes_played += 1
            if self._next == len(self._changes) and self._loop and self._changes[-1].tenths:
                self._start, self._next = self._time(self._next - 1), 0
        if self._next == len(self._changes):
            return None
        for playing in self._streams.values():
            if playing.repeat_at <= now:
                playing.send(now)
        return min([self._time(self._next), *(playing.repeat_at for playing in self._streams.values())])

    def stop(self, now: float) -> None:
        """Ends every stream that still plays."""
        for playing in self._streams.values():
            playing.voice.end(playing.priority, playing.levels, now)
        self._streams.clear()

    def _time(self, index: int) -> float:
        return self._start + self._changes[index].tenths / TENTHS / self._speed

    def _take(self, change: Change, now: float) -> None:
        if change.source is None:
            return
        key = (change.source, change.universe)
        if change.levels is None:
            if playing := self._streams.pop(key, None):
                playing.voice.end(playing.priority, playing.levels, now)
            return
        voice = self._known.get(key)
        if voice is None:
            voice = self._known[key] = self._voices(*key)
        playing = self._streams[key] = _Playing(voice, change.priority, change.levels)
        playing.send(now)


class _Playing:
    """One stream that plays."""

    def __init__(self, voice: Voice, priority: int, levels: bytes) -> None:
        self.voice, self.priority, self.levels = voice, priority, levels
        self.repeat_at = 0.0

    def send(self, now: float) -> None:
        self.voice.send(self.priority, self.levels, now)
        self.repeat_at = now + REPEAT_S
