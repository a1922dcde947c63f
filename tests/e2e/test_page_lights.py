"""The lights' screens in a real browser: the list, a lamp's sheet, several together, and why a lamp is so."""

import re

import pytest
from fake_desk import FakeDesk
from finger import Finger
from playwright.sync_api import Page, Playwright, expect
from sight import Open, hear_freeze, middle, region, violations

pytestmark = pytest.mark.browser


def go(page: Page, path: str) -> None:
    """As the address line does."""
    page.evaluate("path => { location.hash = path; }", path)


# ---------------------------------------------------------------- list


def test_a_row_shows_address_state_warning_limits_and_a_colour_a_cell(phone: Page):
    phone.get_by_role("link", name="Lights").tap()
    rim = phone.locator('.lamp-rows [data-id="rim"]')
    expect(rim.locator(".patch")).to_have_text("1.041")
    expect(rim.locator(".facts")).to_contain_text("follows sun")
    expect(rim.locator(".limited")).to_have_text("too colourful, too bright")
    expect(phone.locator('.lamp-rows [data-id="fill"] .warning')).to_contain_text("is a draft")
    expect(phone.locator('.lamp-rows [data-id="practical"] .facts')).to_contain_text("follows no region")
    light = phone.locator('.lamp-rows [data-id="tube"] .swatch').last
    expect(light).to_have_attribute("data-colours", re.compile(r"^(#\w{6},){15}#\w{6}$"))
    assert violations(phone) == []


def test_a_word_finds_lamps_by_name_region_and_address(computer: Page):
    rows = computer.locator(".lamp-rows li")
    computer.keyboard.press("/")
    for word, found in (
        ("fill", ["fill"]),
        ("horizon", ["tube"]),
        ("5.007", ["practical"]),
        ("1.0 s", ["key"]),
    ):
        computer.keyboard.type(word)
        assert found[0] in rows.evaluate_all("rows => rows.map((row) => row.dataset.id)")
        computer.get_by_label("Find a light").fill("")
    computer.keyboard.type("nothing like it")
    expect(computer.get_by_text("No light matches")).to_be_visible()


def test_exposure_moves_by_thirds_and_white_is_matched_by_one_tap(phone: Page, desk: FakeDesk):
    go(phone, "#/lights")
    phone.get_by_role("button", name="Exposure down").tap()
    desk.wait(lambda it: it.show.get("exposure") == -0.333)
    expect(phone.locator(".exposure output")).to_have_text("\u22120.3 stops")
    phone.get_by_role("button", name="Match white").tap()
    desk.wait(lambda it: it.of("match-white"))
    expect(phone.locator(".exposure output")).to_have_text("\u22120.5 stops")
    phone.locator(".bar .undo").tap()
    expect(phone.locator(".exposure output")).to_have_text("\u22120.3 stops")


def test_lamps_picked_together_move_each_from_where_it_is(
    open_page: Open, playwright: Playwright, desk: FakeDesk
):
    desk.show["fixtures"]["rim"]["trims"] = {"intensity": -1.0}
    phone = open_page("#/lights", **playwright.devices["Pixel 7"] | {"device_scale_factor": 1})
    phone.get_by_role("button", name="Select").tap()
    for name in ("key", "rim"):
        phone.locator(f'.lamp-rows [data-id="{name}"] a').tap()
    expect(phone.locator(".picks")).to_contain_text("2 selected")
    assert violations(phone) == []
    phone.get_by_role("slider", name="Intensity").press("PageUp")
    desk.wait(lambda it: it.show["fixtures"]["rim"]["trims"]["intensity"] == pytest.approx(0.0))
    assert desk.show["fixtures"]["key"]["trims"]["intensity"] == pytest.approx(1.0)
    assert len({edit["gesture"] for edit in desk.of("edit")}) == 1
    phone.get_by_role("radio", name="Off").tap()
    desk.wait(lambda it: {it.show["fixtures"][name].get("control") for name in ("key", "rim")} == {"off"})


def test_a_long_press_picks_a_lamp_and_opens_nothing(phone: Page):
    go(phone, "#/lights")
    row = phone.locator('.lamp-rows [data-id="key"] a')
    finger, (x, y) = Finger(phone), middle(phone, '.lamp-rows [data-id="key"] a')
    finger.press((x, y))
    expect(row).to_have_attribute("aria-checked", "true")
    finger.lift()
    assert phone.evaluate("() => location.hash") == "#/lights"


# ---------------------------------------------------------------- link


def test_a_lamp_is_linked_to_a_place_on_the_wall_in_four_taps(phone: Page, desk: FakeDesk):
    phone.get_by_role("link", name="Lights").tap()
    phone.locator('.lamp-rows [data-id="practical"] a').tap()
    phone.get_by_role("button", name="Link", exact=True).tap()
    expect(phone.locator(".sheet")).to_contain_text("Tap the place on the wall for practical")
    expect(phone.locator(".picture")).to_be_visible()
    frame = phone.locator(".regions").bounding_box()
    assert frame is not None
    phone.touchscreen.tap(frame["x"] + 0.36 * frame["width"], frame["y"] + 0.5 * frame["height"])
    desk.wait(lambda it: it.show["fixtures"]["practical"]["follow"])
    assert desk.region("practical")["center"] == pytest.approx([0.36, 0.5], abs=0.01)
    assert len({edit["gesture"] for edit in desk.of("edit")}) == 1
    expect(phone.locator(region("practical"))).to_have_attribute("aria-pressed", "true")
    phone.locator(".toast button").tap()
    desk.wait(lambda it: "practical" not in it.show["regions"])


def test_a_tap_on_a_region_links_to_it_and_the_next_change_takes_the_undo_away(phone: Page, desk: FakeDesk):
    go(phone, "#/lights/practical")
    phone.get_by_role("button", name="Link", exact=True).tap()
    expect(phone.locator(".picture")).to_be_visible()
    phone.touchscreen.tap(*middle(phone, region("sun")))
    desk.wait(lambda it: it.show["fixtures"]["practical"]["follow"])
    assert desk.show["fixtures"]["practical"]["follow"]["region"] == "sun"
    expect(phone.locator(".toast button")).to_be_visible()
    phone.get_by_role("button", name="Done").tap()
    phone.get_by_role("button", name="Add region").tap()
    phone.get_by_role("button", name="Ellipse", exact=True).tap()  # now Undo would take back something else
    expect(phone.locator(".toast button")).to_be_hidden()


def test_a_region_chosen_from_the_list_keeps_what_the_lamp_takes(phone: Page, desk: FakeDesk):
    desk.show["fixtures"]["key"]["follow"]["take"] = "colour"
    go(phone, "#/lights/key")
    phone.get_by_label("Region that Key follows").select_option("horizon")
    desk.wait(lambda it: it.of("edit"))
    assert desk.show["fixtures"]["key"]["follow"] == {"region": "horizon", "take": "colour"}
    phone.get_by_role("radio", name="Intensity").tap()
    desk.wait(lambda it: it.show["fixtures"]["key"]["follow"]["take"] == "intensity")
    expect(phone.get_by_role("slider", name="Kelvin")).to_be_visible()


# ---------------------------------------------------------------- one lamp


def test_a_trim_moves_sideways_only_and_in_the_gaffers_units(phone: Page, desk: FakeDesk):
    go(phone, "#/lights/key")
    fader = phone.get_by_role("slider", name="Warm")
    fader.scroll_into_view_if_needed()
    box = fader.bounding_box()
    assert box is not None
    start = (box["x"] + box["width"] / 2, box["y"] + 20)
    Finger(phone).swipe(start, (3, -120))
    hear_freeze(phone, desk)
    assert desk.of("edit") == []
    fader.scroll_into_view_if_needed()
    start = middle(phone, '.trims [aria-label^="Warm"]')
    Finger(phone).swipe(start, (8 + box["width"] / 10, 0), steps=20)
    desk.wait(
        lambda it: it.of("edit") and it.of("edit")[-1]["value"]["trims"]["mired"] == pytest.approx(30, abs=2)
    )
    expect(fader).to_have_attribute("aria-valuetext", re.compile(r"\+\d+ mired · 5600 K as 4[78]\d0 K"))
    assert len({edit["gesture"] for edit in desk.of("edit")}) == 1


def test_a_finger_far_above_a_fader_moves_it_finely(phone: Page, desk: FakeDesk):
    go(phone, "#/lights/key")
    phone.get_by_role("slider", name="Saturation").scroll_into_view_if_needed()
    x, y = middle(phone, '.trims [aria-label="Saturation"]')
    finger = Finger(phone)
    finger.press((x, y))
    for place in ((x + 12, y), (x + 20, y), (x + 20, y - 80), (x + 120, y - 80)):
        finger.move(place)
    finger.lift()
    desk.wait(lambda it: it.show["fixtures"]["key"].get("trims", {}).get("saturation", 1) > 1.1)
    assert desk.show["fixtures"]["key"]["trims"]["saturation"] < 1.16


def test_two_taps_on_a_fader_bring_its_usual_value_with_an_offer_to_undo(
    open_page: Open, playwright: Playwright, desk: FakeDesk
):
    desk.show["fixtures"]["key"]["trims"] = {"intensity": 2.0}
    phone = open_page("#/lights/key", **playwright.devices["Pixel 7"] | {"device_scale_factor": 1})
    phone.get_by_role("slider", name="Intensity").scroll_into_view_if_needed()
    place = middle(phone, '.trims [aria-label="Intensity"]')
    phone.touchscreen.tap(*place)
    phone.touchscreen.tap(*place)
    desk.wait(lambda it: it.show["fixtures"]["key"]["trims"]["intensity"] == 0)
    phone.locator(".toast button").tap()
    desk.wait(lambda it: it.show["fixtures"]["key"]["trims"]["intensity"] == 2.0)
    expect(phone.get_by_role("slider", name="Intensity")).to_have_attribute("aria-valuetext", "+2.0 stops")


def test_the_hand_sets_white_hue_and_red_green_blue_by_keyboard(computer: Page, desk: FakeDesk):
    go(computer, "#/lights/key")
    computer.get_by_role("radio", name="Manual").click()
    computer.get_by_role("slider", name="Kelvin").press("ArrowLeft")
    desk.wait(lambda it: it.show["fixtures"]["key"].get("colour") == {"cct": 6450, "tint": 0})
    computer.get_by_role("radio", name="White").press("ArrowRight")
    desk.wait(lambda it: set(it.show["fixtures"]["key"]["colour"]) == {"hue", "saturation"})
    computer.get_by_role("radio", name="RGB").click()
    for colour in ("Green", "Blue"):
        computer.get_by_role("slider", name=colour, exact=True).press("Home")
    desk.wait(lambda it: it.show["fixtures"]["key"]["colour"] == {"xy": [0.64, 0.33]})
    assert violations(computer) == []


def test_identify_lasts_as_long_as_it_is_held_and_solo_stays(phone: Page, desk: FakeDesk):
    go(phone, "#/lights/rim")
    finger = Finger(phone)
    phone.get_by_role("button", name="Identify").wait_for()
    finger.press(middle(phone, ".action >> nth=0"))
    desk.wait(lambda it: it.live["identify"] == ["rim"])
    expect(phone.locator(".state")).to_contain_text("identify")
    finger.lift()
    desk.wait(lambda it: it.live["identify"] == [])
    phone.get_by_role("button", name="Solo").tap()
    desk.wait(lambda it: it.live["solo"] == ["rim"])
    expect(phone.get_by_role("button", name="Solo")).to_have_attribute("aria-pressed", "true")


def test_a_lamp_joins_a_new_group_whose_trims_are_its_own(phone: Page, desk: FakeDesk):
    go(phone, "#/lights/key")
    phone.get_by_label("New group").fill("window side")
    phone.get_by_label("New group").press("Enter")
    desk.wait(lambda it: it.show["fixtures"]["key"].get("groups") == ["window side"])
    phone.get_by_text("Trims of window side").tap()
    phone.locator(".groups").get_by_role("slider", name="Intensity").press("ArrowLeft")
    desk.wait(lambda it: it.show["groups"]["window side"].get("trims") == {"intensity": -0.1})


# ---------------------------------------------------------------- explain


def test_explain_names_the_rule_and_every_step_to_the_wire(open_page: Open, playwright: Playwright):
    page = open_page("#/lights/rim/explain", **playwright.devices["Pixel 7"] | {"device_scale_factor": 1})
    chain = page.locator(".explain")
    expect(chain.locator(".verdict")).to_contain_text("outside what its emitters can mix")
    for words in (
        "sun 1306, 389",
        "0.610  0.340  0.120",
        "37 % of full output",
        "82 %",
        "1.041: 94 209",
        "12 ms ago",
        "sACN 1",
    ):
        expect(chain).to_contain_text(words)
    assert violations(page) == []
    page.get_by_role("button", name="Back").tap()
    expect(page.locator(".lamp-sheet")).to_be_visible()


def test_explain_tells_of_each_cell(computer: Page):
    go(computer, "#/lights/tube/explain")
    computer.get_by_label("Cell").select_option("15")
    expect(computer.locator(".explain .verdict")).to_contain_text("Nothing limits it")
    expect(computer.get_by_label("Cell")).to_have_value("15")
