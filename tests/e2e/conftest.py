"""A browser, a desk that pretends, the page on a phone and on a computer."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from door import Door, Pages
from fake_desk import FakeDesk
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from sight import Open


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        assert not os.environ.get("LUMAD_CI"), "chromium is missing"
        pytest.skip("chromium is missing")
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    running = playwright.chromium.launch(executable_path=program, args=arguments)
    yield running
    running.close()


@pytest.fixture
def desk() -> Iterator[FakeDesk]:
    with FakeDesk() as running:
        yield running


@pytest.fixture
def open_page(browser: Browser, desk: FakeDesk) -> Iterator[Open]:
    """Opens the page on a device; at the end nothing may have complained, the CSP neither."""
    complaints: list[str] = []
    contexts = []

    def open_on(path: str = "", **device: Any) -> Page:
        contexts.append(browser.new_context(**device))
        contexts[-1].set_default_timeout(8000)
        page = contexts[-1].new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type != "info" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(desk.url + path)
        page.wait_for_selector("main:not([inert])")
        if not path:
            page.wait_for_selector(".region")
            page.wait_for_selector(".waiting", state="detached")
        return page

    yield open_on
    for context in contexts:
        context.close()
    unexpected = [each for each in complaints if not each.startswith("WebSocket connection to")]
    assert unexpected == []


@pytest.fixture
def phone(open_page: Open, playwright: Playwright) -> Page:
    # One device pixel per CSS pixel: drawing without a GPU is what takes the time here.
    return open_page(**playwright.devices["Pixel 7"] | {"device_scale_factor": 1})


@pytest.fixture
def iphone(open_page: Open, playwright: Playwright) -> Page:
    return open_page(**playwright.devices["iPhone 13"] | {"device_scale_factor": 1})


@pytest.fixture
def computer(open_page: Open) -> Page:
    return open_page(viewport={"width": 1440, "height": 900})


@pytest.fixture
def door() -> Iterator[Door]:
    """lumad's real door on the demo's show."""
    with Door() as running:
        yield running


@pytest.fixture
def pages(browser: Browser, door: Door) -> Iterator[Pages]:
    """Pages that come in by it."""
    opened = Pages(browser, door)
    yield opened
    opened.close()


@pytest.fixture
def pixel(playwright: Playwright) -> dict[str, Any]:
    """What makes a page of `pages` a phone's."""
    return playwright.devices["Pixel 7"] | {"device_scale_factor": 1}
