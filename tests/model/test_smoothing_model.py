"""Smoothing as the gaffer writes it."""

from typing import Any

import pytest

from lumad.errors import EditError
from lumad.model.fixture import Fixture
from lumad.model.smoothing import Smoothing
from lumad.model.validate import check

LAMP = {"profile": "p", "mode": "m", "universe": 1, "address": 1}


def test_a_fixture_has_no_smoothing_of_its_own_unless_asked():
    assert check(LAMP, Fixture).smoothing is None
    asked = check(LAMP | {"smoothing": {"attack_s": 0.2, "release_s": 2, "filter": "ema"}}, Fixture)
    assert asked.smoothing == Smoothing(attack_s=0.2, release_s=2.0, filter="ema")


def test_smoothing_without_more_words_is_one_euro_of_a_second():
    assert check({}, Smoothing) == Smoothing(attack_s=1.0, release_s=1.0, filter="one-euro")


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"attack_s": -1}, "attack_s: -1.0 is out of range; possible is 0 to 60"),
        ({"release_s": 61}, "release_s: 61.0 is out of range; possible is 0 to 60"),
        ({"release_s": "2"}, "release_s: '2' is not a number"),
        ({"atack_s": 1}, "atack_s: no such key (nearest: attack_s)"),
        (
            {"filter": "emma"},
            "filter: 'emma' is not known here (nearest: ema); possible: none, ema, one-euro",
        ),
    ],
)
def test_faulty_smoothing_is_explained_in_plain_words(keys: dict[str, Any], said: str):
    with pytest.raises(EditError) as caught:
        check(keys, Smoothing)
    assert [str(fault) for fault in caught.value.faults] == [said]
