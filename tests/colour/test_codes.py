"""Values of channels to codes and slots, and back."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lumad.colour.codes import CodeMap, coarse_fine_code01, coarse_fine_slots, plain_code01, plain_slots

GREEN = [
    (146, 244, 1, 99, False),
    (0, 10, 0, 0, True),
    (11, 20, -100, -100, False),
    (21, 119, -99, -1, False),
    (120, 145, 0, 0, True),
    (245, 255, 100, 100, False),
]
KELVIN = [(0, 11, 1700, 1700, False), (13, 242, 1750, 9950, False), (244, 255, 10000, 10000, False)]


@st.composite
def maps(draw: st.DrawFn) -> tuple[list[tuple[float, ...]], int]:
    """Ranges without common codes, some of them still, some falling, in any order."""
    highest = draw(st.sampled_from([255, 65535]))
    ends = sorted(draw(st.sets(st.integers(0, highest), min_size=2, max_size=10)))
    values = st.integers(-1000, 1000)
    ranges = [(a, b, draw(values), draw(values), False) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    return draw(st.permutations(ranges)), highest


@settings(deadline=None)
@given(maps(), st.floats(0.0, 1.0))
def test_a_value_that_some_range_has_comes_back_within_one_code(
    case: tuple[list[tuple[float, ...]], int], part: float
):
    ranges, highest = case
    start, end = ranges[0][2:4]
    value, codes = start + part * (end - start), CodeMap(ranges, highest)
    code = np.rint(codes.codes(value))
    steps = [abs(r[3] - r[2]) / (r[1] - r[0]) for r in ranges if r[0] <= code <= r[1]]
    assert len(steps) == 1  # never a code that means nothing
    assert codes.values(code) == pytest.approx(value, abs=steps[0] + 1e-9)


@settings(deadline=None)
@given(st.integers(0, 200), st.integers(0, 54), st.integers(-50, 50), st.integers(-50, 50), st.floats(0, 1))
def test_a_code_of_a_moving_range_comes_back(first: int, more: int, start: int, end: int, part: float):
    last = first + 1 + more
    code = np.rint(first + part * (last - first))
    only = CodeMap([(first, last, start, end + 0.5, False)], 255)
    assert only.codes(only.values(code)) == pytest.approx(code)


def test_the_neutral_value_is_hit_in_the_middle_of_the_range_beside_the_moving_ones():
    assert CodeMap(GREEN, 255).codes([0.0, 1e-12, 0.4, -0.4]).tolist() == [132, 132, 132, 132]


def test_each_value_has_its_code_and_one_beyond_the_nearest():
    asked = [-150, -100, -99, -50, -1, 0.6, 1, 99, 100, 150]
    assert CodeMap(GREEN, 255).codes(asked).tolist() == [15, 15, 21, 70, 119, 146, 146, 244, 250, 250]


def test_values_between_two_ranges_take_the_nearer_and_never_the_code_between():
    kelvin = CodeMap(KELVIN, 255)
    assert kelvin.codes([[1000, 1720], [1730, 9980]]).tolist() == [[5, 5], [13, 249]]
    assert kelvin.values([0, 5, 12, 13, 242, 250]).tolist() == [1700, 1700, 1725, 1750, 9950, 10000]


def test_physical_values_may_fall_with_the_code():
    falling = CodeMap([(0, 100, 6500, 2700, False)], 255)
    assert falling.codes([6500, 4600, 2700]) == pytest.approx([0, 50, 100])
    assert falling.values([0, 50, 100, 200]).tolist() == [6500, 4600, 2700, 2700]


def test_a_value_of_several_ranges_takes_the_finest():
    assert CodeMap([(0, 10, 0, 100, False), (20, 120, 0, 100, False)], 255).codes(50) == 70


def test_a_neutral_range_in_a_moving_one_takes_half_a_step_each_way():
    pan = CodeMap([(0, 126, -1, -0.01, False), (127, 128, 0, 0, True), (129, 255, 0.01, 1, False)], 255)
    assert pan.codes([0.0, 0.003, 0.5]).tolist() == pytest.approx([127, 127, 191.4], abs=0.1)


@pytest.mark.parametrize(
    "ranges",
    [
        [],
        [(0, 10, 0, 1)],
        [(0, 10, 0, float("nan"), False)],
        [(10, 0, 0, 1, False)],
        [(0, 10, 0, 1, False), (10, 20, 1, 2, False)],
        [(0, 256, 0, 1, False)],
        [(-1, 10, 0, 1, False)],
    ],
    ids=str,
)
def test_what_is_no_map_is_refused(ranges: Sequence[Sequence[float]]):
    with pytest.raises(ValueError, match="codes"):
        CodeMap(ranges, 255)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@settings(deadline=None)
@given(part=st.floats(0.0, 1.0))
def test_plain_slots_come_back_within_half_a_code(count: int, part: float):
    slots = plain_slots([part, 0.0, 1.0, 2.0, -1.0], count)
    codes = plain_code01(slots)
    assert slots.shape == (5, count)
    assert codes == pytest.approx([part, 0, 1, 1, 0], abs=0.5001 / (256**count - 1))


def test_the_coarse_slot_comes_first():
    assert plain_slots([0x1234 / 0xFFFF], 2).tolist() == [[0x12, 0x34]]
    assert plain_code01(np.array([[[0x12, 0x34]]], np.uint8)).tolist() == [[0x1234 / 0xFFFF]]


@pytest.mark.parametrize("span", [1 / 255, 0.01, 0.1, 1.0])
@settings(deadline=None)
@given(part=st.floats(0.0, 1.0))
def test_coarse_and_fine_come_back_within_half_a_fine_step(span: float, part: float):
    assert coarse_fine_code01(coarse_fine_slots([part], span), span) == pytest.approx(
        part, abs=0.5001 * span / 255
    )


def test_coarse_and_fine_of_a_lamp_in_tenths_of_its_range():
    slots = coarse_fine_slots([0.0, 0.6, 0.6 + 0.2 / 255, 1.0], 0.1)  # fine: 0..10 % in 255 steps
    assert slots.tolist() == [[0, 0], [153, 0], [153, 2], [255, 0]]
    assert coarse_fine_code01(np.array([[255, 255], [128, 255]], np.uint8), 0.1).tolist() == pytest.approx(
        [1.0, 128 / 255 + 0.1]
    )


def test_a_ramp_of_coarse_and_fine_never_falls():
    light = coarse_fine_code01(coarse_fine_slots(np.linspace(0, 1, 65536), 0.1), 0.1)
    assert (np.diff(light) >= -1e-12).all()
    assert light[[0, -1]].tolist() == [0.0, 1.0]
