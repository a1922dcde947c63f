"""Memory order: what the ring asks for is there, compiled or not."""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lumad import order
from lumad.frames import ring
from lumad.frames.frame import Format
from lumad.frames.ring import RingReader, RingWriter
from lumad.order import NAME, ORDER, CompiledOrder, LockOrder, Order, load_order

FOLDER = Path(order.__file__).parent
SOURCE = FOLDER / "_order.c"

compiled = pytest.mark.skipif(
    isinstance(ORDER, LockOrder) and not os.environ.get("LUMAD_CI"), reason="the C part is not built here"
)
orders = pytest.mark.parametrize("own", [pytest.param(ORDER, marks=compiled), LockOrder()])


@orders
@given(value=st.integers(0, 2**64 - 1))
def test_a_word_comes_back_as_it_was_stored(own: Order, value: int):
    words = np.zeros(3, np.uint64)
    own.store_release(words.ctypes.data + 8, value)
    own.fence_release()
    own.fence_acquire()
    assert own.load_acquire(words.ctypes.data + 8) == value
    assert words.tolist() == [0, value, 0]


@orders
def test_a_ring_works_by_either(own: Order, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ring, "ORDER", own)
    writer = RingWriter.create(Format(16, 9))
    for value in range(1, 6):
        writer.begin()[:] = value
        writer.publish(0, value)
    reader = RingReader(writer.fd)
    frame = reader.latest()
    assert frame is not None
    assert (frame.number, frame.pixels[0, 0, 0], reader.intact(frame)) == (5, 5, True)
    assert int(writer._header.publisher) == os.getpid()


@compiled
def test_what_is_compiled_is_what_is_used_and_named():
    assert isinstance(load_order(FOLDER), CompiledOrder)
    assert NAME == "acquire and release in C"


def test_without_the_c_part_there_are_locks(tmp_path: Path):
    assert isinstance(load_order(tmp_path), LockOrder)
    (tmp_path / "_order.abi3.so").write_bytes(b"not a library")
    assert isinstance(load_order(tmp_path), LockOrder)


@pytest.mark.skipif(not shutil.which("cc") and not os.environ.get("LUMAD_CI"), reason="no C compiler here")
def test_it_compiles_without_a_warning(tmp_path: Path):
    flags = ["-std=c11", "-O3", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-c"]
    subprocess.run(["cc", *flags, str(SOURCE), "-o", str(tmp_path / "order.o")], check=True)
