"""The newcomer's first minute: `lumad demo` in a real browser."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from namespaces import isolated, missing
from playwright.sync_api import sync_playwright
from stage import still_stage

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


def demo_seen(folder: str, program: str) -> dict[str, Any]:
    complaints: list[str] = []
    with still_stage(folder, port=0) as stage, sync_playwright() as playwright:
        stage.start(command=("demo",))
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_context(**playwright.devices["Pixel 7"]).new_page()
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(stage.url)
        page.get_by_text("received from the wire").wait_for(timeout=15_000)
        page.get_by_text("Key", exact=True).first.wait_for()
        before = stage.until(lambda: stage.get("api/v1/dmx/1").get("levels"))
        page.get_by_role("button", name="Blackout").tap()
        stage.until(lambda: stage.get("api/v1/dmx/1")["levels"][:2] == [0, 0])
        page.get_by_role("button", name="Blackout").tap()
        stage.until(lambda: stage.get("api/v1/dmx/1")["levels"][:2] != [0, 0])
        following = stage.until(lambda: stage.get("api/v1/dmx/1")["levels"] != before)
        picture = page.screenshot(path=str(Path(folder, "demo.png")))
        browser.close()
        return {"complaints": complaints, "following": following, "picture": len(picture)}


def test_the_demo_lights_its_lamps_in_a_real_browser(tmp_path: Path):
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        missing("chromium is not installed")
    seen = isolated(demo_seen, str(tmp_path), program, timeout_s=60)
    assert seen["complaints"] == []
    assert seen["following"]
    assert seen["picture"] > 50_000
