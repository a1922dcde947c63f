"""Filters in the engine: their time is the frames' own."""

import os
from dataclasses import replace

import numpy as np
import pytest
from fake_network import FakeNetwork
from shows import FORMAT, PROFILES, fixture, show

from lumad.engine.engine import Engine
from lumad.engine.pace import SECOND_NS
from lumad.frames.ring import RingReader, RingWriter
from lumad.link.levels import LevelsBlock
from lumad.link.live import Live
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.smoothing import EMA, Smoothing

PERIOD = SECOND_NS // 30


def smooth_map() -> PixelMap:
    """One lamp with an EMA of a second; no area is watched for cuts."""
    compiled = compile_show(show(fixtures={"key": fixture("rgb8")}), PROFILES, FORMAT).pixel_map
    second, none = np.ones(1), np.full(1, -1, np.int32)
    arrays = {"filter": np.full(1, EMA, np.uint8), "attack_s": second, "release_s": second, "area": none}
    smoothing = Smoothing.from_arrays(arrays | {"wall_to_xyz": compiled.wall_to_xyz})
    return replace(compiled, smoothing=smoothing)


class Bench:
    """An engine that has just seen black, and draws white from the next frame on."""

    def __init__(self) -> None:
        self.block = LevelsBlock.create(os.urandom(16))
        self.writer = RingWriter.create(FORMAT)
        self.engine = Engine(self.block, "lumad test", FakeNetwork, 0)
        self.engine.resume(0)
        self.engine.use(smooth_map(), 0)
        self.engine.follow(RingReader(self.writer.fd), 0)
        self.see(0, 0, 0)

    def see(self, code: int, published: int, now: int) -> int:
        """The first level after one frame."""
        self.writer.begin()[:] = code
        self.writer.publish(published, published)
        self.engine.step(now)
        return self.light

    @property
    def light(self) -> int:
        return (self.block.read().of(1) or b"\0")[0]


def test_light_settles_in_its_second_of_frames():
    bench = Bench()
    levels = [bench.see(255, at * PERIOD, at * PERIOD) for at in range(1, 31)]
    assert levels == sorted(levels)
    assert 5 < levels[4] < 200
    assert levels[-1] >= 253


def test_time_is_that_of_the_frames_and_not_of_the_loop():
    prompt, late = Bench(), Bench()
    assert prompt.see(255, PERIOD, PERIOD) == late.see(255, PERIOD, 4 * PERIOD)


def test_a_lost_feed_leaves_the_light_where_it_is():
    bench = Bench()
    first = bench.see(255, PERIOD, PERIOD)
    for now in range(2 * PERIOD, SECOND_NS, PERIOD):
        bench.engine.step(now)
    assert bench.engine.feed.lost
    assert bench.light == first


def test_an_edit_without_a_feed_shows_at_once():
    bench = Bench()
    bench.see(255, PERIOD, PERIOD)
    bench.engine.step(SECOND_NS)
    bench.engine.use(smooth_map(), SECOND_NS)
    bench.engine.step(SECOND_NS + PERIOD)
    assert bench.light == 255


@pytest.mark.parametrize("freeze", [False, True])
def test_a_frozen_light_does_not_settle(freeze: bool):
    bench = Bench()
    first = bench.see(255, PERIOD, PERIOD)
    bench.engine.steer(Live(freeze=freeze), PERIOD)
    later = [bench.see(255, at * PERIOD, at * PERIOD) for at in range(2, 9)]
    assert (later[-1] == first) == freeze


def test_an_edit_of_the_show_leaves_a_moving_light_on_its_way():
    bench, edited = Bench(), Bench()
    for at in range(1, 9):
        light = bench.see(255, at * PERIOD, at * PERIOD)
        edited.engine.use(smooth_map(), at * PERIOD - 1)
        assert edited.see(255, at * PERIOD, at * PERIOD) == light
