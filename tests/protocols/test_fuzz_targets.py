import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import lumad.protocols

PACKETS = Path(__file__).parents[2] / "fuzz/packets.py"


def fuzz(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, PACKETS, *words], capture_output=True, text=True, check=False)


def test_every_target_takes_the_seeds_and_noise(tmp_path: Path):
    assert fuzz("seed", str(tmp_path)).returncode == 0
    (tmp_path / "noise").write_bytes(bytes(range(256)))
    done = fuzz("check", str(tmp_path))
    assert (done.returncode, done.stdout) == (0, "7 targets took 10 files\n"), done.stderr


def test_every_parser_has_a_target():
    text = PACKETS.read_text()
    for module in pkgutil.iter_modules(lumad.protocols.__path__, "lumad.protocols."):
        parsers = [name for name in dir(importlib.import_module(module.name)) if name.startswith("decode")]
        assert [name for name in parsers if f'("{module.name}", "{name}")' not in text] == []


def test_words_it_does_not_know_show_how_it_is_used():
    done = fuzz("fuzz", "nothing")
    assert done.returncode == 1
    assert "TARGET: e131" in done.stderr
