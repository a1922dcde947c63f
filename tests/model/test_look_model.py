"""Looks, cues and what a lamp does without a feed, as the show file has them."""

from typing import Any

import pytest

from lumad.errors import EditError
from lumad.model.show import Show
from lumad.model.validate import check
from lumad.show.form import form_of

LAMP = {"profile": "a/b", "mode": "m", "universe": 1, "address": 1}


def told(**parts: Any) -> list[str]:
    with pytest.raises(EditError) as caught:
        check({"show": 1, **parts}, Show)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"follow": True}, ".follow: is no region; name one, or say false for none"),
        ({"follow": 0}, ".follow: is no region; name one, or say false for none"),
        ({"colour": "red"}, ".colour: 'red' is not known here; possible: wall-white"),
        ({"colour": {"cct": 5}}, ".colour.cct: 5.0 is not a colour temperature; they are 1000 to 25000"),
        ({"levl": 1}, ".levl: no such key (nearest: level)"),
        ({"level": 2}, ".level: 2.0 is out of range; possible is 0 to 1"),
        ({"trims": {"mired": 900}}, ".trims.mired: 900.0 is out of range; possible is -500 to 500"),
        ({"universe": 1}, ".universe: no such key; possible: control, follow, level, colour, trims"),
    ],
)
def test_a_faulty_look_is_explained_at_its_place(part: dict[str, Any], said: str):
    assert told(looks={"dusk": {"fixtures": {"key": part}}}) == [f"looks.dusk.fixtures.key{said}"]


@pytest.mark.parametrize(
    ("cue", "said"),
    [
        ({"number": 1}, "cues.0.look: is missing"),
        ({"number": 0, "look": "a"}, "cues.0.number: 0.0 is not a cue number; they are 0.001 to 9999"),
        ({"number": "1", "look": "a"}, "cues.0.number: '1' is not a number"),
        ({"number": 1, "look": "a", "take": 0}, "cues.0.take: 0 is out of range; possible is 1 to 9999"),
        ({"number": 1, "look": "a", "wait": 2}, "cues.0.wait: no such key (nearest: wait_s)"),
        (
            {"number": 1, "look": "a", "wait_s": -1},
            "cues.0.wait_s: -1.0 is out of range; possible is 0 to 3600",
        ),
    ],
)
def test_a_faulty_cue_is_explained_at_its_place(cue: dict[str, Any], said: str):
    assert told(cues=[cue]) == [said]


@pytest.mark.parametrize(
    "on_loss", ["hold", "blackout", "look:dusk", {"after_s": 10, "fade_s": 1, "to": "look:dusk"}]
)
def test_what_a_lamp_does_without_a_feed_is_read_and_written(on_loss: Any):
    show = check({"show": 1, "fixtures": {"key": {**LAMP, "on_loss": on_loss}}}, Show)
    assert form_of(show)["fixtures"]["key"]["on_loss"] == on_loss


@pytest.mark.parametrize("on_loss", ["dusk", "look:", "", {"to": "hold it"}])
def test_a_word_that_is_not_known_without_a_feed_is_refused(on_loss: Any):
    (fault,) = told(fixtures={"key": {**LAMP, "on_loss": on_loss}})
    assert "is not known here" in fault
    assert fault.endswith("possible: hold, blackout, look:NAME")
