"""The frame ring: one writer, any number of readers, no locks, no copies.

A memfd holds a header page and then the slots. Every slot has a sequence counter that is odd while the
slot is being written; a reader samples the pixels in place and asks afterwards whether the counter stood
still. The layout (`HEADER`, `SLOT`, `SLOTS_AT`; little-endian) is public: docs/frame-ring.md.
"""

import mmap
import os
from fractions import Fraction
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError
from lumad.frames.frame import Format, Frame
from lumad.order import ORDER

MAGIC = b"LUMF"
VERSION = 1
SLOTS_AT = 4096
PIXELS_AT = 64  # from the start of a slot

HEADER = np.dtype(
    [
        ("magic", "S4"),
        ("version", "<u2"),
        ("slots", "<u2"),
        ("slot_bytes", "<u8"),  # from one slot to the next
        ("published", "<u8"),  # number of the newest frame
        ("latest", "<u4"),  # slot of the newest frame
        ("publisher", "<u4"),  # process id
        ("heartbeat_ns", "<u8"),  # CLOCK_MONOTONIC of the newest publish
        ("width", "<u4"),
        ("height", "<u4"),
        ("stride", "<u4"),
        ("pixel", "S4"),
        ("rate_numerator", "<u4"),
        ("rate_denominator", "<u4"),
        ("peak_nits", "<f8"),
        ("transfer", "S16"),
        ("range", "S8"),
        ("white", "S32"),
        ("primaries", "S96"),
    ]
)
SLOT = np.dtype(
    [
        ("sequence", "<u8"),
        ("number", "<u8"),
        ("media_time_ns", "<i8"),
        ("publish_time_ns", "<i8"),
        ("width", "<u4"),
        ("height", "<u4"),
        ("stride", "<u4"),
        ("pixel", "S4"),
    ]
)
_GEOMETRY = ("width", "height", "stride", "pixel")


def _offset(dtype: np.dtype[Any], field: str) -> int:
    """Bytes from the start to a field of the layout."""
    assert dtype.fields is not None
    return int(dtype.fields[field][1])


class _Ring:
    """The mapped memory both ends share."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        size = os.fstat(fd).st_size
        if size < SLOTS_AT:
            raise FrameError(f"a frame ring of {size} bytes is too small for its header")
        self._memory = mmap.mmap(fd, size)
        self._header = np.frombuffer(self._memory, HEADER, 1)[0:1].view(np.recarray)[0]
        if self._header.magic != MAGIC or self._header.version != VERSION:
            raise FrameError("not a frame ring of this version")
        self.format = self._read_format()
        slots, slot_bytes = int(self._header.slots), int(self._header.slot_bytes)
        if (
            slots < 3
            or slot_bytes < PIXELS_AT + self.format.size_bytes
            or size < SLOTS_AT + slots * slot_bytes
        ):
            raise FrameError("the frame ring is smaller than its header says")
        if slot_bytes % 8:
            raise FrameError("the slots of the frame ring do not begin at words of 8 bytes")
        starts = [SLOTS_AT + slot * slot_bytes for slot in range(slots)]
        self._slots = [np.frombuffer(self._memory, SLOT, 1, start).view(np.recarray)[0] for start in starts]
        self._pixels = [self.format.pixels_of(self._memory, start + PIXELS_AT) for start in starts]
        at = np.frombuffer(self._memory, np.uint8).ctypes.data
        self._latest_at = at + _offset(HEADER, "latest")  # the word of latest and publisher
        self._sequences_at = [at + start + _offset(SLOT, "sequence") for start in starts]

    def _read_format(self) -> Format:
        header = self._header
        rate = (int(header.rate_numerator), int(header.rate_denominator))
        if 0 in rate:
            raise FrameError("the frame ring names no frame rate")
        return Format(
            width=int(header.width),
            height=int(header.height),
            stride=int(header.stride),
            pixel=header.pixel.decode("ascii", "replace"),
            transfer=header.transfer.decode("ascii", "replace"),
            primaries=header.primaries.decode("ascii", "replace"),
            white=header.white.decode("ascii", "replace"),
            range=header.range.decode("ascii", "replace"),
            peak_nits=float(header.peak_nits),
            rate=Fraction(*rate),
        )

    @property
    def published(self) -> int:
        """Number of the newest frame, of this ring or the one before it; 0 before the first."""
        return int(self._header.published)

    @property
    def heartbeat_ns(self) -> int:
        """CLOCK_MONOTONIC of the newest publish; 0 before the first."""
        return int(self._header.heartbeat_ns)


class RingWriter(_Ring):
    """The publisher's end: `begin`, draw into the pixels, `publish`."""

    @classmethod
    def create(cls, fmt: Format, slots: int = 3, *, after: int = 0) -> Self:
        """A new ring in a memfd, every page touched so that no first frame pays for it.

        `after`: the last frame number of the ring before it; numbers never restart.
        """
        slot_bytes = -(-(PIXELS_AT + fmt.size_bytes) // mmap.PAGESIZE) * mmap.PAGESIZE
        fd = os.memfd_create("lumad-ring", os.MFD_CLOEXEC)
        os.ftruncate(fd, SLOTS_AT + slots * slot_bytes)
        with mmap.mmap(fd, 0) as memory:
            header = np.zeros(1, HEADER)
            values = {**fmt.to_json(), "rate": None}
            header["magic"], header["version"], header["slots"], header["slot_bytes"] = (
                MAGIC,
                VERSION,
                slots,
                slot_bytes,
            )
            header["published"] = after
            header["rate_numerator"], header["rate_denominator"] = fmt.rate.numerator, fmt.rate.denominator
            for name, value in values.items():
                if name != "rate":
                    header[name] = value
            memory[: HEADER.itemsize] = header.tobytes()
            for page in range(0, len(memory), mmap.PAGESIZE):
                memory[page] = memory[page]
        return cls(fd)

    @classmethod
    def attach(cls, fd: int) -> Self:
        """An existing ring: frame numbers go on where the last writer stopped, even in mid-frame."""
        return cls(fd)

    def begin(self) -> npt.NDArray[Any]:
        """The pixels of the next slot, as Frame has them, to be drawn over; readers leave it alone."""
        self._writing = (int(self._header.latest) + 1) % len(self._slots)
        self._slots[self._writing].sequence |= np.uint64(1)
        ORDER.fence_release()  # odd before the first pixel
        return self._pixels[self._writing]

    def publish(self, media_time_ns: int, now_ns: int) -> int:
        """Makes the picture drawn since `begin` the newest frame; returns its number."""
        return self._stamp(self._writing, media_time_ns, now_ns)

    def repeat(self, now_ns: int) -> int:
        """The newest picture again under a new number (still pictures keep numbering); returns it.

        The slot's sequence guards the pixels, so it stands still: a reader may go on with them.
        """
        latest = int(self._header.latest)
        slot, number = self._slots[latest], self.published + 1
        slot.number, slot.publish_time_ns = number, now_ns
        self._announce(latest, number, now_ns)
        return number

    def _stamp(self, index: int, media_time_ns: int, now_ns: int) -> int:
        slot, header = self._slots[index], self._header
        number = self.published + 1
        slot.number, slot.media_time_ns, slot.publish_time_ns = number, media_time_ns, now_ns
        for name in _GEOMETRY:
            slot[name] = header[name]
        # even, complete: after the last pixel
        ORDER.store_release(self._sequences_at[index], int(slot.sequence) + 1)
        self._announce(index, number, now_ns)
        return number

    def _announce(self, index: int, number: int, now_ns: int) -> None:
        header = self._header
        header.heartbeat_ns = now_ns
        # after the slot is complete
        ORDER.store_release(self._latest_at, os.getpid() << 32 | index)
        header.published = number


class RingReader(_Ring):
    """A reader's end; as many as you like."""

    def __init__(self, fd: int) -> None:
        super().__init__(fd)
        self.contradictions = 0
        # plain words: a field of a record array costs thirty times as much to read
        self._words = memoryview(self._memory).cast("B").cast("q")
        self._starts = [
            (SLOTS_AT + slot * int(self._header.slot_bytes)) // 8 for slot in range(len(self._slots))
        ]
        self._geometry = self._words[_offset(HEADER, "width") // 8 :][:2].tolist()

    def latest(self) -> Frame | None:
        """The newest complete frame in place, None before the first or while it is being overwritten."""
        words = self._words
        for _ in self._starts:
            index = (ORDER.load_acquire(self._latest_at) & 0xFFFFFFFF) % len(self._starts)
            at = self._starts[index]
            sequence = ORDER.load_acquire(self._sequences_at[index])  # before the first pixel
            number, media_time_ns, publish_time_ns = words[at + 1 : at + 4]
            if sequence & 1:
                continue
            if not sequence:
                return None
            if words[at + 4 : at + 6].tolist() != self._geometry:
                self.contradictions += 1
                return None
            frame = Frame(
                number=number,
                media_time_ns=media_time_ns,
                publish_time_ns=publish_time_ns,
                pixels=self._pixels[index],
                format=self.format,
                slot=index,
                sequence=sequence,
            )
            if self.intact(frame):
                return frame
        return None

    def intact(self, frame: Frame) -> bool:
        """True if the frame's pixels were not touched since `latest` returned it."""
        ORDER.fence_acquire()  # the last pixel before the sequence
        return self._words[self._starts[frame.slot]] == frame.sequence
