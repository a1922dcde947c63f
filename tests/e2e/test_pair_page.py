"""The page that lets a device in: by the code of a QR, by PIN, with a thumb or keys alone."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from api.fake_desk import FakeDesk
from playwright.sync_api import Browser, Page, expect
from sight import violations

from lumad.api.app import build_app, serve
from lumad.api.listen import listen
from lumad.daemon.people import PeopleFile

pytestmark = pytest.mark.browser


@dataclass
class Door:
    """A real door to a pretended desk."""

    url: str
    people: PeopleFile


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    loop, listening, people = (
        asyncio.new_event_loop(),
        listen("127.0.0.1", 0),
        PeopleFile(tmp_path / "p.json"),
    )

    async def begin() -> Any:
        return await serve(build_app(FakeDesk(), bind="0.0.0.0", people=people), listening)

    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(begin(), loop).result(10)
    yield Door(f"http://127.0.0.1:{listening.getsockname()[1]}/", people)
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(10)  # closed connections say so
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="en-GB")
    yield context.new_page()
    context.close()


def test_a_scanned_code_takes_one_tap_and_stays_in_no_address(phone: Page, door: Door):
    phone.goto(f"{door.url}pair#k={door.people.offer(None).code}")
    button = phone.get_by_role("button", name="Let me in")
    expect(button).to_be_focused()
    assert phone.evaluate("location.hash") == ""
    assert phone.locator("input:visible").count() == 1
    assert violations(phone) == []
    phone.get_by_label("Name of this device").fill("Anna's phone")
    button.tap()
    phone.wait_for_url(door.url)
    assert [(one.name, one.role) for one in door.people.devices()] == [("Anna's phone", "admin")]
    assert phone.evaluate("document.cookie") == ""
    assert phone.request.get(f"{door.url}api/v1/show").status == 200


def test_a_stranger_at_a_screen_types_the_pin_and_lands_on_that_screen(phone: Page, door: Door):
    phone.goto(f"{door.url}#/looks")
    expect(phone.get_by_label("PIN")).to_be_focused()
    expect(phone.get_by_role("button")).to_be_disabled()
    phone.keyboard.type(door.people.offer(None).pin)
    assert phone.get_by_label("PIN").input_value()[3] == " "
    phone.keyboard.press("Enter")
    expect(phone.locator("body.pair")).to_have_count(0)
    assert phone.url.startswith(f"{door.url}#/looks")
    assert len(door.people.devices()) == 1


def test_a_code_that_is_not_valid_any_more_makes_room_for_the_pin(phone: Page, door: Door):
    phone.goto(f"{door.url}pair#k=too-old")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("alert")).to_contain_text("not valid")
    assert violations(phone) == []
    expect(phone.get_by_label("PIN")).to_be_focused()
    phone.keyboard.type(f"{door.people.offer(None).pin}\n")
    phone.wait_for_url(door.url)


def test_it_speaks_german_fits_the_smallest_phone_and_says_how_long_to_wait(browser: Browser, door: Door):
    context = browser.new_context(viewport={"width": 320, "height": 568}, locale="de-DE")
    page = context.new_page()
    page.goto(f"{door.url}pair")
    for _ in range(6):
        page.get_by_label("PIN").fill("000 000")
        page.get_by_role("button", name="Einlassen").click()
        expect(page.get_by_role("alert")).not_to_be_empty()
        expect(page.get_by_label("PIN")).to_have_value("")
    expect(page.get_by_role("alert")).to_contain_text("Sekunden")
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.locator("html").get_attribute("lang") == "de"
    context.close()
