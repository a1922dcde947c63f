"""Looks and cues in a real browser, on lumad's real door: what a thumb stores, calls and takes back."""

from typing import Any

import pytest
from door import AXE, Door, Pages, go_to, judged
from finger import Finger
from playwright.sync_api import Page, expect
from sight import middle

from lumad.api.roles import Role
from lumad.show.edits import merge
from lumad.show.looks import set_cues, store_look
from lumad.show.store import Store

pytestmark = pytest.mark.browser
WARM = {"control": "manual", "level": 0.4, "colour": {"cct": 3200}}
CUES = [
    {"number": 1, "look": "dusk", "scene": "12", "shot": "A", "take": 3},
    {"number": 2, "look": "noon", "name": "Sun breaks through", "fade_s": 8},
    {"number": 3, "look": "dusk", "fade_s": 0},
]


def two_looks(store: Store) -> None:
    store.apply(merge("fixtures/key", WARM))
    store.apply(store_look("dusk", ["key", "rim"], label="Dusk", fade_s=3))
    store.apply(merge("fixtures/key", {"level": 1, "colour": {"cct": 5600}}))
    store.apply(store_look("noon", label="Noon", fade_s=0))


def three_cues(store: Store) -> None:
    two_looks(store)
    store.apply(set_cues(CUES))


def tile(page: Page, name: str) -> Any:
    return page.locator(f'.look-tile[data-id="{name}"]')


# ---------------------------------------------------------------- looks
def test_the_first_look_is_stored_by_thumb(pages: Pages, door: Door, pixel: dict[str, Any]):
    page = pages.open("looks", **pixel)
    expect(page.get_by_text("No looks yet")).to_be_visible()
    page.get_by_role("link", name="Store the first look").tap()
    page.get_by_role("checkbox", name="Tube").tap()
    page.get_by_role("textbox", name="Name", exact=True).fill("Golden hour!")
    page.get_by_role("button", name="Longer fade").tap()
    page.get_by_role("button", name="Store 6 lamps").tap()
    expect(tile(page, "golden-hour").get_by_text("On", exact=True)).to_be_visible()
    look = door.show.looks["golden-hour"]
    assert (look.label, look.fade_s, "tube" in look.fixtures) == ("Golden hour!", 4, False)


def test_a_look_without_a_name_or_with_a_taken_one_is_refused_at_the_field(pages: Pages, door: Door):
    door.do(two_looks)
    page = pages.open("looks/+")
    page.get_by_role("button", name="Store 7 lamps").click()
    expect(page.get_by_text("A look needs a name")).to_be_visible()
    page.get_by_role("textbox", name="Name", exact=True).fill("Dusk")
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is a look of that name")).to_be_visible()
    assert list(door.show.looks) == ["dusk", "noon"]


def test_a_tap_on_a_tile_brings_the_light_back_and_undo_takes_it_away(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    door.do(two_looks)
    page = pages.open("looks", **pixel)
    expect(tile(page, "noon")).to_have_class("look-tile on")
    expect(tile(page, "dusk")).to_contain_text("2 lamps · 3\u00a0s")
    tile(page, "dusk").get_by_role("button").tap()
    expect(tile(page, "dusk").get_by_text("On", exact=True)).to_be_visible()
    door.wait(lambda it: it.show.fixtures["key"].level == 0.4)
    page.locator(".toast button").tap()
    door.wait(lambda it: it.show.fixtures["key"].level == 1)


def test_a_thumb_that_scrolls_over_tiles_calls_nothing(pages: Pages, door: Door, pixel: dict[str, Any]):
    door.do(two_looks)
    page = pages.open("looks", **pixel)
    expect(tile(page, "dusk")).to_be_visible()
    revision = door.desk.store.revision
    Finger(page).swipe(middle(page, '.look-tile[data-id="dusk"]'), (6, -120))
    page.get_by_role("link", name="Cue list").tap()
    expect(page.get_by_text("No cues yet")).to_be_visible()
    assert door.desk.store.revision == revision


def test_the_keyboard_reaches_a_tile_and_its_panel(pages: Pages, door: Door):
    door.do(two_looks)
    page = pages.open("looks")
    tile(page, "dusk").get_by_role("button").focus()
    page.keyboard.press("Enter")
    door.wait(lambda it: it.show.fixtures["key"].level == 0.4)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Dusk")).to_be_focused()
    page.get_by_role("spinbutton", name="Fade time").focus()
    page.keyboard.press("ArrowUp")
    door.wait(lambda it: it.show.looks["dusk"].fade_s == 4)


def test_a_look_is_released_updated_renamed_and_thinned_in_its_panel(pages: Pages, door: Door):
    door.do(two_looks)
    page = pages.open("looks/dusk")
    page.get_by_role("button", name="Update from the light now").click()
    door.wait(lambda it: it.show.looks["dusk"].fixtures["key"].level == 1)
    page.get_by_role("button", name="Release to the wall").click()
    door.wait(lambda it: it.show.fixtures["key"].control == "follow")
    page.get_by_role("textbox", name="Name", exact=True).fill("Dämmerung")
    page.keyboard.press("Enter")
    door.wait(lambda it: it.show.looks["dusk"].label == "Dämmerung")
    page.get_by_role("button", name="Take Rim out of the look").click()
    door.wait(lambda it: list(it.show.looks["dusk"].fixtures) == ["key"])


def test_a_deleted_look_comes_back_by_undo_and_one_that_a_cue_calls_stays(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    door.do(three_cues)
    page = pages.open("looks/dusk", **pixel)
    expect(page.get_by_text("Cues 1, 3 call it")).to_be_visible()
    page.get_by_role("button", name="Delete").tap()
    expect(page.locator(".toast")).to_contain_text("Cues 1, 3 call it")
    door.do(lambda store: store.apply(set_cues([])))
    expect(page.get_by_text("No cue calls it")).to_be_visible()
    page.get_by_role("button", name="Delete").tap()
    door.wait(lambda it: list(it.show.looks) == ["noon"])
    page.locator(".toast button").tap()
    expect(tile(page, "dusk")).to_be_visible()


def test_a_viewer_sees_looks_and_calls_none(pages: Pages, door: Door):
    door.do(two_looks)
    page = pages.open("looks/dusk", Role.VIEWER)
    for name in ("Go in 3\u00a0s", "Release to the wall", "Update from the light now", "Delete"):
        expect(page.get_by_role("button", name=name)).to_be_disabled()


# ---------------------------------------------------------------- cues
def test_cues_go_one_after_the_other_and_back(pages: Pages, door: Door, pixel: dict[str, Any]):
    door.do(three_cues)
    page = pages.open("looks/cues", **pixel)
    go, back = page.locator(".cue-next"), page.locator(".cue-back")
    expect(go).to_contain_text("1 Dusk")
    expect(back).to_be_disabled()
    go.tap()
    expect(page.get_by_text("Now: 1 Dusk")).to_be_visible()
    go.tap()
    expect(page.get_by_text("Now: 2 Sun breaks through")).to_be_visible()
    assert door.desk.store.live.cue == 2
    back.tap()
    expect(go).to_contain_text("2 Sun breaks through")


def test_a_chosen_cue_goes_and_a_tap_alone_only_chooses(pages: Pages, door: Door, pixel: dict[str, Any]):
    door.do(three_cues)
    page = pages.open("looks/cues", **pixel)
    page.locator(".cue-main").nth(2).tap()
    jump = page.get_by_role("button", name="Go to 3")
    expect(jump).to_be_visible()
    assert door.desk.store.live.cue is None
    jump.tap()
    door.wait(lambda it: it.desk.store.live.cue == 3)
    expect(page.locator(".cue-next")).to_be_disabled()


def test_cues_are_reordered_by_buttons_and_by_keyboard(pages: Pages, door: Door):
    door.do(three_cues)
    page = pages.open("looks/cues")
    page.locator(".cue-main").nth(1).click()
    page.get_by_role("button", name="Cue 2 one place earlier").click()
    door.wait(lambda it: [cue.look for cue in it.show.cues] == ["noon", "dusk", "dusk"])
    assert [cue.number for cue in door.show.cues] == [1, 2, 3]
    page.keyboard.press("Alt+ArrowDown")
    door.wait(lambda it: [cue.look for cue in it.show.cues] == ["dusk", "noon", "dusk"])
    expect(page.locator(".cue-main").nth(1)).to_be_focused()


def test_a_new_cue_says_at_its_field_what_is_wrong(pages: Pages, door: Door):
    door.do(three_cues)
    page = pages.open("looks/cues/+")
    expect(page.get_by_role("textbox", name="Number", exact=True)).to_have_value("4")
    page.get_by_role("textbox", name="Number", exact=True).fill("3")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("There is a cue of that number")).to_be_visible()
    page.get_by_role("textbox", name="Number", exact=True).fill("2,5")
    page.get_by_role("textbox", name="Take", exact=True).fill("0")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Take", exact=True)).to_have_attribute("aria-invalid", "true")
    page.get_by_role("textbox", name="Take", exact=True).fill("4")
    page.keyboard.press("Enter")
    door.wait(lambda it: [cue.number for cue in it.show.cues] == [1, 2, 2.5, 3])


# ---------------------------------------------------------------- for everybody
def test_looks_and_cues_have_no_fault_that_axe_can_find(pages: Pages, door: Door, pixel: dict[str, Any]):
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    page = pages.open("looks", **pixel)
    expect(page.get_by_text("No looks yet")).to_be_visible()
    assert judged(pages, page) == []
    door.do(three_cues)
    for path in ("looks", "looks/dusk", "looks/+", "looks/cues", "looks/cues/2"):
        go_to(page, path)
        assert (path, judged(pages, page)) == (path, [])


def test_looks_fit_a_small_phone_and_every_control_a_thumb(pages: Pages, door: Door):
    door.do(three_cues)
    page = pages.open("looks", viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    small = """() => [...document.querySelectorAll('main :is(button, select, .button, .look-more, .check)')]
        .filter((each) => each.checkVisibility())
        .map((each) => [each.className, each.getBoundingClientRect()])
        .filter(([, box]) => box.width < 48 || box.height < 48).map(([name]) => name)"""
    for path in ("looks", "looks/noon", "looks/+", "looks/cues", "looks/cues/+"):
        go_to(page, path)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
        assert (path, page.evaluate(small)) == (path, [])
