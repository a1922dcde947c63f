"""Every pixel format travels through the ring in place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.errors import FrameError
from lumad.frames.frame import PACKINGS, Format
from lumad.frames.ring import RingReader, RingWriter

FORMATS = {
    "BGRA": (np.uint8, (4,), 4),
    "BGR3": (np.uint8, (3,), 3),
    "RGBA": (np.uint8, (4,), 4),
    "XR30": (np.uint32, (), 4),
    "AB48": (np.uint16, (4,), 8),
    "AB4H": (np.uint16, (4,), 8),
}


def test_the_packings_are_those_of_the_published_formats():
    assert {pixel: (p.dtype, p.values, p.size_bytes) for pixel, p in PACKINGS.items()} == FORMATS


@settings(deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.integers(1, 40), st.integers(1, 9), st.integers(0, 5))
def test_a_picture_of_any_format_is_read_as_it_was_drawn(pixel, width, height, padding):
    dtype, values, size = FORMATS[pixel]
    stride = width * size + padding * (1 if pixel == "BGR3" else size)
    writer = RingWriter.create(Format(width, height, stride=stride, pixel=pixel))
    rng = np.random.default_rng(width * height)
    drawn = rng.integers(0, np.iinfo(dtype).max, (height, width, *values), dtype)
    writer.begin()[:] = drawn
    writer.publish(0, 1)
    frame = RingReader(writer.fd).latest()
    assert frame is not None
    assert (frame.pixels == drawn).all()
    assert height == 1 or frame.pixels.strides[0] == stride
    assert frame.format.pixel == pixel


def test_the_last_row_of_a_picture_ends_inside_its_slot():
    fmt = Format(5, 3, stride=17, pixel="BGR3")
    memory = np.zeros(17 * 3, np.uint8)
    fmt.pixels_of(memory, 0)[:] = 1
    assert memory.sum() == 5 * 3 * 3
    with pytest.raises(ValueError, match="buffer"):
        fmt.pixels_of(memory, 1)


@pytest.mark.parametrize(
    ("pixel", "stride"), [("BGR3", 47), ("XR30", 66), ("AB48", 130), ("AB4H", 120), ("RGBA", 65)]
)
def test_rows_that_cut_a_pixel_are_refused(pixel, stride):
    with pytest.raises(FrameError, match=f"stride {stride}"):
        Format(16, 9, stride=stride, pixel=pixel)
