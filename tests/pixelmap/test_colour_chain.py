"""From the wall's colour to the bytes: every colour model, trim and measurement, as `probe` tells it."""

from typing import Any

import numpy as np
import pytest
from shows import FORMAT, PROFILES, RGB, channels, fixture, frame, profile, show

from lumad.colour.white import xyz_to_cct
from lumad.errors import DocumentError, Fault
from lumad.link.live import Live
from lumad.model.calibration import Calibration
from lumad.model.camera import Camera
from lumad.pixelmap.compile import Compiled, compile_show
from lumad.pixelmap.explain import explain, judged
from lumad.pixelmap.map import PixelMap
from lumad.pixelmap.solvers import FADE, Solvers
from lumad.pixelmap.tables import baked

RGB709 = {"model": "rgb", "primaries": "rec709", "white": "D65", "transfer": "linear"}
GREENS = [
    {"dmx": [0, 99], "phys": [-100, -1], "unit": "%green"},
    {"dmx": [100, 155], "phys": 0, "kind": "neutral"},
    {"dmx": [156, 255], "phys": [1, 100], "unit": "%green"},
]
LAMPS = {
    "xy": {"colour": {"model": "xy"}, "channels": channels("Dimmer", "CIE_X", "CIE_Y", width=2)},
    "hsi": {
        "colour": {"model": "hsi", "primaries": "rec709", "white": "D65"},
        "channels": channels("Dimmer", "HSB_Hue", "HSB_Saturation", width=2),
    },
    "tint": {
        "colour": {"model": "cct", "cct": [2500, 7500], "tint": 20},
        "channels": [
            *channels("Dimmer", "CTC", width=2),
            {"attribute": "Tint", "offset": [5], "map": GREENS, "default": 128},
        ],
    },
    "fine": {
        "colour": RGB709,
        "channels": [
            {
                "attribute": name,
                "offset": [2 * at + 1, 2 * at + 2],
                "encoding": "coarse-fine",
                "fine_span": 0.1,
            }
            for at, name in enumerate(("ColorAdd_R", "ColorAdd_G", "ColorAdd_B"))
        ],
    },
}
MADE = PROFILES | {"test/made": profile("test/made", **LAMPS)}


class Files:
    """Measurements by name, as `library.measurements` reads them."""

    def __init__(self, **files: Any) -> None:
        self.files = files

    def calibration(self, file: str) -> Calibration:
        return self._of(file)

    def camera(self, file: str) -> Camera:
        return self._of(file)

    def _of(self, file: str) -> Any:
        if file not in self.files:
            raise DocumentError([Fault((), "cannot be read", file)])
        return self.files[file]


def lamp(mode: str, **more: Any) -> dict[str, Any]:
    """The fixture `key` in one of the modes above."""
    return {"profile": "test/made", "mode": mode, "universe": 1, "address": 1, "follow": "left"} | more


def compiled(key: dict[str, Any], files: Files | None = None, **parts: Any) -> Compiled:
    return compile_show(show(fixtures={"key": key}, **parts), MADE, FORMAT, measured=files)


def probed(key: dict[str, Any], codes: tuple[int, int, int], files: Files | None = None, **parts: Any) -> Any:
    made = compiled(key, files, **parts)
    memory = made.pixel_map.new_memory()
    memory.remember(made.pixel_map.sample(frame(codes, codes)), 1, only_waiting=False)
    found = explain(made, show(fixtures={"key": key}, **parts), memory, Live())["key"]
    return {**found, **found["cells"][0]}


# ------------------------------------------------------------ colour models
@pytest.mark.parametrize("mode", ["xy", "hsi", "fine"])
@pytest.mark.parametrize("codes", [(200, 120, 60), (40, 90, 160), (255, 255, 255)])
def test_a_lamp_that_can_do_every_colour_gives_the_wall_s(mode: str, codes: tuple[int, int, int]):
    found = probed(lamp(mode), codes)
    assert found["target_xyz"] == pytest.approx(found["xyz"], rel=1e-3)
    assert found["limits"] == []


def test_an_xy_lamp_is_sent_the_chromaticity_over_its_range():
    levels = probed(lamp("xy"), (255, 255, 255))["levels"]
    x, y = (levels[at] * 256 + levels[at + 1] for at in (2, 4))
    assert (x / 65535 * 0.8, y / 65535 * 0.8) == pytest.approx((0.3127, 0.3290), abs=2e-5)


def test_a_coarse_fine_lamp_is_sent_its_rest_in_tenths():
    grey = probed(lamp("fine"), (128, 128, 128))
    coarse, fine = grey["levels"][:2]
    assert coarse / 255 + 0.1 * fine / 255 == pytest.approx(grey["channels"]["ColorAdd_R"], abs=0.0002)


def test_a_white_lamp_takes_green_out_with_its_tint_and_says_what_is_left():
    found = probed(lamp("tint"), (190, 200, 190))
    assert 0 < found["channels"]["Tint"] < 100
    assert found["duv_left_out"] == pytest.approx(0, abs=1e-4)
    assert found["levels"][4] > 155
    far = probed(lamp("tint"), (60, 200, 60))
    assert far["channels"]["Tint"] == pytest.approx(100)
    assert far["duv_left_out"] > 0.02
    assert far["limits"] == []


def test_a_green_wall_leaves_a_white_lamp_at_its_neutral_colour_temperature():
    assert probed(lamp("tint", neutral_cct=3200), (0, 255, 0))["channels"]["CTC"] == pytest.approx(
        3200, abs=1
    )
    assert probed(lamp("tint"), (0, 255, 0))["channels"]["CTC"] == pytest.approx(6504, rel=0.01)


def test_a_white_lamp_whose_map_tells_neutral_codes_alone_takes_the_usual_range():
    neutral = [{"dmx": [0, 65535], "phys": 5600, "kind": "neutral"}]
    dimmer, ctc = channels("Dimmer", "CTC", width=2)
    mode = {"colour": {"model": "cct"}, "channels": [dimmer, {**ctc, "map": neutral}]}
    made = profile("test/neutral", cct=mode)
    key = fixture("cct") | {"profile": made.id}
    compiled_one = compile_show(show(fixtures={"key": key}), {made.id: made}, FORMAT)
    assert compiled_one.pixel_map.lamps[0].model._range == (6500.0, 2700.0)
    assert made.assumed_of(made.modes["cct"]) == ("curve", "cct")


# ------------------------------------------------------------ trims
def test_trims_of_region_group_and_fixture_add_up():
    parts = {
        "regions": {"left": {"center": [0.5, 0.5], "size": [1, 1], "trims": {"mired": 30, "intensity": -1}}},
        "groups": {"side": {"trims": {"mired": 20}}},
    }
    key = lamp("xy", groups=["side"], trims={"mired": 50, "intensity": -1})
    found = probed(key, (255, 255, 255), **parts)
    before = 1e6 / xyz_to_cct(np.array([found["xyz"]]))[0][0]
    after = 1e6 / xyz_to_cct(np.array([found["target_xyz"]]))[0][0]
    assert after - before == pytest.approx(100, abs=0.5)
    assert found["target_xyz"][1] == pytest.approx(0.25, abs=1e-3)


def test_floor_and_ceiling_hold_the_light_and_say_so():
    key = lamp("xy", trims={"min": 0.1, "max": 0.6})
    bright, dark = (probed(key, codes) for codes in ((255, 255, 255), (10, 10, 10)))
    assert (bright["target_xyz"][1], bright["limits"]) == (pytest.approx(0.6), ["max"])
    assert (dark["target_xyz"][1], dark["limits"]) == (pytest.approx(0.1), ["min"])


def test_at_black_the_floor_keeps_the_last_colour():
    made = compiled(lamp("xy", trims={"min": 0.1}))
    last = made.pixel_map.first_light()
    made.pixel_map.light(made.pixel_map.sample(frame((255, 40, 40))), last, Live(), lost=False)
    lit = made.pixel_map.light(made.pixel_map.sample(frame((0, 0, 0))), last, Live(), lost=False)
    assert lit.target.level[0] == pytest.approx(0.1)
    assert lit.target.colour[0, 0] > 1.4


def test_a_lamp_that_is_off_has_no_floor():
    assert probed(lamp("xy", control="off", trims={"min": 0.5}), (255, 255, 255))["target_xyz"][1] == 0


def test_light_of_a_few_steps_is_named():
    coarse = fixture("dim", trims={"intensity": -7})
    assert "resolution" in probed(coarse, (60, 60, 60))["limits"]
    assert probed(coarse | {"mode": "rgb8", "trims": {}}, (255, 255, 255))["limits"] == []


def test_the_page_hears_which_lamps_are_limited():
    made = compiled(lamp("tint", trims={"intensity": 2}))
    memory = made.pixel_map.new_memory()
    memory.remember(made.pixel_map.sample(frame((255, 120, 20))), 1, only_waiting=False)
    assert judged(made, memory.light, Live()).limits == {"key": ["luminance", "cct"]}
    memory.remember(made.pixel_map.sample(frame((60, 60, 60))), 2, only_waiting=False)
    assert judged(made, memory.light, Live()).limits == {}


# ------------------------------------------------------------ what was measured
WARM = {"ColorAdd_R": (0.68, 0.31, 50), "ColorAdd_G": (0.2, 0.68, 90), "ColorAdd_B": (0.15, 0.05, 20)}


def calibrated(**more: Any) -> Calibration:
    emitters = {name: {"xyY": xyY} for name, xyY in (WARM | {"ColorAdd_W": (0.43, 0.4, 180)}).items()}
    return Calibration.model_validate({"calibration": 1, "serial": "7", "emitters": emitters} | more)


def test_a_calibrated_lamp_is_driven_by_what_was_measured():
    plain = probed(fixture("wide"), (200, 150, 90))
    found = probed(
        fixture("wide", calibration="key.yaml"), (200, 150, 90), Files(**{"key.yaml": calibrated()})
    )
    assert found["target_xyz"] == pytest.approx(plain["target_xyz"], rel=1e-3)
    assert found["drives"]["ColorAdd_W"] != pytest.approx(plain["drives"]["ColorAdd_W"], rel=0.05)


def test_measured_curves_win_over_the_profile_s():
    files = Files(**{"key.yaml": calibrated(curve={"default": {"gamma": 2.0}})})
    found = probed(fixture("wide", calibration="key.yaml"), (128, 128, 128), files)
    drive, code = found["drives"]["ColorAdd_W"], found["levels"][8] * 256 + found["levels"][9]
    assert (code / 65535) ** 2 == pytest.approx(drive, rel=1e-3)


def test_measured_primaries_make_a_firmware_space_exact():
    files = Files(**{"key.yaml": calibrated(curve="linear")})
    found = probed(fixture("rgb8", calibration="key.yaml"), (128, 128, 128), files)
    assert found["target_xyz"] == pytest.approx(found["xyz"], rel=1e-4)
    assert found["levels"][0] != found["levels"][1] != found["levels"][2]


def test_a_calibration_that_cannot_be_read_is_named_and_the_lamp_goes_on():
    made = compiled(fixture("wide", calibration="gone.yaml"), Files())
    assert made.faults == {"fixture key": "gone.yaml: cannot be read; it counts as not calibrated"}
    assert len(made.pixel_map.lamps) == 1


# ------------------------------------------------------------ for the camera
CAMERA = Camera.model_validate(
    {
        "camera": 1,
        "wall": {"r": [0.61, 0.05, 0.01], "g": [0.12, 0.52, 0.09], "b": [0.02, 0.06, 0.7]},
        "lamps": {
            "test/rgbw": {
                "ColorAdd_R": [0.4, 0.03, 0.01],
                "ColorAdd_G": [0.1, 0.55, 0.1],
                "ColorAdd_B": [0.02, 0.05, 0.5],
                "ColorAdd_W": [0.6, 0.8, 0.55],
            }
        },
    }
)


def test_a_camera_sees_lamp_and_wall_alike():
    found = probed(
        fixture("wide"), (200, 150, 90), Files(**{"main.yaml": CAMERA}), match={"camera": "main.yaml"}
    )
    wall = np.column_stack([CAMERA.wall.r, CAMERA.wall.g, CAMERA.wall.b]) @ found["linear_rgb"]
    seen = np.array(list(CAMERA.lamps["test/rgbw"].values())).T @ list(found["drives"].values())
    assert seen / seen.sum() == pytest.approx(wall / wall.sum(), abs=1e-4)
    assert found["limits"] == []


def test_a_lamp_the_camera_never_saw_is_matched_for_the_eye():
    files, match = Files(**{"main.yaml": CAMERA}), {"camera": "main.yaml"}
    made = compiled(fixture("wide"), Files(), match=match)
    assert made.faults == {"match": "main.yaml: cannot be read; lamps are matched for the eye"}
    other = Camera.model_validate(CAMERA.model_dump() | {"lamps": {}})
    blind = compiled(fixture("wide"), Files(**{"main.yaml": other}), match=match)
    assert blind.faults == {"fixture key": "main.yaml knows no emitters of it; it is matched for the eye"}
    assert compiled(fixture("wide"), files, match=match).faults == {}


def partly(*names: str, lamp: str = "test/rgbw") -> Files:
    """A camera file that knows only these emitters."""
    all_of_it = CAMERA.lamps["test/rgbw"]
    known = {lamp: {name: all_of_it[name] for name in names}} if names else {}
    return Files(**{"main.yaml": Camera.model_validate(CAMERA.model_dump() | {"lamps": known})})


def test_a_lamp_the_camera_saw_in_part_is_matched_for_the_eye_and_keeps_its_colours():
    match = {"camera": "main.yaml"}
    found = probed(fixture("wide"), (200, 150, 90), partly("ColorAdd_R"), match=match)
    assert found["drives"] == probed(fixture("wide"), (200, 150, 90))["drives"]
    assert compiled(fixture("wide"), partly(*RGB), match=match).faults == {
        "fixture key": "main.yaml knows no ColorAdd_W of it; it is matched for the eye"
    }


def test_every_lamp_that_mixes_colours_is_named_where_the_camera_does_not_know_it():
    fixtures = {
        name: fixture(mode, address=1 + 20 * at)
        for at, (name, mode) in enumerate(
            {"a": "wide", "b": "wide", "c": "rgb8", "d": "cct", "e": "dimmer"}.items()
        )
    }
    made = compile_show(
        show(fixtures=fixtures, match={"camera": "main.yaml"}), MADE, FORMAT, measured=partly()
    )
    assert set(made.faults) == {"fixture a", "fixture b", "fixture c"}


def test_a_lamp_says_all_that_is_missing_of_it():
    made = compiled(fixture("wide", calibration="gone.yaml"), partly(), match={"camera": "main.yaml"})
    assert "not calibrated; main.yaml knows no emitters of it" in made.faults["fixture key"]


def test_what_the_camera_saw_is_not_assumed():
    bare = profile("test/rgbw", wide={"colour": {"model": "rgb"}, "channels": channels("Dimmer", *RGB)})
    assumed = []
    for files in (partly(*RGB), partly()):
        parts = show(fixtures={"key": fixture("wide")}, match={"camera": "main.yaml"})
        (plan,) = compile_show(parts, {"test/rgbw": bare}, FORMAT, measured=files).plans
        assumed.append(plan.assumed)
    assert assumed == [("curve", "transfer"), ("curve", "primaries", "white", "transfer")]


# ------------------------------------------------------------ tables
def test_a_table_gives_the_light_of_the_exact_solve():
    made = compiled(fixture("wide"))
    ((key, recipe),) = made.recipes.items()
    by_table = PixelMap.from_message(made.body, made.arrays, {key: baked(recipe)})
    for colour in np.random.default_rng(1).integers(0, 256, (40, 3)).tolist():
        wall, last = by_table.sample(frame(tuple(colour))), by_table.first_light()
        exact, looked_up = (one.light(wall, last, Live(), lost=False) for one in (made.pixel_map, by_table))
        given = [one.lamps[0].given(lit.solved[0]) for one, lit in ((by_table, looked_up), (by_table, exact))]
        assert given[0] == pytest.approx(given[1], rel=2e-3, abs=1e-5)


def test_lamps_that_are_driven_alike_share_one_table():
    two = {name: fixture("wide", address=1 + 10 * at) for at, name in enumerate("ab")}
    other = fixture("wide", address=31, white_preference=0.2)
    assert len(compile_show(show(fixtures=two), MADE, FORMAT).recipes) == 1
    assert len(compile_show(show(fixtures=two | {"c": other}), MADE, FORMAT).recipes) == 2
    assert compiled(fixture("rgb8")).recipes == {}


def test_a_table_takes_over_within_a_second_and_no_drive_leaps():
    made = compiled(fixture("wide"))
    ((key, recipe),) = made.recipes.items()
    solvers, table = Solvers(), {key: baked(recipe)}
    exact = PixelMap.from_message(made.body, made.arrays, {}, solvers)
    last, wall = exact.first_light(), exact.sample(frame((180, 190, 255)))
    drives = [exact.light(wall, last, Live(), lost=False).solved[0].drives[0]]
    learned = PixelMap.from_message(made.body, made.arrays, table, solvers)
    drives += [learned.light(wall, last, Live(), lost=False).solved[0].drives[0] for _ in range(FADE)]
    steps = np.abs(np.diff(drives, axis=0)).max(axis=1)
    assert steps.max() <= np.abs(drives[-1] - drives[0]).max() / FADE + 1e-6
    only = PixelMap.from_message(made.body, made.arrays, table).lamps[0].model._solver
    only._share = 1.0
    assert drives[-1] == pytest.approx(only.solve(wall @ exact.wall_to_xyz.T)[0][0], abs=1e-6)


# ------------------------------------------------------------ near black and grey
@pytest.mark.parametrize("mode", ["xy", "tint", "hsi"])
def test_a_lamp_goes_to_black_and_comes_back_in_its_colour(mode: str):
    made = compiled(lamp(mode))
    last, warm = made.pixel_map.first_light(), made.pixel_map.sample(frame((255, 160, 90)))
    seen = [
        made.pixel_map.light(warm * level, last, Live(), lost=False).levels[0, 2:6].tolist()
        for level in (1.0, 1e-3, 1e-7, 0.0, 1e-7, 1.0)
    ]
    assert np.ptp(np.array(seen)[:, ::2], axis=0).max() <= 1


def test_the_hue_of_a_grey_stays_where_it_was():
    made = compiled(lamp("hsi"))
    last, hues = made.pixel_map.first_light(), []
    made.pixel_map.light(made.pixel_map.sample(frame((60, 60, 255))), last, Live(), lost=False)
    for noise in np.random.default_rng(1).uniform(-1e-3, 1e-3, (20, 3)):
        lit = made.pixel_map.light(0.5 + noise[None], last, Live(), lost=False)
        hues.append(lit.levels[0, 2:6].tolist())
    assert len({tuple(hue) for hue in hues}) == 1
    assert hues[0][2:] == [0, 0]
