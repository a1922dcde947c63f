"""OSC 1.0: what the specification shows, what comes back, and noise that is refused and never crashes."""

import contextlib
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lumad.errors import PacketError
from lumad.protocols.osc import MAX_DEPTH, MAX_MESSAGES, Message, bundle, decode, encode

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
FLOATS = st.floats(width=32, allow_nan=False)
WHOLE = st.integers(-(1 << 63), (1 << 63) - 1)
ARGUMENTS = st.none() | st.booleans() | WHOLE | FLOATS | TEXTS | st.binary(max_size=20)
MESSAGES = st.builds(Message, TEXTS.map(lambda text: "/" + text), st.lists(ARGUMENTS, max_size=3).map(tuple))


def test_the_examples_of_the_specification():
    oscillator = bytes.fromhex("2f6f7363696c6c61746f722f342f6672657175656e6379002c66000043dc0000")
    assert decode(oscillator) == [Message("/oscillator/4/frequency", (440.0,))]
    foo = bytes.fromhex(
        "2f666f6f000000002c6969736666000000 0003e8ffffffff68656c6c6f0000003f9df3b640b5b22d".replace(" ", "")
    )
    assert decode(foo)[0].arguments[:3] == (1000, -1, "hello")
    assert encode(Message("/oscillator/4/frequency", (440.0,))) == oscillator


@given(MESSAGES)
def test_what_is_encoded_decodes_to_the_same_message(message: Message):
    data = encode(message)
    assert len(data) % 4 == 0
    assert decode(data) == [message]


@given(st.lists(MESSAGES, max_size=2), st.integers(0, MAX_DEPTH - 1))
def test_bundles_are_taken_apart_in_their_order(messages: list[Message], depth: int):
    packet = bundle([encode(message) for message in messages])
    for _ in range(depth):
        packet = bundle([packet])
    assert decode(packet) == messages


@given(st.binary(max_size=200) | st.binary(max_size=100).map(lambda tail: b"/a\0\0," + tail))
@example(b"#bundle\0" + bytes(8) + b"\x7f\xff\xff\xff")
@example(b"/a\0\0,b\0\0\xff\xff\xff\xff")
def test_noise_is_refused_and_never_crashes(data: bytes):
    with contextlib.suppress(PacketError):
        decode(data)


def test_bundles_nested_too_deep_are_refused_before_they_cost_anything():
    packet = encode(Message("/a"))
    for _ in range(2000):
        packet = bundle([packet])
    with pytest.raises(PacketError, match="deeper"):
        decode(packet)
    with pytest.raises(PacketError, match="more than"):
        decode(bundle([encode(Message("/a"))] * (MAX_MESSAGES + 1)))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"/a\0",
        b"a\0\0\0",
        b"/abc",
        b"/a\0x",
        b"/\xff\0\0",
        b"/a\0\0f\0\0\0",
        b"/a\0\0,f\0\0",
        b"/a\0\0,[]\0",
        b"/a\0\0,\0\0\0\0\0\0\0",
        b"/a\0\0,i\0\0" + bytes(8),
        b"#bundle\0",
        b"#bundle\0" + bytes(12),
        b"#bundle\0" + bytes(8) + struct.pack("!i", 400),
    ],
)
def test_what_is_no_osc_is_refused(data: bytes):
    with pytest.raises(PacketError):
        decode(data)


@pytest.mark.parametrize(
    "message",
    [
        Message("a"),
        Message("/\0"),
        Message("/a", ("\ud800",)),
        Message("/a", (1 << 64,)),
        Message("/a", (1e300,)),
    ],
)
def test_what_does_not_fit_is_not_encoded(message: Message):
    with pytest.raises(PacketError):
        encode(message)


def test_types_that_carry_nothing_and_rare_ones_are_passed_over():
    tags = b"/a\0\0,TFNIthrmc\0\0"
    body = bytes(8) + struct.pack("!q", 7) + bytes(4) + bytes(4) + b"\0\0\0A"
    assert decode(tags + body)[0].arguments == (
        True,
        False,
        None,
        None,
        bytes(8),
        7,
        bytes(4),
        bytes(4),
        b"\0\0\0A",
    )
