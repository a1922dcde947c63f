"""Filters of light in time: as calm and as quick as stated, at any frame rate."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shows import FORMAT, PROFILES, fixture, show

from lumad.colour.transfer import encode
from lumad.link.live import Live
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.memory import Memory
from lumad.pixelmap.smoothing import EMA, NONE, ONE_EURO, Filters, Smoothing

Floats = npt.NDArray[np.float64]
SECOND_NS = 1_000_000_000
WALL = np.array([[0.41, 0.36, 0.18], [0.2126, 0.7152, 0.0722], [0.02, 0.12, 0.95]])
CODE = 1 / 255

rates = st.floats(10, 240)
times = st.floats(0.02, 4)
colours = st.tuples(*[st.floats(0, 1)] * 3)
filtering = pytest.mark.parametrize("kind", [EMA, ONE_EURO])


def smoothing(
    kinds: Sequence[int],
    attack_s: float = 1.0,
    release_s: float = 1.0,
    *,
    watched: bool = False,
    place: int = 0,
) -> Smoothing:
    """One row a kind, each with an area of its own at `place`; unless `watched`, no cut is seen."""
    count = len(kinds)
    return Smoothing.from_arrays(
        {
            "filter": np.array(kinds, np.uint8),
            "attack_s": np.full(count, attack_s),
            "release_s": np.full(count, release_s),
            "area": np.arange(count, dtype=np.int32) if watched else np.full(count, -1, np.int32),
            "places": np.full(count, place, np.uint64),
            "wall_to_xyz": WALL,
        }
    )


def started(with_: Smoothing) -> Filters:
    count = len(with_.rows)
    return Filters(with_, np.full((count, 3), np.nan), np.zeros((count, 3)))


def followed(with_: Smoothing, pictures: Floats, rate: float) -> Floats:
    """Light (T, C, 3) of samples (T, C, 3) that come at a frame rate."""
    filters, before, light = started(with_), np.full(pictures.shape[1:], np.nan), np.empty_like(pictures)
    for at, samples in enumerate(pictures):
        filters.step(before, samples, round(at * SECOND_NS / rate))
        before, light[at] = samples, filters.light(samples)
    return light


def stepped(kind: int, rate: float, frames: int, ends: tuple[object, object], **times_s: float) -> Floats:
    """Light (T, 3) of one row whose sample changes once, from frame 0 to frame 1."""
    pictures = np.repeat([[ends[0]], [ends[1]]], [1, frames], axis=0)
    return followed(smoothing([kind], **times_s), np.array(pictures, float), rate)[:, 0]


def codes(light: Floats) -> Floats:
    return np.asarray(encode("srgb", np.clip(light, 0, 1))) * 255


def pan(rate: float, speed: float, noise: float = 0.01, seed: int = 3, rows: int = 200) -> Floats:
    """Two seconds of a picture that goes past `speed` regions a second, with noise."""
    random = np.random.default_rng(seed)
    x, waves = np.arange(rows + 1), random.integers(1, 4, 3)
    scene = 0.3 + 0.25 * np.sin(2 * np.pi * x[:, None] * waves / rows + random.uniform(0, 6, 3))
    at = (np.arange(round(2 * rate))[:, None] * speed / rate + x[:-1]) % rows
    seen = np.stack([np.interp(at, x, scene[:, channel]) for channel in range(3)], axis=-1)
    return np.asarray(seen * (1 + noise * random.standard_normal(seen.shape)))


# ------------------------------------------------------------ the stated time is the settle time
@settings(deadline=None, max_examples=50)
@given(st.sampled_from([EMA, ONE_EURO]), rates, times, colours, colours)
def test_any_step_has_settled_within_one_code_at_the_stated_time(kind, rate, time, start, goal):
    light = stepped(kind, rate, 1 + ceil(time * rate), (start, goal), attack_s=time, release_s=time)[-1]
    assert np.abs(np.sqrt(light) - np.sqrt(goal)).max() <= CODE
    assert np.abs(codes(light) - codes(np.array(goal))).max() <= 1


@settings(deadline=None, max_examples=50)
@given(rates, times, times, colours, colours)
def test_rising_light_takes_the_attack_and_falling_light_the_release(rate, attack, release, one, other):
    dark, bright = sorted((one, other), key=lambda colour: np.sqrt(colour) @ WALL[1])
    for time, start, goal in ((attack, dark, bright), (release, bright, dark)):
        frames = 1 + ceil(time * rate)
        light = stepped(EMA, rate, frames, (start, goal), attack_s=attack, release_s=release)
        if abs((np.sqrt(bright) - np.sqrt(dark)) @ WALL[1]) > 1e-6:
            assert np.abs(codes(light[-1]) - codes(np.array(goal))).max() <= 1


@pytest.mark.parametrize(("attack", "release", "slow_up"), [(2.0, 0.2, True), (0.2, 2.0, False)])
def test_an_ema_takes_the_time_it_states_and_no_less(attack, release, slow_up):
    up = stepped(EMA, 60, 60, (np.zeros(3), np.ones(3)), attack_s=attack, release_s=release)[-1]
    down = stepped(EMA, 60, 60, (np.ones(3), np.zeros(3)), attack_s=attack, release_s=release)[-1]
    assert (codes(up).max() < 250) == slow_up
    assert (codes(down).min() > 5) == (not slow_up)


@settings(deadline=None, max_examples=50)
@given(st.sampled_from([EMA, ONE_EURO]), rates, times, times, colours, colours)
def test_a_step_never_overshoots(kind, rate, attack, release, start, goal):
    light = stepped(kind, rate, 20, (start, goal), attack_s=attack, release_s=release)
    low, high = np.minimum(start, goal) - 1e-12, np.maximum(start, goal) + 1e-12
    assert ((low <= light) & (light <= high)).all()


@settings(deadline=None)
@given(st.integers(1, 24), times)
def test_an_ema_goes_the_same_way_at_every_frame_rate(multiple, time):
    ends = ((0.1, 0.9, 0.2), (0.8, 0.1, 0.4))
    slow = stepped(EMA, 10, 10, ends, attack_s=time, release_s=time)
    quick = stepped(EMA, 10 * multiple, 10 * multiple, ends, attack_s=time, release_s=time)
    assert quick[::multiple] == pytest.approx(slow, abs=1e-6)


def test_a_one_euro_filter_goes_nearly_the_same_way_at_every_frame_rate():
    slow, quick = (followed(smoothing([ONE_EURO] * 200), pan(rate, 12, noise=0), rate) for rate in (24, 240))
    assert np.abs(codes(slow) - codes(quick[::10])).mean() < 0.5


def test_a_time_of_zero_follows_at_once():
    light = stepped(EMA, 60, 1, (np.zeros(3), np.ones(3)), attack_s=0.0, release_s=0.0)
    assert light[-1].tolist() == [1, 1, 1]


# ------------------------------------------------------------ calm and quick
@pytest.mark.parametrize(("rate", "speed"), [(24, 6), (60, 12), (120, 12)])
def test_one_euro_keeps_at_most_two_fifths_of_the_noise(rate, speed):
    noisy, clean = pan(rate, speed), pan(rate, speed, noise=0)
    light = followed(smoothing([ONE_EURO] * 200), noisy, rate)
    settled = slice(round(rate / 2), None)
    steps = [np.diff(codes(picture[settled]), axis=0) for picture in (light, noisy, clean)]
    assert np.std(steps[0] - steps[2]) <= 0.4 * np.std(steps[1] - steps[2])


@pytest.mark.parametrize(("speed", "most"), [(2, 0.5), (12, 1.0), (60, 2.0)])
def test_one_euro_follows_a_pan_closer_than_an_ema_of_the_same_time(speed, most):
    noisy, clean = pan(60, speed), codes(pan(60, speed, noise=0))
    lags = [
        np.abs(codes(followed(smoothing([kind] * 200), noisy, 60)) - clean)[30:].mean()
        for kind in (ONE_EURO, EMA)
    ]
    assert lags[0] < min(most, lags[1])


# ------------------------------------------------------------ when light starts anew
@filtering
@pytest.mark.parametrize("rows", [1, 2, 3, 7, 8, 40, 3000])
def test_a_hard_cut_shows_in_its_first_frame_and_nowhere_else(kind, rows):
    pictures = np.concatenate([pan(60, 4, seed=1, rows=rows) * 0.2, pan(60, 4, seed=2, rows=rows)])
    light = followed(smoothing([kind] * rows, watched=True), pictures, 60)
    anew = [at for at in range(1, len(light)) if np.allclose(light[at], pictures[at], atol=1e-12)]
    assert anew == [120]


@filtering
@pytest.mark.parametrize("rows", [1, 3, 8, 200])
def test_a_flash_of_one_frame_passes_at_full_height_and_is_gone(kind, rows):
    pictures = pan(60, 4, rows=rows) * 0.3
    pictures[50] = 0.95
    light = followed(smoothing([kind] * rows, watched=True), pictures, 60)
    assert np.allclose(light[50:52], pictures[50:52])


@filtering
@pytest.mark.parametrize("rows", [1, 3, 8, 200])
@pytest.mark.parametrize(("rate", "speed"), [(24, 0.1), (60, 0.3), (120, 0.6)])
def test_a_pan_with_noise_is_no_cut(kind, rows, rate, speed):
    pictures = pan(rate, speed * rows, noise=0.02, rows=rows)
    light = followed(smoothing([kind] * rows, watched=True), pictures, rate)
    assert not any(np.allclose(light[at], pictures[at]) for at in range(1, len(light)))


@filtering
@pytest.mark.parametrize(("gap_ns", "anew"), [(SECOND_NS, False), (SECOND_NS + 1, True), (-1, True)])
def test_light_starts_anew_after_a_long_gap_or_a_clock_that_went_back(kind, gap_ns, anew):
    filters = started(smoothing([kind], 60, 60))
    first, second = np.full((1, 3), 0.25), np.full((1, 3), 0.26)
    filters.step(first, first, 5 * SECOND_NS)
    filters.step(first, second, 5 * SECOND_NS + gap_ns)
    assert np.allclose(filters.light(second), second) == anew


def test_negative_light_is_black_and_a_broken_sample_heals():
    filters = started(smoothing([EMA]))
    for at, value in enumerate([0.5, np.nan, -0.1, 0.25]):
        samples = np.full((1, 3), value)
        filters.step(samples, samples, at * SECOND_NS // 60)
    assert 0 < filters.light(samples)[0, 0] < 0.25


# ------------------------------------------------------------ in a map
def mapped(kinds: dict[str, int], time_s: float = 60.0, place: int = 0) -> PixelMap:
    """A fixture a name, each with its filter."""
    fixtures = {name: fixture("rgb8", address=1 + 3 * at) for at, name in enumerate(kinds)}
    compiled = compile_show(show(fixtures=fixtures), PROFILES, FORMAT).pixel_map
    filters = smoothing(list(kinds.values()), time_s, time_s, watched=True, place=place)
    return replace(compiled, smoothing=filters)


def grey(*values: float) -> Floats:
    return np.repeat(values, 3).reshape(-1, 3).astype(float)


def carried(memory: Memory, pixel_map: PixelMap) -> Memory:
    return memory.carried(pixel_map.keys, pixel_map.smoothing)


def seen(memory: Memory) -> list[float]:
    return [round(value, 3) for value in memory.light[:, 0].tolist()]


def test_rows_without_a_filter_follow_at_once_and_cost_nothing():
    memory = mapped({"a": NONE, "b": NONE}).new_memory()
    memory.remember(grey(0.1, 0.2), 1, only_waiting=False, time_ns=0)
    assert memory.light is memory.samples


def test_light_is_smoothed_and_the_samples_are_kept_as_they_are():
    pixel_map = mapped({"a": EMA, "b": NONE})
    memory = pixel_map.new_memory()
    for number, values in enumerate([(0.25, 0.25), (0.31, 0.31)], 1):
        memory.remember(grey(*values), number, only_waiting=False, time_ns=number * SECOND_NS // 60)
    assert memory.samples.tolist() == grey(0.31, 0.31).tolist()
    assert seen(memory) == [0.25, 0.31]
    levels = pixel_map.light(memory.light, pixel_map.first_light(), Live(), lost=False).levels[0]
    assert (levels[0], levels[3]) == (64, 79)


def test_filters_go_on_under_another_map_and_new_rows_start_at_their_first_sample():
    memory = mapped({"a": EMA, "b": ONE_EURO}, 1.0).new_memory()
    for number, value in enumerate([0.25, 0.26, 0.27], 1):
        memory.remember(grey(value, value), number, only_waiting=False, time_ns=number * SECOND_NS // 60)
    moving = seen(memory)
    after = carried(memory, mapped({"new": EMA, "b": ONE_EURO, "a": EMA}, 1.0))
    assert seen(after)[1:] == moving[::-1]
    after.remember(grey(0.9, 0.27, 0.27), 3, only_waiting=False, time_ns=3 * SECOND_NS // 60)
    assert seen(after) == [0.9, *moving[::-1]]


def test_a_filter_put_on_a_lit_row_starts_at_its_light():
    memory = mapped({"a": NONE}).new_memory()
    memory.remember(grey(0.5), 1, only_waiting=False, time_ns=0)
    assert seen(carried(memory, mapped({"a": EMA}))) == [0.5]


def test_a_dragged_region_restarts_nobodys_filter():
    memory = mapped({"a": EMA}).new_memory()
    for number in range(1, 6):
        memory.remember(grey(0.1), number, only_waiting=False, time_ns=number * SECOND_NS // 60)
    memory = carried(memory, mapped({"a": EMA}, place=2))
    memory.remember(
        grey(0.9), 5, only_waiting=False, time_ns=5 * SECOND_NS // 60
    )  # the same frame, seen elsewhere
    assert seen(memory) == [0.1]
    memory = carried(carried(memory, mapped({"a": EMA}, place=3)), mapped({"a": EMA}, place=3))
    memory.remember(grey(0.2), 6, only_waiting=False, time_ns=6 * SECOND_NS // 60)  # the next one
    assert 0.1 <= seen(memory)[0] < 0.12


@pytest.mark.parametrize("count", [1, 20])
def test_regions_that_an_edit_moves_make_no_cut(count):
    lamps = {f"lamp{number}": EMA for number in range(count)}
    memory = mapped(lamps).new_memory()
    memory.remember(grey(*[0.1] * count), 1, only_waiting=False, time_ns=0)
    memory = carried(memory, mapped(lamps, place=2))
    memory.remember(grey(*[0.9] * count), 2, only_waiting=False, time_ns=SECOND_NS // 60)
    assert max(seen(memory)) < 0.2


@pytest.mark.parametrize("count", [1, 20])
def test_a_cut_in_the_frame_after_an_edit_that_moves_nothing_is_a_cut(count):
    lamps = {f"lamp{number}": EMA for number in range(count)}
    memory = mapped(lamps).new_memory()
    for number in range(1, 5):
        memory.remember(grey(*[0.1] * count), number, only_waiting=False, time_ns=number * SECOND_NS // 60)
    memory = carried(memory, mapped(lamps))
    memory.remember(grey(*[0.9] * count), 5, only_waiting=False, time_ns=5 * SECOND_NS // 60)
    assert seen(memory) == [0.9] * count


def test_a_compiled_map_says_which_rows_see_the_same_pixels():
    def places(width: float, *names: str) -> list[int]:
        middle = [0.5, 0.5]
        regions = {
            "left": {"center": middle, "size": [width, 1.0]},
            "right": {"center": middle, "size": middle},
        }
        fixtures = {n: fixture("rgb8", n.split("-")[0], address=1 + 3 * at) for at, n in enumerate(names)}
        made = compile_show(show(regions=regions, fixtures=fixtures), PROFILES, FORMAT)
        return made.pixel_map.smoothing.places.tolist()

    one, other, twin = places(0.5, "left", "right", "left-too")
    assert one == twin != other
    assert places(0.6, "right", "left") == [other, places(0.6, "left")[0]]
    assert places(0.6, "left")[0] != one


def test_a_held_light_stays_where_its_filter_is():
    memory = mapped({"a": EMA}, 1.0).new_memory()
    for number, value in enumerate([0.25, 0.28], 1):
        memory.remember(grey(value), number, only_waiting=False, time_ns=number * SECOND_NS // 60)
    held = seen(memory)
    memory.remember(grey(0.9), 3, only_waiting=True, time_ns=SECOND_NS)
    assert seen(memory) == held


def test_without_a_time_light_follows_at_once():
    memory = mapped({"a": EMA}).new_memory()
    memory.remember(grey(0.25), 1, only_waiting=False, time_ns=0)
    memory.remember(grey(0.3), 2, only_waiting=False)
    assert seen(memory) == [0.3]
