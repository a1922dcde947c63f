"""Looks and cues are played through the store."""

from typing import Any

import pytest
from show.sample import Clock, sample_loaded

from lumad.errors import EditError, UnknownNameError
from lumad.show.edits import merge
from lumad.show.fade import Fade, Fading
from lumad.show.looks import set_cues, set_look
from lumad.show.store import Event, Store


class Show:
    """A store with two looks and three cues, its clock and what it told."""

    def __init__(self, *cues: dict[str, Any]) -> None:
        self.clock = Clock()
        self.store = Store(sample_loaded(), self.clock.later)
        self.store.apply(
            set_look("low", {"fade_s": 3, "fixtures": {"key": {"control": "manual", "level": 0.1}}})
        )
        self.store.apply(set_look("high", {"fixtures": {"key": {"control": "manual", "level": 0.9}}}))
        self.store.apply(set_cues(list(cues or THREE)))
        self.told: list[Event] = []
        self.store.subscribe(self.told.append)

    @property
    def level(self) -> float:
        return self.store.show.fixtures["key"].level


THREE = (
    {"number": 1, "look": "low"},
    {"number": 2, "look": "high", "fade_s": 5},
    {"number": 3, "look": "low"},
)


def test_a_look_goes_with_its_fade_as_one_step_of_undo():
    show = Show()
    show.store.play.go("low", by="phone")
    assert (show.level, show.told[0].by) == (0.1, "phone")
    assert show.told[0].fade == Fade(3, frozenset({"key"}))
    show.store.undo()
    assert (show.level, show.told[-1].fade) == (1.0, None)


def test_a_look_goes_in_the_time_that_the_hand_wants():
    show = Show()
    show.store.play.go("low", 0.2)
    show.store.play.release("low", 7)
    assert [event.fade.seconds for event in show.told if event.fade] == [0.2, 7]


def test_cues_go_one_after_the_other_and_back():
    show = Show()
    numbers = [show.store.play.cue().number for _ in range(3)]
    assert (numbers, show.store.live.cue) == ([1, 2, 3], 3)
    with pytest.raises(EditError, match="no further cue"):
        show.store.play.cue()
    assert show.store.play.back().number == 2
    assert show.level == 0.9
    with pytest.raises(UnknownNameError, match="no cue 7"):
        show.store.play.cue(7)


def test_the_fade_of_a_cue_wins_over_that_of_its_look():
    show = Show()
    show.store.play.cue(2)
    assert [event.fade.seconds for event in show.told if event.fade] == [5]


def test_a_cue_that_waits_is_followed_by_the_next():
    show = Show({**THREE[0], "wait_s": 4}, {**THREE[1], "wait_s": 2}, THREE[2])
    show.store.play.cue()
    show.clock.pass_by(3.9)
    assert show.store.live.cue == 1
    show.clock.pass_by(0.2)
    assert (show.store.live.cue, show.level) == (2, 0.9)
    show.clock.pass_by(2)
    assert show.store.live.cue == 3


@pytest.mark.parametrize("deed", ["undo", "back", "wait"])
def test_a_hand_that_steps_in_ends_the_waiting(deed: str):
    show = Show({**THREE[0], "wait_s": 4}, {**THREE[1], "wait_s": 4}, THREE[2])
    show.store.play.cue()
    show.store.play.cue()
    {"undo": show.store.undo, "back": show.store.play.back, "wait": show.store.play.wait}[deed]()
    now = show.store.live.cue
    show.clock.pass_by(100)
    assert show.store.live.cue == now


def test_a_cue_that_cannot_follow_is_no_accident():
    show = Show({**THREE[0], "wait_s": 4}, THREE[1])
    show.store.play.cue()
    show.store.apply(set_cues([]))
    show.clock.pass_by(5)
    assert show.level == 0.1


def test_solo_and_identify_name_lamps_that_are_there():
    show = Show()
    assert show.store.set_live(solo=["key", "key"]).solo == ("key",)
    for wrong in (["keys"], "key", [1], [["key"]], None):
        with pytest.raises(EditError):
            show.store.set_live(solo=wrong)
    assert show.store.live.solo == ("key",)


def test_a_solo_of_a_removed_lamp_is_over():
    show = Show()
    show.store.set_live(solo=["fill"], identify=["fill"])
    show.store.apply(lambda it: it.model_copy(update={"fixtures": {"key": it.fixtures["key"]}}))
    assert (show.store.live.solo, show.store.live.identify) == ((), ())


def test_a_hand_on_a_fading_lamp_ends_its_fade_and_no_other():
    store = Show().store
    fading = Fading(store.show)
    fading.see(store.show, Fade(3, frozenset({"key", "fill"})))
    moved = merge("fixtures/fill", {"level": 0.5})(store.show)
    fading.see(merge("fixtures/key", {"label": "Key light"})(moved), None)
    assert fading.take() == {"key": 3, "fill": 0}
    assert fading.take() == {}
