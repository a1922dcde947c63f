from fractions import Fraction

import cv2
import numpy as np
import pytest
from feeds.clips import solid, write_clip
from render.plays import asked

from lumad.errors import FeedError
from lumad.render.picture import open_picture


@pytest.fixture
def files(tmp_path):
    half = np.zeros((40, 80, 3), np.uint8)
    half[:, 40:] = 200
    cv2.imwrite(str(tmp_path / "plate.png"), half)
    write_clip(tmp_path / "film.mp4", [solid((90, 90, 90), (48, 32))] * 3)
    write_clip(tmp_path / "slow.mp4", [solid((90, 90, 90), (48, 32))] * 3, rate=2)
    return tmp_path


def draw(picture, t_ns=0):
    into = np.zeros((picture.size[1], picture.size[0], 4), np.uint8)
    return picture.draw(t_ns, into), into


def test_the_dusk_is_drawn_at_the_size_of_the_wall(tmp_path):
    picture = open_picture(asked(tmp_path))
    assert (picture.size, picture.rate, picture.any_time) == ((64, 36), 30, True)


def test_a_giant_wall_gets_the_dusk_enlarged(tmp_path):
    picture = open_picture(asked(tmp_path, size=(5000, 1001)))
    time, into = draw(picture, 5)
    assert time == 5
    assert into[-1, -1, 3] == 255


def test_a_plate_is_scaled_to_the_wall_and_drawn_once(files):
    picture = open_picture(asked(files, scene={"kind": "plate", "file": "plate.png"}))
    time, into = draw(picture)
    assert (picture.size, picture.rate, time) == ((64, 36), 40, 0)
    assert into[10, 10, 0] < 5 < 195 < into[10, 50, 0]
    assert draw(picture, 25_000_000)[0] is None


def test_a_foreign_image_keeps_its_own_size(files):
    assert open_picture(asked(files, feed={"kind": "image", "file": "plate.png"})).size == (80, 40)


def test_a_video_scene_has_the_size_of_the_wall_and_a_video_feed_its_own(files):
    film = {"kind": "video", "file": "film.mp4"}
    assert open_picture(asked(files, scene=film)).size == (64, 36)
    assert open_picture(asked(files, feed=film)).size == (48, 32)
    assert open_picture(asked(files, feed=film)).rate == 25


def test_a_slow_clip_repeats_its_frames_so_that_nobody_takes_it_for_lost(files):
    picture = open_picture(asked(files, feed={"kind": "video", "file": "slow.mp4"}))
    assert picture.rate == Fraction(16)
    drawn = [draw(picture, round(n * 1e9 / 16))[0] for n in range(16)]
    assert sum(each is not None for each in drawn) == 2


def test_a_file_that_is_not_there_is_said_with_its_path(tmp_path):
    with pytest.raises(FeedError, match=r"nowhere\.jpg: No such file"):
        open_picture(asked(tmp_path, scene={"kind": "plate", "file": "nowhere.jpg"}))


def test_a_picture_of_a_later_version_is_refused(tmp_path):
    with pytest.raises(FeedError, match="cannot play ndi"):
        open_picture(asked(tmp_path, feed={"kind": "ndi", "file": "x"}))


def test_a_plate_without_a_file_is_refused(tmp_path):
    with pytest.raises(FeedError, match="names no file"):
        open_picture(asked(tmp_path, scene={"kind": "plate"}))
