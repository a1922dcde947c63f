"""HLG: every pixel goes through the wall's system gamma before anything is averaged."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from scenes import FORMATS, Scene, flat, picture, red_green_blue, runs_of_rows, scenes

from lumad.colour.transfer import encode, hlg_shown
from lumad.errors import FrameError
from lumad.sampling import kernel
from lumad.sampling.formats import BITS, light_table, ootf_of
from lumad.sampling.kernel import Sampler, Variant
from lumad.sampling.ootf import Ootf
from lumad.sampling.runs import DOMINANT, FULL, MAX, MEAN, MEDIAN, P99, WEIGHTED_MEAN, rect_runs
from lumad.sampling.statistics import REC709, SCALE

ALL = (MEAN, WEIGHTED_MEAN, MEDIAN, P99, MAX, DOMINANT)
TABLES = {pixel: light_table(pixel, "hlg") for pixel in FORMATS}
PEAKS = (400.0, 1000.0, 10000.0)
REC2020 = (0.2627, 0.6780, 0.0593)

needs_kernel = pytest.mark.skipif(
    kernel._KERNEL is None and not os.environ.get("LUMAD_CI"), reason="the C kernel is not built here"
)
variants = pytest.mark.parametrize("variant", [pytest.param("table", marks=needs_kernel), "opencv"])


def sampler_of(scene: Scene, variant: Variant, peak: float = 1000.0):
    ootf = ootf_of("hlg", peak)
    return Sampler(scene.runs, TABLES[scene.pixel], scene.pixel, variant, REC2020, ootf=ootf)


def shown_of(scene: Scene, area: int, peak: float):
    """(light of each pixel in float64 (n, 3), the same as the sampler counts it, weights (n,))."""
    runs, codes = scene.runs, red_green_blue(scene.pixels, scene.pixel)
    found, weights = [np.zeros((0, 3), int)], [np.zeros(0)]
    for run in np.flatnonzero(runs.area == area):
        there = codes[runs.y[run], runs.x0[run] : runs.x1[run]].astype(int)
        first = int(runs.weight_at[run])
        own = np.full(len(there), 255.0) if first == FULL else runs.weights[first : first + len(there)]
        found.append(there)
        weights.append(own * 1.0)
    light = TABLES[scene.pixel][np.concatenate(found)]
    whole = Ootf(ootf_of("hlg", peak), REC2020).shown(np.rint(light * SCALE).astype(np.uint32))
    return hlg_shown(light, peak, REC2020), whole, np.concatenate(weights)


@needs_kernel
@settings(deadline=None, max_examples=150)
@given(scenes())
def test_the_kernel_gives_the_bits_of_whole_number_sums_and_the_light_of_float64(scene: Scene):
    for peak in PEAKS:
        found = sampler_of(scene, "table", peak).sample(scene.pixels)
        for area, sample in enumerate(found):
            light, whole, weights = shown_of(scene, area, peak)
            total = max(weights.sum(), 1.0)
            assert sample.tobytes() == (weights @ whole / (total * SCALE)).tobytes()
            assert np.abs(sample - weights @ light / total).max() < 2.0**-18


@needs_kernel
@settings(deadline=None, max_examples=150)
@given(scenes(statistics=ALL))
def test_the_fallback_agrees_with_the_kernel(scene: Scene):
    one, other = sampler_of(scene, "table"), sampler_of(scene, "opencv")
    found, found_too = one.sample(scene.pixels), other.sample(scene.pixels)
    assert one.counted == other.counted
    assert np.abs(found - found_too).max(initial=0.0) < 1e-12
    ranked = scene.runs.statistic != MEAN
    assert found[ranked].tobytes() == found_too[ranked].tobytes()


@needs_kernel
@pytest.mark.parametrize("pixel", FORMATS)
@pytest.mark.parametrize("width", [1, 3, 4, 5, 63, 64, 65, 127, 4095, 4097])
def test_every_length_of_run_counts_every_pixel_once(pixel: str, width: int):
    weights = np.random.default_rng(width).integers(0, 256, width, np.uint8)
    pieces = range(0, width, 4096)
    rows = [(0, 1, x, min(x + 4096, width), weights[x : x + 4096].tobytes()) for x in pieces]
    pixels = picture(pixel, width, 2, spare=5, start=1, seed=width)
    for runs in (rect_runs([[0, 0, width, 2]], width, 2), runs_of_rows(width, 2, rows, [MEAN])):
        scene = Scene(pixel, pixels, runs)
        _, whole, own = shown_of(scene, 0, 1000.0)
        found = sampler_of(scene, "table").sample(pixels)
        assert found.tobytes() == (own @ whole / (max(own.sum(), 1.0) * SCALE)).tobytes()


@variants
@pytest.mark.parametrize("pixel", FORMATS)
def test_white_is_one_and_black_is_nothing(variant: Variant, pixel: str):
    white = 0x3C00 if pixel == "AB4H" else 2 ** BITS[pixel] - 1
    runs = runs_of_rows(5, 1, [(area, 0, 0, 5, None) for area in range(len(ALL))], ALL)
    for peak in (100.0, *PEAKS):
        sampler = sampler_of(Scene(pixel, flat(pixel, 5, 1, 0), runs), variant, peak)
        assert (sampler.sample(flat(pixel, 5, 1, white)) == 1.0).all()
        assert (sampler.sample(flat(pixel, 5, 1, 0)) == 0.0).all()


@variants
def test_light_is_averaged_as_the_wall_shows_it(variant: Variant):
    pixels = np.array([[[0, 0, 255, 0], [255, 255, 255, 0]]], np.uint8)  # red and white
    found = sampler_of(Scene("BGRA", pixels, rect_runs([[0, 0, 2, 1]], 2, 1)), variant).sample(pixels)[0]
    red = REC2020[0] ** 0.2
    assert found == pytest.approx([(red + 1) / 2, 0.5, 0.5], abs=2e-6)


@variants
def test_the_dominant_colour_is_that_of_the_wall(variant: Variant):
    dark, bright = (60, 60, 60, 0), (140, 90, 60, 0)
    pixels = np.array([[dark, bright, bright]], np.uint8)
    runs = runs_of_rows(3, 1, [(0, 0, 0, 3, None)], [DOMINANT])
    found = sampler_of(Scene("BGRA", pixels, runs), variant).sample(pixels)[0]
    wanted = hlg_shown(TABLES["BGRA"][[60, 90, 140]], 1000.0, REC2020)
    assert np.abs(encode("srgb", found) - encode("srgb", wanted)).max() * 255 < 0.02


@variants
def test_on_a_dim_wall_a_saturated_colour_ends_at_the_peak(variant: Variant):
    pixels = np.array([[[255, 0, 0, 0]]], np.uint8)  # blue: its luminance is small, its factor large
    found = sampler_of(Scene("BGRA", pixels, rect_runs([[0, 0, 1, 1]], 1, 1)), variant, 100.0).sample(pixels)
    assert found.tolist() == [[0.0, 0.0, 1.0]]


def test_only_hlg_has_an_ootf():
    assert ootf_of("hlg", 1000.0) == pytest.approx(0.2)
    assert ootf_of("pq", 1000.0) == ootf_of("srgb") == 0.0


@pytest.mark.parametrize("ootf", [-1.0, np.nan, np.inf])
def test_an_exponent_that_is_none_is_refused(ootf: float):
    with pytest.raises(FrameError, match="no exponent"):
        Ootf(ootf, REC709)


def test_light_above_one_goes_through_no_ootf():
    runs, table = rect_runs([[0, 0, 1, 1]], 1, 1), light_table("AB4H", "linear")
    with pytest.raises(FrameError, match=r"0\.\.1"):
        Sampler(runs, table, "AB4H", ootf=0.2)
