"""The blocks and the channel between the processes."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lumad.errors import FrameError, NetworkError
from lumad.link.arrays import pack, unpack
from lumad.link.channel import Channel, ChannelClosedError, Listener
from lumad.link.levels import LevelsBlock
from lumad.link.live import Live


def light(count: int, value: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Universes 1..count, all counters and levels `value`."""
    return (
        np.arange(1, count + 1, dtype=np.uint32),
        np.full(count, value, np.uint64),
        np.full((count, 512), value % 256, np.uint8),
    )


def test_what_the_engine_publishes_is_what_everybody_reads():
    block = LevelsBlock.create(bytes(range(16)))
    block.publish(5, *light(3, 9))
    seen = LevelsBlock(os.dup(block.fd)).read()
    assert (seen.time_ns, seen.universes.tolist(), seen.counters.tolist()) == (5, [1, 2, 3], [9, 9, 9])
    assert seen.of(2) == bytes([9] * 512)
    assert seen.of(4) is None


def test_the_cid_outlives_the_engine():
    cid = os.urandom(16)
    assert LevelsBlock(LevelsBlock.create(cid).fd).cid == cid


def test_a_half_filled_bank_is_never_seen():
    block = LevelsBlock.create(bytes(16))
    block.publish(1, *light(2, 1))
    block._banks[1 - int(block._header["current"][0])]["levels"][:] = (
        77  # an engine killed while it filled the other bank
    )
    assert set(block.read().levels.ravel().tolist()) == {1}


def test_levels_of_universes_that_were_never_sent_are_dark():
    block = LevelsBlock.create(bytes(16))
    block.publish(1, *light(1, 200))
    assert block.read().picked(np.array([1, 7], np.uint32)).max(axis=1).tolist() == [200, 0]


def test_other_memory_is_no_levels_block():
    with pytest.raises(FrameError):
        LevelsBlock(os.memfd_create("other"))


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8),
        hnp.arrays(
            st.sampled_from([np.uint8, np.int32, np.float64]), hnp.array_shapes(min_dims=1, min_side=0)
        ),
        max_size=6,
    )
)
def test_arrays_arrive_as_they_left(arrays):
    fd = pack(arrays, {"told": [1, "two"]})
    body, arrived = unpack(fd)
    os.close(fd)
    assert body == {"told": [1, "two"]}
    assert arrived.keys() == arrays.keys()
    for name, array in arrays.items():
        np.testing.assert_array_equal(arrived[name], array)
        assert arrived[name].dtype == array.dtype


def test_nobody_can_change_a_map_on_its_way():
    fd = pack({"a": np.zeros(10)})
    with pytest.raises(PermissionError):
        os.pwrite(fd, b"x", 0)


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    """Both ends of a channel, closed afterwards."""
    here, there = Channel.pair()
    yield here, there
    here.close()
    there.close()


def test_messages_carry_named_descriptors(ends):
    here, there = ends
    fd = os.memfd_create("thing")
    assert here.send("map", {"revision": 3}, {"map": fd})
    message = there.receive()
    assert message is not None
    assert (message.op, message.body) == ("map", {"revision": 3})
    assert os.fstat(message.fds["map"]).st_ino == os.fstat(fd).st_ino
    assert there.receive() is None


def test_a_dead_peer_is_noticed(ends):
    here, there = ends
    here.send("bye")
    here.close()
    assert there.receive().op == "bye"
    with pytest.raises(ChannelClosedError):
        there.receive()
    assert not there.send("anyone?")


def test_a_peer_that_does_not_listen_never_blocks_the_sender(ends):
    here, _ = ends
    sent = [here.send("x", {"pad": "y" * 5000}) for _ in range(500)]
    assert sent[0]
    assert not sent[-1]


def test_a_child_is_found_by_its_name_and_forgotten_when_it_ends(tmp_path):
    path = tmp_path / "engine.sock"
    assert Channel.connect(path) is None
    listener = Listener(path)
    caller = Channel.connect(path)
    answer = listener.accept()
    answer.send("hello")
    assert caller.receive().op == "hello"
    for each in (caller, answer, listener):
        each.close()
    assert not path.exists()


def test_an_ending_listener_leaves_its_successors_name(tmp_path):
    first = Listener(tmp_path / "s")
    second = Listener(tmp_path / "s")
    first.close()
    caller = Channel.connect(tmp_path / "s")
    assert caller is not None
    caller.close()
    second.close()


def test_a_place_where_nobody_can_listen_is_a_network_error(tmp_path):
    with pytest.raises(NetworkError):
        Listener(tmp_path / "no such folder" / "s")


@given(st.floats(0, 1), st.booleans(), st.booleans())
def test_live_values_survive_the_channel(master, blackout, freeze):
    live = Live(master, blackout, freeze)
    assert Live.from_json(live.to_json()) == live
    assert live.light == (0 if blackout else master)
