"""The journal: a thousand events at hand, the file for a while longer, and no event ever in anybody's way."""

import json
import logging
from pathlib import Path

import pytest
from show.sample import Clock

from lumad.show.journal import FLUSH_S, KEPT, MAX_BYTES, Journal


def _journal(path: Path | None = None) -> tuple[Journal, Clock]:
    clock = Clock()
    return Journal(path, clock.later, lambda: clock.now), clock


def test_the_last_thousand_events_are_at_hand():
    journal, _ = _journal()
    for number in range(KEPT + 5):
        journal.note("edit", f"event {number}", "Ada")
    assert [entry.id for entry in journal.after(0)] == list(range(6, KEPT + 6))
    assert [entry.text for entry in journal.after(KEPT + 4)] == [f"event {KEPT + 4}"]
    assert journal.count == KEPT + 5


def test_whoever_listens_hears_each_event_until_he_leaves():
    journal, clock = _journal()
    heard: list[str] = []
    leave = journal.subscribe(lambda one: heard.append(f"{one.time} {one.kind} {one.by} {one.text}"))
    clock.now = 7.0
    journal.note("live", "blackout on", "Ada")
    leave()
    journal.note("live", "blackout off")
    assert heard == ["7.0 live Ada blackout on"]


async def test_events_outlive_a_restart_and_lines_that_are_none_are_passed_over(tmp_path: Path):
    path = tmp_path / "state" / "events.jsonl"
    journal, clock = _journal(path)
    journal.note("edit", "first 🎬")
    clock.pass_by(FLUSH_S)
    journal.note("edit", "second")
    await journal.close()
    with path.open("a") as file:
        file.write('{"id": 3, "time": \n[]\n{"id": 1, "time": 0, "kind": "", "by": "", "text": "older"}\n')
    again, _ = _journal(path)
    assert [entry.text for entry in again.after(0)] == ["first 🎬", "second"]
    assert again.note("edit", "third").id == 3


async def test_a_file_of_a_mebibyte_makes_room_for_a_new_one(tmp_path: Path):
    path = tmp_path / "events.jsonl"
    path.write_text("x" * MAX_BYTES + "\n")
    journal, clock = _journal(path)
    journal.note("edit", "the first of a new file")
    clock.pass_by(FLUSH_S)
    await journal.settled()
    assert len((tmp_path / "events.1.jsonl").read_text()) == MAX_BYTES + 1
    assert json.loads(path.read_text())["text"] == "the first of a new file"


async def test_a_journal_that_cannot_be_written_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "state").write_text("a file where the folder should be")
    journal, clock = _journal(tmp_path / "state" / "events.jsonl")
    with caplog.at_level(logging.WARNING):
        for number in range(3):
            journal.note("edit", f"event {number}")
            clock.pass_by(FLUSH_S)
            await journal.settled()
    assert caplog.text.count("cannot be written") == 1
    assert len(journal.after(0)) == 3


def test_names_steer_no_terminal_and_begin_no_line():
    journal = Journal(None, Clock().later, lambda: 0.0)
    entry = journal.note("node", "a\x1b[31m\nb\u202ec 👨\u200d👩", "x\r")
    assert (entry.text, entry.by) == (r"a\x1b[31m\nb\u202ec 👨" + "\u200d👩", r"x\r")
