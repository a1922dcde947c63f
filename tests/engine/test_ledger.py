"""Numbers of packets, as each of those who hear them must be able to follow them."""

import os

import numpy as np
from engine.test_engine import MS, Bench
from hypothesis import given
from hypothesis import strategies as st
from shows import fixture, show

from lumad.engine.ledger import Ledger
from lumad.link.levels import LevelsBlock
from lumad.protocols import e131


@given(st.integers(0, 600))
def test_whatever_others_use_a_number_is_never_a_step_back(others: int):
    ledger, heard = Ledger(LevelsBlock.create(os.urandom(16))), np.array([1000, 1000], np.uint64)
    ledger.counters = heard + np.uint64(others)
    ledger.count(np.array([True, False]), heard)
    after, untouched = ledger.counters.tolist()
    assert untouched == 1000 + others
    assert 1000 + others < after <= 1000 + others + 21
    assert not e131.is_out_of_order(1000 % 256, after % 256)


def test_numbers_are_left_out_for_nobodys_sake_but_a_hearers():
    ledger = Ledger(LevelsBlock.create(os.urandom(16)))
    ledger.counters = np.array([5, 9], np.uint64)
    ledger.count(np.array([True, True]), np.array([0, 9], np.uint64))
    assert ledger.counters.tolist() == [6, 10]


def test_a_slow_output_beside_a_quick_one_of_the_same_universe_is_in_order():
    slow, quick = (
        {"protocol": "sacn", "universes": "1", "to": [f"127.0.0.{host}"], "rate": rate}
        for host, rate in ((1, 1), (2, 240))
    )
    bench = Bench(show(fixtures={"key": fixture("rgb8")}, outputs=[slow, quick]))
    bench.draw(9, 0)
    heard: dict[str, list[int]] = {}
    for now in range(0, 3_100 * MS, 4 * MS):
        bench.engine.step(now)
        for address, _, data in bench.network.take():
            heard.setdefault(address, []).append(e131.decode(data).sequence)
    assert (len(heard["127.0.0.1"]) >= 2, len(heard["127.0.0.2"]) > 400) == (True, True)
    for numbers in heard.values():
        assert not any(map(e131.is_out_of_order, numbers, numbers[1:]))
