from itertools import pairwise

import numpy as np
import pytest

from lumad.render.dusk import Dusk
from lumad.render.light import LOOP_S, light_at

SIZE = (320, 180)
TIMES = [0.0, 7.3, 14.0, 30.5, 48.0, 66.6, 90.0]


def drawn(scene, seconds):
    into = np.zeros((scene.size[1], scene.size[0], 4), np.uint8)
    scene.draw(round(seconds * 1e9), into)
    return into


@pytest.fixture(scope="module")
def scene():
    return Dusk(*SIZE)


def test_the_same_time_gives_the_same_picture_in_whatever_order(scene):
    for number in range(400, 431):
        kept = drawn(scene, number / 30)
    drawn(scene, 70)
    assert np.array_equal(kept, drawn(scene, 430 / 30))
    assert np.array_equal(kept, drawn(Dusk(*SIZE), 430 / 30))


def test_skipped_frames_do_not_change_what_follows(scene):
    drawn(scene, 20)
    drawn(scene, 20.4)
    assert np.array_equal(drawn(scene, 20.5), drawn(Dusk(*SIZE), 20.5))


def test_every_moment_differs_from_the_next(scene):
    for seconds in TIMES:
        assert (drawn(scene, seconds) != drawn(scene, seconds + 1 / 30)).any()


@pytest.mark.parametrize("seconds", TIMES)
def test_no_picture_is_uniform_or_see_through(scene, seconds):
    picture = drawn(scene, seconds)
    assert picture[..., :3].max() > 60
    assert picture[..., :3].std() > 8
    assert (picture[..., 3] == 255).all()


def test_the_loop_closes_exactly(scene):
    assert np.array_equal(drawn(scene, 0), drawn(scene, LOOP_S))
    assert np.array_equal(drawn(scene, 3.5), drawn(scene, 10 * LOOP_S + 3.5))


def test_the_seam_is_as_smooth_as_any_step(scene):
    times = [LOOP_S - 2 / 30, LOOP_S - 1 / 30, LOOP_S, LOOP_S + 1 / 30]
    pictures = [drawn(scene, t).astype(np.int16) for t in times]
    changes = [np.abs(b - a).mean() for a, b in pairwise(pictures)]
    assert changes[1] <= 1.5 * max(changes[0], changes[2])


def test_no_step_of_the_light_flashes():
    tops = np.array([light_at(n / 30).toward.mean() for n in range(int(LOOP_S * 30) + 1)])
    assert np.abs(np.diff(tops)).max() < 1


def test_lamps_along_the_wall_get_different_colours(scene):
    picture = drawn(scene, 12).astype(float)[..., :3]
    zenith, horizon = picture[:20].mean(axis=(0, 1)), picture[125:140, 180:260].mean(axis=(0, 1))
    assert zenith[0] > zenith[2] + 40  # blue
    assert horizon[2] > horizon[0] + 60  # orange


def test_a_minute_turns_day_into_night(scene):
    assert drawn(scene, 0)[:60, :, :3].mean() > 3 * drawn(scene, 35)[:60, :, :3].mean()


@pytest.mark.parametrize("size", [(16, 16), (37, 23), (90, 160), (500, 40), (1279, 719)])
def test_any_size_is_drawn_to_its_last_pixel(size):
    picture = drawn(Dusk(*size), 12)
    assert (picture[..., 3] == 255).all()
    assert picture[..., :3].any(axis=2).mean() > 0.95


def test_the_sky_has_no_bands():
    column = drawn(Dusk(640, 360), 12)[:150, :, 0].astype(float)
    rows = column.mean(axis=1)
    assert len(np.unique(np.round(rows, 2))) > 140  # dither: row means do not fall on whole codes
