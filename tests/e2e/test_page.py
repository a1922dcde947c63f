"""The page in a real browser against a stand-in desk: what a thumb may and may not do."""

import re
from pathlib import Path

import pytest
from fake_desk import WEB, FakeDesk
from finger import Finger
from playwright.sync_api import Page, Playwright, expect
from sight import Open, hear_freeze, middle, region, seen

from lumad.api.page import packed

pytestmark = pytest.mark.browser


# ---------------------------------------------------------------- wall and regions


def test_the_picture_is_drawn_and_every_frame_is_acknowledged(phone: Page, desk: FakeDesk):
    desk.wait(lambda it: len(it.of("ack")) > 5)
    asked = desk.of("preview")[-1]
    assert (asked["on"], asked["width"]) == (True, 640)
    blue, _, red = seen(phone, ".picture")[8, 8]
    assert blue > red > 0  # the fake's sky


def test_a_tap_selects_and_a_touch_drag_moves_in_one_gesture(phone: Page, desk: FakeDesk):
    x, y = middle(phone, region("sun"))
    phone.touchscreen.tap(x, y)
    expect(phone.locator(region("sun"))).to_have_attribute("aria-pressed", "true")
    assert desk.of("edit") == []
    Finger(phone).swipe((x, y), (-60, 30), steps=16)
    desk.wait(lambda it: abs(it.region("sun")["center"][0] - (0.68 - 60 / 412)) < 0.002)
    edits = desk.of("edit", path="regions/sun")
    assert len({edit["gesture"] for edit in edits}) == 1
    assert set(edits[-1]["value"]) == {"center"}
    assert phone.evaluate("() => scrollY") == 0


def test_edits_are_coalesced_per_animation_frame(computer: Page, desk: FakeDesk):
    burst = """() => new Promise((done) => requestAnimationFrame(() => {
        const target = document.querySelector('.regions');
        const {x, y} = document.querySelector('.region[data-id=sun] .line').getBoundingClientRect();
        const send = (type, at) => target.dispatchEvent(new PointerEvent(type, {
            pointerId: 1, pointerType: 'mouse', isPrimary: true, bubbles: true,
            clientX: x + 9 + at, clientY: y + 9}));
        target.setPointerCapture = () => {};
        send('pointerdown', 0);
        for (let at = 4; at < 60; at += 1) send('pointermove', at);
        send('pointerup', 60);
        done();
    }))"""
    computer.evaluate(burst)
    hear_freeze(computer, desk)
    assert len(desk.of("edit")) == 1


def test_a_corner_sizes_with_the_mouse_and_the_opposite_corner_stays(computer: Page, desk: FakeDesk):
    x, y = middle(computer, region("sun"))
    computer.mouse.click(x, y)
    box = computer.locator(f"{region('sun')} .line").bounding_box()
    assert box is not None
    computer.mouse.move(box["x"] + box["width"], box["y"] + box["height"])
    computer.mouse.down()
    computer.mouse.move(box["x"] + box["width"] + 50, box["y"] + box["height"] + 30, steps=5)
    computer.mouse.up()
    desk.wait(lambda it: it.region("sun")["size"][0] > 0.2)
    (cx, cy), (width, height) = desk.region("sun")["center"], desk.region("sun")["size"]
    assert cx - width / 2 == pytest.approx(0.6, abs=0.001)
    assert cy - height / 2 == pytest.approx(0.23, abs=0.001)


def test_a_mouse_drags_a_region_without_selecting_it_first(computer: Page, desk: FakeDesk):
    x, y = middle(computer, region("street"))
    computer.mouse.move(x, y)
    computer.mouse.down()
    computer.mouse.move(x + 80, y, steps=4)
    computer.mouse.up()
    desk.wait(lambda it: it.region("street")["center"][0] > 0.55)
    expect(computer.locator(region("street"))).to_have_class("region selected")


def test_a_vertical_swipe_over_an_unselected_region_scrolls_and_changes_nothing(iphone: Page, desk: FakeDesk):
    Finger(iphone).swipe(middle(iphone, region("sun")), (4, -140))
    iphone.wait_for_function("() => scrollY > 40")
    hear_freeze(iphone, desk)
    assert desk.of("edit") == []
    expect(iphone.locator(region("sun"))).to_have_attribute("aria-pressed", "false")


def test_arrow_keys_and_numbers_do_what_dragging_does(computer: Page, desk: FakeDesk):
    computer.locator(region("sun")).focus()
    for key in ("Enter", "ArrowRight", "ArrowRight", "Shift+ArrowDown"):
        computer.keyboard.press(key)
    desk.wait(lambda it: it.region("sun")["size"][1] > 0.26)
    assert desk.region("sun")["center"][0] == pytest.approx(0.69, abs=1e-6)
    computer.get_by_label("Width %").fill("25,5")
    computer.keyboard.press("Enter")
    desk.wait(lambda it: it.region("sun")["size"][0] == 0.255)


def test_another_hand_moves_a_region_here_too(open_page: Open, desk: FakeDesk):
    first, second = (open_page(viewport={"width": 1000, "height": 800}) for _ in range(2))
    before = middle(second, f"{region('sun')} .line")
    first.locator(region("sun")).focus()
    for key in ("Enter", "ArrowLeft", "ArrowLeft"):
        first.keyboard.press(key)
    desk.wait(lambda it: it.region("sun")["center"][0] == 0.67)
    second.wait_for_function(
        "x => document.querySelector('.region[data-id=sun] .line').getBoundingClientRect().x < x - 3",
        arg=before[0],
    )


def test_a_region_is_added_deleted_and_brought_back(phone: Page, desk: FakeDesk):
    phone.get_by_role("button", name="Add region").tap()
    phone.get_by_role("button", name="Rectangle", exact=True).tap()
    desk.wait(lambda it: "region-1" in it.show["regions"])
    phone.locator(region("sun")).focus()
    phone.keyboard.press("Enter")
    phone.get_by_role("button", name="Delete").tap()
    desk.wait(lambda it: "sun" not in it.show["regions"])
    assert desk.show["fixtures"]["rim"]["follow"] is None
    phone.locator(".toast button").tap()
    desk.wait(lambda it: "sun" in it.show["regions"])
    assert desk.show["fixtures"]["rim"]["follow"]["region"] == "sun"


def test_a_refused_edit_says_why_and_shows_the_truth_again(computer: Page):
    line = computer.locator(f"{region('street')} .line")
    small = str(line.get_attribute("d"))
    computer.locator(region("street")).focus()
    computer.keyboard.press("Enter")
    computer.get_by_label("Height %").fill("100")
    computer.keyboard.press("Enter")
    expect(line).not_to_have_attribute("d", small)
    former = str(line.get_attribute("d"))
    computer.get_by_label("Width %").fill("100")
    computer.keyboard.press("Enter")
    expect(computer.locator(".toast")).to_contain_text("larger than this stage allows")
    expect(line).to_have_attribute("d", former)


# ---------------------------------------------------------------- stage


def test_the_stage_glows_only_with_what_came_from_the_wire(phone: Page, desk: FakeDesk):
    words = "received from the wire: sACN universe 1, Art-Net port-address 5 · 12 ms ago"
    expect(phone.locator(".wire")).to_have_text(words)
    assert seen(phone, ".stage canvas").max() > 200
    desk.live["blackout"] = True
    expect(phone.locator(".stage canvas")).to_have_attribute("aria-label", re.compile("Key #000000"))


# ---------------------------------------------------------------- thumb bar


def fader_value(page: Page) -> int:
    return int(page.get_by_role("slider", name="Master").get_attribute("aria-valuenow") or -1)


def test_a_sideways_swipe_moves_the_master_with_a_square_law(phone: Page, desk: FakeDesk):
    box = phone.get_by_role("slider", name="Master").bounding_box()
    assert box is not None
    Finger(phone).swipe((box["x"] + 0.9 * box["width"], box["y"] + 20), (-8 - box["width"] / 2, 0), steps=20)
    desk.wait(lambda it: it.of("live") and abs(it.live["master"] - 0.25) < 0.01)
    assert fader_value(phone) == 50


def test_a_scrolling_swipe_over_the_master_changes_nothing(phone: Page, desk: FakeDesk):
    Finger(phone).swipe(middle(phone, ".bar .fader"), (6, -160))
    hear_freeze(phone, desk)
    assert [message for message in desk.of("live") if "master" in message] == []
    assert fader_value(phone) == 100


def test_a_cancelled_swipe_puts_the_master_back(phone: Page, desk: FakeDesk):
    Finger(phone).swipe(middle(phone, ".bar .fader"), (-120, 0), end="touchCancel")
    desk.wait(lambda it: it.of("live") and it.of("live")[-1]["master"] == 1)
    assert fader_value(phone) == 100


def test_the_master_answers_the_keyboard(computer: Page, desk: FakeDesk):
    computer.get_by_role("slider", name="Master").focus()
    for key in ("PageDown", "ArrowLeft"):
        computer.keyboard.press(key)
    desk.wait(lambda it: it.live["master"] == pytest.approx(0.89**2))
    assert fader_value(computer) == 89


def test_blackout_by_touch_goes_out_at_once_and_latches(iphone: Page, desk: FakeDesk):
    iphone.locator(".blackout").tap()
    desk.wait(lambda it: it.live["blackout"])
    expect(iphone.locator(".blackout")).to_have_text("Blackout on")
    iphone.locator(".blackout").tap()
    desk.wait(lambda it: not it.live["blackout"])
    assert len(desk.of("live")) == 2


def test_undo_and_redo_follow_what_can_be_undone(phone: Page, desk: FakeDesk):
    undo, redo = phone.locator(".bar .undo"), phone.locator(".bar .redo")
    expect(undo).to_be_disabled()
    phone.locator(region("sun")).focus()
    for key in ("Enter", "ArrowRight"):
        phone.keyboard.press(key)
    expect(undo).to_be_enabled(timeout=500)
    undo.tap()
    desk.wait(lambda it: it.region("sun")["center"][0] == 0.68)
    expect(redo).to_be_enabled(timeout=500)
    redo.tap()
    desk.wait(lambda it: it.region("sun")["center"][0] == 0.685)


def test_the_status_dot_tells_the_numbers(phone: Page):
    phone.get_by_role("button", name="Status: Needs a look").tap()
    for words in (
        "30.0 fps",
        "2.6 ms median, 4.1 ms p95",
        "sACN · multicast",
        "0:1:0 = port-address 16",
        "is a draft",
    ):
        expect(phone.locator(".status-sheet")).to_contain_text(words)
    phone.keyboard.press("Escape")
    expect(phone.locator(".status-sheet")).to_be_hidden()


# ---------------------------------------------------------------- a desk that does not answer


def test_a_silent_desk_is_shown_and_blackout_keeps_trying(phone: Page, desk: FakeDesk):
    desk.freeze()
    expect(phone.locator(".banner")).to_be_visible(timeout=4000)
    expect(phone.locator(".freeze")).to_be_disabled()
    expect(phone.get_by_role("slider", name="Master")).to_have_attribute("aria-disabled", "true")
    phone.locator(".blackout").tap()
    expect(phone.locator(".blackout")).to_have_text("Sending…")
    desk.thaw()
    desk.wait(lambda it: it.live["blackout"])
    expect(phone.locator(".banner")).to_be_hidden()


def test_a_blackout_that_failed_says_so_and_never_fires_late(phone: Page, desk: FakeDesk):
    desk.freeze()
    desk.hang_up()
    expect(phone.locator(".banner")).to_be_visible()
    phone.locator(".blackout").tap()
    expect(phone.locator(".blackout")).to_have_text("Failed: tap again", timeout=4000)
    desk.thaw()
    expect(phone.locator(".banner")).to_be_hidden()
    hear_freeze(phone, desk)
    assert not desk.live["blackout"]


# ---------------------------------------------------------------- sizes


IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "([^"]+)"', re.MULTILINE)


def fetched_by(module: Path) -> set[Path]:
    """What a module needs before it runs."""
    found: set[Path] = set()
    waiting = [module.resolve()]
    while waiting:
        here = waiting.pop()
        needed = {(here.parent / name).resolve() for name in IMPORT.findall(here.read_text())}
        waiting += needed - found
        found |= needed
    return found


def test_every_module_is_fetched_at_once_instead_of_one_after_the_other():
    preloaded = re.findall(r'rel="modulepreload" href="([\w/]+\.js)"', (WEB / "index.html").read_text())
    assert {(WEB / name).resolve() for name in preloaded} == fetched_by(WEB / "app.js")


def test_the_first_load_is_at_most_60_kb():
    named = re.findall(r'(?:href|src)="([\w/]+\.\w+)"', (WEB / "index.html").read_text())
    assert sum(len(packed(WEB / name, "")) for name in ["index.html", *named]) <= 60_000


@pytest.mark.parametrize(("path", "there"), [("#/wall/wire", ".sheet-form"), ("#/lights/key", ".lamp-sheet")])
def test_nothing_is_wider_than_the_screen(computer: Page, path: str, there: str):
    wide = """size => { document.documentElement.style.fontSize = size;
        return document.documentElement.scrollWidth; }"""
    computer.evaluate("path => { location.hash = path; }", path)
    computer.locator(there).wait_for()
    for width, height in [(320, 640), (640, 320), (568, 320), (1000, 600)]:
        computer.set_viewport_size({"width": width, "height": height})
        for text in ("100%", "200%"):
            assert computer.evaluate(wide, text) <= width


SMALL = """() => [...document.querySelectorAll('button, select, input, summary, a, [role=slider]')]
    .map((each) => [each.className || each.tagName, each.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < 48 || box.height < 48)).map(([name]) => name)"""


def test_every_control_is_large_enough_for_a_thumb(phone: Page):
    for path, there in (
        ("wall/sun", ".sheet-form"),
        ("wall/wire", ".stepper"),
        ("lights/rim", ".lamp-sheet"),
    ):
        phone.evaluate("path => { location.hash = `#/${path}`; }", path)
        phone.locator(there).wait_for()
        assert phone.evaluate(SMALL) == []


def test_on_its_side_a_phone_shows_the_picture_over_the_full_height(open_page: Open, playwright: Playwright):
    page = open_page(**playwright.devices["Pixel 7 landscape"] | {"device_scale_factor": 1})
    box = page.locator(".picture").bounding_box()
    assert box is not None
    assert box["height"] == pytest.approx(page.viewport_size["height"] if page.viewport_size else 0, abs=2)
