import os
from pathlib import Path

import pytest
from shows import PROFILES, show

from lumad.errors import DocumentError
from lumad.library.measurements import Measurements, emitters_xyz
from lumad.model.calibration import Calibration
from lumad.model.validate import check

LAMP = """calibration: 1
serial: "7"
emitters:
  ColorAdd_R: {xyY: [0.69, 0.305, 60]}
"""
CAMERA = "camera: 1\nwall: {r: [1, 0, 0], g: [0, 1, 0], b: [0, 0, 1]}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "show/lamps").mkdir(parents=True)
    (tmp_path / "show/lamps/7.yaml").write_text(LAMP)
    (tmp_path / "show/camera.yaml").write_text(CAMERA)
    (tmp_path / "secret.yaml").write_text(LAMP)
    return tmp_path / "show"


def test_measurements_lie_below_the_folder_of_the_show(folder: Path):
    measurements = Measurements(folder)
    assert measurements.calibration("lamps/7.yaml").serial == "7"
    assert measurements.camera("camera.yaml").wall.g == (0, 1, 0)


def test_a_file_is_read_again_only_after_it_was_changed(folder: Path):
    measurements, path = Measurements(folder), folder / "lamps/7.yaml"
    first = measurements.calibration("lamps/7.yaml")
    assert measurements.calibration("lamps/7.yaml") is first
    path.write_text(LAMP.replace('"7"', '"8"'))
    os.utime(path, ns=(1, 1))
    assert measurements.calibration("lamps/7.yaml").serial == "8"


@pytest.mark.parametrize("file", ["../secret.yaml", "lamps/../../secret.yaml", "link.yaml", "a\0b"])
def test_nothing_outside_the_folder_is_read(folder: Path, file: str):
    (folder / "link.yaml").symlink_to(folder.parent / "secret.yaml")
    with pytest.raises(DocumentError, match="lies outside the show's folder; put it beside the show"):
        Measurements(folder).calibration(file)


def test_an_absolute_path_is_refused_wherever_it_leads(folder: Path):
    with pytest.raises(DocumentError, match="lies outside the show's folder"):
        Measurements(folder).calibration(str(folder / "lamps/7.yaml"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            LAMP.replace("60", "0"),
            r"7\.yaml:4:16: emitters\.ColorAdd_R\.xyY: \[0\.69, 0\.305, 0\] is no light",
        ),
        (LAMP.replace("serial", "seriel"), r"7\.yaml:2:1: seriel: no such key \(nearest: serial\)"),
        (CAMERA, r"7\.yaml:1:1: camera: no such key"),
        ("[", r"7\.yaml:2:1: a value is missing here"),
    ],
)
def test_a_fault_names_file_line_and_column(folder: Path, text: str, said: str):
    (folder / "lamps/7.yaml").write_text(text)
    with pytest.raises(DocumentError, match=said):
        Measurements(folder).calibration("lamps/7.yaml")


def test_a_file_that_is_gone_is_a_fault_and_no_memory(folder: Path):
    measurements = Measurements(folder)
    measurements.calibration("lamps/7.yaml")
    (folder / "lamps/7.yaml").unlink()
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        measurements.calibration("lamps/7.yaml")


def spectral(peak: int):
    return {
        "spectrum": {"start_nm": 380, "step_nm": 5, "values": [float(abs(n - peak) < 4) for n in range(81)]}
    }


def test_spectra_become_xyz_in_one_unit():
    emitters = {"r": spectral(50), "g": spectral(30)}
    found = emitters_xyz(check({"calibration": 1, "serial": "7", "emitters": emitters}, Calibration))
    assert found["r"][0] > found["r"][1] > found["r"][2]
    assert found["g"][1] > found["g"][0]


def test_a_spectrum_that_is_next_to_no_light_is_refused_at_its_place(folder: Path):
    spectrum = f"{{start_nm: 380, step_nm: 5, values: {[1e-30] * 81}}}"
    text = f'calibration: 1\nserial: "7"\nemitters:\n  a: {{spectrum: {spectrum}}}\n'
    (folder / "lamps/7.yaml").write_text(text)
    with pytest.raises(DocumentError, match=r"7\.yaml:3:1: emitters: XYZ .* is out of reach"):
        Measurements(folder).calibration("lamps/7.yaml")


def known(folder: Path, lamps: str):
    """Of a show with an RGB lamp `key` and a white lamp `back`, before a camera that saw `lamps`."""
    (folder / "camera.yaml").write_text(CAMERA + f"lamps: {{{lamps}}}\n")
    lamp = {"profile": "test/rgb", "mode": "rgb8", "universe": 1, "address": 1, "serial": "7"}
    white = {"profile": "test/white", "mode": "cct", "universe": 1, "address": 11}
    fixtures = {"key": lamp, "back": white}
    return Measurements(folder).of_show(show(fixtures=fixtures, match={"camera": "camera.yaml"}), PROFILES)


def test_a_lamp_that_the_camera_file_does_not_wholly_know_is_warned_of(folder: Path):
    whole = "ColorAdd_R: [1, 0, 0], ColorAdd_G: [0, 1, 0]"
    found = known(folder, f"test/rgb: {{{whole}}}")
    assert [str(fault) for fault in found.faults] == [
        "fixtures.key: camera.yaml knows no ColorAdd_B of it; it is matched for the eye"
    ]
    assert not found.seen
    found = known(folder, f'test/rgb: {{{whole}}}, "serial:7": {{ColorAdd_B: [0, 0, 1]}}')
    assert (found.seen, found.faults) == ({"key"}, [])


def test_spectra_that_mix_no_colours_are_refused_at_their_place(folder: Path):
    values = [float(abs(n - 40) < 4) for n in range(81)]
    line = f"{{spectrum: {{start_nm: 380, step_nm: 5, values: {values}}}}}"
    text = f'calibration: 1\nserial: "7"\nemitters:\n  a: {line}\n  b: {line}\n'
    (folder / "lamps/7.yaml").write_text(text)
    with pytest.raises(DocumentError, match=r"7\.yaml:3:1: emitters: a and b are the same to the last digit"):
        Measurements(folder).calibration("lamps/7.yaml")
