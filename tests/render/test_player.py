import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from feeds.clips import solid, spoilt, write_clip
from render.plays import asked

from lumad.frames.ring import RingReader
from lumad.render.player import RETRY_NS, Player

SECOND = 1_000_000_000


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 5 * SECOND

    def __call__(self) -> int:
        return self.now


def open_files():
    """What the descriptors of this process are."""
    folder = Path("/proc/self/fd")
    return [str(each.readlink()) for each in folder.iterdir() if each.is_symlink()]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def player(clock):
    return Player(clock)


def run(player, clock, seconds):
    """Lets time pass from deadline to deadline; the frames that were published."""
    end, frames = clock.now + round(seconds * SECOND), []
    while (due := player.due_ns) is not None and due <= end:
        clock.now = max(due, clock.now)
        if player.tick():
            frame = RingReader(player.ring.fd).latest()
            frames.append((frame.number, frame.media_time_ns, frame.publish_time_ns, frame.pixels[0, 0, 0]))
            player.ahead()
    clock.now = end
    return frames


def test_the_dusk_runs_at_thirty_frames_on_absolute_deadlines(player, clock, tmp_path):
    player.play(asked(tmp_path))
    frames = run(player, clock, 0.999)
    assert [frame[0] for frame in frames] == list(range(1, 31))
    assert [frame[2] - frame[1] for frame in frames] == [5 * SECOND] * 30


def test_a_still_picture_goes_on_numbering_forty_times_a_second(player, clock, tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), np.full((8, 8, 3), 50, np.uint8))
    player.play(asked(tmp_path, scene={"kind": "plate", "file": "a.png"}))
    frames = run(player, clock, 0.999)
    assert [(frame[0], frame[1], frame[3]) for frame in frames] == [(n, 0, 50) for n in range(1, 41)]


def test_a_video_runs_at_its_own_rate_and_loops(player, clock, tmp_path):
    write_clip(tmp_path / "a.mp4", [solid((60, 60, 60), (32, 32)), solid((120, 120, 120), (32, 32))], rate=50)
    player.play(asked(tmp_path, scene={"kind": "video", "file": "a.mp4"}))
    frames = run(player, clock, 0.999)
    assert [frame[1] for frame in frames] == [n * SECOND // 50 for n in range(50)]
    assert np.allclose([frame[3] for frame in frames], [60, 120] * 25, atol=3)


def test_a_late_wall_drops_frames_and_keeps_time(player, clock, tmp_path):
    player.play(asked(tmp_path))
    run(player, clock, 0.1)
    clock.now += SECOND
    assert player.tick()
    frame = RingReader(player.ring.fd).latest()
    assert clock.now - 5 * SECOND - frame.media_time_ns < SECOND // 30
    assert player.late == 29


def test_a_missing_file_publishes_nothing_and_is_tried_again(player, clock, tmp_path):
    player.play(asked(tmp_path, scene={"kind": "plate", "file": "a.png"}))
    assert run(player, clock, 1) == []
    assert player.health()["state"] == "failed"
    assert "a.png: No such file" in player.health()["error"]
    cv2.imwrite(str(tmp_path / "a.png"), np.full((8, 8, 3), 50, np.uint8))
    assert run(player, clock, RETRY_NS / SECOND)
    assert (player.health()["state"], player.health()["error"]) == ("playing", "")


def test_a_new_picture_of_the_same_format_stays_in_the_ring(player, clock, tmp_path):
    for name, code in (("a.png", 50), ("b.png", 90)):
        cv2.imwrite(str(tmp_path / name), np.full((8, 8, 3), code, np.uint8))
    player.play(asked(tmp_path, scene={"kind": "plate", "file": "a.png"}))
    run(player, clock, 0.1)
    ring = player.ring
    player.play(asked(tmp_path, scene={"kind": "plate", "file": "b.png"}))
    frames = run(player, clock, 0.1)
    assert player.ring is ring
    assert frames[0][0] == 6
    assert frames[0][3] == 90


def test_another_format_makes_another_ring(player, clock, tmp_path):
    player.play(asked(tmp_path))
    ring = player.ring
    player.play(asked(tmp_path, size=(32, 18)))
    assert player.ring is not ring
    assert run(player, clock, 0.1)[0][0] == 1


def test_a_successor_goes_on_in_the_ring_where_the_dead_wall_was(player, clock, tmp_path):
    player.play(asked(tmp_path))
    last = run(player, clock, 2)[-1]
    clock.now += SECOND // 2
    successor = Player(clock)
    successor.play(asked(tmp_path), os.dup(player.ring.fd))
    first = run(successor, clock, 0.1)[0]
    assert first[0] == last[0] + 1
    assert first[2] - first[1] == last[2] - last[1]
    assert successor.late == 0


def test_a_ring_that_does_not_fit_is_let_go(player, clock, tmp_path):
    player.play(asked(tmp_path), os.memfd_create("junk"))
    assert run(player, clock, 0.1)
    assert not any("junk" in name for name in open_files())


def test_health_counts_frames_a_second(player, clock, tmp_path):
    player.play(asked(tmp_path))
    player.health()
    run(player, clock, 2)
    health = player.health()
    assert 29 <= health["fps"] <= 31
    assert (health["state"], health["picture"], health["number"]) == ("playing", "dusk", 61)


def test_the_wall_signal_names_the_signal_of_the_frames(player, tmp_path):
    play = asked(tmp_path)
    play["wall"]["signal"] = {
        "transfer": "pq",
        "primaries": {"r": [0.7, 0.3], "g": [0.2, 0.7], "b": [0.15, 0.05]},
        "white": [0.31, 0.33],
        "range": "legal",
        "peak_nits": 600.0,
    }
    player.play(play)
    fmt = player.ring.format
    assert (fmt.transfer, fmt.primaries, fmt.white) == ("pq", "0.7,0.3,0.2,0.7,0.15,0.05", "0.31,0.33")
    assert (fmt.range, fmt.peak_nits, fmt.rate) == ("legal", 600.0, 30)


def test_a_video_that_breaks_holds_its_last_frame_and_is_opened_again(player, clock, tmp_path):
    path = spoilt(tmp_path, range(5, 80))
    player.play(asked(tmp_path, scene={"kind": "video", "file": path.name}))
    assert 3 <= len(run(player, clock, 1)) <= 5
    assert player.health()["state"] == "failed"
    number = player.ring.published
    assert "breaks off" in player.health()["error"]
    assert 3 <= len(run(player, clock, 2)) <= 5
    assert player.ring.published > number
