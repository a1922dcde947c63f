"""How much picture is on the way, and the mailbox of a slow page."""

import asyncio
from itertools import pairwise

import pytest
from aiohttp import web

from lumad.api.viewer import LADDER, PICTURE_S, WIDTHS, Preview, Viewer, shared

LINK_S = 0.2  # of a picture 640 wide, on a link of 2 Mbit/s with little to spare


def _wanted(width: int = 640) -> Preview:
    preview = Preview()
    preview.want(width)
    return preview


class Link:
    """Carries pictures one after the other to a page that wants them, and its acks back."""

    def __init__(self, width: int = 640) -> None:
        self.preview = _wanted(width)
        self.turns = 0
        self._acks: list[tuple[float, int]] = []  # when, of which picture

    def watch(self, seconds: float, of_640_s: float) -> int:
        """How many pictures leave in so many seconds while one that is 640 wide takes so long."""
        before = self.preview._sent
        for _ in range(round(seconds / PICTURE_S)):
            self.turns += 1
            now = self.turns * PICTURE_S
            for when, sequence in [each for each in self._acks if each[0] <= now]:
                self.preview.acknowledge(sequence, when)
                self._acks.remove((when, sequence))
            if self.preview.ready(now):
                busy = of_640_s * ((self.preview.width or 0) / 640) ** 1.5
                self.preview.letter(self.turns, b"", now)
                free = max([now, *(when for when, _ in self._acks)])
                self._acks.append((free + busy, self.preview._sent))
        return self.preview._sent - before


def test_one_picture_is_on_the_way_until_its_ack():
    preview = _wanted()
    preview.letter(10, b"", 0.0)
    assert not preview.ready(0.5)
    preview.acknowledge(1, 0.5)
    assert preview.ready(0.5)
    preview.letter(11, b"", 0.5)
    assert not preview.ready(1.0)


def test_two_are_on_the_way_where_acks_return_at_once():
    preview = _wanted()
    preview.letter(10, b"", 0.0)
    preview.acknowledge(1, 0.01)
    preview.letter(11, b"", 0.04)
    assert preview.ready(0.08)
    preview.letter(12, b"", 0.08)
    assert not preview.ready(0.12)
    preview.acknowledge(3, 0.5)
    preview.letter(13, b"", 0.5)
    assert not preview.ready(0.54)


def test_a_quick_link_has_the_wanted_size_25_times_a_second():
    link = Link(960)
    assert link.watch(10, 0.01) == 250
    assert link.preview.width == 960


def test_a_slow_link_gets_smaller_pictures_that_are_young():
    link = Link(960)
    link.watch(4, LINK_S)
    assert link.preview.width == 320
    assert link.watch(10, LINK_S) > 80


def test_a_link_that_hardly_carries_anything_gets_five_small_ones_a_second_at_most():
    link = Link()
    link.watch(10, 1.0)
    assert (link.preview.width, link.preview._rung) == (320, len(LADDER) - 1)
    assert link.watch(10, 0.2) <= 50


def test_a_phone_that_comes_near_again_gets_the_large_picture_back():
    link = Link()
    link.watch(10, 1.0)
    link.watch(60, 0.01)
    assert (link.preview.width, link.preview._rung) == (640, 0)


@pytest.mark.parametrize("of_640_s", [0.02, 0.05, 0.075, 0.1, 0.2, 0.5, 1.0])
def test_a_link_between_two_rungs_changes_its_mind_ever_less_often(of_640_s: float):
    link = Link()
    link.watch(300, of_640_s)
    rungs = []
    for _ in range(120):
        link.watch(1, of_640_s)
        rungs.append(link.preview._rung)
    assert sum(before != after for before, after in pairwise(rungs)) <= 4


def test_two_sizes_serve_everybody():
    assert shared([960, 640, 320, 320]) == (320, 640)
    assert shared([960, 640]) == (640, 960)
    assert shared([]) == ()


def test_an_ack_that_is_old_or_made_up_changes_nothing():
    preview = _wanted()
    preview.letter(10, b"", 0.0)
    for sequence in (0, -1, 2, 2**40):
        preview.acknowledge(sequence, 0.01)
    assert not preview.ready(1.0)


def test_a_page_that_asks_anew_gets_a_picture_whatever_was_lost():
    preview = _wanted()
    preview.letter(10, b"", 0.0)
    preview.want(None)
    assert not preview.ready(1.0)
    preview.want(100)
    assert (preview.ready(1.0), preview.width) == (True, WIDTHS[0])
    preview.want(10_000)
    assert preview.width == WIDTHS[-1]


class SlowSocket(web.WebSocketResponse):
    """A socket whose peer reads when told to."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []
        self.room = asyncio.Semaphore(0)

    async def send_str(self, data: str, _: int | None = None) -> None:
        await self.room.acquire()
        self.sent.append(data)


async def _turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_slow_page_gets_the_newest_of_each_kind_and_no_queue():
    socket = SlowSocket()
    viewer = Viewer(socket, "phone", lambda: None)
    delivery = asyncio.create_task(viewer.deliver())
    for number in range(100):
        viewer.post("show", lambda number=number: f"show {number}")
        viewer.post("lights", lambda number=number: f"lights {number}")
        await asyncio.sleep(0)
    for _ in range(3):
        socket.room.release()
        await _turns()
    delivery.cancel()
    assert len(socket.sent) == 3
    assert socket.sent[-2:] == ["lights 99", "show 99"] or socket.sent[-2:] == ["show 99", "lights 99"]


async def test_a_page_that_does_not_drain_is_dropped():
    dropped: list[bool] = []
    viewer = Viewer(SlowSocket(), "phone", lambda: dropped.append(True))
    viewer.patience_s = 0.0
    viewer.post("show", lambda: "show")
    await viewer.deliver()
    assert dropped == [True]


async def test_a_letter_that_has_become_pointless_is_not_sent():
    socket = SlowSocket()
    viewer = Viewer(socket, "phone", lambda: None)
    viewer.post("preview", lambda: None)
    delivery = asyncio.create_task(viewer.deliver())
    socket.room.release()
    await _turns()
    viewer.post("show", lambda: "show")
    await _turns()
    delivery.cancel()
    assert socket.sent == ["show"]
