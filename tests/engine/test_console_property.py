"""Whoever takes a lamp from whom: its channels never move faster than a hand-over does, and arrive."""

from typing import Any

import numpy as np
from consoles import MS, Stage, console_show, fixture, share
from hypothesis import given, settings
from hypothesis import strategies as st

PACKET = 25 * MS
FASTEST = 65535 * 0.025 + 3  # a packet's part of the second, and rounding

controls = st.sampled_from(["follow", "manual", "off", "console"])
lights = st.fixed_dictionaries(
    {"level": st.floats(0, 1), "follow": st.sampled_from(["left", {"region": "left", "take": "colour"}])}
)
shares = st.one_of(
    st.none(),
    st.builds(
        lambda attributes, lost: share(*attributes, when_lost=lost),
        st.sampled_from([["Dimmer"], ["ColorAdd_R", "ColorAdd_W"], ["Dimmer", "ColorAdd_G"]]),
        st.sampled_from(["hold", "take"]),
    ),
)
slots = st.fixed_dictionaries({at: st.integers(0, 255) for at in range(1, 11)})


def shown(light: dict[str, Any], control: str, shared: dict[str, Any] | None, *, mixed: bool) -> Any:
    needed = shared or share()
    way = light | {"control": control, "share": needed}
    mix = {"fixtures": {"key": {"mix": [101, 50]}}} if mixed else {}
    return console_show({"key": fixture("wide", **way)}, controls=mix)


def wide(left: Any) -> Any:
    """Channels (n, 5) of 16 bits."""
    return left[:, 0:10:2] * 256 + left[:, 1:10:2]


@settings(max_examples=10, deadline=None)
@given(
    light=lights,
    before=st.tuples(controls, shares, st.booleans()),
    after=st.tuples(controls, shares, st.booleans()),
    says=slots,
    mix=st.integers(0, 255),
    talks=st.tuples(st.booleans(), st.booleans()),
)
def test_no_step_is_larger_than_a_hand_over_takes_and_it_ends_at_its_target(
    light: Any, before: Any, after: Any, says: dict[int, int], mix: int, talks: tuple[bool, bool]
):
    then, now = (shown(light, *way[:2], mixed=way[2]) for way in (before, after))
    stage = Stage(then)
    stage.wall(180)
    stage.slots = says | {50: mix} if talks[0] else None
    last = stage.run(2.2, step=PACKET)[-1:]
    stage.use(now)
    stage.slots = says | {50: mix} if talks[1] else None
    seconds = 4.7 if talks[0] and not talks[1] else 2.2
    left = wide(np.concatenate([last, stage.run(seconds, step=PACKET)]))
    assert np.abs(np.diff(left, axis=0)).max() <= FASTEST
    settled = Stage(now)
    settled.wall(180)
    settled.slots = stage.slots
    if talks[0] == talks[1]:
        assert left[-1].tolist() == wide(settled.run(3.5, step=PACKET))[-1].tolist()
