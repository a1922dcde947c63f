"""The levels block: the last light that left, in a memfd that outlives the engine.

A header and two banks. The engine, its only writer, fills the bank that is not current and then publishes
it by one aligned 8-byte store, so a reader or a successor never sees half a frame of light, whatever kills
the engine.
"""

import mmap
import os
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from lumad.errors import FrameError
from lumad.order import ORDER

MAGIC = b"LUML"
VERSION = 2
CAPACITY = 4096  # universes; pages of unused ones are never touched

HEADER = np.dtype([("magic", "S4"), ("version", "<u4"), ("cid", "V16"), ("current", "<u8")])
BANK = np.dtype(
    [
        ("serial", "<u8"),  # of the publication; tells whether a bank was refilled while it was read
        ("time_ns", "<u8"),  # CLOCK_MONOTONIC
        ("count", "<u8"),
        ("universe", "<u4", (CAPACITY,)),
        ("counter", "<u8", (CAPACITY,)),
        ("levels", "u1", (CAPACITY, 512)),
    ]
)
_BANKS_AT = 4096
_SIZE = _BANKS_AT + 2 * BANK.itemsize


@dataclass(frozen=True, slots=True)
class Light:
    """One frame of light: `universes` (U,) uint32 ascending, `counters` (U,) uint64 packets sent so far,
    `levels` (U, 512) uint8; `time_ns` is CLOCK_MONOTONIC, 0 if nothing has left yet.
    """

    time_ns: int
    universes: npt.NDArray[np.uint32]
    counters: npt.NDArray[np.uint64]
    levels: npt.NDArray[np.uint8]

    def of(self, universe: int) -> bytes | None:
        """The 512 levels of one universe, None if it is not sent."""
        found = np.flatnonzero(self.universes == universe)
        return self.levels[found[0]].tobytes() if found.size else None

    def picked(self, universes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
        """Levels (N, 512) of these universes, 0 where one has not been sent."""
        levels = np.zeros((len(universes), 512), np.uint8)
        if len(self.universes):
            at = np.minimum(np.searchsorted(self.universes, universes), len(self.universes) - 1)
            known = self.universes[at] == universes
            levels[known] = self.levels[at[known]]
        return levels


class LevelsBlock:
    """The mapped block; `publish` belongs to the engine, `read` to everybody."""

    def __init__(self, fd: int) -> None:
        if os.fstat(fd).st_size != _SIZE:
            raise FrameError("not a levels block of this version")
        self.fd = fd
        memory = mmap.mmap(fd, _SIZE)
        self._header = np.frombuffer(memory, HEADER, 1)
        if self._header["magic"][0] != MAGIC or self._header["version"][0] != VERSION:
            raise FrameError("not a levels block of this version")
        self._current_at = self._header["current"].ctypes.data
        self._banks = [np.frombuffer(memory, BANK, 1, _BANKS_AT + bank * BANK.itemsize)[0] for bank in (0, 1)]

    @classmethod
    def create(cls, cid: bytes) -> Self:
        """An empty block for the sender named by `cid`, the 16 bytes of a UUID."""
        fd = os.memfd_create("lumad-levels", os.MFD_CLOEXEC)
        os.ftruncate(fd, _SIZE)
        header = np.zeros(1, HEADER)
        header["magic"], header["version"], header["cid"] = MAGIC, VERSION, np.void(cid)
        os.pwrite(fd, header.tobytes(), 0)
        return cls(fd)

    @property
    def cid(self) -> bytes:
        """The sender's CID, 16 bytes (E1.31 clause 5.6)."""
        return bytes(self._header["cid"][0].tobytes())

    def publish(
        self,
        time_ns: int,
        universes: npt.NDArray[np.uint32],
        counters: npt.NDArray[np.uint64],
        levels: npt.NDArray[np.uint8],
    ) -> None:
        """Makes one frame of light the current one; at most CAPACITY universes."""
        count = len(universes)
        other = 1 - ORDER.load_acquire(self._current_at)
        bank = self._banks[other]
        ORDER.fence_release()  # it is no longer current before the first level in it changes
        bank["universe"][:count] = universes
        bank["counter"][:count] = counters
        bank["levels"][:count] = levels
        bank["count"] = count
        bank["time_ns"] = time_ns
        bank["serial"] = self._banks[1 - other]["serial"] + np.uint64(1)
        ORDER.store_release(self._current_at, other)  # after the last level

    def read(self) -> Light:
        """A copy of the current light."""
        while True:
            current = ORDER.load_acquire(self._current_at)
            bank = self._banks[current]
            count, time_ns, serial = int(bank["count"]), int(bank["time_ns"]), int(bank["serial"])
            light = Light(
                time_ns,
                bank["universe"][:count].copy(),
                bank["counter"][:count].copy(),
                bank["levels"][:count].copy(),
            )
            ORDER.fence_acquire()
            # the bank is only refilled after the other one became current
            if current == ORDER.load_acquire(self._current_at) and serial == int(bank["serial"]):
                return light
