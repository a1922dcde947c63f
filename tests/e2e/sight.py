"""Where things stand on the page and what is seen there."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from fake_desk import FakeDesk
from finger import Point
from playwright.sync_api import Page

Open = Callable[..., Page]


def middle(page: Page, selector: str) -> Point:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def seen(page: Page, selector: str) -> npt.NDArray[np.uint8]:
    """What stands on the screen there: (height, width, 3) BGR, device pixels."""
    png = np.frombuffer(page.locator(selector).screenshot(), np.uint8)
    return np.asarray(cv2.imdecode(png, cv2.IMREAD_COLOR), np.uint8)


def region(name: str) -> str:
    return f'.region[data-id="{name}"]'


def hear_freeze(page: Page, desk: FakeDesk) -> None:
    """A round trip after which everything sent before has been heard."""
    page.locator(".freeze").click()
    desk.wait(lambda it: it.of("live", freeze=True))
