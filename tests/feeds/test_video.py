from fractions import Fraction

import cv2
import numpy as np
import pytest
from feeds.clips import BT601, BT709, RED, solid, spoilt, write_clip, write_sound

from lumad.errors import FeedError
from lumad.feeds.video import Clip

FRAME_NS = 40_000_000


def steps(count, size=(64, 48)):
    return [solid((20 * n + 20,) * 3, size) for n in range(count)]


def played(clip, times_ns):
    """(media time, mean code) of what is drawn at each time; None where it is unchanged."""
    into = np.zeros((clip.size[1], clip.size[0], 4), np.uint8)
    drawn = [(clip.draw(t, into), float(into[..., :3].mean())) for t in times_ns]
    return [None if time is None else (time, mean) for time, mean in drawn]


def test_a_clip_has_its_own_size_and_rate(tmp_path):
    clip = Clip(write_clip(tmp_path / "a.mp4", steps(4), rate=Fraction(24000, 1001)))
    assert (clip.size, clip.rate) == ((64, 48), Fraction(24000, 1001))


def test_frames_come_in_order_at_their_times(tmp_path):
    clip = Clip(write_clip(tmp_path / "a.mp4", steps(5)))
    frames = played(clip, [n * FRAME_NS for n in range(5)])
    assert [frame[0] for frame in frames] == [n * FRAME_NS for n in range(5)]
    assert np.allclose([frame[1] for frame in frames], [20, 40, 60, 80, 100], atol=3)


def test_a_clip_loops_without_a_seam(tmp_path):
    clip = Clip(write_clip(tmp_path / "a.mp4", steps(3)))
    frames = played(clip, [n * FRAME_NS for n in range(10)])
    assert [frame[0] for frame in frames] == [n * FRAME_NS for n in range(10)]
    assert np.allclose([frame[1] for frame in frames], [20, 40, 60] * 3 + [20], atol=3)


def test_a_frame_is_drawn_once(tmp_path):
    clip = Clip(write_clip(tmp_path / "a.mp4", steps(3)))
    assert [bool(each) for each in played(clip, [0, 1, FRAME_NS // 3, FRAME_NS])] == [
        True,
        False,
        False,
        True,
    ]


def test_late_frames_are_left_out_and_time_is_kept(tmp_path):
    clip = Clip(write_clip(tmp_path / "a.mp4", steps(10)))
    frames = played(clip, [0, 4 * FRAME_NS, 5 * FRAME_NS])
    assert [frame[0] // FRAME_NS for frame in frames] == [0, 4, 5]


def test_looking_ahead_changes_nothing(tmp_path):
    clip = Clip(write_clip(tmp_path / "a.mp4", steps(3)))
    clip.ahead()
    first = played(clip, [0])
    clip.ahead()
    clip.ahead()
    assert [each[0][0] for each in (first, played(clip, [FRAME_NS]))] == [0, FRAME_NS]


def test_a_clip_is_scaled_to_the_wall(tmp_path):
    clip = Clip(write_clip(tmp_path / "a.mp4", steps(3)))
    into = np.zeros((90, 160, 4), np.uint8)
    clip.draw(0, into)
    assert np.ptp(into[..., :3]) <= 2
    assert (into[..., 3] == 255).all()


@pytest.mark.parametrize(
    ("size", "matrix", "tag"),
    [
        ((64, 720), BT709, 2),  # untagged, 720 lines and more: BT.709
        ((64, 480), BT601, 2),  # untagged, fewer: BT.601
        ((64, 480), BT709, BT709),
        ((64, 720), BT601, BT601),
    ],
)
@pytest.mark.parametrize("codec", ["mpeg4", "ffv1"])
def test_a_colour_comes_out_as_it_went_in(size, matrix, tag, codec, tmp_path):
    path = write_clip(tmp_path / "a.mkv", [solid(RED, size)] * 2, codec=codec, matrix=matrix, tag=tag)
    clip = Clip(path)
    into = np.zeros((size[1], size[0], 4), np.uint8)
    clip.draw(0, into)
    assert np.abs(into[size[1] // 2, 32, 2::-1].astype(int) - RED).max() <= 2


def test_an_rgb_clip_needs_no_matrix(tmp_path):
    path = write_clip(tmp_path / "a.mkv", [solid(RED, (32, 32))], codec="ffv1", pix_fmt="bgr0")
    into = np.zeros((32, 32, 4), np.uint8)
    Clip(path).draw(0, into)
    assert into[5, 5].tolist() == [*RED[::-1], 255]


def test_a_full_range_clip_is_not_stretched_again(tmp_path):
    grey = cv2.imencode(".jpg", np.full((32, 32, 3), 100, np.uint8))[1].tobytes()
    (tmp_path / "a.mjpeg").write_bytes(grey * 3)
    into = np.zeros((32, 32, 4), np.uint8)
    Clip(tmp_path / "a.mjpeg").draw(0, into)
    assert np.abs(into[..., :3].astype(int) - 100).max() <= 1


def broken_clip(name, folder):
    path = folder / name
    match name:
        case "empty.mp4":
            path.write_bytes(b"")
        case "text.mp4":
            path.write_text("no film " * 50)
        case "sound.wav":
            write_sound(path)
        case "cut.mp4":
            path.write_bytes(write_clip(folder / "whole.mp4", steps(5)).read_bytes()[:300])
        case "hollow.avi":
            write_clip(path, [], size=(32, 32))
    return path


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.mp4", "No such file"),
        ("empty.mp4", "is empty"),
        ("text.mp4", "cannot play"),
        ("cut.mp4", "cannot play"),
        ("hollow.avi", "no frames"),
        ("sound.wav", "no video in it"),
    ],
)
def test_a_bad_clip_is_one_clear_line(name, message, tmp_path, capfd):
    with pytest.raises(FeedError, match=message) as caught:
        Clip(broken_clip(name, tmp_path))
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert capfd.readouterr().err == ""


def test_a_clip_cut_off_in_the_middle_plays_what_is_there(tmp_path):
    data = write_clip(tmp_path / "whole.mkv", steps(10)).read_bytes()
    (tmp_path / "cut.mkv").write_bytes(data[: len(data) * 2 // 3])
    frames = played(Clip(tmp_path / "cut.mkv"), [n * FRAME_NS for n in range(25)])
    assert sum(frame is not None for frame in frames) >= 20


def test_broken_frames_in_a_clip_are_left_out(tmp_path):
    clip = Clip(spoilt(tmp_path, range(10, 20)))
    frames = played(clip, [n * FRAME_NS for n in range(80)])
    missing = {n for n, frame in enumerate(frames) if frame is None}
    assert set(range(10, 19)) <= missing <= set(range(9, 21))  # a threaded decoder may lose a neighbour too


def test_a_clip_that_breaks_off_says_so(tmp_path):
    clip = Clip(spoilt(tmp_path, range(5, 80)))
    with pytest.raises(FeedError, match=r"a\.avi breaks off"):
        played(clip, [n * FRAME_NS for n in range(80)])
