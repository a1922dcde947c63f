"""Takes, schedule, power and standby in a real browser, on lumad's real door: by thumb, by keys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from door import AXE, Desk, Door, Pages, go_to, judged
from fake_desk import picture
from finger import Finger
from playwright.sync_api import Page, expect
from sight import middle

from lumad.api.roles import Role
from lumad.link.live import Live
from lumad.link.take import Take
from lumad.show.edits import merge, replace
from lumad.show.looks import store_look
from lumad.show.store import Store
from lumad.show.takes import Moment, Takes

pytestmark = pytest.mark.browser
STANDBY = {
    "state": "watching",
    "primary": "lumad stage",
    "heard": True,
    "rate_hz": 30.0,
    "mode": "automatic",
    "handback": "never",
    "last_gap_ms": None,
    "note": "",
}


class Stage(Desk):
    """The door's desk, with takes on the disk and whatever else its state tells."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.takes = Takes(folder / "takes")
        self.told: dict[str, Any] = {}

    def status(self) -> dict[str, Any]:
        return super().status() | self.told


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    made = Door()
    made.desk = Stage(tmp_path)
    with made as running:
        yield running


def roll(store: Store) -> None:
    store.set_live(take={"scene": "12", "shot": "A", "take": 3, "ride": ["key"], "rolling": True})


def looks(store: Store) -> None:
    store.apply(store_look("dusk", ["key", "rim"], label="Dusk", fade_s=3))
    store.apply(merge("show", {"place": {"latitude": 52.52, "longitude": 13.405}}))
    evening = {"at": "sunset-00:15", "look": "dusk", "fade_s": 30}
    night = {"at": "23:30", "days": ["mon", "tue", "wed", "thu"], "blackout": True, "name": "Good night"}
    store.apply(replace("schedule", [evening, night]))


def circuits(store: Store) -> None:
    store.apply(replace("circuits/city", {"label": "Wall sockets left", "limit_w": 1760}))
    store.apply(replace("circuits/house", {"label": "House", "limit_w": 2940}))
    for lamp in ("key", "rim"):
        store.apply(merge(f"fixtures/{lamp}", {"circuit": "city"}))


def kept(door: Door, take: int = 3, shot: str = "A") -> None:
    desk, slate = door.desk, Take(scene="12", shot=shot, take=take)
    desk.takes.keep(
        Moment(1.7e9 + take, slate, desk.store.show, Live(master=0.25, take=slate), {}, picture(take))
    )


def hold(page: Page, selector: str, until: Callable[[], object]) -> None:
    """A finger that stays down until something has happened."""
    Finger(page).hold(middle(page, selector), until)


# ---------------------------------------------------------------- the take
def test_a_take_is_slated_then_rolled_and_cut_by_a_held_thumb_never_by_a_tap(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    page = pages.open("wall", **pixel)
    page.get_by_role("button", name="Take 1").tap()
    page.get_by_role("textbox", name="Scene").fill("12")
    page.get_by_role("textbox", name="Shot").fill("A")
    page.get_by_role("button", name="One take more").tap()
    page.get_by_role("checkbox", name="Key").tap()
    door.wait(lambda it: it.desk.store.live.take == Take(False, "12", "A", 2, ("key",)))
    page.get_by_role("button", name="Hold to roll").tap()
    expect(page.get_by_text("Keep it pressed until it is full")).to_be_visible()
    assert not door.desk.store.live.take.rolling
    hold(page, ".roll", lambda: door.wait(lambda it: it.desk.store.live.take.rolling))
    expect(page.locator(".slate")).to_have_text("ROLLING 12 · A · 2")
    expect(page.get_by_role("textbox", name="Scene")).to_be_disabled()
    hold(page, ".roll", lambda: door.wait(lambda it: not it.desk.store.live.take.rolling))
    assert door.desk.store.live.take == Take(False, "12", "A", 3, ("key",))


def test_keys_roll_by_holding_and_a_voice_by_saying_it_twice(pages: Pages, door: Door):
    page = pages.open("wall")
    page.keyboard.press("t")
    page.locator(".roll").focus()
    page.keyboard.down("Space")
    door.wait(lambda it: it.desk.store.live.take.rolling)
    page.keyboard.up("Space")
    page.locator(".roll").evaluate("button => button.click()")
    expect(page.get_by_text("Press once more to be sure")).to_be_visible()
    assert door.desk.store.live.take.rolling
    page.locator(".roll").evaluate("button => button.click()")
    door.wait(lambda it: it.desk.store.live.take.take == 2)


def test_while_rolling_an_operator_has_blackout_master_and_the_armed_lamps(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    door.do(roll)
    page = pages.open("lights/key", Role.OPERATOR, **pixel)
    expect(page.locator(".rolling-note")).to_contain_text("the intensity of 1 lamp on ride")
    expect(page.get_by_role("radio", name="Manual")).to_be_disabled()
    expect(page.get_by_role("button", name="Freeze")).to_be_disabled()
    page.get_by_role("slider", name="Saturation").press("ArrowRight")
    page.get_by_role("slider", name="Intensity").press("ArrowRight")
    door.wait(lambda it: it.show.fixtures["key"].trims.intensity > 0)
    assert door.show.fixtures["key"].trims.saturation == 1
    page.locator(".blackout").tap()
    door.wait(lambda it: it.desk.store.live.blackout)
    door.do(lambda store: store.set_live(take={"rolling": False}))
    expect(page.get_by_role("radio", name="Manual")).to_be_enabled()


def test_an_admin_stays_free_and_is_told_that_it_is_logged(pages: Pages, door: Door):
    door.do(roll)
    page = pages.open("lights/rim")
    expect(page.locator(".rolling-note")).to_contain_text("logged")
    page.get_by_role("radio", name="Off").click()
    door.wait(lambda it: it.show.fixtures["rim"].control == "off")


def test_a_refusal_while_rolling_is_one_calm_word(pages: Pages, door: Door):
    door.do(looks)
    page = pages.open("looks", Role.OPERATOR)
    page.locator('.look-tile[data-id="dusk"] button').click()
    expect(page.locator(".toast button")).to_be_visible()
    door.do(roll)
    page.locator(".toast button").click()
    expect(page.locator(".toast")).to_have_text("Locked while the take is rolling")


# ---------------------------------------------------------------- continuity
def test_the_light_of_a_take_comes_back_and_undo_takes_it_away(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    page = pages.open("looks/takes", **pixel)
    expect(page.get_by_text("No takes yet")).to_be_visible()
    kept(door)
    door.do(lambda store: store.apply(merge("fixtures/key", {"control": "off"})))
    door.do(roll)
    page.get_by_role("button", name="Restore the light of Scene 12 · Shot A · Take 3").tap()
    door.wait(lambda it: it.show.fixtures["key"].control == "follow" and it.desk.store.live.master == 0.25)
    assert page.locator("img.still").evaluate("async image => (await image.decode(), image.naturalWidth)")
    page.locator(".toast button").tap()
    door.wait(lambda it: it.show.fixtures["key"].control == "off" and it.desk.store.live.master == 1)


# ---------------------------------------------------------------- what happens by itself
def test_an_entry_of_the_schedule_is_made_changed_and_deleted(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    door.do(looks)
    page = pages.open("setup/schedule", **pixel)
    expect(page.get_by_role("link", name="15 min before sunset")).to_contain_text("look Dusk · in 30 s")
    page.get_by_role("link", name="Add entry").tap()
    page.get_by_label("When", exact=True).select_option("sunrise")
    page.get_by_role("textbox", name="Minutes").fill("20")
    page.get_by_label("What", exact=True).select_option("master")
    page.get_by_role("textbox", name="Master, %").fill("50")
    page.get_by_role("button", name="Sun").tap()
    page.get_by_role("button", name="Save").tap()
    door.wait(lambda it: len(it.show.schedule) == 3)
    made = door.show.schedule[2]
    assert (made.at, made.master, "sun" in made.days) == ("sunrise+00:20", 0.25, False)
    page.get_by_role("link", name="23:30").tap()
    page.get_by_role("button", name="Delete").tap()
    door.wait(lambda it: len(it.show.schedule) == 2)
    page.locator(".toast button").tap()
    expect(page.get_by_role("link", name="23:30")).to_be_visible()


def test_a_sun_without_a_place_is_told_at_the_field(pages: Pages, door: Door):
    page = pages.open("setup/schedule/+")
    page.get_by_label("When", exact=True).select_option("sunset")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".field .fault:visible")).to_contain_text("Give place")
    page.get_by_role("link", name="Back", exact=True).evaluate("link => link.click()")
    page.get_by_role("textbox", name="Latitude").fill("52,52")
    page.get_by_role("textbox", name="Longitude").fill("13.4")
    page.keyboard.press("Enter")
    door.wait(lambda it: it.show.place is not None and it.show.place.latitude == 52.52)


# ---------------------------------------------------------------- power and flashes
def test_a_circuit_and_its_lamps_are_one_step(pages: Pages, door: Door):
    page = pages.open("setup/power/+")
    page.get_by_role("textbox", name="Name").fill("Wand links")
    page.get_by_role("textbox", name="Limit, watts").fill("0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 to 1000000 watts")).to_be_visible()
    page.get_by_role("textbox", name="Limit, watts").fill("1760")
    for lamp in ("Key", "Rim"):
        page.get_by_role("checkbox", name=lamp).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Wand links")).to_contain_text("Key, Rim")
    assert door.show.circuits["wand-links"].limit_w == 1760
    page.locator(".toast button").click()
    door.wait(lambda it: not it.show.circuits and it.show.fixtures["key"].circuit is None)


def test_what_flashes_what_is_full_and_who_else_sends_is_told(pages: Pages, door: Door):
    door.do(circuits)
    door.desk.told = {
        "circuits": {"city": {"watts": 1760.0, "limit_w": 1760}},
        "flashing": ["key"],
        "conflicts": [{"text": "Console FOH also sends universe 1"}],
    }
    page = pages.open("setup/power")
    expect(page.get_by_role("meter", name="Load of Wall")).to_have_attribute("aria-valuenow", "1760")
    expect(page.get_by_role("link", name="Wall sockets left")).to_contain_text("at its limit")
    page.get_by_role("radio", name="Limit Lamps").check()
    door.wait(lambda it: it.show.flash_guard == "limit")
    page.locator(".status").click()
    for told in ("Key", "Console FOH also sends universe 1", "Wall sockets left · 1760 / 1760 W"):
        expect(page.locator(".status-sheet").get_by_text(told, exact=True)).to_be_visible()


# ---------------------------------------------------------------- standby
def test_a_standby_takes_the_light_by_a_held_thumb_alone(pages: Pages, door: Door, pixel: dict[str, Any]):
    page = pages.open("setup", **pixel)
    expect(page.get_by_role("link", name="Power")).to_be_visible()
    expect(page.get_by_role("link", name="Standby")).to_be_hidden()
    door.desk.standby = STANDBY
    page.get_by_role("link", name="Standby").tap()
    expect(page.get_by_role("heading", name="Watching")).to_be_visible()
    page.get_by_role("button", name="Hold to take the light").tap()
    assert door.desk.stood_by == []
    hold(page, ".order:first-child button", lambda: expect(page.locator(".toast")).to_contain_text("Told"))
    assert door.desk.stood_by == ["take"]


# ---------------------------------------------------------------- signed out
def test_a_device_that_is_shown_out_comes_to_the_sign_in_page(pages: Pages):
    page, admin = pages.open("lights", Role.OPERATOR), pages.open("setup/people")
    for _ in range(2):
        admin.get_by_role("button", name="Revoke The operator").click()
    expect(page.get_by_role("button", name="Let me in")).to_be_visible()
    assert page.evaluate("() => location.hash") == "#/lights"


# ---------------------------------------------------------------- for everybody
PATHS = (
    *("looks/takes", "setup", "setup/schedule", "setup/schedule/1", "setup/power", "setup/power/city"),
    *("setup/standby", "lights/key"),
)
SMALL = """() => [...document.querySelectorAll('.slate, main :is(button, select, .button, .check, .option)')]
    .filter((each) => each.checkVisibility())
    .map((each) => [each.className, each.getBoundingClientRect()])
    .filter(([, box]) => box.width < 48 || box.height < 48).map(([name]) => name)"""


def test_the_new_screens_have_no_fault_that_axe_can_find_and_fit_a_small_phone(pages: Pages, door: Door):
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    for prepare in (looks, circuits, roll):
        door.do(prepare)
    kept(door)
    door.desk.standby = STANDBY
    screen = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}
    page = pages.open("wall", Role.OPERATOR, locale="de-DE", **screen)
    expect(page.locator(".slate")).to_contain_text("LÄUFT")
    for path in PATHS:
        go_to(page, path)
        assert (path, judged(pages, page), page.evaluate(SMALL)) == (path, [], [])
    page.locator(".slate").tap()
    expect(page.get_by_role("button", name="Halten: Schnitt")).to_be_visible()
    assert judged(pages, page) == []
