"""A file is the old one or the new one, whatever happens."""

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest

from lumad.show.atomic import KEPT_BACKUPS, keep_backup, sweep, write_atomic, write_first

FULL_DISK = """
import resource, sys
from pathlib import Path
from lumad.show.atomic import write_atomic
path, (_, most) = Path(sys.argv[1]), resource.getrlimit(resource.RLIMIT_FSIZE)
for room in (0, 1, 999, 4096, 65536, 199_999, 200_000):
    path.write_bytes(b"old")
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))
    try:
        write_atomic(path, b"n" * 200_000)
    except OSError as fault:
        print(fault.errno, path.read_bytes().decode(), len(list(path.parent.iterdir())))
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
"""
ENDLESS = """
import sys
from pathlib import Path
from lumad.show.atomic import write_atomic
for number in range(1_000_000):
    write_atomic(Path(sys.argv[1]), b"%06d" % number * 20_000)
    print(number, flush=True)
"""


def test_a_file_is_replaced_as_a_whole_and_nothing_else_stays_behind(tmp_path: Path):
    path = tmp_path / "stage.lumad.json"
    path.write_bytes(b"a much longer former text")
    write_atomic(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_fills_up_in_the_middle_leaves_the_old_file(tmp_path: Path):
    path = tmp_path / "stage.lumad.json"
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True, timeout=30
    )
    assert run.stdout.splitlines() == ["27 old 1"] * 6  # EFBIG, the old bytes, nothing beside them
    assert path.read_bytes() == b"n" * 200_000


@pytest.mark.parametrize("kill", range(8))
def test_a_saver_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path, kill: int):
    path = tmp_path / "stage.lumad.json"
    with subprocess.Popen([sys.executable, "-c", ENDLESS, str(path)], stdout=subprocess.PIPE) as saver:
        assert saver.stdout is not None
        for _ in range(1 + kill):
            saver.stdout.readline()
        select.select([], [], [], kill * 0.0007)
        saver.kill()
    data = path.read_bytes()
    assert data == data[:6] * 20_000


@pytest.mark.parametrize("folder", ["/proc/self", "/dev/null/below-a-file", "/sys"])
def test_a_folder_that_takes_no_file_is_an_os_error(folder: str):
    with pytest.raises(OSError, match=r"\[Errno"):
        write_atomic(Path(folder) / "stage.lumad.json", b"new")


def test_a_link_planted_in_place_of_the_temporary_file_is_not_followed(tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    (tmp_path / f".stage.json.{os.getpid()}.new").symlink_to(victim)
    with pytest.raises(OSError, match="symbolic"):
        write_atomic(tmp_path / "stage.json", b"new")
    assert victim.read_bytes() == b"mine"


def test_the_first_folder_that_takes_the_file_gets_it(tmp_path: Path):
    paths = [Path("/dev/null/no/a.json"), tmp_path / "state" / "a.json", tmp_path / "other" / "a.json"]
    write_first(paths, b"new")
    assert paths[1].read_bytes() == b"new"
    assert not paths[2].exists()


def test_where_no_folder_takes_the_file_the_first_reason_is_told():
    with pytest.raises(NotADirectoryError):
        write_first([Path("/dev/null/no/a.json"), Path("/proc/self/a.json")], b"new")


def test_the_ten_newest_backups_stay(tmp_path: Path):
    folder = tmp_path / "stage.lumad.backups"
    for number in range(13):
        kept = keep_backup(folder, f"{number:08d}.json", b"{}")
        os.utime(kept, (number, number))
    keep_backup(folder, "00000013.json", b"{}")
    left = sorted(path.name for path in folder.iterdir())
    assert left == [f"{number:08d}.json" for number in range(14 - KEPT_BACKUPS, 14)]


def test_what_a_killed_saver_left_is_swept_away_and_only_that(tmp_path: Path):
    path = tmp_path / "stage.lumad.json"
    write_atomic(path, b"good")
    (tmp_path / ".stage.lumad.json.4711.new").write_bytes(b"half")
    (tmp_path / ".other.json.4711.new").write_bytes(b"not ours")
    sweep(path)
    assert sorted(p.name for p in tmp_path.iterdir()) == [".other.json.4711.new", "stage.lumad.json"]
