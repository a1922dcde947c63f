"""What goes wrong around a page: two hands on one thing, strange names, a big show, a wrong clock."""

from typing import Any

import pytest
from door import Door, Pages
from finger import Finger
from playwright.sync_api import Page, expect
from sight import middle, region

from lumad.show.edits import delete, merge
from lumad.show.store import Store

pytestmark = pytest.mark.browser
EMOJI = "Sonne 🌞 主光 👩‍🎤"
MANY = 500


def held(page: Page, name: str) -> Finger:
    """A finger that has chosen a region and has begun to drag it."""
    at = middle(page, region(name))
    page.touchscreen.tap(*at)
    expect(page.locator(region(name))).to_have_attribute("aria-pressed", "true")
    finger = Finger(page)
    finger.press(at)
    finger.move((at[0] - 12, at[1]))
    return finger


def test_of_two_thumbs_on_one_region_the_last_move_counts_and_both_see_it(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    first, second = pages.open("wall", **pixel), pages.open("wall", **pixel)
    fingers = held(first, "sky-left"), held(second, "sky-left")
    x, y = middle(first, region("water"))
    for step in range(5):
        fingers[step % 2].move((x, y - 40 - step))
    for finger in fingers:
        finger.lift()
    door.wait(lambda it: it.show.regions["sky-left"].center[1] > 0.5)
    line = f"{region('sky-left')} .line"
    door.wait(lambda _: abs(middle(first, line)[1] - middle(second, line)[1]) < 0.5)


def test_a_region_deleted_under_a_thumb_is_gone_for_it_too_and_the_page_goes_on(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    page = pages.open("wall", **pixel)
    door.do(lambda store: store.apply(merge("fixtures/fill", {"follow": None})))
    door.do(lambda store: store.apply(merge("fixtures/back", {"follow": None})))
    finger = held(page, "sky-left")
    door.do(lambda store: store.apply(delete("regions/sky-left")))
    at = middle(page, region("water"))
    finger.move((at[0], at[1] - 30))
    finger.lift()
    expect(page.locator(region("sky-left"))).to_have_count(0)
    assert "sky-left" not in door.show.regions
    held(page, "sun").lift()
    door.wait(lambda it: it.show.regions["sun"].center[0] < 0.59)


def test_a_name_in_any_script_is_shown_as_it_is(pages: Pages, door: Door, pixel: dict[str, Any]):
    page = pages.open("lights", **pixel)
    door.do(lambda store: store.apply(merge("fixtures/key", {"label": EMOJI})))
    door.do(lambda store: store.apply(merge("fixtures/rim", {"label": "<img src=x onerror=alert(1)>"})))
    expect(page.get_by_role("link", name=EMOJI)).to_be_visible()
    expect(page.get_by_role("link", name="<img src=x onerror=alert(1)>")).to_be_visible()


def many_regions(store: Store) -> None:
    for number in range(MANY):
        place = [0.02 + 0.96 * (number % 25) / 24, 0.05 + 0.9 * (number // 25) / 20]
        store.apply(merge(f"regions/r{number}", {"center": place, "size": [0.03, 0.04]}, create=True))


def test_five_hundred_regions_are_shown_and_one_of_them_follows_a_thumb(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    door.do(many_regions)
    page = pages.open("wall", **pixel)
    expect(page.locator(".region")).to_have_count(MANY + 6)
    before = door.show.regions["r37"].center
    page.locator(region("r37")).focus()
    for key in ("Enter", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    door.wait(lambda it: it.show.regions["r37"].center[1] > before[1])
    page.get_by_role("button", name="Blackout").tap()
    door.wait(lambda it: it.desk.store.live.blackout)


def test_a_phone_with_a_wrong_clock_works_like_any_other(pages: Pages, door: Door, pixel: dict[str, Any]):
    page = pages.open("wall", **pixel)
    page.clock.set_fixed_time("2001-03-01T04:05:06Z")
    page.reload()
    page.wait_for_selector("main:not([inert])")
    held(page, "sun").lift()
    door.wait(lambda it: it.show.regions["sun"].center[0] < 0.59)
    page.get_by_role("button", name="Blackout").tap()
    door.wait(lambda it: it.desk.store.live.blackout)
    expect(page.locator(".banner")).to_be_hidden()
