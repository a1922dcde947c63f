"""What users install has everything in it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.e2e
def test_a_wheel_carries_profiles_page_and_demo(tmp_path: Path):
    uv = str(Path(sys.executable).parent / "uv")
    command = [uv, "build", "--quiet", "--wheel", "--out-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("lumad-*-cp311-abi3-linux_*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    carried = [path for path in [*ROOT.glob("fixtures/*/*"), *ROOT.glob("web/**/*")] if path.is_file()]
    wanted = {f"lumad/{path.relative_to(ROOT)}" for path in carried}
    assert wanted | {"lumad/py.typed", "lumad/daemon/demo.yaml"} <= names
    assert not any(name.startswith(("tests/", "bench/")) for name in names)
