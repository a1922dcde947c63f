"""Acquire and release of words in shared memory (C11, 5.1.2.4), so that a reader sees writes in their order.

x86 keeps most of this order by itself; 64-bit ARM keeps none of it unasked.
"""

import ctypes
import threading
from pathlib import Path
from typing import Protocol


class Order(Protocol):
    """What a seqlock needs; an address is that of an aligned word of 64 bits."""

    def load_acquire(self, address: int) -> int:
        """The word; nothing after this is read before it."""

    def store_release(self, address: int, value: int) -> None:
        """Sets the word; everything before this is written before it."""

    def fence_acquire(self) -> None:
        """What was read before this was read before anything after it."""

    def fence_release(self) -> None:
        """What was read or written before this was so before anything after it is written."""


class CompiledOrder:
    """By the compiler's own atomics; the interpreter lock is kept, a call is shorter than giving it away."""

    def __init__(self, library: ctypes.PyDLL) -> None:
        self.load_acquire = library.lumad_load_acquire
        self.load_acquire.argtypes, self.load_acquire.restype = (ctypes.c_void_p,), ctypes.c_uint64
        self.store_release = library.lumad_store_release
        self.store_release.argtypes, self.store_release.restype = (ctypes.c_void_p, ctypes.c_uint64), None
        self.fence_acquire, self.fence_release = library.lumad_fence_acquire, library.lumad_fence_release
        for fence in (self.fence_acquire, self.fence_release):
            fence.argtypes, fence.restype = (), None


class LockOrder:
    """Without a compiler, by round trips of an uncontended lock.

    Its atomic acquire and release may not pass each other, nor anything pass out of what lies between; that
    is the strongest thing Python has.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def load_acquire(self, address: int) -> int:
        """The word, then a fence."""
        value = ctypes.c_uint64.from_address(address).value
        self.fence_acquire()
        return value

    def store_release(self, address: int, value: int) -> None:
        """A fence, then the word."""
        self.fence_release()
        ctypes.c_uint64.from_address(address).value = value

    def fence_acquire(self) -> None:
        """Two round trips: the first's release stays before the second's acquire."""
        with self._lock:
            pass
        with self._lock:
            pass

    fence_release = fence_acquire


def load_order(folder: Path) -> Order:
    """The compiled order of a folder; locks where it is missing or of another machine."""
    try:
        return CompiledOrder(ctypes.PyDLL(str(folder / "_order.abi3.so")))
    except (OSError, AttributeError):
        return LockOrder()


ORDER: Order = load_order(Path(__file__).parent)
NAME = "acquire and release in C" if isinstance(ORDER, CompiledOrder) else "locks (the C part was not built)"
