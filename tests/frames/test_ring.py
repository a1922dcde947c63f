"""The frame ring: no torn frame is ever used, and frame numbers never restart."""

import os
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.errors import FrameError
from lumad.frames.frame import Format
from lumad.frames.ring import HEADER, SLOT, SLOTS_AT, RingReader, RingWriter

FORMAT = Format(16, 9, rate=Fraction(25))


def publish(writer: RingWriter, value: int, now: int = 1) -> int:
    """One frame filled with `value`."""
    writer.begin()[:] = value
    return writer.publish(0, now)


def test_a_reader_sees_the_newest_frame_in_place():
    writer = RingWriter.create(FORMAT)
    for value in range(1, 6):
        publish(writer, value, now=value * 10)
    frame = RingReader(writer.fd).latest()
    assert frame is not None
    assert (frame.number, frame.publish_time_ns, frame.pixels[0, 0, 0]) == (5, 50, 5)
    assert frame.format == FORMAT


def test_before_the_first_frame_there_is_none():
    assert RingReader(RingWriter.create(FORMAT).fd).latest() is None


def test_a_new_ring_goes_on_with_the_numbers_of_the_one_before():
    writer = RingWriter.create(FORMAT, after=41)
    assert RingReader(writer.fd).latest() is None
    assert publish(writer, 1) == 42


def test_a_frame_is_intact_until_its_slot_is_written_again():
    writer = RingWriter.create(FORMAT)
    publish(writer, 1)
    reader = RingReader(writer.fd)
    frame = reader.latest()
    assert frame is not None
    publish(writer, 2)
    publish(writer, 3)
    assert reader.intact(frame)
    writer.begin()
    assert not reader.intact(frame)


def test_a_still_picture_keeps_numbering_without_being_drawn_again():
    writer = RingWriter.create(FORMAT)
    publish(writer, 7)
    assert writer.repeat(99) == 2
    frame = RingReader(writer.fd).latest()
    assert frame is not None
    assert (frame.number, frame.publish_time_ns, frame.pixels[0, 0, 0]) == (2, 99, 7)


def test_a_writer_killed_in_mid_frame_leaves_the_last_frame_and_its_number():
    writer = RingWriter.create(FORMAT)
    publish(writer, 1)
    writer.begin()[:] = 66
    successor = RingWriter.attach(writer.fd)
    reader = RingReader(writer.fd)
    before = reader.latest()
    assert before is not None
    assert (before.number, before.pixels[0, 0, 0]) == (1, 1)
    assert publish(successor, 2) == 2
    after = reader.latest()
    assert after is not None
    assert (after.number, after.pixels[0, 0, 0]) == (2, 2)


def test_a_frame_that_contradicts_its_rings_header_is_dropped_and_counted():
    writer = RingWriter.create(FORMAT)
    publish(writer, 1)
    slot = SLOTS_AT + int(writer._header.latest) * int(writer._header.slot_bytes)
    os.pwrite(writer.fd, b"\x63\0\0\0", slot + SLOT.fields["width"][1])
    reader = RingReader(writer.fd)
    assert reader.latest() is None
    assert reader.contradictions == 1


@pytest.mark.parametrize(
    "damage",
    [(0, b"NOPE"), (HEADER.fields["slots"][1], b"\xff\xff"), (HEADER.fields["slot_bytes"][1], b"\xfc\x0f")],
)
def test_what_is_no_ring_is_refused(damage):
    writer = RingWriter.create(FORMAT)
    os.pwrite(writer.fd, damage[1], damage[0])
    with pytest.raises(FrameError):
        RingReader(writer.fd)


UNPACED = """
import sys
from lumad.frames.ring import RingWriter
writer, value = RingWriter.attach(int(sys.argv[1])), 0
while True:
    value = (value + 1) % 256
    writer.begin()[:] = value
    writer.publish(1, 1)
"""


def test_an_unpaced_writer_never_gets_a_torn_frame_used():
    writer = RingWriter.create(Format(64, 64))
    reader, mixed, seen = RingReader(writer.fd), 0, set()
    with subprocess.Popen([sys.executable, "-c", UNPACED, str(writer.fd)], pass_fds=[writer.fd]) as child:
        while len(seen) < 3000 and child.poll() is None:
            frame = reader.latest()
            if frame is not None:
                low, high = frame.pixels.min(), frame.pixels.max()
                mixed += low != high and reader.intact(frame)
                seen.add(frame.number)
        child.kill()
    assert (mixed, len(seen)) == (0, 3000)


@given(
    st.integers(1, 16384),
    st.integers(1, 16384),
    st.fractions(min_value=1, max_value=240, max_denominator=1001),
    st.sampled_from(["rec709", "0.68,0.32,0.265,0.69,0.15,0.06"]),
    st.sampled_from(["", "D65", "5600", "0.31,0.33"]),
)
def test_a_format_survives_the_control_channel(width, height, rate, primaries, white):
    fmt = Format(width, height, primaries=primaries, white=white, rate=rate)
    assert Format.from_json(fmt.to_json()) == fmt


@settings(deadline=None)
@given(st.integers(1, 64), st.integers(1, 64), st.sampled_from(["srgb", "pq", "hlg"]), st.floats(1, 10000))
def test_a_format_survives_the_ring(width, height, transfer, peak):
    fmt = Format(width, height, transfer=transfer, peak_nits=peak, rate=Fraction(24000, 1001))
    assert RingReader(RingWriter.create(fmt).fd).format == fmt


def test_rows_may_be_padded():
    writer = RingWriter.create(Format(10, 4, stride=64))
    pixels = writer.begin()
    assert pixels.shape == (4, 10, 4)
    assert pixels.strides[0] == 64
    pixels[:] = np.arange(40, dtype=np.uint8).reshape(4, 10, 1)
    writer.publish(0, 0)


@pytest.mark.parametrize(
    "wrong", [{"width": 0}, {"height": 20000}, {"stride": 8}, {"pixel": "QQQQ"}, {"rate": Fraction(0)}]
)
def test_an_impossible_format_is_refused(wrong):
    with pytest.raises(FrameError):
        Format(**({"width": 16, "height": 9} | wrong))


def test_signals_of_a_show_file_become_formats_and_back():
    own = {"r": [0.68, 0.32], "g": [0.265, 0.69], "b": [0.15, 0.06]}
    signal = {"transfer": "pq", "primaries": own, "white": [0.31, 0.33], "range": "full", "peak_nits": 600.0}
    fmt = Format.of_signal(16, 9, signal, Fraction(30))
    assert fmt.primaries_value == {"r": (0.68, 0.32), "g": (0.265, 0.69), "b": (0.15, 0.06)}
    assert fmt.white_value == (0.31, 0.33)
    kelvin = Format.of_signal(16, 9, signal | {"primaries": "rec709", "white": 5600}, Fraction(30))
    assert (kelvin.primaries_value, kelvin.white_value) == ("rec709", 5600.0)


@pytest.mark.parametrize("white", [None, "D65", 5600, 5600.125, [0.31270000012345678, 1e-9]])
def test_formats_of_one_signal_are_equal_at_both_ends_of_a_ring(white):
    third = [0.00012345678912345, 1 / 3]
    own = {"r": third, "g": third, "b": third}
    signal = {"transfer": "pq", "primaries": own, "white": white, "range": "full", "peak_nits": 600.0}
    fmt = Format.of_signal(16, 9, signal, Fraction(30))
    assert RingReader(RingWriter.create(fmt).fd).format == fmt == Format.from_json(fmt.to_json())
    assert fmt.primaries_value["b"] == pytest.approx(third, rel=1e-9)
