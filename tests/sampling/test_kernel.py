"""The sampler against whole-number arithmetic in numpy."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.transfer import encode, table
from lumad.errors import FrameError
from lumad.sampling import kernel
from lumad.sampling.kernel import SCALE, Sampler, Variant, load_kernel
from lumad.sampling.runs import FULL, Runs, rect_runs

Bytes = npt.NDArray[np.uint8]
Light = npt.NDArray[np.float64]
Rects = list[tuple[int, int, int, int]]
Scene = tuple[Bytes, Rects]

LIGHT = table("srgb")
SOURCES = sorted((Path(__file__).parents[2] / "lumad" / "sampling").glob("_*.c"))

needs_kernel = pytest.mark.skipif(
    kernel._KERNEL is None and not os.environ.get("LUMAD_CI"), reason="the C kernel is not built here"
)
needs_vbmi = pytest.mark.skipif(kernel.VARIANT != "vbmi", reason="this processor has no AVX-512 VBMI")
variants = pytest.mark.parametrize(
    "variant",
    [pytest.param("vbmi", marks=needs_vbmi), pytest.param("table", marks=needs_kernel), "opencv"],
)


def reference(pixels: Bytes, rects: Rects, light: Light = LIGHT):
    """Means (N, 3) by whole-number sums, R, G, B; black for an empty rectangle."""
    whole = np.rint(light * SCALE).astype(np.uint64)
    means = np.zeros((len(rects), 3))
    for mean, (x0, y0, x1, y1) in zip(means, rects, strict=True):
        if x1 > x0 and y1 > y0:
            mean[:] = whole[pixels[y0:y1, x0:x1, 2::-1]].sum(axis=(0, 1)) / ((x1 - x0) * (y1 - y0) * SCALE)
    return means


@st.composite
def scenes(draw: st.DrawFn):
    """(pixels with spare bytes between rows, rectangles inside them)."""
    width, height, spare = draw(st.integers(1, 70)), draw(st.integers(1, 12)), draw(st.integers(0, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    data = rng.integers(0, 256, height * (width * 4 + spare) + 3, np.uint8)
    start = draw(st.integers(0, 3))
    pixels = np.lib.stride_tricks.as_strided(
        data[start:], (height, width, 4), (width * 4 + spare, 4, 1), writeable=False
    )
    corners = st.tuples(*(st.integers(0, n) for n in (width, height, width, height)))
    drawn = draw(st.lists(corners, max_size=8))
    return pixels, [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in drawn]


@needs_kernel
@settings(deadline=None)
@given(scenes())
def test_the_kernel_gives_the_bits_of_whole_number_sums(scene: Scene):
    pixels, rects = scene
    runs = rect_runs(np.array(rects, int).reshape(-1, 4), pixels.shape[1], pixels.shape[0])
    sampler = Sampler(runs, LIGHT, variant="table")
    assert sampler.variant == "table"
    assert sampler.sample(pixels).tobytes() == reference(pixels, rects).tobytes()


@settings(deadline=None)
@given(scenes())
def test_the_fallback_agrees_to_1e_12(scene: Scene):
    pixels, rects = scene
    runs = rect_runs(np.array(rects, int).reshape(-1, 4), pixels.shape[1], pixels.shape[0])
    means = Sampler(runs, LIGHT, variant="opencv").sample(pixels)
    assert np.abs(means - reference(pixels, rects)).max(initial=0.0) < 1e-12


@variants
@pytest.mark.parametrize("transfer", ["srgb", "gamma2.2", "linear"])
def test_each_flat_picture_is_read_back_within_a_fiftieth_of_a_code(variant: Variant, transfer: str):
    light = table(transfer)
    sampler = Sampler(rect_runs([[0, 0, 5, 3]], 5, 3), light, variant=variant)
    for code in range(20, 256):
        mean = sampler.sample(np.full((3, 5, 4), code, np.uint8))
        assert np.abs(encode(transfer, mean) * 255 - code).max() <= 0.02


@variants
def test_a_white_wall_wider_than_a_run_does_not_overflow(variant: Variant):
    pixels = np.full((3, 9001, 4), 255, np.uint8)
    means = Sampler(rect_runs([[0, 0, 9001, 3]], 9001, 3), LIGHT, variant=variant).sample(pixels)
    assert means.tolist() == [[1.0, 1.0, 1.0]]


@variants
def test_a_picture_upside_down_is_read_upside_down(variant: Variant):
    pixels = np.arange(6 * 4 * 4, dtype=np.uint8).reshape(6, 4, 4)
    sampler = Sampler(rect_runs([[0, 0, 4, 1]], 4, 6), LIGHT, variant=variant)
    assert np.abs(sampler.sample(pixels[::-1]) - reference(pixels, [(0, 5, 4, 6)])).max() < 1e-12


@variants
def test_areas_that_are_no_rectangles_count_only_their_own_pixels(variant: Variant):
    by_run = ([0, 0, 1], [0, 1, 1], [0, 2, 0], [3, 4, 1], [FULL] * 3)
    five = [np.array(column, np.uint32) for column in by_run]
    none = (np.zeros(0, np.uint8), np.zeros(2, np.uint8))
    pixels = np.random.default_rng(3).integers(0, 256, (2, 4, 4), np.uint8)
    means = Sampler(Runs(4, 2, 2, *five, *none), LIGHT, variant=variant).sample(pixels)
    first = (reference(pixels, [(0, 0, 3, 1)]) * 3 + reference(pixels, [(2, 1, 4, 2)]) * 2) / 5
    assert np.abs(means[0] - first).max() < 1e-12
    assert np.abs(means[1] - reference(pixels, [(0, 1, 1, 2)])).max() < 1e-12


@variants
def test_no_regions_give_no_colours(variant: Variant):
    sampler = Sampler(rect_runs(np.empty((0, 4), int), 8, 8), LIGHT, variant=variant)
    assert sampler.sample(np.zeros((8, 8, 4), np.uint8)).shape == (0, 3)


@variants
def test_a_frame_of_another_size_or_kind_is_refused(variant: Variant):
    sampler = Sampler(rect_runs([[0, 0, 8, 8]], 8, 8), LIGHT, variant=variant)
    for wrong in ((8, 9, 4), (7, 8, 4), (8, 8, 3), (8, 8)):
        with pytest.raises(FrameError):
            sampler.sample(np.zeros(wrong, np.uint8))
    with pytest.raises(FrameError):
        sampler.sample(np.zeros((8, 8, 4), np.uint16))
    with pytest.raises(FrameError, match="side by side"):
        sampler.sample(np.zeros((8, 16, 4), np.uint8)[:, ::2])


@pytest.mark.parametrize("light", [np.zeros(255), np.full(256, 1.1), np.full(256, np.nan)])
def test_a_table_that_is_no_light_is_refused(light: Light):
    with pytest.raises(FrameError, match="256 values"):
        Sampler(rect_runs([[0, 0, 1, 1]], 1, 1), light)


@needs_kernel
def test_nothing_around_the_picture_is_read():
    """A frame that ends at a page no one may read: a byte too far would kill the child."""
    child = """
import ctypes, mmap, numpy as np
from lumad.sampling.kernel import Sampler
from lumad.sampling.runs import rect_runs
page, libc = mmap.PAGESIZE, ctypes.CDLL(None, use_errno=True)
room = mmap.mmap(-1, 3 * page)
whole = np.frombuffer(room, np.uint8)
for guard in (whole.ctypes.data, whole.ctypes.data + 2 * page):
    assert libc.mprotect(ctypes.c_void_p(guard), page, 0) == 0
height = page // (33 * 4)
for start in (page, 2 * page - height * 33 * 4):
    pixels = whole[start : start + height * 33 * 4].reshape(height, 33, 4)
    rects = [[0, 0, 33, height], [32, height - 1, 33, height], [0, 0, 1, 1], [31, 0, 33, 1]]
    for variant in ("table", "vbmi"):
        sampler = Sampler(rect_runs(rects, 33, height), np.linspace(0, 1, 256), variant=variant)
        print(sampler.sample(pixels).sum())
"""
    assert (
        subprocess.run([sys.executable, "-c", child], check=True, capture_output=True).stdout == b"0.0\n" * 4
    )


CHILD = """
import sys, numpy as np
from lumad.sampling.kernel import VARIANT, Sampler
from lumad.sampling.runs import rect_runs
before = "cv2" in sys.modules
sampler = Sampler(rect_runs([[0, 0, 2, 2]], 2, 2), np.linspace(0, 1, 256))
means = sampler.sample(np.full((2, 2, 4), 255, np.uint8))
print(VARIANT, sampler.variant, before, "cv2" in sys.modules, means.sum())
"""


def child(**environ: str):
    run = subprocess.run(
        [sys.executable, "-P", "-c", CHILD],
        env=os.environ | environ,
        check=True,
        capture_output=True,
        text=True,
    )
    return run.stdout.split()


@needs_kernel
def test_with_the_kernel_opencv_is_never_loaded():
    variant, used, *rest = child(LUMAD_KERNEL="")
    assert variant == used
    assert used in {"table", "vbmi"}
    assert rest == ["False", "False", "3.0"]
    assert child(LUMAD_KERNEL="table") == ["table", "table", "False", "False", "3.0"]


def test_the_fallback_can_be_forced_and_loads_opencv_only_when_used():
    assert child(LUMAD_KERNEL="opencv") == ["opencv", "opencv", "False", "True", "3.0"]


def test_a_kernel_that_is_missing_broken_or_of_another_version_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert load_kernel(tmp_path) is None
    (tmp_path / "_kernel.abi3.so").write_bytes(b"not a library")
    assert load_kernel(tmp_path) is None
    if kernel._KERNEL is not None:
        monkeypatch.setattr(kernel, "_VERSION", 99)
        assert load_kernel(Path(kernel.__file__).parent) is None


def test_without_a_kernel_the_sampler_falls_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(kernel, "_KERNEL", None)
    sampler = Sampler(rect_runs([[0, 0, 2, 2]], 2, 2), LIGHT, variant="table")
    assert sampler.variant == "opencv"
    assert sampler.sample(np.full((2, 2, 4), 255, np.uint8)).tolist() == [[1.0, 1.0, 1.0]]


def test_the_two_sides_agree_on_the_struct():
    assert ctypes.sizeof(kernel._Map) == 29 * 8


@pytest.mark.skipif(not shutil.which("cc") and not os.environ.get("LUMAD_CI"), reason="no C compiler here")
def test_the_kernel_compiles_without_a_warning(tmp_path: Path):
    flags = ["-std=c11", "-O3", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror", "-c"]
    for source in SOURCES:
        subprocess.run(["cc", *flags, str(source), "-o", str(tmp_path / "kernel.o")], check=True)
