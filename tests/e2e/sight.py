"""Where things stand on the page and what is seen there."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
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
    page.locator(".freeze").press("Enter")  # by keyboard: a tap right after reconnecting does nothing
    desk.wait(lambda it: it.of("live", freeze=True))


AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA on what is shown now."""
    if not AXE.exists():
        assert not os.environ.get("LUMAD_CI"), "axe-core is missing; make check installs it"
        pytest.skip("axe-core is missing; make check installs it")
    page.evaluate(AXE.read_text())  # a script element would break the page's own rules
    found = page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)["violations"]
    return [f"{each['id']}: {json.dumps([node['target'] for node in each['nodes']])}" for each in found]
