import struct
import zlib

import cv2
import numpy as np
import pytest

from lumad.errors import FeedError
from lumad.feeds.image import read_image


def save(path, picture):
    assert cv2.imwrite(str(path), picture)
    return path


def test_a_colour_image_comes_as_bgra(tmp_path):
    path = save(tmp_path / "red.png", np.full((3, 5, 3), (40, 40, 200), np.uint8))
    assert read_image(path).shape == (3, 5, 4)
    assert read_image(path)[1, 1].tolist() == [40, 40, 200, 255]


def test_a_grey_image_is_grey_in_every_channel(tmp_path):
    path = save(tmp_path / "grey.png", np.full((4, 4), 77, np.uint8))
    assert read_image(path)[0, 0].tolist() == [77, 77, 77, 255]


def test_sixteen_bits_are_rounded_to_eight(tmp_path):
    path = save(tmp_path / "deep.png", np.full((2, 2, 3), (65535, 32896, 300), np.uint16))
    assert read_image(path)[0, 0].tolist() == [255, 128, 1, 255]


def test_a_see_through_image_lies_on_black(tmp_path):
    path = save(tmp_path / "veil.png", np.array([[(200, 100, 50, 128), (9, 9, 9, 0)]], np.uint8))
    assert read_image(path)[0].tolist() == [[100, 50, 25, 255], [0, 0, 0, 255]]


def test_an_image_of_one_pixel_is_read(tmp_path):
    path = save(tmp_path / "dot.png", np.full((1, 1, 3), 9, np.uint8))
    assert read_image(path).tolist() == [[[9, 9, 9, 255]]]


def test_a_photograph_turned_by_its_exif_stands_upright(tmp_path):
    path = save(tmp_path / "tall.jpg", np.zeros((8, 24, 3), np.uint8))
    tags = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    data = path.read_bytes()
    path.write_bytes(data[:2] + b"\xff\xe1" + struct.pack(">H", len(tags) + 2) + tags + data[2:])
    assert read_image(path).shape == (24, 8, 4)


def broken_images():
    rng = np.random.default_rng(1)
    whole = {
        ext: cv2.imencode(ext, rng.integers(0, 255, (40, 40, 3), np.uint8))[1].tobytes()
        for ext in (".jpg", ".png")
    }
    giant = (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 70000, 70000, 8, 2, 0, 0, 0)
        + b"\0" * 20
    )
    jpeg = bytearray(whole[".jpg"])
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = struct.pack(">HH", 17000, 17000)
    return {
        "missing.png": (None, "cannot read .*No such file"),
        "empty.png": (b"", "is empty"),
        "cut.jpg": (whole[".jpg"][:400], "cut off"),
        "cut.png": (whole[".png"][:400], "cut off"),
        "text.png": (b"this is no picture at all", "not a picture"),
        "giant.png": (giant + struct.pack(">I", zlib.crc32(b"")), "70000 x 70000"),
        "giant.jpg": (bytes(jpeg), "17000 x 17000"),
    }


@pytest.mark.parametrize("name", list(broken_images()))
def test_a_bad_image_is_one_clear_line_and_nothing_else(name, tmp_path, capfd):
    data, message = broken_images()[name]
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(FeedError, match=message) as caught:
        read_image(tmp_path / name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_folder_is_no_image(tmp_path):
    with pytest.raises(FeedError, match="cannot read"):
        read_image(tmp_path)


def test_a_float_image_is_refused_saying_so(tmp_path):
    path = save(tmp_path / "light.tiff", np.ones((4, 4, 3), np.float32))
    with pytest.raises(FeedError, match="8 and 16 bits"):
        read_image(path)
