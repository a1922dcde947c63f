"""`lumad monitor`, `lumad record`, `lumad replay`."""

import argparse
import contextlib
import io
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from namespaces import isolated

from lumad.cli import monitor, record
from lumad.errors import DocumentError, LumadError
from lumad.input.monitor import Monitor
from lumad.protocols import artnet, e131

CID = bytes(range(16))
# The first light comes after so long that whoever listens is there.
RECORDING = f"""lumad-dmx 1
@1 sacn {CID.hex()} 10.0.0.9 "Console A"
@2 artnet 10.0.0.8 10.0.0.8 ""
300.0 sacn 1 @1 120 512 1:ff 2:00*511
300.1 artnet 17 @2 0 512 1:01*512
340.0 sacn 1 @1 150 512 10:80
500.0 sacn 1 @1 150 512 1:0102
1400.0 end
"""


def call(*words: str) -> int:
    """Runs a command as `lumad` would."""
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    monitor.add_to(commands)
    record.add_to(commands)
    args = parser.parse_args(words)
    code: int = args.run(args)
    return code


def heard_monitor() -> Monitor:
    heard = Monitor()
    for number, priority in enumerate((120, 100)):
        packet = e131.DataPacket(
            bytes([number] * 16), 1, b"\xff" * 16 + b"\0" * 496, 0, priority, f"desk {number}"
        )
        heard.hear(e131.encode(packet), f"10.0.0.{number}", 0.0)
    heard.hear(artnet.encode(artnet.ArtDmx(0x123, b"\x40\2")), "10.0.0.8", 0.0)
    heard.hear(b"noise", "10.0.0.8", 0.0)
    return heard


def test_a_line_is_a_source_and_shows_who_counts():
    lines = monitor.table(heard_monitor().view(0.5), None)
    assert lines[1].split()[:4] == [">", "artnet", "291", "(1:2:3)"]
    assert lines[2].split()[:4] == [">", "sacn", "1", "120"]
    assert lines[2].endswith("█")
    assert lines[3].split()[:3] == ["sacn", "1", "100"]
    assert lines[4] == "packets: 1 bad"


def test_all_levels_of_a_universe_are_a_grid_as_wide_as_the_terminal():
    view = heard_monitor().view(0.5)
    view["universes"] = view["universes"][1:]
    for width, columns in ((200, 32), (80, 16), (40, 8)):
        rows = list(monitor.grids(view, width))[2:]
        assert len(rows) == 512 // columns
        assert rows[0].split() == ["1:", *["255"] * min(columns, 16), *["."] * (columns - 16)]


def test_nothing_heard_is_said():
    assert monitor.table(Monitor().view(0.0), None) == ["no DMX is heard"]


@pytest.mark.parametrize(
    "words",
    [
        ["monitor", "--universe", "0"],
        ["monitor", "--universe", "64000"],
        ["monitor", "--port-address", "0:16:0"],
        ["monitor", "--port-address", "32768"],
        ["monitor", "--seconds", "0"],
        ["replay", "x", "--to", "nowhere"],
        ["replay", "x"],
        ["replay", "x", "--to", "multicast", "--speed", "0"],
    ],
)
def test_what_cannot_be_meant_is_wrong_usage(words: list[str]):
    with pytest.raises(SystemExit) as ended:
        call(*words)
    assert ended.value.code == 2


def test_port_addresses_are_numbers_ranges_or_net_sub_universe():
    assert monitor._port_addresses("0-2,7,0:1:2") == (0, 1, 2, 7, 18)


def test_a_recording_is_never_written_over_unless_asked(tmp_path: Path):
    (tmp_path / "old").write_text("mine")
    with pytest.raises(LumadError, match="is there already"):
        record._file(argparse.Namespace(file=str(tmp_path / "old"), force=False))
    assert (tmp_path / "old").read_text() == "mine"


def test_a_file_that_is_no_recording_is_told_before_anything_is_sent(tmp_path: Path):
    (tmp_path / "bad").write_text("hello")
    with pytest.raises(DocumentError, match="no recording of lumad"):
        call("replay", str(tmp_path / "bad"), "--to", "127.0.0.1")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(DocumentError, match="no text"):
        call("replay", str(tmp_path / "bytes"), "--to", "127.0.0.1")
    with pytest.raises(LumadError, match="cannot be read"):
        call("replay", str(tmp_path / "none"), "--to", "127.0.0.1")


def test_artnet_is_never_replayed_by_multicast(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "both").write_text(RECORDING)
    assert call("replay", str(tmp_path / "both"), "--to", "multicast") == 2
    assert "knows no multicast" in capsys.readouterr().err


def play_and_record(folder: str) -> list[Any]:
    """A replayed recording, recorded again; and what the monitor said of it."""
    old, new, out = Path(folder, "old"), Path(folder, "new"), io.StringIO()
    old.write_text(RECORDING)
    wanted = ["--universes", "1", "--port-address", f"{monitor._port_addresses('0:1:1')[0]}"]
    player = threading.Thread(target=call, args=("replay", str(old), "--to", "127.0.0.1"))
    player.start()
    assert call("record", str(new), "--seconds", "0.7", *wanted) == 0
    with contextlib.redirect_stdout(out):
        assert call("monitor", "--json", "--seconds", "0.3") == 0
    player.join()
    return [new.read_text(), json.loads(out.getvalue())]


def test_what_is_replayed_is_recorded_again_and_seen_by_the_monitor(tmp_path: Path):
    recorded, view = isolated(play_and_record, str(tmp_path))
    old, new = (
        sorted(line.split(" ", 1)[1] for line in text.splitlines() if line[0].isdigit() and "@" in line)
        for text in (RECORDING, recorded)
    )
    assert new == old
    assert '"Console A (replay)"' in recorded
    assert CID.hex() not in recorded
    assert [(one["protocol"], one["universe"]) for one in view["universes"]] == [("artnet", 17), ("sacn", 1)]
    (source,) = view["universes"][1]["sources"]
    assert (source["priority"], source["levels"][:10]) == (150, [1, 2, *[0] * 7, 128])
