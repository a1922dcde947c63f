"""The store: revisions, gestures, live values, listeners, and saving that never holds anybody up."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from show.sample import Clock, sample_loaded, sample_show

from lumad.errors import EditError, StaleRevisionError, UnknownNameError
from lumad.show.edits import Edit, delete, merge
from lumad.show.saver import DEBOUNCE_S, RETRY_S
from lumad.show.store import Event, Store


def _at(x: float) -> Edit:
    return merge("regions/sky-left", {"center": [x, 0.5]})


def test_an_edit_is_a_revision_and_undo_is_one_more():
    store = Store(sample_loaded(), Clock().later)
    assert store.apply(_at(0.4)) == 2
    assert store.show.regions["sky-left"].center == (0.4, 0.5)
    assert store.undo() == 3
    assert store.show == sample_show()
    assert store.redo() == 4
    assert store.show.regions["sky-left"].center == (0.4, 0.5)


def test_a_drag_is_one_step_of_undo():
    store = Store(sample_loaded(), Clock().later)
    for step in range(50):
        store.apply(_at(step / 50), gesture="g1", by="phone")
    assert store.revision == 51
    store.undo()
    assert store.show == sample_show()
    assert not store.can_undo


def test_an_edit_that_changes_nothing_is_no_revision():
    store = Store(sample_loaded(), Clock().later)
    assert store.apply(merge("regions/sky-left", {"center": [0.2, 0.25]})) == 1
    assert not store.can_undo


def test_a_refused_edit_changes_nothing():
    store = Store(sample_loaded(), Clock().later)
    heard: list[Event] = []
    store.subscribe(heard.append)
    for edit in (_at(1e9), delete("regions/sky-left"), merge("fixtures/key", {"profile": "example/dimer"})):
        with pytest.raises(EditError):
            store.apply(edit)
    with pytest.raises(UnknownNameError):
        store.apply(merge("regions/none", {}))
    assert (store.show, store.revision, heard, store.pending) == (sample_show(), 1, [], False)


def test_an_edit_made_for_another_revision_is_refused():
    store = Store(sample_loaded(), Clock().later)
    store.apply(_at(0.4), base_rev=1)
    with pytest.raises(StaleRevisionError, match="revision 2"):
        store.apply(_at(0.5), base_rev=1)


def test_there_is_nothing_to_undo_at_the_beginning():
    store = Store(sample_loaded(), Clock().later)
    with pytest.raises(EditError, match="nothing to undo"):
        store.undo()
    with pytest.raises(EditError, match="nothing to redo"):
        store.redo()


def test_live_values_make_no_revision_and_are_told_at_once():
    store = Store(sample_loaded(), Clock().later)
    heard: list[Event] = []
    store.subscribe(heard.append)
    store.set_live(master=0.5, blackout=True, by="phone")
    store.set_live(master=0.5)
    assert (store.live.master, store.live.blackout, store.revision) == (0.5, True, 1)
    assert heard == [Event("live", "phone")]


@pytest.mark.parametrize(
    "bad",
    [
        {"master": 1.5},
        {"master": True},
        {"master": float("nan")},
        {"master": 10**400},
        {"blackout": 1},
        {"mastr": 1},
    ],
)
def test_a_live_value_that_cannot_be_is_refused(bad: dict[str, object]):
    store = Store(sample_loaded(), Clock().later)
    with pytest.raises(EditError):
        store.set_live(**{"freeze": True, **bad})
    assert store.live == sample_loaded().live


def test_a_listener_that_fails_or_leaves_harms_nobody(caplog: pytest.LogCaptureFixture):
    store = Store(sample_loaded(), Clock().later)
    heard: list[Event] = []
    store.subscribe(lambda _: 1 / 0)  # type: ignore[arg-type,return-value]
    leave = store.subscribe(heard.append)
    store.apply(_at(0.4))
    leave()
    store.apply(_at(0.5))
    assert heard == [Event("show")]
    assert "listener" in caplog.text


async def test_edits_are_saved_half_a_second_after_the_first(tmp_path: Path):
    clock, path = Clock(), tmp_path / "stage.lumad.json"
    store = Store(sample_loaded(path), clock.later)
    store.apply(_at(0.4))
    clock.pass_by(DEBOUNCE_S - 0.1)
    store.apply(_at(0.5))
    assert not path.exists()
    clock.pass_by(0.1)
    await store.settled()
    saved = json.loads(path.read_bytes())
    assert saved["show"]["regions"]["sky-left"]["center"] == [0.5, 0.5]
    assert (saved["revision"], store.pending) == (3, False)


async def test_what_changes_during_a_save_is_saved_after_it(tmp_path: Path):
    clock, path = Clock(), tmp_path / "stage.lumad.json"
    store = Store(sample_loaded(path), clock.later)
    store.apply(_at(0.4))
    clock.pass_by(DEBOUNCE_S)
    await asyncio.sleep(0)  # the write has begun
    store.set_live(master=0.25)
    await store.settled()
    assert store.pending
    clock.pass_by(DEBOUNCE_S)
    await store.settled()
    assert json.loads(path.read_bytes())["live"]["master"] == 0.25


async def test_a_save_that_fails_is_shown_and_tried_again_until_it_is_done(tmp_path: Path):
    clock, folder = Clock(), tmp_path / "gone"
    folder.write_text("a file where the folder should be")
    store = Store(sample_loaded(folder / "stage.lumad.json"), clock.later)
    store.apply(_at(0.4))
    clock.pass_by(DEBOUNCE_S)
    await store.settled()
    assert "cannot be saved" in str(store.unsaved)
    folder.unlink()
    clock.pass_by(RETRY_S)
    await store.settled()
    assert store.unsaved is None
    assert json.loads((folder / "stage.lumad.json").read_bytes())["revision"] == 2


async def test_saving_goes_on_after_a_moment_without_threads(tmp_path: Path):
    clock, path, loop = Clock(), tmp_path / "stage.lumad.json", asyncio.get_running_loop()
    exhausted = ThreadPoolExecutor()
    exhausted.shutdown()
    loop.set_default_executor(exhausted)  # RuntimeError, as where no thread can be started
    store = Store(sample_loaded(path), clock.later)
    store.apply(_at(0.4))
    clock.pass_by(DEBOUNCE_S)
    await store.settled()
    assert "cannot be saved" in str(store.unsaved)
    loop.set_default_executor(ThreadPoolExecutor())
    clock.pass_by(RETRY_S)
    await store.settled()
    assert (store.unsaved, store.pending) == (None, False)
    assert json.loads(path.read_bytes())["revision"] == 2


async def test_closing_saves_at_once(tmp_path: Path):
    clock, path = Clock(), tmp_path / "stage.lumad.json"
    store = Store(sample_loaded(path), clock.later)
    store.set_live(blackout=True)
    await store.close()
    assert json.loads(path.read_bytes())["live"]["blackout"] is True
    assert not clock.due


async def test_where_nothing_can_be_written_edits_go_on_and_are_shown_as_unsaved():
    clock = Clock()
    store = Store(sample_loaded(), clock.later)
    store.apply(_at(0.4))
    await store.close()
    assert "memory only" in str(store.unsaved)
    assert store.revision == 2


def test_a_show_that_comes_from_an_edited_yaml_is_saved_without_an_edit(tmp_path: Path):
    clock = Clock()
    store = Store(sample_loaded(tmp_path / "stage.lumad.json", fresh=True), clock.later)
    assert store.pending
    assert clock.due


def test_what_the_patch_leaves_dark_is_a_warning():
    store = Store(sample_loaded(), Clock().later)
    store.apply(merge("fixtures/key", {"universe": 7}))
    assert any("universe 7" in warning for warning in store.warnings)
