"""When a standby takes over, and when it hands back."""

from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from input.primary import NAME, OWN, Primary, heard, losing, watch

from lumad.engine.standby import Plan, Standby

UP = 100.0  # seconds that our link has been up


def standby(primary: Primary, handback: str = "never") -> Standby:
    """A standby that knows its primary and watches it."""
    it = Standby(Plan(NAME, handback), primary.watch, primary.now)
    assert it.decide(primary.now, UP) == ""
    assert it.state == "watching"
    return it


def taken(handback: str = "never") -> tuple[Standby, Primary]:
    """A standby that has taken over from a dead primary."""
    primary = heard()
    it = standby(primary, handback)
    primary.now += 0.1
    assert it.decide(primary.now, UP) == "take"
    it.done("take", primary.now)
    return it, primary


def back(it: Standby, primary: Primary, seconds: float) -> list[float]:
    """Times, since its return, at which a primary gets the light back; once, if it does."""
    primary.now += 5
    start, found = primary.now, []
    for now in primary.speak(seconds):
        if it.decide(now, UP) == "hand-back":
            it.done("hand-back", now)
            found.append(now - start)
    return found


def test_it_takes_over_after_three_and_a_half_frames_and_tells_the_gap():
    it, _ = taken()
    assert (it.state, it.report(200)["last_gap_ms"]) == ("active", pytest.approx(122.7, abs=0.1))


def test_a_link_that_is_down_never_takes_over():
    primary = heard()
    it = standby(primary)
    assert {it.decide(primary.now + after / 100, None) for after in range(3000)} == {""}
    assert it.state == "isolated"


def test_a_link_that_came_back_must_hear_the_primary_again_before_a_silence_counts():
    primary = heard()
    it = standby(primary)
    it.decide(primary.now + 0.01, None)
    assert {it.decide(primary.now + 3 + after / 100, after / 100) for after in range(3000)} == {""}
    assert it.state == "waiting"


def test_a_silence_within_a_second_of_a_link_that_flapped_does_not_count():
    primary = heard()
    it = standby(primary)
    assert {it.decide(primary.now + after / 100, after / 100) for after in range(300)} == {""}


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.integers(0, 30))
def test_it_does_not_flap_whatever_the_network_loses(seed: int, percent: int):
    listening = watch(universes=(1,))
    primary = Primary(listening, (1,), lost=losing(percent / 100, seed))
    it = Standby(Plan(NAME, "auto"), listening, primary.now)
    assert {it.decide(now, UP) for now in primary.speak(5.0)} == {""}


def test_a_primary_that_stumbles_again_and_again_is_followed_once():
    primary = heard()
    it, deeds = standby(primary, "auto"), []
    for _ in range(10):
        pause = (primary.now + 0.12 for _ in range(1))
        for now in chain(primary.speak(6.0), pause):
            if deed := it.decide(now, UP):
                it.done(deed, now)
                deeds.append(deed)
        primary.now += 0.15
    assert deeds == ["take", "hand-back"]


def test_never_hands_back_by_itself_by_default():
    assert back(*taken(), 10.0) == []


def test_auto_hands_back_once_the_primary_was_steady_for_three_seconds():
    (after,) = back(*taken("auto"), 10.0)
    assert after == pytest.approx(3, abs=0.05)


def test_an_operator_hands_back_when_the_primary_is_heard():
    it, primary = taken()
    assert "not heard" in it.order("hand-back", primary.now)
    back(it, primary, 2.0)
    assert it.order("hand-back", primary.now) == ""
    assert it.decide(primary.now, UP) == "hand-back"


def test_an_operator_takes_over_and_keeps_the_light_until_told_otherwise():
    primary = heard()
    it = standby(primary, "auto")
    it.order("take", primary.now)
    assert it.decide(primary.now, UP) == "take"
    it.done("take", primary.now)
    assert {it.decide(now, UP) for now in primary.speak(10.0)} == {""}
    it.order("automatic", primary.now)
    assert it.decide(primary.now, UP) == "hand-back"


def test_manual_means_never_by_itself():
    primary = heard()
    it = standby(primary)
    it.order("manual", primary.now)
    assert it.decide(primary.now + 1, UP) == ""
    it.order("automatic", primary.now + 2)
    assert it.decide(primary.now + 2, UP) == "take"


def test_an_order_that_nobody_knows_is_refused():
    primary = heard()
    assert "dance" in standby(primary).order("dance", primary.now)


def test_a_primary_with_our_own_cid_is_told():
    listening = watch()
    primary = Primary(listening, cid=OWN)
    it = Standby(Plan(NAME), listening, 0.0)
    for now in primary.speak(1.0):
        it.decide(now, UP)
    assert "CID" in it.report(primary.now)["note"]
