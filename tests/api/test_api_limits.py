"""How much one client may ask; time is an argument."""

import pytest

from lumad.api.limits import CONNECTIONS, MOST_KEPT, Buckets, Connections, Tries, client_of

A, B = "10.0.0.1", "10.0.0.2"


class Wire:
    def __init__(self) -> None:
        self.closed = False

    def is_closing(self) -> bool:
        return self.closed


def test_a_bucket_gives_its_burst_and_then_its_rate():
    bucket = Buckets(50.0, 200.0)
    assert [bucket.take(A, 0.0) for _ in range(200)] == [0.0] * 200
    assert bucket.take(A, 0.0) == pytest.approx(0.02)
    assert bucket.take(B, 0.0) == 0.0
    assert [bucket.take(A, 1.0) for _ in range(51)].count(0.0) == 50


def test_a_drag_of_two_minutes_at_every_frame_of_a_120_hz_phone_is_never_slowed():
    bucket = Buckets(240.0, 200.0)
    assert not any(bucket.take(A, number / 120.0) for number in range(120 * 120))


def test_five_wrong_tries_are_free_then_each_wait_is_twice_as_long():
    tries, now, waits = Tries(), 0.0, []
    for _ in range(11):
        tries.wrong(A, now)
        waits.append(tries.wait(A, now))
        now += waits[-1]
    assert waits == [0.0, 0.0, 0.0, 0.0, 60.0, 120.0, 240.0, 480.0, 900.0, 900.0, 900.0]
    assert tries.wait(B, now) == 0.0


def test_wrong_tries_are_forgotten_after_a_quiet_minute_or_the_right_one():
    tries = Tries()
    for now in (0.0, 1.0, 2.0, 3.0, 70.0):
        tries.wrong(A, now)
    assert tries.wait(A, 70.0) == 0.0
    for _ in range(4):
        tries.wrong(A, 70.0)
    assert tries.wait(A, 70.0) == 60.0
    tries.right(A)
    assert tries.wait(A, 70.0) == 0.0


def test_a_client_has_so_many_connections_and_another_has_its_own():
    connections, wires = Connections(), [Wire() for _ in range(CONNECTIONS)]
    assert all(connections.admit(A, wire) for wire in wires)
    assert not connections.admit(A, Wire())
    assert connections.admit(B, Wire())
    wires[3].closed = True
    assert connections.admit(A, Wire())
    assert not connections.admit(A, Wire())


def test_a_million_addresses_cost_no_memory():
    bucket, tries = Buckets(1.0, 1.0), Tries()
    for number in range(MOST_KEPT * 2):
        bucket.take(str(number), 0.0)
        tries.wrong(str(number), 0.0)
    assert len(bucket._left) == len(tries._wrong) == MOST_KEPT


def test_a_host_that_draws_addresses_from_its_ipv6_network_is_one_client():
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff:2") != client_of("2001:db8:0:1::1")
    assert client_of("::ffff:10.0.0.1") == client_of("10.0.0.1") != client_of("10.0.0.2")
    assert client_of("fe80::1%eth0") == client_of("fe80::2")
    assert client_of("") == ""


def test_all_together_hold_so_many_connections():
    connections, wires = Connections(most=2, of_all=3), [Wire() for _ in range(4)]
    assert [connections.admit(one, wire) for one, wire in zip((A, A, B, B), wires, strict=True)] == [
        True,
        True,
        True,
        False,
    ]
    wires[0].closed = True
    assert connections.admit("10.0.0.3", Wire())
