"""Undo goes back a gesture at a time."""

from show.sample import sample_show

from lumad.model.show import Show
from lumad.show.history import STEPS, History


def _named(name: str) -> Show:
    return sample_show().model_copy(update={"name": name})


def test_undo_and_redo_walk_the_same_way():
    history = History()
    history.record(_named("a"), None)
    history.record(_named("b"), None)
    assert history.undo(_named("c")) == _named("b")
    assert history.undo(_named("b")) == _named("a")
    assert history.undo(_named("a")) is None
    assert history.redo(_named("a")) == _named("b")
    assert history.redo(_named("b")) == _named("c")
    assert history.redo(_named("c")) is None


def test_a_gesture_is_one_step_and_another_ones_gesture_is_another():
    history = History()
    for name, who in (("a", "ann"), ("b", "ann"), ("c", "bob"), ("d", "bob")):
        history.record(_named(name), (who, "drag"))
    assert history.undo(_named("e")) == _named("c")
    assert history.undo(_named("c")) == _named("a")


def test_a_gesture_that_was_undone_in_its_middle_starts_a_new_step():
    history = History()
    history.record(_named("a"), ("ann", "drag"))
    assert history.undo(_named("b")) == _named("a")
    history.record(_named("a"), ("ann", "drag"))
    assert history.undo(_named("c")) == _named("a")


def test_a_new_edit_forgets_what_was_undone():
    history = History()
    history.record(_named("a"), None)
    history.undo(_named("b"))
    history.record(_named("a"), None)
    assert history.undone is None


def test_a_hundred_steps_are_kept():
    history = History()
    for number in range(STEPS + 20):
        history.record(_named(str(number)), None)
    steps = 0
    while history.undo(_named("x")) is not None:
        steps += 1
    assert steps == STEPS


def test_two_hands_that_drag_at_once_are_two_steps():
    history = History()
    for number in range(60):
        history.record(_named(str(number)), ("ann" if number % 2 else "bob", "drag"))
    assert history.undo(_named("60")) == _named("1")
    assert history.undo(_named("1")) == _named("0")
    assert history.undo(_named("0")) is None
