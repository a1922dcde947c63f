"""A first-time user's way through the demo, by thumb; LUMAD_PICTURES=1 writes its pictures to docs/images."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from finger import Finger
from namespaces import isolated, missing
from playwright.sync_api import Browser, Page, expect, sync_playwright
from stage import Stage, still_stage

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
IMAGES = Path(__file__).parents[2] / "docs" / "images"
MOST_BYTES = 80_000
WANTED = bool(os.environ.get("LUMAD_PICTURES"))
PLACE = (0.5, 0.2)  # of the wall's picture: sky that no region covers yet
Snap = Callable[[str], None]


def see_the_wall(page: Page, snap: Snap) -> None:
    page.get_by_text("received from the wire").wait_for(timeout=15_000)
    page.wait_for_selector(".region")
    page.wait_for_selector(".waiting", state="detached")
    snap("wall")


def link_in_four_taps(page: Page, snap: Snap) -> None:
    page.get_by_role("link", name="Lights", exact=True).tap()
    page.locator('.lamp-rows [data-id="rim"] a').tap()
    page.get_by_role("button", name="Link anew").tap()
    page.get_by_text("Tap the place on the wall for Rim").wait_for()
    snap("link")
    frame = page.locator(".regions").bounding_box()
    assert frame is not None
    page.touchscreen.tap(frame["x"] + PLACE[0] * frame["width"], frame["y"] + PLACE[1] * frame["height"])
    expect(page.locator('.region[data-id="rim"]')).to_have_attribute("aria-pressed", "true")
    snap("linked")


def trim(page: Page, snap: Snap, stage: Stage) -> None:
    page.get_by_role("link", name="Lights", exact=True).tap()
    page.locator('.lamp-rows [data-id="rim"] a').tap()
    fader = page.locator('.trims [aria-label^="Warm"]')
    fader.scroll_into_view_if_needed()
    box = fader.bounding_box()
    assert box is not None
    finger, (x, y) = Finger(page), (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    finger.press((x, y))
    for step in range(1, 16):
        finger.move((x + 4 * step, y))
    stage.until(lambda: stage.get("api/v1/fixtures/rim")["trims"]["mired"] > 0)
    finger.lift()
    snap("trim")


def store_a_look(page: Page, snap: Snap, stage: Stage) -> None:
    tab = page.get_by_role("navigation", name="Screens").get_by_role("link", name="Looks")
    stage.until(lambda: tab.tap() or "looks" in page.url)  # the browser eats a tap so soon after a drag
    page.get_by_role("link", name="Store the first look").tap()
    page.get_by_role("textbox", name="Name", exact=True).fill("Dusk")
    snap("store")
    page.get_by_role("button", name="Store 7 lamps").tap()
    page.locator('.look-tile[data-id="dusk"]').get_by_text("On", exact=True).wait_for()
    snap("look")


def camera(page: Page, folder: Path) -> Snap:
    """Takes small pictures of what is on the screen, if they are wanted."""

    def snap(name: str) -> None:
        for quality in (75, 60, 45, 30) if WANTED else ():
            page.screenshot(path=folder / f"{name}.jpg", type="jpeg", quality=quality)
            if (folder / f"{name}.jpg").stat().st_size <= MOST_BYTES:
                return

    return snap


def opened(browser: Browser, stage: Stage, device: dict[str, Any], complaints: list[str]) -> Page:
    context = browser.new_context(**device | {"device_scale_factor": 1.5})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type != "info" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(stage.url)
    return page


def way(folder: str, program: str) -> dict[str, Any]:
    complaints: list[str] = []
    with still_stage(folder, port=0) as stage, sync_playwright() as playwright:
        stage.start(command=("demo",))
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = opened(browser, stage, playwright.devices["Pixel 7"], complaints)
        snap = camera(page, Path(folder))
        see_the_wall(page, snap)
        before = stage.get("api/v1/dmx/1")["levels"][30:50]
        link_in_four_taps(page, snap)
        trim(page, snap, stage)
        store_a_look(page, snap, stage)
        show = stage.get("api/v1/show")
        moved = stage.until(lambda: stage.get("api/v1/dmx/1")["levels"][30:50] != before)
        browser.close()
        return {"show": show, "moved": bool(moved), "complaints": complaints}


def test_a_newcomer_sees_the_wall_links_a_light_trims_it_and_stores_a_look(tmp_path: Path):
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        missing("chromium is not installed")
    seen = isolated(way, str(tmp_path), program, timeout_s=90)
    show = seen["show"]
    assert show["regions"]["rim"]["center"] == pytest.approx(PLACE, abs=0.02)
    assert show["fixtures"]["rim"]["trims"]["mired"] > 0
    assert show["looks"]["dusk"]["fixtures"]["rim"]["follow"]["region"] == "rim"
    assert (seen["moved"], seen["complaints"]) == (True, [])
    for picture in tmp_path.glob("*.jpg"):
        IMAGES.mkdir(exist_ok=True)
        shutil.copy(picture, IMAGES / picture.name)
