import json
from pathlib import Path
from typing import Any

import pytest

from lumad.cli import main
from lumad.library.measurements import Measurements

SHOTS = "Emitter,x,y,Y\nred,0.69,0.305,412\nColorAdd_G,0.17,0.7,866\n"
DIMMER = "attribute,code,light\n" + "".join(f"Dimmer,{c},{(c / 100) ** 2}\n" for c in (2, 5, 10, 25, 50, 100))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shots.csv").write_text(SHOTS)
    (tmp_path / "dimmer.csv").write_text(DIMMER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def imported(*more: str):
    return main(["calibration", "import", "shots.csv", "--serial", "1234", "--name", "red=ColorAdd_R", *more])


def test_a_meters_table_becomes_a_calibration_file(folder: Path):
    more = [
        "--curve",
        "dimmer.csv",
        "--full",
        "100",
        "--profile",
        "generic/rgb",
        "--instrument",
        "M",
        "--date",
        "2026-11-20",
    ]
    assert imported(*more, "-o", "lamp.yaml") == 0
    found = Measurements(folder).calibration("lamp.yaml")
    assert (found.serial, found.profile, found.instrument, found.date) == (
        "1234",
        "generic/rgb",
        "M",
        "2026-11-20",
    )
    assert found.emitters["ColorAdd_R"].xyY == (0.69, 0.305, 412)
    assert found.curve_of("Dimmer") == {"gamma": 2.0}


def test_measurements_are_never_overwritten(folder: Path, capsys: Any):
    (folder / "lamp.yaml").write_text("mine")
    assert imported("-o", "lamp.yaml") == 1
    assert "is there already" in capsys.readouterr().err
    assert (folder / "lamp.yaml").read_text() == "mine"


@pytest.mark.usefixtures("folder")
def test_without_a_file_the_calibration_is_printed(capsys: Any):
    assert imported() == 0
    assert 'serial: "1234"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SHOTS.replace("866", "-1"), "shots.csv: emitters.ColorAdd_G.xyY: [0.17, 0.7, -1] is no light"),
        (SHOTS.replace("866", "x"), "shots.csv:3:4: column 'Y': 'x' is not a number"),
        (SHOTS.replace("0.17,0.7,866", "0.69,0.305,412"), "are the same to the last digit; measured twice?"),
    ],
)
def test_a_fault_in_the_table_is_exit_3(text: str, said: str, folder: Path, capsys: Any):
    (folder / "shots.csv").write_text(text)
    assert imported("-o", "lamp.yaml") == 3
    assert said in capsys.readouterr().err
    assert not (folder / "lamp.yaml").exists()


@pytest.mark.usefixtures("folder")
def test_a_file_is_shown_in_x_and_y(capsys: Any):
    imported("--curve", "dimmer.csv", "--full", "100", "-o", "lamp.yaml")
    assert main(["calibration", "show", "lamp.yaml"]) == 0
    out = capsys.readouterr().out
    assert "ColorAdd_R        0.6900  0.3050         412" in out
    assert "Dimmer            1.00 %   25.00 %   81.00 %   (gamma)" in out
    assert main(["calibration", "show", "lamp.yaml", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["emitters"]["ColorAdd_G"]["xyY"] == [0.17, 0.7, 866]


def test_a_turn_on_code_is_counted_as_the_table_counts(folder: Path):
    rows = "".join(f"Dimmer,{c},{(c - 10) / 245}\n" for c in (15, 30, 60, 120, 255))
    (folder / "dimmer.csv").write_text("attribute,code,light\n" + rows)
    assert (
        imported("--curve", "dimmer.csv", "--full", "255", "--turn-on", "Dimmer=10", "-o", "lamp.yaml") == 0
    )
    curve = Measurements(folder).calibration("lamp.yaml").curve_of("Dimmer")
    assert curve == {"gamma": pytest.approx(1, abs=0.01), "turn_on": pytest.approx(10 / 255, abs=1e-4)}


@pytest.mark.usefixtures("folder")
def test_a_call_that_names_nothing_is_wrong_usage(capsys: Any):
    assert main(["calibration", "import", "--serial", "1"]) == 2
    for wrong in (["--turn-on", "Dimmer=-2"], ["--full", "0"], ["--name", "red"]):
        with pytest.raises(SystemExit):
            imported(*wrong)
    assert "not written as A=B" in capsys.readouterr().err
