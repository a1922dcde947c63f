"""The project's own laws."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from lumad.cli import build_parser, main
from lumad.frames.ring import HEADER, SLOT

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
MOST_LINES = 400


def sources(*patterns: str) -> list[Path]:
    """Files of the checkout."""
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


IDEAS = sources("lumad/**/*.py", "lumad/**/*.c", "web/**/*.js", "web/**/*.css")
WORDS = sources("web/texts/*.js")  # a book of words is as long as there are words, twice


@pytest.mark.parametrize("path", [path for path in IDEAS if path not in WORDS], ids=lambda p: p.name)
def test_a_file_is_one_idea(path: Path):
    assert len(path.read_text().splitlines()) <= MOST_LINES


def test_no_file_lies_deeper_than_its_room():
    assert [path for path in sources("lumad/**/*.py") if len(path.relative_to(ROOT).parts) > 3] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_link_of_a_document_leads_somewhere(path: Path):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text())
    assert [link for link in links if "://" not in link and not (path.parent / link).exists()] == []


def test_every_document_is_named_in_the_readme():
    readme = (ROOT / "README.md").read_text()
    assert [path.name for path in sources("docs/*.md") if f"docs/{path.name}" not in readme] == []


def commands() -> dict[str, list[str]]:
    """Every command with its long options."""
    actions = build_parser()._actions
    found = next(action.choices for action in actions if isinstance(action.choices, dict))
    return {
        name: [
            option
            for action in parser._actions
            for option in action.option_strings
            if option.startswith("--")
        ]
        for name, parser in found.items()
    }


def test_every_command_and_option_is_documented():
    text = (ROOT / "docs/commands.md").read_text()
    missing = [name for name in commands() if f"`lumad {name}" not in text]
    missing += [option for options in commands().values() for option in options if option not in text]
    assert set(missing) <= {"--help"}


def test_every_command_a_document_shows_exists():
    inline = {match for path in DOCUMENTS for match in re.findall(r"[`/]lumad ([a-z]+)\b", path.read_text())}
    shown = {line.split()[1] for path in DOCUMENTS for line in shell_lines(path) if line.startswith("lumad ")}
    assert (inline | shown) - {"engine", "render"} <= commands().keys()


def shell_lines(path: Path) -> list[str]:
    """The commands in a document's shell examples."""
    blocks = re.findall(r"```sh\n(.*?)```", path.read_text(), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def test_the_readmes_two_commands_come_first_and_are_in_the_makefile():
    first, second, *_ = shell_lines(ROOT / "README.md")
    makefile = (ROOT / "Makefile").read_text()
    for line in (first, second):
        _, target = shlex.split(line, comments=True)
        assert f"\n{target}:" in makefile


def test_the_readmes_show_and_its_offline_commands_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (block,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    show = tmp_path / "show.yaml"
    show.write_text(block)
    assert yaml.safe_load(block)["show"] == 1
    picture = tmp_path / "picture.png"
    picture.write_bytes(_png())
    for line in shell_lines(ROOT / "README.md"):
        words = shlex.split(line, comments=True)
        if words[0] == "lumad" and words[1] != "run":
            places = {"show.yaml": str(show), "picture.jpg": str(picture)}
            assert main([places.get(word, word) for word in words[1:]]) == 0
    assert "key" in capsys.readouterr().out


def _png() -> bytes:
    import cv2  # noqa: PLC0415 - one test needs it
    import numpy as np  # noqa: PLC0415

    return cv2.imencode(".png", np.full((36, 64, 3), 128, np.uint8))[1].tobytes()


def test_pins_name_no_package_index():
    text = (ROOT / "constraints.txt").read_text()
    assert "://" not in text
    assert "--" not in text
    assert "://" not in (ROOT / "package-lock.json").read_text()


def test_the_documented_ring_is_the_ring():
    text = (ROOT / "docs/frame-ring.md").read_text()
    header, slot = text.split("## Slot")
    for dtype, part in ((HEADER, header), (SLOT, slot.split("## Writing")[0])):
        offsets = [int(number) for number in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)]
        assert offsets[: len(dtype.names)] == [dtype.fields[name][1] for name in dtype.names]


def loaded_by(statement: str) -> set[str]:
    """Top-level modules a fresh interpreter has after a statement."""
    code = f"import sys\n{statement}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    return set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )


def test_help_loads_nothing_heavy():
    heavy = {"numpy", "cv2", "pydantic", "aiohttp", "yaml", "av", "asyncio"}
    assert loaded_by("from lumad.cli import build_parser\nbuild_parser().format_help()") & heavy == set()


def test_the_engine_loads_none_of_the_desks_libraries():
    heavy = {"cv2", "pydantic", "aiohttp", "yaml", "av", "asyncio"}
    assert loaded_by("import lumad.engine.process") & heavy == set()


def test_no_two_test_files_share_a_name():
    names = [path.name for path in sources("tests/**/test_*.py")]
    assert sorted(set(names)) == sorted(names)


def test_the_gate_runs_both_checks():
    gate = (ROOT / ".ci/run").read_text()
    assert "make check" in gate
    assert "make test" in gate
    assert "LUMAD_CI=1" in gate
