"""What a person imports and exports: what is printed, where files go, and what is never written over."""

import json
from pathlib import Path

import pytest
from foreign_files import channel, gdtf, mode, ofl, zipped

from lumad.cli import main
from lumad.library.mvr import SCENE

PAR = gdtf(
    mode(
        channel("1,2", attribute="Dimmer"),
        *(channel(str(at), attribute=f"ColorAdd_{c}") for at, c in enumerate("RGB", 3)),
    )
)
OFL = ofl(
    {"Dimmer": {"capability": {"type": "Intensity"}}, "Hue": {"capability": {"type": "Generic"}}},
    ["Dimmer", "Hue"],
    ["Dimmer"],
)
MVR = zipped({
    "par.gdtf": PAR,
    SCENE: '<GeneralSceneDescription><Scene><Layers><Layer name="" uuid="L"><ChildList>'
    '<Fixture name="Key" uuid="F">'
    "<GDTFSpec>par.gdtf</GDTFSpec><GDTFMode>Mode 1</GDTFMode>"
    "<Addresses><Address>513</Address></Addresses></Fixture>"
    "</ChildList></Layer></Layers></Scene></GeneralSceneDescription>",
})  # fmt: skip


@pytest.fixture(autouse=True)
def own_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No command looks at this machine's own files."""
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "xdg"))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """The user's library folder, named in settings.yaml beside it."""
    (tmp_path / "settings.yaml").write_text(f"library: {tmp_path / 'library'}\n")
    return tmp_path / "library"


def written(folder: Path, name: str, data: bytes | str) -> str:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def run(library: Path, *arguments: str) -> int:
    return main([*arguments, "--settings", str(library.parent / "settings.yaml")])


def test_a_gdtf_file_is_imported_as_a_draft_and_found_again(tmp_path: Path, library: Path, capsys):
    assert run(library, "profiles", "import", written(tmp_path, "par.gdtf", PAR)) == 0
    out = capsys.readouterr().out
    assert f"acme/par: 1 modes, status draft: {library}/acme/par.yaml" in out
    assert "mode-1: rgb, 5 slots; assumed: curve, primaries, white, transfer" in out
    assert run(library, "profiles", "show", "acme/par") == 0
    assert json.loads(capsys.readouterr().out)["modes"]["mode-1"]["colour"]["model"] == "rgb"


def test_an_open_fixture_library_file_says_what_was_repaired_and_left_out(
    tmp_path: Path, library: Path, capsys
):
    assert (
        run(library, "profiles", "import", written(tmp_path, "par.json", OFL), "--as", "my/par", "--json")
        == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert (told["id"], told["modes"]) == ("my/par", ["mode-2"])
    assert told["left_out"] == ["mode 'Mode 1': its channels make light in no way that lumad drives"]


def test_nothing_is_written_over_unless_forced(tmp_path: Path, library: Path, capsys):
    file = written(tmp_path, "par.gdtf", PAR)
    mine = library / "acme/par.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    assert run(library, "profiles", "import", file) == 1
    assert "is there already; --force" in capsys.readouterr().err
    assert mine.read_text() == "mine"
    assert run(library, "profiles", "import", file, "--force") == 0
    assert mine.read_text().startswith("id: acme/par")


@pytest.mark.parametrize("as_id", ["../evil/x", "/etc/x", "a/../b", "a/..", "A/b", "a"])
def test_no_id_leads_out_of_the_library(as_id: str, tmp_path: Path, library: Path, capsys):
    assert run(library, "profiles", "import", written(tmp_path, "par.gdtf", PAR), "--as", as_id) == 3
    assert "is no profile id" in capsys.readouterr().err
    assert not library.exists()


def test_a_link_out_of_the_library_is_not_written_through(tmp_path: Path, library: Path, capsys):
    outside = tmp_path / "outside"
    outside.mkdir()
    library.mkdir()
    (library / "acme").symlink_to(outside)
    assert run(library, "profiles", "import", written(tmp_path, "par.gdtf", PAR), "--force") == 1
    assert "leads out of" in capsys.readouterr().err
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"{", b"<xml/>", zipped({"../x": "y"})])
def test_a_file_of_no_use_is_one_line_and_exit_3(data: bytes, tmp_path: Path, library: Path, capsys):
    assert run(library, "profiles", "import", written(tmp_path, "x.gdtf", data)) == 3
    assert capsys.readouterr().err.count("\n") == 1
    assert run(library, "import", written(tmp_path, "x.mvr", data)) == 3
    assert run(library, "import", str(tmp_path / "none.mvr")) == 3
    assert not library.exists()


def test_a_scene_prints_a_show_that_is_good_and_brings_its_profiles(tmp_path: Path, library: Path, capsys):
    file = written(tmp_path, "stage.mvr", MVR)
    assert run(library, "import", file, "--dry-run") == 0
    assert not library.exists()
    capsys.readouterr()
    assert run(library, "import", file) == 0
    out, err = capsys.readouterr()
    assert "acme/par: a draft" in err
    assert run(library, "check", written(tmp_path, "show.yaml", out)) == 0
    assert "acme/par is an unconfirmed draft" in capsys.readouterr().err


SHOW = """
show: 1
name: test
regions: {left: {center: [0.25, 0.5], size: [0.5, 1.0]}, "off": {center: [0.75, 0.5], size: [0.5, 1.0]}}
fixtures:
  key: {profile: generic/rgb, mode: 8bit, universe: 1, address: 1, follow: left, label: "Key, left"}
  rim: {profile: generic/rgb, mode: 8bit, universe: 1, address: 11, control: "off", label: "=1+1"}
  fill: {profile: generic/rgb, mode: 8bit, universe: 1, address: 21, follow: {region: "off", take: colour}}
  back: {profile: generic/rgb, mode: 8bit, universe: 1, address: 31, control: manual, follow: left}
"""


def test_a_patch_list_goes_out_and_comes_in_again(tmp_path: Path, library: Path, capsys):
    show = written(tmp_path, "show.yaml", SHOW)
    assert run(library, "patch", show, "--csv") == 0
    assert run(library, "import", written(tmp_path, "patch.csv", capsys.readouterr().out)) == 0
    fixtures = capsys.readouterr().out
    again = SHOW[: SHOW.index("fixtures:")] + fixtures
    assert run(library, "export", written(tmp_path, "again.yaml", again)) == 0
    back = capsys.readouterr().out
    assert run(library, "export", show) == 0
    assert capsys.readouterr().out == back


def test_a_show_is_exported_as_a_scene_and_read_again(tmp_path: Path, library: Path, capsys):
    show, scene = written(tmp_path, "show.yaml", SHOW), tmp_path / "out.mvr"
    assert run(library, "export", show, "--mvr", str(scene)) == 0
    assert capsys.readouterr().out == f"{scene}: 4 fixtures, 2 regions\n"
    assert run(library, "export", show, "--mvr", str(scene)) == 1
    assert "is there already" in capsys.readouterr().err
    assert run(library, "export", show, "--mvr", str(scene), "--force") == 0
    assert run(library, "import", str(scene)) == 0
    assert "region: left" in capsys.readouterr().out.replace("follow: left", "region: left")
