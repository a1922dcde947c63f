"""What is a hard cut, and what only looks like one."""

import numpy as np
import numpy.typing as npt
import pytest

from lumad.pixelmap.cuts import Cuts

Floats = npt.NDArray[np.float64]


def colours(count: int, seed: int) -> Floats:
    return np.random.default_rng(seed).uniform(0.1, 0.9, (count, 3))


def cuts_in(pictures: list[Floats]) -> list[int]:
    """Numbers of the pictures that follow a cut."""
    cuts = Cuts()
    return [at for at in range(1, len(pictures)) if cuts.between(pictures[at - 1], pictures[at])]


@pytest.mark.parametrize("count", [8, 30, 1000])
def test_another_picture_is_a_cut(count):
    one, other = colours(count, 1), colours(count, 2) * [0.5, 1, 0.7]
    assert cuts_in([one, one, other, other]) == [2]


@pytest.mark.parametrize("count", [8, 30, 1000])
def test_regions_that_change_places_are_no_cut(count):
    one = colours(count, 1)
    assert cuts_in([one, one[::-1], one]) == []


@pytest.mark.parametrize("count", [1, 3, 8, 1000])
def test_a_picture_that_slowly_changes_brightness_is_no_cut(count):
    assert cuts_in([np.full((count, 3), level) for level in np.arange(0.1, 0.9, 0.03)]) == []


@pytest.mark.parametrize("count", [8, 30, 1000])
def test_a_lamp_that_crosses_a_third_of_the_picture_is_no_cut(count):
    one = colours(count, 1) * 0.3
    lit = one.copy()
    lit[: count // 3] = 1.0
    assert cuts_in([one, lit, one]) == []


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_few_regions_cut_when_most_of_them_leap_out_of_quiet(count):
    quiet = np.full((count, 3), 0.3)
    assert cuts_in([quiet, quiet, quiet, quiet + 0.2, quiet + 0.2]) == [3]
    assert cuts_in([quiet, quiet, quiet, quiet + 0.1, quiet]) == []


def test_one_of_two_regions_makes_no_cut():
    quiet, leap = np.full((2, 3), 0.3), np.array([[0.8] * 3, [0.3] * 3])
    assert cuts_in([quiet, quiet, leap, quiet]) == []


def test_a_pair_of_flashes_passes_but_fire_is_smoothed():
    quiet, flash = np.full((1, 3), 0.2), np.full((1, 3), 0.9)
    assert cuts_in([quiet] * 10 + [flash, quiet, quiet, flash, quiet]) == [10, 11, 13]
    fire = [np.full((1, 3), level) for level in np.random.default_rng(5).uniform(0.2, 0.9, 200)]
    assert len(cuts_in(fire)) <= 10  # of 200


@pytest.mark.parametrize("count", [2, 9, 1000])
def test_what_cannot_be_compared_tells_no_cut_and_hides_none(count):
    one, other = np.full((count, 3), 0.2), np.full((count, 3), 0.8)
    for known in (one, other):
        before = one.copy()
        before[: count // 2] = np.nan
        after = known.copy()
        after[: count // 2] = 0.9
        assert Cuts().between(before, after) is (known is other)


@pytest.mark.parametrize("count", [0, 1, 8])
def test_what_was_never_seen_tells_no_cut(count):
    assert cuts_in([np.full((count, 3), np.nan), np.full((count, 3), 0.5)]) == []
