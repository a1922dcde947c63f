"""The frame of the page in a real browser: tabs, lock, wake, roles, shortcuts, languages, accessibility."""

import pytest
from fake_desk import FakeDesk
from finger import Finger
from playwright.sync_api import Page, Playwright, expect
from sight import Open, hear_freeze, middle, region, violations

pytestmark = pytest.mark.browser

TAPPED = """selectors => {
  document.dispatchEvent(new Event("visibilitychange"));
  for (const selector of selectors) {
    const button = document.querySelector(selector);
    button.dispatchEvent(new PointerEvent("pointerdown", {bubbles: true, cancelable: true}));
    button.dispatchEvent(new MouseEvent("click", {bubbles: true, cancelable: true, detail: 1}));
  }
}"""


# ---------------------------------------------------------------- where one is


def test_every_screen_has_an_address_and_back_comes_back(phone: Page):
    phone.get_by_role("link", name="Lights").tap()
    phone.locator('.lamp-rows [data-id="key"] a').tap()
    expect(phone.locator(".lamp-sheet h2").first).to_have_text("Key")
    assert phone.evaluate("() => location.hash") == "#/lights/key"
    phone.go_back()
    expect(phone.locator(".lamp-rows")).to_be_visible()
    phone.go_back()
    expect(phone.locator(".picture")).to_be_visible()
    expect(phone.locator(".lamp-rows")).to_be_hidden()


def test_a_link_to_a_region_opens_the_wall_with_it_chosen(open_page: Open, playwright: Playwright):
    page = open_page("#/wall/moon", **playwright.devices["Pixel 7"] | {"device_scale_factor": 1})
    expect(page.locator(".sheet strong")).to_have_text("moon")
    page.get_by_role("button", name="Done").tap()
    assert page.evaluate("() => location.hash") == "#/wall"


def test_nobody_is_sent_pictures_while_the_wall_is_hidden(phone: Page, desk: FakeDesk):
    phone.get_by_role("link", name="Lights").tap()
    desk.wait(lambda it: it.of("preview")[-1]["on"] is False)
    phone.get_by_role("link", name="Wall").tap()
    desk.wait(lambda it: it.of("preview")[-1]["on"] is True)


def test_a_lamp_chip_under_the_picture_shows_its_light_and_leads_to_it(phone: Page):
    phone.locator('.lamps [data-id="rim"] button').tap()
    expect(phone.locator(".lamp-detail")).to_contain_text("1.041 · follows sun")
    assert violations(phone) == []
    phone.get_by_role("link", name="Open Rim").tap()
    expect(phone.locator(".lamp-sheet h2").first).to_have_text("Rim")


def test_a_wide_screen_keeps_the_wall_beside_the_lamp(computer: Page):
    computer.locator('.lamp-rows [data-id="key"] a').click()
    expect(computer.locator(".lamp-sheet")).to_be_visible()
    expect(computer.locator(".picture")).to_be_visible()
    expect(computer.locator(".lamps")).to_be_hidden()
    assert violations(computer) == []


# ---------------------------------------------------------------- no accidents


def test_a_locked_phone_does_nothing_but_blackout_until_it_is_held_open(phone: Page, desk: FakeDesk):
    phone.locator(".lock").tap()
    phone.reload()
    phone.wait_for_selector(".region")
    expect(phone.get_by_role("slider", name="Master")).to_have_attribute("aria-disabled", "true")
    phone.touchscreen.tap(*middle(phone, region("sun")))
    phone.locator(".lock").tap()
    expect(phone.locator(".toast")).to_contain_text("Only Blackout works")
    phone.locator(".blackout").tap()
    desk.wait(lambda it: it.live["blackout"])
    expect(phone.locator(region("sun"))).to_have_attribute("aria-pressed", "false")
    open_again = expect(phone.locator(".lock"))
    Finger(phone).hold(middle(phone, ".lock"), lambda: open_again.to_have_attribute("aria-pressed", "false"))
    expect(phone.locator(".freeze")).to_be_enabled()


def test_the_tap_that_wakes_the_phone_presses_nothing_but_blackout(phone: Page, desk: FakeDesk):
    phone.evaluate(TAPPED, [".freeze", ".blackout"])
    desk.wait(lambda it: it.live["blackout"])
    assert desk.of("live", freeze=True) == []
    hear_freeze(phone, desk)  # and a moment later everything works


def test_two_taps_on_the_master_are_full_light_with_an_offer_to_go_back(phone: Page, desk: FakeDesk):
    phone.get_by_role("slider", name="Master").press("Home")
    desk.wait(lambda it: it.live["master"] == 0)
    for _ in range(2):
        phone.touchscreen.tap(*middle(phone, ".bar .fader"))
    desk.wait(lambda it: it.live["master"] == 1)
    phone.locator(".toast button").tap()
    desk.wait(lambda it: it.live["master"] == 0)


# ---------------------------------------------------------------- roles


def test_a_viewer_sees_everything_and_moves_nothing(open_page: Open, desk: FakeDesk):
    desk.role = "viewer"
    page = open_page(viewport={"width": 1440, "height": 900})
    expect(page.locator(".role")).to_have_text("Viewer")
    expect(page.locator(".blackout")).to_be_disabled()
    page.locator('.lamp-rows [data-id="key"] a').click()
    expect(page.get_by_role("radio", name="Manual")).to_be_disabled()
    page.get_by_role("slider", name="Intensity").press("ArrowRight")
    page.locator(region("sun")).press("Enter")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Width %")).to_be_disabled()
    assert [message for message in desk.received if message["type"] in ("edit", "live")] == []


def test_an_operator_trims_lamps_and_leaves_regions_alone(open_page: Open, desk: FakeDesk):
    desk.role = "operator"
    page = open_page(viewport={"width": 1440, "height": 900})
    x, y = middle(page, region("sun"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    page.locator(region("sun")).press("Enter")
    expect(page.get_by_role("button", name="Delete")).to_be_disabled()
    page.locator('.lamp-rows [data-id="key"] a').click()
    page.get_by_role("slider", name="Intensity").press("ArrowRight")
    desk.wait(lambda it: it.of("edit"))
    assert {edit["path"] for edit in desk.of("edit")} == {"fixtures/key"}


# ---------------------------------------------------------------- keyboard, language


def test_the_keyboard_reaches_every_screen_and_says_how(computer: Page, desk: FakeDesk):
    computer.keyboard.press("?")
    expect(computer.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert violations(computer) == []
    computer.keyboard.press("Escape")
    computer.keyboard.press("2")
    assert computer.evaluate("() => location.hash") == "#/lights"
    computer.keyboard.press("b")
    desk.wait(lambda it: it.live["blackout"])
    computer.keyboard.press("f")
    desk.wait(lambda it: it.live["freeze"])


def test_single_keys_can_be_switched_off(computer: Page, desk: FakeDesk):
    computer.keyboard.press("?")
    computer.get_by_label("Single keys work").uncheck()
    computer.keyboard.press("Escape")
    for key in ("b", "f"):
        computer.keyboard.press(key)
    hear_freeze(computer, desk)
    assert desk.of("live", blackout=True) == []


def test_the_page_speaks_the_language_of_the_browser_or_the_one_chosen(
    open_page: Open, playwright: Playwright
):
    page = open_page(locale="de-DE", **playwright.devices["Pixel 7"] | {"device_scale_factor": 1})
    expect(page.get_by_role("link", name="Licht")).to_be_visible()
    assert violations(page) == []
    page.locator(".status").tap()
    assert violations(page) == []
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_role("link", name="Lights")).to_be_visible()
    assert page.evaluate("() => document.documentElement.lang") == "en"
