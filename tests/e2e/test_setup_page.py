"""The set-up in a real browser, on lumad's real door and store: patch, network, profiles, people, backup."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from door import AXE, Door, Pages, go_to, judged
from playwright.sync_api import expect

from lumad.api.roles import Role

pytestmark = pytest.mark.browser
PROFILE = """\
id: {id}
name: Paper lantern
provenance: [{{doc: made up for tests, status: community}}]
modes:
  one: {{colour: {{model: dimmer}}, curve: linear, channels: [{{attribute: Dimmer, offset: [1]}}]}}
"""
SECTIONS = (
    *("setup", "setup/patch", "setup/patch/key", "setup/outputs", "setup/outputs/2", "setup/dmx"),
    *("setup/dmx/sacn/1", "setup/nodes", "setup/inputs/+", "setup/profiles", "setup/people"),
    *("setup/backup", "setup/quality", "setup/events", "setup/about"),
)


# ---------------------------------------------------------------- patch
def test_a_lamp_is_found_and_patched_to_the_next_free_place_by_keyboard(pages: Pages, door: Door):
    page = pages.open("setup/patch/+")
    page.get_by_role("textbox", name="Name").fill("Window")
    page.get_by_role("combobox", name="Profile").press_sequentially("generic 16bit rgbw")
    expect(page.get_by_role("option")).to_have_count(1)
    for key in ("ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("Takes 10 slots")).to_be_visible()
    page.get_by_role("button", name="Next free place").click()
    expect(page.get_by_text("1.041\u2013050: 10 slots, free.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name="Window")).to_contain_text("1.041\u2013050")
    assert door.show.fixtures["window"].profile == "generic/rgbw-16bit"


def test_a_lamp_over_another_is_warned_of_and_refused_at_the_field(pages: Pages, door: Door):
    page = pages.open("setup/patch/rim")
    address = page.get_by_role("textbox", name="Address", exact=True)
    expect(page.get_by_text("1.031\u2013040: 10 slots, free.")).to_be_visible()
    address.fill("5")
    expect(page.get_by_text("1.005\u2013014 overlaps Key.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".fault:visible").first).to_contain_text("key")
    address.fill("131")
    page.keyboard.press("Enter")
    door.wait(lambda it: it.show.fixtures["rim"].address == 131)


def test_a_lamp_deleted_by_thumb_comes_back_by_undo(pages: Pages, door: Door, pixel: dict[str, Any]):
    page = pages.open("setup/patch", **pixel)
    page.get_by_role("link", name="Table lamp").tap()
    page.get_by_role("button", name="Delete").tap()
    door.wait(lambda it: "practical" not in it.show.fixtures)
    page.locator(".toast button").tap()
    expect(page.get_by_role("link", name="Table lamp")).to_be_visible()


def test_the_patch_goes_to_paper_and_to_spreadsheets(pages: Pages):
    page = pages.open("setup/patch")
    expect(page.get_by_role("row", name="Tube")).to_contain_text("2.001\u2013048")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert "tube,,Tube,astera/titan" in Path(download.value.path()).read_text()
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.get_by_role("row", name="Tube")).to_be_visible()


# ---------------------------------------------------------------- network
def test_the_monitor_shows_slots_owners_and_each_source(pages: Pages, pixel: dict[str, Any]):
    page = pages.open("setup/dmx", **pixel)
    expect(page.get_by_text("Console FOH (10.0.0.9) also sends")).to_be_visible()
    page.get_by_role("link", name="sACN universe 1").tap()
    expect(page.get_by_text("Slot 1 · 200 (78 %) · Key")).to_be_visible()
    page.get_by_label("Source", exact=True).select_option(label="lumad")
    expect(page.get_by_text("Slot 1 · 1 (0 %) · Key")).to_be_visible()
    page.get_by_role("listbox", name="512 slots").focus()
    for key in ("ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator(".slot-said")).to_contain_text("Slot 10 ·")


def test_nodes_that_do_not_answer_are_marked(pages: Pages):
    page = pages.open("setup/nodes")
    expect(page.get_by_role("row", name="Stage left")).to_contain_text("0:1:0 = 16")
    expect(page.get_by_role("row", name="Grid")).to_contain_text("does not answer")


def test_an_output_is_changed_and_a_fault_stands_at_its_field(pages: Pages, door: Door):
    page = pages.open("setup/outputs/1")
    page.get_by_role("textbox", name="Universes").fill("1-x")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("is no universe or range")).to_be_visible()
    page.get_by_role("textbox", name="Universes").fill("1-2")
    page.get_by_role("combobox", name="To", exact=True).select_option("list")
    page.get_by_role("textbox", name="Receivers").fill("10.0.0.20, 10.0.0.21")
    page.keyboard.press("Enter")
    door.wait(lambda it: it.show.outputs[0].to == ("10.0.0.20", "10.0.0.21"))
    assert (door.show.outputs[0].interface, len(door.show.outputs)) == ("lo", 2)


def test_a_console_is_let_in_with_its_channels(pages: Pages, door: Door):
    page = pages.open("setup/inputs/+")
    page.get_by_role("textbox", name="Name").fill("FOH")
    page.get_by_role("textbox", name="Universes").fill("101")
    page.get_by_role("textbox", name="Master channel").fill("101.1")
    page.get_by_role("button", name="Save").click()
    door.wait(lambda it: [each.controls.master for each in it.show.inputs] == [(101, 1)])
    expect(page.get_by_role("link", name="FOH")).to_be_visible()


# ---------------------------------------------------------------- files
def test_a_profile_is_taken_in_and_a_file_of_another_kind_is_told_so(
    pages: Pages, door: Door, tmp_path: Path
):
    page = pages.open("setup/profiles")
    wrong, right = tmp_path / "holiday.jpg", tmp_path / "lantern.yaml"
    wrong.write_bytes(b"\xff\xd8\xff\xe0\0\0")
    right.write_text(PROFILE.format(id="paper/lantern"))
    page.get_by_label("Take in a profile file").set_input_files(wrong)
    expect(page.locator(".told")).to_contain_text("neither a GDTF file")
    page.get_by_label("Take in a profile file").set_input_files(right)
    expect(page.locator(".told")).to_contain_text("Paper lantern is in the library as paper/lantern")
    assert "paper/lantern" in door.desk.store.profiles


def test_a_backup_is_saved_and_brought_back_and_a_stranger_is_told_so(
    pages: Pages, door: Door, tmp_path: Path
):
    page = pages.open("setup/backup")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download backup").click()
    backup = json.loads(Path(download.value.path()).read_text())
    page.get_by_label("Backup file").set_input_files({"name": "a.json", "mimeType": "", "buffer": b"{}"})
    expect(page.get_by_text("a.json is no backup of lumad")).to_be_visible()
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps({**backup, "show": {**backup["show"], "name": "From the file"}}))
    page.get_by_label("Backup file").set_input_files(kept)
    expect(page.get_by_text("7 lamps, 6 regions, 0 looks")).to_be_visible()
    page.get_by_role("button", name="Make it the show").click()
    door.wait(lambda it: it.show.name == "From the file")


def test_a_newer_backup_is_refused_and_the_show_stays(pages: Pages, door: Door):
    page = pages.open("setup/backup")
    newer = json.dumps({"lumad_backup": 9, "version": "7.0", "show": {}}).encode()
    page.get_by_label("Backup file").set_input_files({"name": "b.json", "mimeType": "", "buffer": newer})
    page.get_by_role("button", name="Make it the show").click()
    expect(page.locator(".told")).to_contain_text("format 9 of lumad 7.0")
    assert door.show.name == "demo"


# ---------------------------------------------------------------- people and the rest
def test_a_new_code_shows_its_pin_and_a_device_is_revoked_by_two_taps(
    pages: Pages, door: Door, pixel: dict[str, Any]
):
    door.cookie(Role.VIEWER)
    page = pages.open("setup/people", **pixel)
    page.get_by_role("button", name="New code").tap()
    expect(page.locator(".pin")).to_have_text(re.compile(r"\d{3} \d{3}"))
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    assert door.people.pair(page.locator(".pin").inner_text().replace(" ", ""), "A phone") is not None
    revoke = page.get_by_role("button", name="Revoke The viewer")
    revoke.tap(timeout=8000)
    assert len(door.people.devices()) == 3
    revoke.tap()
    door.wait(lambda it: sorted(str(each.role) for each in it.people.devices()) == ["admin", "operator"])


def test_events_are_listed_newest_first_and_found_by_a_word(pages: Pages, door: Door):
    for text in ("Key was patched", "the engine came back"):
        door.do(lambda _, text=text: door.desk.journal.note("engine", text))
    page = pages.open("setup/events")
    expect(page.locator(".events li").first).to_contain_text("the engine came back")
    page.get_by_label("Find").fill("patched")
    expect(page.locator(".events li")).to_have_count(1)


def test_the_page_speaks_german_when_it_is_asked_to(pages: Pages):
    page = pages.open("setup/about")
    page.get_by_role("radio", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Sprache")).to_be_visible()
    go_to(page, "looks")
    expect(page.get_by_text("Noch keine Looks")).to_be_visible()


def test_what_lumad_does_not_offer_is_said_quietly(pages: Pages):
    page = pages.open("setup")
    page.route("**/api/v1/nodes", lambda route: route.fulfill(status=404, body="{}"))
    go_to(page, "setup/nodes")
    expect(page.get_by_text("This lumad does not offer this.")).to_be_visible()


def test_a_viewer_sees_the_set_up_and_changes_nothing(pages: Pages):
    page = pages.open("setup/patch/key", Role.VIEWER)
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    expect(page.get_by_text("Only an admin changes this")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1440])
def test_no_section_has_a_fault_that_axe_can_find(pages: Pages, width: int):
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci)")
    page = pages.open("setup", viewport={"width": width, "height": 800})
    for path in SECTIONS[width % 2 :: 2] if width > 320 else SECTIONS[::2]:
        go_to(page, path)
        assert (path, judged(pages, page)) == (path, [])
