"""Commands as a person types them: what they print, and their exit codes."""

import csv
import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import yaml

from lumad.cli import main
from lumad.resources import fixtures_dir
from lumad.show.files import read_show

SHOW = """
show: 1
name: test
wall: {size: [64, 36]}
regions:
  left: {center: [0.25, 0.5], size: [0.5, 1.0]}
fixtures:
  key: {profile: generic/rgb, mode: 8bit, universe: 1, address: 1, follow: left}
  rim: {profile: generic/rgbw-16bit, mode: dimmer-rgbw, universe: 1, address: 11, follow: left}
outputs:
  - {protocol: sacn, universes: "1", to: [127.0.0.1]}
"""


@pytest.fixture(autouse=True)
def own_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command looks at this machine's own files."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "xdg"))


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A good show."""
    path = tmp_path / "show.yaml"
    path.write_text(SHOW)
    return path


@pytest.fixture
def grey(tmp_path: Path) -> Path:
    """A picture of code 188."""
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), np.full((36, 64, 3), 188, np.uint8))
    return path


def test_a_good_show_gets_a_summary(show: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["check", str(show)]) == 0
    assert capsys.readouterr().out == f"{show}: good; 1 regions, 2 fixtures in 1 universes, 1 outputs\n"


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("left}\n  rim", "lefd}\n  rim", "8:68: fixtures.key.follow: no region 'lefd' (nearest: left)"),
        ("generic/rgb,", "generic/rbg,", "no profile 'generic/rbg' (nearest: generic/rgb)"),
        ("mode: 8bit", "mode: 8-bit", "(nearest: 8bit)"),
        ("address: 11", "address: 3", "fixtures.rim"),
        ("address: 11", "address: 513", "513 is not an address"),
        ("universe: 1, address: 1,", "universe: 0, address: 1,", "0 is not a universe"),
        ("name: test", "name: test\nname: again", "name"),
        ("name: test", "name: test\n\tfeed: x", "tab"),
        ("size: [0.5, 1.0]", "size: [.nan, 1.0]", "regions.left.size"),
        ("name: test", "nmae: test", "(nearest: name)"),
        (SHOW, "- 1\n", "mapping"),
        (SHOW, "", "empty"),
    ],
)  # fmt: skip
def test_each_fault_is_one_clear_line_and_exit_3(wrong, right, said, show: Path, capsys):
    show.write_text(SHOW.replace(wrong, right, 1))
    assert main(["check", str(show)]) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert all(line.startswith(f"{show}:") for line in err.splitlines())
    assert "Traceback" not in err


def test_a_show_that_is_not_there_is_said_in_one_line(tmp_path: Path, capsys):
    assert main(["check", str(tmp_path / "none.yaml")]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_what_is_allowed_but_hardly_meant_is_a_warning(show: Path, capsys):
    show.write_text(SHOW.replace('universes: "1"', 'universes: "2"'))
    assert main(["check", str(show)]) == 0
    assert "universe 1 is on no output" in capsys.readouterr().err


def test_probe_shows_every_step_as_the_contract_says(show: Path, grey: Path, capsys):
    assert main(["probe", str(show), "--image", str(grey), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["wall"] == {"size": [64, 36]}
    key = answer["fixtures"]["key"]
    (cell,) = key["cells"]
    light = ((188 / 255 + 0.055) / 1.055) ** 2.4
    assert key["levels"] == [round(255 * light)] * 3
    assert cell["linear_rgb"] == pytest.approx([light] * 3, abs=1e-5)
    assert cell["xyz"][1] == cell["target_xyz"][1] == pytest.approx(light, abs=1e-5)
    assert (cell["region"], cell["drives"], cell["limits"]) == ("left", {}, [])
    assert set(answer["fixtures"]["rim"]["cells"][0]["drives"]) == {
        "ColorAdd_R",
        "ColorAdd_G",
        "ColorAdd_B",
        "ColorAdd_W",
    }


def test_probe_tells_a_person_the_same(show: Path, grey: Path, capsys):
    assert main(["probe", str(show), "--image", str(grey)]) == 0
    out = capsys.readouterr().out
    assert "key  universe 1, address 1" in out
    assert "assumed" in out


def test_probe_and_check_say_what_the_camera_does_not_know(show: Path, grey: Path, capsys):
    (show.parent / "camera.yaml").write_text("camera: 1\nwall: {r: [1, 0, 0], g: [0, 1, 0], b: [0, 0, 1]}\n")
    show.write_text(f"{SHOW}match: {{camera: camera.yaml}}\n")
    for command in (["check", str(show)], ["probe", str(show), "--image", str(grey), "--json"]):
        assert main(command) == 0
        err = capsys.readouterr().err
        assert err.count("camera.yaml knows no emitters of it; it is matched for the eye") == 2


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\x89PNG\r\n\x1a\n cut off"])
def test_a_picture_that_cannot_be_read_is_one_line_and_exit_5(content, show: Path, tmp_path: Path, capsys):
    picture = tmp_path / "picture.png"
    if content is not None:
        picture.write_bytes(content)
    assert main(["probe", str(show), "--image", str(picture)]) == 5
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert str(picture) in err


def test_a_picture_of_one_pixel_is_a_picture(show: Path, tmp_path: Path, capsys):
    picture = tmp_path / "one.png"
    cv2.imwrite(str(picture), np.full((1, 1, 3), 255, np.uint8))
    assert main(["probe", str(show), "--image", str(picture), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fixtures"]["key"]["levels"] == [255, 255, 255]


def test_the_patch_sheet_is_in_order_of_patch(show: Path, capsys):
    assert main(["patch", str(show), "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["fixture"], row["address"], row["last"]) for row in rows] == [
        ("key", "1", "3"),
        ("rim", "11", "20"),
    ]
    assert main(["patch", str(show)]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("key")
    assert main(["patch", str(show), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[1]["footprint"] == 10


def test_an_export_is_a_show_again(show: Path, tmp_path: Path, capsys):
    assert main(["export", str(show)]) == 0
    again = tmp_path / "again.yaml"
    again.write_text(capsys.readouterr().out)
    assert yaml.safe_load(again.read_text())["fixtures"]["key"]["follow"]["region"] == "left"
    assert main(["check", str(again)]) == 0


def test_an_export_with_names_that_look_like_numbers_is_a_show_again(show: Path, tmp_path: Path, capsys):
    show.write_text(
        SHOW.replace("left", '"1e3"').replace("key: {", '"0o17": {label: "1e3", ').replace("rim:", "on:")
    )
    assert main(["export", str(show)]) == 0
    again = tmp_path / "again.yaml"
    again.write_text(capsys.readouterr().out)
    assert main(["check", str(again)]) == 0
    assert read_show(again, [fixtures_dir()]).show == read_show(show, [fixtures_dir()]).show


def test_the_doctor_names_the_kernel_and_the_interfaces(capsys):
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["kernel"]["variant"] in {"vbmi", "avx2", "table", "opencv"}
    assert found["kernel"]["running"] == "no lumad runs here"
    assert found["kernel"]["ms"] > 0
    assert "lo" in found["interfaces"]
    assert main(["doctor"]) == 0


def test_profiles_are_listed_and_shown(capsys):
    assert main(["profiles"]) == 0
    assert "arri/skypanel-s60-c" in capsys.readouterr().out
    assert main(["profiles", "show", "generic/rgb"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "generic/rgb"
    assert main(["profiles", "list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) >= 6


def test_an_unknown_profile_names_the_nearest(capsys):
    assert main(["profiles", "show", "generic/rbg"]) == 1
    assert "nearest: generic/rgb" in capsys.readouterr().err
    assert main(["profiles", "show"]) == 2


def test_release_says_when_nothing_runs(capsys):
    assert main(["release"]) == 4
    assert "no lumad runs" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["run"], ["nonsense"], ["run", "x.yaml", "--port", "99999"]])
def test_wrong_usage_is_exit_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_settings_with_a_fault_name_the_line(show: Path, tmp_path: Path, capsys):
    settings = tmp_path / "lumad.yaml"
    settings.write_text("bind: 127.0.0.1\nport: 99999\n")
    assert main(["check", str(show), "--settings", str(settings)]) == 3
    assert f"{settings}:2:" in capsys.readouterr().err
