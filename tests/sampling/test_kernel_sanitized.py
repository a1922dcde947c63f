"""The kernel's own tests once more, on a build that stops at any stray access or undefined behaviour."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS = (
    "test_kernel.py",
    "test_kernel_agreement.py",
    "test_formats.py",
    "test_statistics.py",
    "test_ootf.py",
)

CHILD = """
import sys
from pathlib import Path
import pytest
from lumad.sampling import kernel
assert Path(kernel.__file__).is_relative_to(sys.argv[1]), kernel.__file__
assert kernel._KERNEL is not None
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", "-k", "not compiles", *sys.argv[2:]]))
"""


def sanitizer_of(compiler: str):
    """The run-time library that has to be loaded first; None where the compiler has none."""
    asked = [compiler, "-print-file-name=libasan.so"]
    found = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    return found.resolve() if found.is_absolute() and found.exists() else None


@pytest.fixture(scope="module")
def sanitized(tmp_path_factory: pytest.TempPathFactory):
    """(a copy of the package around a sanitized kernel, the library to load first)."""
    compiler = shutil.which("gcc")
    library = sanitizer_of(compiler) if compiler else None
    if not compiler or library is None:
        word = "no gcc with an address sanitizer here"
        pytest.fail(word) if os.environ.get("LUMAD_CI") else pytest.skip(word)
    folder = tmp_path_factory.mktemp("sanitized")
    left_out = shutil.ignore_patterns("*.so", "__pycache__", "web")
    shutil.copytree(ROOT / "lumad", folder / "lumad", ignore=left_out)
    sources = sorted(map(str, (ROOT / "lumad" / "sampling").glob("_*.c")))
    flags = ["-std=c11", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
    built = folder / "lumad" / "sampling" / "_kernel.abi3.so"
    subprocess.run([compiler, *flags, "-shared", "-fPIC", *sources, "-o", str(built)], check=True)
    return folder, library


def environment(folder: Path, library: Path):
    """Of a child in which the sanitizer watches; memory that Python keeps to the end is no leak."""
    return os.environ | {
        "PYTHONPATH": str(folder),
        "LD_PRELOAD": str(library),
        "ASAN_OPTIONS": "detect_leaks=0",
        "LUMAD_KERNEL": "",
    }


def test_the_kernels_tests_pass_under_address_and_undefined_behaviour_sanitizers(
    sanitized: tuple[Path, Path],
):
    folder, library = sanitized
    tests = [str(ROOT / "tests" / "sampling" / name) for name in TESTS]
    run = subprocess.run(
        [sys.executable, "-P", "-c", CHILD, str(folder), *tests],
        cwd=ROOT,
        check=False,
        env=environment(folder, library),
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-4000:] + run.stderr[-4000:]
    assert " passed" in run.stdout


STRAY = """
import numpy as np
from lumad.sampling.kernel import Sampler
from lumad.sampling.runs import rect_runs
sampler = Sampler(rect_runs([[0, 0, 64, 64]], 64, 64), np.linspace(0, 1, 256), variant="table")
sampler._sample(sampler._address, np.zeros(100, np.uint8).ctypes.data, 256)
"""


def test_the_sanitizer_would_see_a_stray_access(sanitized: tuple[Path, Path]):
    folder, library = sanitized
    run = subprocess.run(
        [sys.executable, "-P", "-c", STRAY],
        cwd=ROOT,
        check=False,
        env=environment(folder, library),
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert "heap-buffer-overflow" in run.stderr
