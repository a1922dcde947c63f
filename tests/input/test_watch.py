"""What a standby hears of its primary."""

import random
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from input.primary import CID, OWN, Primary, heard, losing, watch

from lumad.input.watch import GRACE_S
from lumad.protocols import e131


@pytest.mark.parametrize("rate", [25, 30, 44, 60])
def test_silence_is_three_and_a_half_frames_of_the_measured_rate(rate: int):
    primary = heard(rate=rate)
    last = primary.now - 1 / rate
    assert primary.watch.rate == pytest.approx(rate)
    assert not primary.watch.is_silent(last + 3.45 / rate)
    assert primary.watch.is_silent(last + 3.55 / rate)


def test_before_enough_was_heard_nobody_is_missed():
    primary = heard(0.5)
    assert not primary.watch.is_silent(primary.now + 1000)
    assert not primary.watch.is_heard(primary.now)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32), st.floats(0, 0.3), st.sampled_from([(1,), (1, 2), (1, 2, 3, 4)]))
def test_random_loss_is_no_silence(seed: int, share: float, universes: tuple[int, ...]):
    listening = watch(universes=universes)
    primary = Primary(listening, universes, lost=losing(share, seed))
    assert not any(listening.is_silent(now) for now in primary.speak(6.0))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32))
def test_packets_that_come_up_to_a_frame_late_are_no_silence(seed: int):
    dice = random.Random(seed)
    primary = Primary(watch(), late_s=lambda: dice.uniform(0, 1 / 44))
    assert not any(primary.watch.is_silent(now) for now in primary.speak(4.0))


def test_a_lossy_network_costs_patience_but_the_end_is_noticed():
    primary = heard(10.0, lost=losing(0.3, 1))
    assert primary.watch.is_silent(primary.now + 0.6)


def test_who_returns_with_other_numbers_is_not_held_for_lossy():
    primary = heard()
    primary.now += 1.0
    primary._sequence = {1: 150, 2: 170}
    list(primary.speak(2.0))
    assert primary.watch.silent_at - primary.now == pytest.approx(2.5 / 44, abs=1e-3)


def test_numbers_that_another_way_of_the_same_universe_used_are_no_loss():
    primary = Primary(watch())
    for _ in range(100):
        list(primary.speak(1 / 44 - 1e-6))
        primary._sequence = {universe: number + 2 for universe, number in primary._sequence.items()}
    assert primary.watch.silent_at - primary.now == pytest.approx(2.5 / 44, abs=1e-3)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32), st.sampled_from([20, 25, 30, 44]), st.sampled_from([30, 40, 44]))
def test_packets_that_come_early_and_late_beside_another_way_are_not_taken_for_loss(
    seed: int, rate: int, other: int
):
    primary, dice = Primary(watch(), rate=rate), random.Random(seed)
    primary.late_s = lambda: dice.uniform(0, 0.4 / rate)
    start = primary.now
    for frame in range(4 * rate):
        used = int(frame * other / rate) - int((frame - 1) * other / rate)
        primary._sequence = {universe: primary._sequence.get(universe, 0) + used for universe in (1, 2)}
        primary.now = start + frame / rate
        list(primary.speak(0.9 / rate))
    assert primary.watch.silent_at - (start + 4 - 1 / rate) <= 3.5 / rate + 0.040


@pytest.mark.parametrize("rate", [20, 44])
def test_who_stumbles_and_goes_on_is_given_more_time_while_it_lives(rate: int):
    primary = heard(rate=rate)
    primary.now += 4.0 / rate
    primary.watch.miss()
    list(primary.speak(2.0))
    assert not any(primary.watch.is_silent(at) for at in (primary.now, primary.now + 4.0 / rate))
    assert primary.watch.is_silent(primary.now + GRACE_S + 1 / rate)
    primary.now += 3
    list(primary.speak(2.0))
    assert primary.watch.silent_at - primary.now == pytest.approx(2.5 / rate, abs=1e-3)


def test_our_own_standing_still_is_no_stumble_of_the_primary():
    primary = heard()
    primary.now += 0.2
    list(primary.speak(2.0))
    assert primary.watch.silent_at - primary.now == pytest.approx(2.5 / 44, abs=1e-3)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**32))
def test_a_network_that_loses_packets_and_delays_others_is_no_silence(seed: int):
    dice = random.Random(seed)
    primary = Primary(watch(), lost=losing(0.3, seed), late_s=lambda: dice.uniform(0, 0.01))
    assert not any(primary.watch.is_silent(now) for now in primary.speak(6.0))


def test_one_universe_that_falls_silent_is_no_end():
    primary = heard()
    assert not any(primary.watch.is_silent(now) for now in primary.speak(1.0, only=(2,)))
    assert primary.watch.is_silent(primary.now + 0.1)


def test_a_release_is_no_end_even_if_a_universe_of_it_was_lost():
    primary = heard()
    for _ in range(3):
        primary.send(1, terminated=True)
    assert not primary.watch.is_silent(primary.now + 10)


def test_a_universe_taken_out_of_the_show_leaves_the_others_watched():
    primary = heard()
    primary.send(1, terminated=True)
    assert not any(primary.watch.is_silent(now) for now in primary.speak(1.0, only=(2,)))
    assert primary.watch.is_silent(primary.now + 0.1)


def test_who_sends_only_what_changed_is_given_the_time_of_a_keep_alive():
    primary = heard()
    for _ in range(4):
        list(primary.speak(1 / 44 - 1e-6))
        primary.number -= 1
    assert not primary.watch.is_silent(primary.now + 1.0)
    assert primary.watch.is_silent(primary.now + 2.0)


def test_who_repeats_what_did_not_change_is_missed_at_once():
    primary = heard(level=lambda _: 7)
    assert primary.watch.is_silent(primary.now + 0.1)


def test_its_last_look_and_its_priorities_are_known():
    primary = heard(priority=120)
    primary.send(1, start_code=e131.PRIORITIES, slots=bytes([0, 150]))
    assert primary.watch.look()[2] == bytes([(primary.number - 1) % 256] * 4)
    assert primary.watch.priorities() == {1: 150, 2: 120}


def test_a_primary_is_known_by_its_cid_too():
    named = watch(str(uuid.UUID(bytes=CID)))
    list(Primary(named, name="whatever").speak(2.0))
    assert named.rate == pytest.approx(44)


def test_others_and_ourselves_are_not_the_primary():
    listening = watch()
    list(Primary(listening, name="another").speak(1.0))
    list(Primary(listening, cid=OWN, now=200).speak(1.0))
    assert (listening.look(), listening.own_at > 200) == ({}, True)


def test_a_second_source_of_that_name_takes_its_place_only_when_it_has_gone():
    primary = heard()
    twin = Primary(primary.watch, cid=b"sixteen more ids", now=primary.now, level=lambda _: 9)
    list(twin.speak(1.0))
    assert primary.watch.cid == CID
    twin.now += 3
    list(twin.speak(1.0))
    assert primary.watch.cid == twin.cid


@given(st.binary(max_size=700))
def test_nothing_that_a_datagram_holds_is_an_error(data: bytes):
    listening = watch()
    listening.hear(data, 1.0)
    assert listening.look() == {}


def test_a_gap_begins_the_time_of_steadiness_anew():
    primary = heard(5.0)
    assert primary.watch.steady_s(primary.now) == pytest.approx(5, abs=0.1)
    primary.now += 1
    list(primary.speak(1.0))
    assert primary.watch.steady_s(primary.now) == pytest.approx(1, abs=0.1)
