"""Plays one picture into the ring on absolute deadlines; time comes from the caller's clock."""

import contextlib
import os
from collections.abc import Callable, Mapping
from typing import Any

import cv2

from lumad.errors import FrameError, LumadError
from lumad.frames.frame import Format
from lumad.frames.ring import RingReader, RingWriter
from lumad.render.picture import Picture, open_picture

RETRY_NS = 2_000_000_000
_SECOND = 1_000_000_000
_FAULTS = (LumadError, OSError, ValueError, KeyError, TypeError, MemoryError, cv2.error)


class Player:
    """The wall without its sockets. `clock`: CLOCK_MONOTONIC ns; `ring`: None before the first picture."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._play: Mapping[str, Any] | None = None
        self._picture: Picture | None = None
        self._start_ns = self._next = self._retry_ns = 0
        self._published = self._counted_ns = 0
        self.ring: RingWriter | None = None
        self.late = 0
        self.error = ""

    @property
    def due_ns(self) -> int | None:
        """When `tick` has something to do next; None while there is nothing to play."""
        if self._picture is not None:
            return self._start_ns + self._media_ns(self._next)
        return self._retry_ns if self._play is not None else None

    def play(self, play: Mapping[str, Any], ring_fd: int | None = None) -> None:
        """Play what a message asks for, into the ring `ring_fd` of a dead predecessor if its format fits.

        Owns the descriptor. A picture that does not open is told by `error` and tried again.
        """
        if ring_fd is not None:
            self._take_over(ring_fd)
        self._play = play
        self._open()

    def tick(self) -> bool:
        """Do what is due; True if a frame was published."""
        now = self._clock()
        if self._picture is None:
            if self._play is not None and now >= self._retry_ns:
                self._open()
            return False
        rate = self._picture.rate
        number = (now - self._start_ns) * rate.numerator // (_SECOND * rate.denominator)
        if number < self._next or self.ring is None:
            return False
        self.late += number - self._next
        self._next = number + 1
        try:
            self._show(self._picture, self.ring, self._media_ns(number))
        except _FAULTS as error:
            self._fail(error)
            return False
        self._published += 1
        return True

    def ahead(self) -> None:
        """Prepare the next frame; to be called when the readers have been told of this one."""
        if self._picture is not None:
            try:
                self._picture.ahead()
            except _FAULTS as error:
                self._fail(error)

    def health(self) -> dict[str, Any]:
        """State, frame rate since the last call, frame number, late frames, what is playing."""
        now = self._clock()
        elapsed, count = now - self._counted_ns, self._published
        self._counted_ns, self._published = now, 0
        return {
            "state": "playing" if self._picture else "failed" if self._play else "waiting",
            "error": self.error,
            "fps": round(count * _SECOND / elapsed, 2) if elapsed > 0 else 0.0,
            "number": self.ring.published if self.ring else 0,
            "late": self.late,
            "picture": self._picture.name if self._picture else "",
        }

    def _media_ns(self, number: int) -> int:
        """Media time of tick `number`, rounded up so that its deadline is never early."""
        assert self._picture is not None
        rate = self._picture.rate
        return -(-number * _SECOND * rate.denominator // rate.numerator)

    def _show(self, picture: Picture, ring: RingWriter, media_ns: int) -> None:
        drawn = picture.draw(media_ns, ring.begin())
        if drawn is not None:
            ring.publish(drawn, self._clock())
        elif ring.published:
            ring.repeat(self._clock())

    def _take_over(self, ring_fd: int) -> None:
        """Go on in the ring of a dead predecessor; an unusable one is let go."""
        if self.ring is None:
            with contextlib.suppress(FrameError):
                self.ring = RingWriter.attach(ring_fd)
                return
        os.close(ring_fd)

    def _open(self) -> None:
        """Open the picture asked for; a new ring only if the format is another."""
        assert self._play is not None
        if self._picture is not None:
            self._picture.close()
            self._picture = None
        try:
            picture = open_picture(self._play)
            fmt = Format.of_signal(*picture.size, self._play["wall"]["signal"], picture.rate)
            kept = self.ring is not None and self.ring.format == fmt
            if not kept:
                self._replace_ring(RingWriter.create(fmt, after=self.ring.published if self.ring else 0))
        except _FAULTS as error:
            self._fail(error)
            return
        self._picture, self.error, self._next = picture, "", 0
        self._start_ns = self._clock()
        if kept and picture.any_time:
            self._start_ns = self._carried_on()

    def _replace_ring(self, ring: RingWriter) -> None:
        if self.ring is not None:
            os.close(self.ring.fd)
        self.ring = ring

    def _carried_on(self) -> int:
        """The start that makes this picture go on where the ring's newest frame was."""
        assert self.ring is not None and self._picture is not None  # noqa: PT018 - one thought
        last = RingReader(self.ring.fd).latest()
        if last is None:
            return self._clock()
        start = last.publish_time_ns - last.media_time_ns
        rate = self._picture.rate
        self._next = (self._clock() - start) * rate.numerator // (_SECOND * rate.denominator)
        return start

    def _fail(self, error: Exception) -> None:
        """Nothing new is published: the lights hold."""
        if self._picture is not None:
            self._picture.close()
            self._picture = None
        self.error = " ".join(str(error).split()) or type(error).__name__
        self._retry_ns = self._clock() + RETRY_NS
