"""The kernel's variants, the fallback and a slow float64 reference, held together by random scenes."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from scenes import FORMATS, TABLES, Scene, picture, reference, runs_of_rows, scenes

from lumad.colour.transfer import encode
from lumad.sampling import kernel
from lumad.sampling.formats import EIGHT_BIT
from lumad.sampling.kernel import Sampler, Variant
from lumad.sampling.runs import DOMINANT, FULL, MAX, MEAN, MEDIAN, P99, WEIGHTED_MEAN, rect_runs

ALL = (MEAN, WEIGHTED_MEAN, MEDIAN, P99, MAX, DOMINANT)
LEAST = 2.0**-20  # what light is rounded to

needs_kernel = pytest.mark.skipif(
    kernel._KERNEL is None and not os.environ.get("LUMAD_CI"), reason="the C kernel is not built here"
)
needs_vbmi = pytest.mark.skipif(kernel.VARIANT != "vbmi", reason="this processor has no AVX-512 VBMI")


def samples(scene: Scene, variant: Variant):
    sampler = Sampler(scene.runs, TABLES[scene.pixel], scene.pixel, variant)
    return sampler.sample(scene.pixels).copy(), sampler.counted


@needs_vbmi
@settings(deadline=None, max_examples=300)
@given(scenes(tuple(sorted(EIGHT_BIT))))
def test_vbmi_gives_the_bits_of_the_table(scene: Scene):
    assert samples(scene, "vbmi")[0].tobytes() == samples(scene, "table")[0].tobytes()


@needs_kernel
@settings(deadline=None, max_examples=200)
@given(scenes(statistics=ALL))
def test_the_table_agrees_with_float64(scene: Scene):
    found, wanted = samples(scene, "table")[0], reference(scene)
    assert (np.abs(found - wanted) <= LEAST + 1e-9 * wanted).all()


@settings(deadline=None, max_examples=200)
@given(scenes(statistics=ALL))
def test_the_fallback_agrees_with_float64(scene: Scene):
    found, wanted = samples(scene, "opencv")[0], reference(scene)
    assert (np.abs(found - wanted) <= LEAST + 1e-6 * wanted).all()


@needs_kernel
@settings(deadline=None, max_examples=200)
@given(scenes(statistics=ALL))
def test_the_fallback_is_within_a_fiftieth_of_a_code_of_the_kernel_and_counts_alike(scene: Scene):
    one, counted = samples(scene, "table")
    other, counted_too = samples(scene, "opencv")
    assert counted == counted_too
    assert np.abs(encode("srgb", one) - encode("srgb", other)).max(initial=0.0) * 255 <= 0.02
    ranked = scene.runs.statistic != MEAN
    assert one[ranked].tobytes() == other[ranked].tobytes()


@needs_kernel
@pytest.mark.parametrize("pixel", FORMATS)
@pytest.mark.parametrize("width", [1, 2, 15, 16, 17, 31, 33, 257, 4095, 4096, 4097, 9001])
def test_every_length_of_run_gives_the_same_bits(pixel: str, width: int):
    pixels = picture(pixel, width, 2, spare=5, start=1, seed=width)
    weights = np.random.default_rng(width).integers(0, 256, width, np.uint8)
    runs = rect_runs([[0, 0, width, 2]], width, 2)
    pieces = range(0, width, 4096)
    rows = [(0, 1, x, min(x + 4096, width), weights[x : x + 4096].tobytes()) for x in pieces]
    for own in (runs, runs_of_rows(width, 2, rows, [MEAN])):
        scene = Scene(pixel, pixels, own)
        found = samples(scene, "vbmi")[0]
        assert found.tobytes() == samples(scene, "table")[0].tobytes()
        assert (np.abs(found - reference(scene)) <= LEAST).all()


@needs_kernel
@pytest.mark.parametrize("variant", ["vbmi", "table"])
def test_a_table_whose_black_is_not_black_is_not_added_past_the_end(variant: Variant):
    sampler = Sampler(rect_runs([[0, 0, 5, 1]], 5, 1), np.full(256, 0.25), variant=variant)
    assert sampler.sample(np.zeros((1, 5, 4), np.uint8)).tolist() == [[0.25] * 3]


@pytest.mark.parametrize("variant", [pytest.param("vbmi", marks=needs_kernel), "opencv"])
def test_weights_of_nothing_give_black(variant: Variant):
    rows = [(area, 0, 0, 4, bytes(4)) for area in range(len(ALL))]
    sampler = Sampler(runs_of_rows(4, 1, rows, ALL), TABLES["BGRA"], variant=variant)
    assert not sampler.sample(np.full((1, 4, 4), 255, np.uint8)).any()


@pytest.mark.parametrize("variant", [pytest.param("table", marks=needs_kernel), "opencv"])
def test_a_long_thin_area_is_read_in_full(variant: Variant):
    rows = [(0, y, y * 3, y * 3 + 3, None if y % 2 else b"\x80\xff\x10") for y in range(300)]
    scene = Scene("BGRA", picture("BGRA", 900, 300, seed=9), runs_of_rows(900, 300, rows, [MEAN]))
    assert (scene.runs.weight_at == FULL).sum() == 150
    assert np.abs(samples(scene, variant)[0] - reference(scene)).max() < LEAST
