"""Continuity files: what is kept comes back, and what is damaged costs nobody else anything."""

from pathlib import Path

import pytest
from show.sample import sample_show

from lumad.errors import UnknownNameError
from lumad.link.live import Live
from lumad.link.take import Take
from lumad.show.takes import KEPT, Moment, Takes

LEVELS = {1: bytes(range(256)) * 2}


def moment(**slate: object) -> Moment:
    take = Take.from_json({"rolling": True, **slate})
    return Moment(1000.5, take, sample_show(), Live(master=0.5, take=take), LEVELS, b"\xff\xd8 still")


def test_a_take_comes_back_as_it_was(tmp_path: Path):
    takes = Takes(tmp_path / "takes")
    number = takes.keep(moment(scene="12", shot="A", take=3))
    form = takes.form(number)
    assert form["show"]["name"] == "Micro stage"
    assert (form["live"]["master"], form["take"]["scene"]) == (0.5, "12")
    assert takes.still(number) == b"\xff\xd8 still"


def test_takes_are_listed_with_the_newest_in_front(tmp_path: Path):
    takes = Takes(tmp_path)
    for number in (1, 2):
        takes.keep(moment(take=number))
    assert [(each["id"], each["take"], each["still"]) for each in takes.all()] == [(2, 2, True), (1, 1, True)]


def test_a_damaged_take_is_left_out_and_the_others_stay(tmp_path: Path):
    takes = Takes(tmp_path)
    for number in (1, 2):
        takes.keep(moment(take=number))
    (tmp_path / "0001.json").write_text("{")
    assert [each["id"] for each in takes.all()] == [2]
    with pytest.raises(UnknownNameError, match="damaged"):
        takes.form(1)


def test_a_take_of_another_lumad_is_not_guessed_at(tmp_path: Path):
    (tmp_path / "0001.json").write_text('{"lumad_take": 2}')
    with pytest.raises(UnknownNameError, match="another lumad"):
        Takes(tmp_path).form(1)


def test_the_oldest_of_too_many_goes(tmp_path: Path):
    for number in range(1, KEPT + 1):
        (tmp_path / f"{number:04d}.json").write_text("{}")
    assert Takes(tmp_path).keep(moment()) == KEPT + 1
    assert not (tmp_path / "0001.json").exists()


def test_before_the_first_take_there_is_none(tmp_path: Path):
    takes = Takes(tmp_path / "nowhere")
    assert takes.all() == []
    with pytest.raises(UnknownNameError, match="no take 1"):
        takes.form(1)


def test_a_slate_reads_as_it_is_called():
    assert Take(scene="12", shot="A", take=3).slate == "scene 12, shot A, take 3"
    assert Take().slate == "take 1"
