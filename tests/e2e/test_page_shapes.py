"""Every shape of a region on the page: drawn where it is sampled, shaped by hand, by keys and by numbers."""

import itertools
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from fake_desk import FakeDesk
from finger import Finger, Point
from playwright.sync_api import Page, expect
from sight import middle, region

from lumad.model.region import Region
from lumad.pixelmap.areas import shape_of
from lumad.sampling.runs import FULL
from lumad.sampling.shapes import area_of

pytestmark = pytest.mark.browser

WALL = (1920.0, 1080.0)
IMPORTED = (
    "async ([call, ...given]) => { const it = await import('/wall/shapes.js'); return it[call](...given); }"
)


def told(page: Page, call: str, *given: Any) -> Any:
    """What a function of shapes.js answers in the browser."""
    return page.evaluate(IMPORTED, [call, *given])


def select(page: Page, name: str) -> None:
    page.locator(region(name)).focus()
    page.keyboard.press("Enter")


def pixel_corners(box: dict[str, Any]) -> list[Point]:
    """Corners of a turned box on the wall, pixels, from its own top left; worked out by itself."""
    (cx, cy), (width, height) = box["center"], box["size"]
    turn = math.radians(box["rotation"])
    halves = [
        (x * width * WALL[0] / 2, y * height * WALL[1] / 2) for x, y in [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    ]
    return [
        (
            cx * WALL[0] + x * math.cos(turn) - y * math.sin(turn),
            cy * WALL[1] + x * math.sin(turn) + y * math.cos(turn),
        )
        for x, y in halves
    ]


def drag(page: Page, start: Point, way: Point) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + way[0], start[1] + way[1], steps=5)
    page.mouse.up()


# ---------------------------------------------------------------- drawn


def sampled(region: dict[str, Any], width: int, height: int) -> npt.NDArray[np.int8]:
    """(height, width) 1 where the sampler takes the whole pixel, 0 where a part of it, -1 where nothing."""
    shape = shape_of(Region.model_validate(region))
    area = area_of(replace(shape, feather=0.0), width, height)
    assert area is not None
    seen = np.full((height, width), -1, np.int8)
    for y, x0, x1, weights in zip(area.y, area.x0, area.x1, area.weight_at, strict=True):
        seen[y, x0:x1] = weights == FULL
    return seen


def test_every_shape_is_drawn_where_it_is_sampled(computer: Page, desk: FakeDesk):
    inside = """([name, width, height]) => { const frame = document.querySelector('.regions').viewBox.baseVal;
        const line = document.querySelector(`.region[data-id=${name}] .line`);
        const at = (i) => [(i % width + 0.5) / width * frame.width,
            (Math.floor(i / width) + 0.5) / height * frame.height];
        const all = Array.from({length: width * height}, (_, i) => new DOMPoint(...at(i)));
        return all.map((point) => line.isPointInFill(point)); }"""
    for name in ("sky-left", "sign", "moon", "shop", "wire"):
        drawn = np.array(computer.evaluate(inside, [name, 160, 90])).reshape(90, 160)
        wanted = sampled(desk.region(name), 160, 90)
        assert np.count_nonzero(wanted == 1) > 50
        assert drawn[wanted == 1].all(), name
        assert not drawn[wanted == -1].any(), name


BAND_FITS = """() => {
  const height = document.querySelector(".regions").getBoundingClientRect().height;
  const band = document.querySelector('.ground[data-id="moon"] .soft')?.getAttribute("stroke-width");
  return Math.abs(band / (2 * 0.03 * height) - 1) < 0.01;
}"""


def test_feather_is_a_band_of_one_sigma_to_each_side_and_what_is_cut_out_is_hatched(computer: Page):
    computer.wait_for_function(BAND_FITS)  # the layout may still settle
    expect(computer.locator('.ground[data-id="sun"] .soft')).to_be_hidden()
    wire = computer.locator(f"{region('wire')} .line").get_attribute("d")
    expect(computer.locator('.ground[data-id="moon"] .cut')).to_have_attribute("d", str(wire))


def test_a_tap_means_the_shape_and_not_the_box_around_it(phone: Page):
    frame = phone.locator(".regions").bounding_box()
    assert frame is not None
    for place, name in (((0.93, 0.14), "moon"), ((0.92, 0.335), "wire"), ((0.06, 0.8), "shop")):
        phone.touchscreen.tap(frame["x"] + place[0] * frame["width"], frame["y"] + place[1] * frame["height"])
        expect(phone.locator(region(name))).to_have_attribute("aria-pressed", "true")


# ---------------------------------------------------------------- boxes


def test_a_turned_rect_sized_by_its_corner_keeps_its_opposite_corner(computer: Page, desk: FakeDesk):
    before = pixel_corners(desk.region("sign"))
    select(computer, "sign")
    drag(computer, middle(computer, '[data-key="corner 1,1"] .dot'), (20, 44))
    desk.wait(lambda it: it.region("sign")["size"][1] > 0.24)
    after = pixel_corners(desk.region("sign"))
    assert math.dist(before[0], after[0]) < 0.3
    assert math.dist(before[2], after[2]) == pytest.approx(math.hypot(20, 44) * WALL[0] / 795, rel=0.03)
    assert desk.region("sign")["rotation"] == 25


def test_every_corner_keeps_the_one_across_at_every_turn(computer: Page):
    for index, turn in itertools.product(range(4), (0, 30, 90, -135, 180)):
        box = {"shape": "ellipse", "center": [0.5, 0.5], "size": [0.2, 0.2], "rotation": turn}
        before = pixel_corners(box)
        corner = [(-1, -1), (1, -1), (1, 1), (-1, 1)][index]
        handle = {"kind": "corner", "key": "", "corner": corner, "at": [0, 0], "hit": [0, 0]}
        after = pixel_corners(box | told(computer, "dragged", box, handle, [40, -30], WALL))
        assert math.dist(before[(index + 2) % 4], after[(index + 2) % 4]) < 0.3
        assert after[index] == pytest.approx((before[index][0] + 40, before[index][1] - 30), abs=0.3)


def test_the_round_handle_turns_by_touch_about_the_middle(phone: Page, desk: FakeDesk):
    select(phone, "sun")
    (x, y), (cx, cy) = middle(phone, ".handle.turn .dot"), middle(phone, f"{region('sun')} .line")
    Finger(phone).swipe((x, y), (cx + cy - y - x, 0))  # as far right as it stood up: an eighth
    desk.wait(lambda it: it.region("sun").get("rotation", 0) == pytest.approx(45, abs=0.6))
    assert desk.region("sun")["center"] == [0.68, 0.36]
    assert desk.region("sun")["size"] == [0.16, 0.26]
    assert len({edit["gesture"] for edit in desk.of("edit")}) == 1


def test_a_turn_is_a_number_too_and_clicks_into_quarters_by_hand(computer: Page, desk: FakeDesk):
    select(computer, "sign")
    computer.get_by_label("Turn °").fill("-200")
    computer.keyboard.press("Enter")
    desk.wait(lambda it: it.region("sign")["rotation"] == 160)
    handle = {"kind": "turn", "key": "", "at": [0, -100], "hit": [960, 440]}
    box = {"center": [0.5, 0.5], "size": [0.1, 0.1], "rotation": 0}
    assert told(computer, "dragged", box, handle, [102, 100], WALL) == {"rotation": 90}
    assert told(computer, "dragged", box, handle, [3, 0], WALL) == {"rotation": 0}


def test_no_shape_is_moved_out_of_the_picture(computer: Page, desk: FakeDesk):
    ways = [(3, 0), (-3, 3), (0, -3)]
    for way, name in itertools.product(ways, ("sign", "moon", "shop", "wire")):
        there = desk.region(name) | told(computer, "moved", desk.region(name), way, WALL)
        low, high = told(computer, "bounds", there, WALL)
        assert min(low) > -0.001, name
        assert max(high) < 1.001, name


# ---------------------------------------------------------------- points


def test_a_polygon_point_dragged_by_touch_changes_only_that_point(phone: Page, desk: FakeDesk):
    former = [list(point) for point in desk.region("shop")["points"]]
    frame = phone.locator(".regions").bounding_box()
    assert frame is not None
    select(phone, "shop")
    Finger(phone).swipe(middle(phone, '[data-key="point 1"] .dot'), (30, -40))
    wanted = pytest.approx([0.2 + 30 / frame["width"], 0.7 - 40 / frame["height"]], abs=0.002)
    desk.wait(lambda it: it.region("shop")["points"][1] == wanted)
    assert [*desk.region("shop")["points"][:1], *desk.region("shop")["points"][2:]] == [
        former[0],
        *former[2:],
    ]
    assert {tuple(edit["value"]) for edit in desk.of("edit")} == {("points",)}
    assert phone.evaluate("() => scrollY") == 0
    expect(phone.locator('[data-key="point 1"]')).to_have_attribute("aria-pressed", "true")


def test_a_point_over_its_neighbour_becomes_one_with_it(computer: Page, desk: FakeDesk):
    select(computer, "shop")
    (x, y), (nx, ny) = (middle(computer, f'[data-key="point {index}"] .dot') for index in (1, 2))
    drag(computer, (x, y), (nx - x + 5, ny - y + 4))
    desk.wait(lambda it: len(it.region("shop")["points"]) == 3)
    assert desk.region("shop")["points"] == [[0.03, 0.72], [0.22, 0.96], [0.05, 0.94]]
    expect(computer.locator(".handle.point")).to_have_count(3)


def test_the_middle_of_an_edge_pulled_out_is_a_new_point(computer: Page, desk: FakeDesk):
    select(computer, "shop")
    drag(computer, middle(computer, '[data-key="between 0"] .dot'), (0, -40))
    desk.wait(lambda it: it.region("shop")["points"][1][1] < 0.68)
    assert len(desk.region("shop")["points"]) == 5
    assert len({edit["gesture"] for edit in desk.of("edit")}) == 1


def test_points_are_reached_moved_added_and_deleted_without_dragging(computer: Page, desk: FakeDesk):
    select(computer, "wire")
    computer.locator('[data-key="point 1"]').focus()
    computer.keyboard.press("ArrowRight")
    desk.wait(lambda it: it.region("wire")["points"] == [[0.8, 0.04], [0.865, 0.3], [0.97, 0.36]])
    computer.get_by_label("Y %").fill("40")
    computer.keyboard.press("Enter")
    desk.wait(lambda it: it.region("wire")["points"][1] == [0.865, 0.4])
    computer.get_by_role("button", name="Add point").click()
    desk.wait(lambda it: len(it.region("wire")["points"]) == 4)
    computer.get_by_role("button", name="Delete point").click()
    desk.wait(lambda it: it.region("wire")["points"] == [[0.8, 0.04], [0.865, 0.4], [0.97, 0.36]])
    computer.locator('[data-key="point 0"]').focus()
    computer.keyboard.press("Delete")
    desk.wait(lambda it: len(it.region("wire")["points"]) == 2)
    expect(computer.locator(region("wire"))).to_be_focused()
    computer.locator('[data-key="point 0"]').focus()
    expect(computer.get_by_role("button", name="Delete point")).to_be_disabled()


def test_a_line_is_added_and_its_width_and_feather_are_numbers(phone: Page, desk: FakeDesk):
    phone.get_by_role("button", name="Add region").tap()
    phone.get_by_role("button", name="Line", exact=True).tap()
    desk.wait(lambda it: "region-1" in it.show["regions"])
    assert set(desk.region("region-1")) == {"shape", "points", "width"}
    expect(phone.locator(region("region-1"))).to_have_attribute("aria-label", re.compile("region-1, line"))
    for label, key in (("Width %", "width"), ("Feather %", "feather")):
        phone.get_by_label(label).fill("6.5")
        phone.keyboard.press("Enter")
        desk.wait(lambda it, key=key: it.region("region-1").get(key) == 0.065)
    assert len(desk.region("region-1")["points"]) == 2


def test_another_hand_that_takes_the_chosen_point_away_leaves_the_region_chosen(
    computer: Page, desk: FakeDesk
):
    select(computer, "shop")
    computer.locator('[data-key="point 3"]').focus()
    expect(computer.locator(".sheet strong")).to_have_text("shop, point 4")
    computer.keyboard.press("Delete")
    desk.wait(lambda it: len(it.region("shop")["points"]) == 3)
    expect(computer.locator(".sheet strong")).to_have_text("shop")
    expect(computer.locator(region("shop"))).to_have_attribute("aria-pressed", "true")


# ---------------------------------------------------------------- two fingers


def test_two_fingers_size_turn_and_move_the_chosen_region_in_one_gesture(phone: Page, desk: FakeDesk):
    select(phone, "street")
    x, y = middle(phone, f"{region('street')} .line")
    Finger(phone).spread(((x - 40, y), (x + 40, y)), ((x - 20, y - 80), (x + 20, y - 20)))
    factor = math.hypot(40, 60) / 80
    desk.wait(lambda it: it.region("street").get("rotation", 0) == pytest.approx(56.3, abs=1))
    assert desk.region("street")["size"] == pytest.approx([0.5 * factor, 0.2 * factor], abs=0.01)
    assert desk.region("street")["center"][1] < 0.7
    assert len({edit["gesture"] for edit in desk.of("edit")}) == 1
    assert phone.evaluate("() => visualViewport.scale") == 1


def test_two_fingers_around_a_line_keep_it_in_the_picture(computer: Page, desk: FakeDesk):
    spread = {"factor": 1.5, "degrees": 90, "way": [900, 0]}
    line = desk.region("wire") | told(computer, "pinched", desk.region("wire"), spread, WALL)
    low, high = told(computer, "bounds", line, WALL)
    assert min(low) > -0.001
    assert max(high) < 1.001
    assert line["width"] == pytest.approx(0.075)


def test_a_loupe_shows_what_the_finger_hides(phone: Page):
    select(phone, "shop")
    finger, (x, y) = Finger(phone), middle(phone, '[data-key="point 1"] .dot')
    finger.press((x, y))
    for way in (6, 12, 18):
        finger.move((x + way, y))
    expect(phone.locator(".loupe")).to_be_visible()
    finger.lift()
    expect(phone.locator(".loupe")).to_be_hidden()
