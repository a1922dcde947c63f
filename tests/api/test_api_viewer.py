"""How much picture is on the way, and the mailbox of a slow page."""

import asyncio

from aiohttp import web

from lumad.api.viewer import WIDTHS, Preview, Viewer


def _wanted() -> Preview:
    preview = Preview()
    preview.want(640)
    return preview


def test_one_picture_is_on_the_way_until_its_ack():
    preview = _wanted()
    preview.letter(10, b"", 0.0)
    assert not preview.ready
    preview.acknowledge(1, 0.2)
    assert preview.ready
    preview.letter(11, b"", 0.2)
    assert not preview.ready


def test_two_are_on_the_way_where_acks_return_at_once():
    preview = _wanted()
    preview.letter(10, b"", 0.0)
    preview.acknowledge(1, 0.01)
    preview.letter(11, b"", 0.02)
    assert preview.ready
    preview.letter(12, b"", 0.03)
    assert not preview.ready
    preview.acknowledge(3, 0.5)
    preview.letter(13, b"", 0.5)
    assert not preview.ready


def test_an_ack_that_is_old_or_made_up_changes_nothing():
    preview = _wanted()
    preview.letter(10, b"", 0.0)
    for sequence in (0, -1, 2, 2**40):
        preview.acknowledge(sequence, 0.01)
    assert not preview.ready


def test_a_page_that_asks_anew_gets_a_picture_whatever_was_lost():
    preview = _wanted()
    preview.letter(10, b"", 0.0)
    preview.want(None)
    assert not preview.ready
    preview.want(100)
    assert (preview.ready, preview.width) == (True, WIDTHS[0])
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
