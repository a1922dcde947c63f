"""Pixel formats: each table, and what float16 holds that is no light."""

import os

import numpy as np
import pytest
from scenes import FORMATS, TABLES, flat

from lumad.colour.transfer import TRANSFERS, decode, encode
from lumad.errors import FrameError
from lumad.frames.frame import PACKINGS
from lumad.sampling import kernel
from lumad.sampling.formats import BITS, BRIGHTEST, NUMBERS, light_table
from lumad.sampling.kernel import Sampler, Variant
from lumad.sampling.runs import MAX, MEAN, Runs, rect_runs

needs_kernel = pytest.mark.skipif(
    kernel._KERNEL is None and not os.environ.get("LUMAD_CI"), reason="the C kernel is not built here"
)
variants = pytest.mark.parametrize("variant", [pytest.param("vbmi", marks=needs_kernel), "opencv"])

HALF = {"one": 0x3C00, "infinite": 0x7C00, "below": 0xFC00, "none": 0x7E00, "minus": 0xBC00, "huge": 0x7BFF}


def test_sampler_and_frames_know_the_same_formats():
    assert set(NUMBERS) == set(BITS) == set(PACKINGS)


@pytest.mark.parametrize("transfer", TRANSFERS)
@pytest.mark.parametrize("pixel", ["BGRA", "XR30", "AB48"])
def test_a_table_begins_black_ends_white_and_never_falls(pixel: str, transfer: str):
    light = light_table(pixel, transfer)
    assert light.shape == (2 ** BITS[pixel],)
    assert light[0] == 0.0
    assert light[-1] == pytest.approx(1.0)
    assert (np.diff(light) >= 0.0).all()


@variants
@pytest.mark.parametrize("pixel", ["XR30", "AB48"])
@pytest.mark.parametrize("transfer", ["srgb", "linear", "pq"])
def test_each_flat_picture_of_a_deep_format_is_read_back(variant: Variant, pixel: str, transfer: str):
    most = 2 ** BITS[pixel] - 1
    table = light_table(pixel, transfer, peak_nits=10000.0)
    sampler = Sampler(rect_runs([[0, 0, 5, 3]], 5, 3), table, pixel, variant)
    for code in np.linspace(0.1 * most, most, 40).astype(int).tolist():
        wanted = decode(transfer, code / most, 10000.0)
        assert np.abs(sampler.sample(flat(pixel, 5, 3, code)) - wanted).max() <= 2**-20


@variants
@pytest.mark.parametrize("pixel", FORMATS)
def test_red_green_and_blue_come_from_their_places(variant: Variant, pixel: str):
    most = 0x3C00 if pixel == "AB4H" else 2 ** BITS[pixel] - 1
    places = {"BGRA": (2, 1, 0), "BGR3": (2, 1, 0)}.get(pixel, (0, 1, 2))
    sampler = Sampler(rect_runs([[0, 0, 20, 1]], 20, 1), TABLES[pixel], pixel, variant)
    for channel in range(3):
        pixels = flat(pixel, 20, 1, 0)
        if pixel == "XR30":
            pixels[:] = most << (20, 10, 0)[channel] | 3 << 30
        else:
            pixels[..., places[channel]] = most
        assert sampler.sample(pixels).tolist() == [np.eye(3)[channel].tolist()]


def test_float16_light_is_kept_up_to_128_and_what_is_no_light_is_clamped():
    light = light_table("AB4H", "linear")
    names = ("one", "infinite", "below", "none", "minus", "huge")
    assert [light[HALF[name]] for name in names] == [1.0, BRIGHTEST, 0.0, 0.0, 0.0, BRIGHTEST]
    assert light[np.float16(100.5).view(np.uint16)] == 100.5
    assert light_table("AB4H", "srgb")[np.float16(2.0).view(np.uint16)] == 1.0
    assert light_table("AB4H", "srgb")[np.float16(0.5).view(np.uint16)] == pytest.approx(
        float(decode("srgb", 0.5))
    )


@variants
@pytest.mark.parametrize("statistic", [MEAN, MAX])
def test_pixels_that_are_not_finite_are_counted_and_clamped(variant: Variant, statistic: int):
    pixels = flat("AB4H", 6, 1, HALF["one"])
    pixels[0, :4, 0] = [HALF["infinite"], HALF["below"], HALF["none"], HALF["huge"]]
    pixels[0, 5, 3] = HALF["none"]  # alpha is no light
    runs = rect_runs([[0, 0, 6, 1]], 6, 1)
    runs = Runs.from_arrays(runs.arrays() | {"statistic": np.array([statistic], np.uint8)})
    sampler = Sampler(runs, TABLES["AB4H"], "AB4H", variant)
    red = {MEAN: (2 * BRIGHTEST + 2) / 6, MAX: BRIGHTEST}[statistic]
    assert sampler.sample(pixels)[0].tolist() == pytest.approx([red, 1.0, 1.0])
    assert sampler.counted == 3
    sampler.sample(pixels)
    assert sampler.counted == 6


@variants
def test_the_brightest_picture_does_not_overflow(variant: Variant):
    sampler = Sampler(rect_runs([[0, 0, 5000, 40]], 5000, 40), TABLES["AB4H"], "AB4H", variant)
    assert sampler.sample(flat("AB4H", 5000, 40, HALF["infinite"])).tolist() == [[BRIGHTEST] * 3]


def test_the_largest_sum_fits_64_bits():
    assert 255 * int(BRIGHTEST) * kernel.SCALE * kernel.MOST_PIXELS < 2**64


def test_a_table_of_another_format_is_refused():
    runs = rect_runs([[0, 0, 1, 1]], 1, 1)
    for pixel in FORMATS:
        with pytest.raises(FrameError, match="values of linear light"):
            Sampler(runs, np.zeros(999), pixel)
    with pytest.raises(FrameError, match="is not known"):
        Sampler(runs, np.zeros(256), "YUYV")
    with pytest.raises(FrameError, match="is not known"):
        light_table("YUYV", "srgb")


@variants
@pytest.mark.parametrize("pixel", FORMATS)
def test_pixels_of_another_format_are_refused(variant: Variant, pixel: str):
    sampler = Sampler(rect_runs([[0, 0, 4, 4]], 4, 4), TABLES[pixel], pixel, variant)
    wrong = next(own for own in FORMATS if PACKINGS[own] != PACKINGS[pixel])
    with pytest.raises(FrameError):
        sampler.sample(flat(wrong, 4, 4, 0))
    with pytest.raises(FrameError, match="side by side"):
        sampler.sample(flat(pixel, 8, 4, 0)[:, ::2])


@needs_kernel
def test_only_8_bit_pixels_are_sampled_by_vbmi():
    found = {
        pixel: Sampler(rect_runs([[0, 0, 1, 1]], 1, 1), TABLES[pixel], pixel).variant for pixel in FORMATS
    }
    eight = kernel.VARIANT
    assert found == {p: eight if BITS[p] == 8 else "table" for p in FORMATS}


def test_grey_is_read_alike_in_every_format_of_whole_numbers():
    runs = rect_runs([[0, 0, 7, 2]], 7, 2)
    for code in (1, 60, 255):
        for pixel in FORMATS[:5]:
            deep = round(code / 255 * (2 ** BITS[pixel] - 1))
            mean = Sampler(runs, TABLES[pixel], pixel).sample(flat(pixel, 7, 2, deep))
            assert np.abs(encode("srgb", mean) * 255 - code).max() < 0.13
