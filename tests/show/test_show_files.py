"""The YAML is the gaffer's, the JSON beside it is lumad's, and no edit is ever lost between them."""

import asyncio
import hashlib
import json
from pathlib import Path

import pytest
from show.sample import PROFILE_YAML, SHOW_YAML, Clock

from lumad.errors import DocumentError
from lumad.link.live import Live
from lumad.show.edits import merge
from lumad.show.files import load_show, read_live_show, read_show, saved_bytes
from lumad.show.store import Store

NOWHERE = Path("/proc/self/nowhere")


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    profiles = tmp_path / "profiles" / "example"
    profiles.mkdir(parents=True)
    (profiles / "dimmer.yaml").write_text(PROFILE_YAML)
    (tmp_path / "stage.yaml").write_text(SHOW_YAML)
    return tmp_path / "stage.yaml"


def _edited(stage: Path, x: float = 0.4, state_dir: Path | None = None) -> Store:
    store = Store(load_show(stage, [], state_dir), Clock().later)
    store.apply(merge("regions/sky-left", {"center": [x, 0.5]}))
    store.set_live(master=0.5)
    asyncio.run(store.close())
    return store


def _backups(stage: Path) -> list[Path]:
    return sorted(stage.with_name("stage.lumad.backups").glob("*"))


def test_a_first_start_takes_the_yaml_and_writes_nothing(stage: Path):
    before = sorted(stage.parent.rglob("*"))
    loaded = load_show(stage, [])
    assert (loaded.revision, loaded.live, loaded.warnings) == (1, Live(), ())
    assert loaded.save_paths == (stage.with_name("stage.lumad.json"),)
    assert not loaded.fresh
    assert sorted(stage.parent.rglob("*")) == before


def test_edits_live_on_over_a_restart_and_the_yaml_is_never_touched(stage: Path):
    store = _edited(stage)
    again = load_show(stage, [])
    assert (again.show, again.live, again.revision) == (store.show, store.live, store.revision)
    assert stage.read_text() == SHOW_YAML
    assert (
        json.loads(again.save_paths[0].read_bytes())["yaml_sha256"]
        == hashlib.sha256(SHOW_YAML.encode()).hexdigest()
    )


def test_a_yaml_edited_since_wins_and_the_edits_are_kept_as_a_backup(stage: Path):
    store = _edited(stage)
    stage.write_text(SHOW_YAML.replace("Micro stage", "Another stage"))
    again = load_show(stage, [])
    assert (again.show.name, again.show.regions["sky-left"].center) == ("Another stage", (0.2, 0.25))
    assert (again.live.master, again.revision, again.fresh) == (0.5, store.revision + 1, True)
    assert "edited since" in again.warnings[0]
    assert json.loads(_backups(stage)[0].read_bytes())["revision"] == store.revision
    asyncio.run(Store(again, Clock().later).close())
    assert load_show(stage, []).warnings == ()


@pytest.mark.parametrize(
    "broken", [b"", b"{", b"[]", b"\xff\xfe\x00", b'{"format": 2}', b'{"format": 1}', b"[" * 100_000]
)
def test_a_broken_file_is_kept_and_the_yaml_lights_the_stage(stage: Path, broken: bytes):
    stage.with_name("stage.lumad.json").write_bytes(broken)
    loaded = load_show(stage, [])
    assert loaded.show.name == "Micro stage"
    assert len(loaded.warnings) == 1
    assert _backups(stage)[0].read_bytes() == broken


def test_a_file_cut_off_anywhere_is_never_taken_for_a_show(stage: Path):
    _edited(stage)
    saved = stage.with_name("stage.lumad.json")
    whole = saved.read_bytes()
    for cut in range(0, len(whole) - 2, 97):
        saved.write_bytes(whole[:cut])
        assert read_live_show(stage, []).revision == 1


def test_a_file_whose_show_is_not_valid_is_kept_and_not_used(stage: Path):
    loaded = load_show(stage, [])
    bad = json.loads(saved_bytes(loaded.show, Live(freeze=True), 7, loaded.yaml_sha256))
    bad["show"]["fixtures"]["key"]["address"] = 513
    stage.with_name("stage.lumad.json").write_text(json.dumps(bad))
    again = load_show(stage, [])
    assert (again.show, again.live.freeze, again.revision) == (loaded.show, True, 8)
    assert "513" in again.warnings[0]


def test_a_folder_that_takes_nothing_has_its_edits_in_the_state_directory(stage: Path, tmp_path: Path):
    state = tmp_path / "state"
    beside = stage.with_name("stage.lumad.json")
    beside.mkdir()  # stands in the way, as a read-only folder would
    store = _edited(stage, 0.4, state)
    assert len(list((state / "shows").glob("stage-*.lumad.json"))) == 1
    assert load_show(stage, [], state).show == store.show


def test_edits_that_cannot_be_backed_up_are_never_written_over(stage: Path, tmp_path: Path):
    _edited(stage, 0.4, tmp_path / "state")
    beside = stage.with_name("stage.lumad.json")
    edits = beside.read_bytes()
    stage.with_name("stage.lumad.backups").write_text("in the way")
    stage.write_text(SHOW_YAML.replace("Micro stage", "Another stage"))
    for x in (0.5, 0.6, 0.7):  # later starts find a show of their own, and that file is still the only copy
        newer = _edited(stage, x, tmp_path / "state")
        assert "could not be copied" in newer.warnings[0]
        assert f"{beside} is not overwritten: edits are saved in {tmp_path}/state" in newer.warnings[1]
        assert beside.read_bytes() == edits
    assert load_show(stage, [], tmp_path / "state").show == newer.show


def test_where_the_only_place_holds_such_edits_new_ones_stay_in_memory(stage: Path):
    _edited(stage)
    stage.with_name("stage.lumad.backups").write_text("in the way")
    stage.write_text(SHOW_YAML.replace("Micro stage", "Another stage"))
    again = load_show(stage, [])
    assert again.save_paths == ()
    assert "is not overwritten: edits live in memory only" in again.warnings[1]
    assert "memory only" in str(Store(again, Clock().later).unsaved)


def test_once_the_backup_succeeds_edits_stand_beside_the_yaml_again(stage: Path, tmp_path: Path):
    _edited(stage, 0.4, tmp_path / "state")
    stage.with_name("stage.lumad.backups").write_text("in the way")
    stage.write_text(SHOW_YAML.replace("Micro stage", "Another stage"))
    _edited(stage, 0.5, tmp_path / "state")
    stage.with_name("stage.lumad.backups").unlink()
    newer = _edited(stage, 0.6, tmp_path / "state")
    assert len(_backups(stage)) == 1
    assert load_show(stage, [], tmp_path / "state").show == newer.show == load_show(stage, []).show
    assert load_show(stage, [], tmp_path / "state").warnings == ()


def test_a_file_that_cannot_be_read_is_not_written_over(stage: Path):
    stage.with_name("stage.lumad.json").mkdir()
    loaded = load_show(stage, [])
    assert (loaded.show.name, loaded.save_paths, _backups(stage)) == ("Micro stage", (), [])
    assert "Is a directory" in loaded.warnings[0]


def test_of_two_files_that_fit_the_newer_is_the_show(stage: Path, tmp_path: Path):
    state = tmp_path / "state"
    _edited(stage, 0.4, state)
    older = stage.with_name("stage.lumad.json").read_bytes()
    newer = _edited(stage, 0.6, state)
    (state / "shows").mkdir(parents=True)
    aside = load_show(stage, [], state).save_paths[1]
    stage.with_name("stage.lumad.json").rename(aside)
    stage.with_name("stage.lumad.json").write_bytes(older)
    assert load_show(stage, [], state).show == newer.show


def test_where_the_folder_is_read_only_the_start_says_where_edits_go(stage: Path, tmp_path: Path):
    with stage.open() as file:
        path = Path(f"/proc/self/fd/{file.fileno()}")
        beside_state = load_show(path, [tmp_path / "profiles"], tmp_path / "state")
        in_memory = load_show(path, [tmp_path / "profiles"], NOWHERE)
    assert beside_state.save_paths[0].parent == tmp_path / "state" / "shows"
    assert "edits are saved in" in beside_state.warnings[0]
    assert in_memory.save_paths == ()
    assert "memory only" in in_memory.warnings[0]


def test_looking_at_a_live_show_writes_nothing(stage: Path):
    stage.with_name("stage.lumad.json").write_bytes(b"{")
    before = sorted(stage.parent.rglob("*"))
    assert read_live_show(stage, []).show.name == "Micro stage"
    assert sorted(stage.parent.rglob("*")) == before


def test_a_fault_of_the_file_stands_with_its_line(stage: Path):
    stage.write_text(SHOW_YAML.replace("follow: sky-left}", "follow: sky-lft}"))
    with pytest.raises(DocumentError, match=r"stage.yaml:7:\d+: fixtures.key.follow: .*nearest: sky-left"):
        read_show(stage, [])


def test_a_profile_that_is_broken_says_what_is_wrong_with_it(stage: Path):
    (stage.parent / "profiles" / "example" / "dimmer.yaml").write_text("id: example/dimmer\n")
    with pytest.raises(DocumentError, match=r"fixtures.key.profile: .*cannot be used.*missing"):
        read_show(stage, [])


def test_a_show_that_is_not_there_is_one_line(tmp_path: Path):
    with pytest.raises(DocumentError, match="cannot be read: No such file"):
        load_show(tmp_path / "none.yaml", [])


def test_a_yaml_that_became_invalid_harms_no_saved_edit(stage: Path):
    _edited(stage)
    saved = stage.with_name("stage.lumad.json").read_bytes()
    stage.write_text("show: 1\nregions: 7\n")
    with pytest.raises(DocumentError):
        load_show(stage, [])
    assert stage.with_name("stage.lumad.json").read_bytes() == saved
    assert not _backups(stage)
