"""Shapes, statistics, cut-outs and smoothing, from the show to the levels."""

from typing import Any

import numpy as np
import pytest
from shows import FORMAT, PROFILES, fixture, frame, show

from lumad.frames.frame import Format
from lumad.link.live import Live
from lumad.model.show import Show
from lumad.pixelmap.areas import AreaStore, cuttings_of
from lumad.pixelmap.compile import Compiled, compile_show

SECOND = 1_000_000_000


def seen(region: dict[str, Any], picture: Any, **regions: Any) -> list[float]:
    """Linear light that one region shows."""
    all_regions = {"it": region, **regions}
    pixel_map = compile_show(
        show(regions=all_regions, fixtures={"key": fixture("rgb8", "it")}), PROFILES, FORMAT
    ).pixel_map
    return pixel_map.sample(picture)[0].round(6).tolist()


HALVES = frame((255, 255, 255), (0, 0, 0))  # white left of the middle, black right of it


@pytest.mark.parametrize(
    ("region", "share"),
    [
        ({"center": [0.5, 0.5], "size": [0.5, 0.5]}, 0.5),
        ({"center": [0.5, 0.5], "size": [0.5, 0.5], "rotation": 30}, 0.5),
        ({"shape": "ellipse", "center": [0.5, 0.5], "size": [0.4, 0.4]}, 0.5),
        ({"shape": "ellipse", "center": [0.2, 0.5], "size": [0.2, 0.4], "rotation": 45}, 1.0),
        ({"shape": "polygon", "points": [[0.25, 0.2], [0.75, 0.2], [0.75, 0.8], [0.25, 0.8]]}, 0.5),
        ({"shape": "line", "points": [[0.1, 0.5], [0.9, 0.5]], "width": 0.1}, 0.5),
        ({"center": [0.5, 0.5], "size": [0.5, 0.5], "feather": 0.05}, 0.5),
        ({"center": [0.5, 0.5], "size": [0.5, 0.5], "statistic": "max"}, 1.0),
        ({"center": [0.4, 0.5], "size": [0.5, 0.5], "statistic": "median"}, 1.0),
        ({"center": [0.5, 0.5], "size": [0.5, 0.5], "exclude": ["cut"]}, 0.0),
    ],
)
def test_every_shape_and_statistic_reaches_the_lamp(region: dict[str, Any], share: float):
    cut = {"center": [0.25, 0.5], "size": [0.5, 1.0]}
    assert seen(region, HALVES, cut=cut) == pytest.approx([share] * 3, abs=0.01)


@pytest.mark.parametrize(
    "region",
    [
        {"shape": "ellipse", "center": [0.3, 0.5], "size": [0.3, 0.7]},
        {"center": [0.3, 0.5], "size": [0.3, 0.3], "rotation": 13},
    ],
)
def test_a_region_cut_out_by_its_equal_is_black(region: dict[str, Any]):
    assert seen(region | {"exclude": ["same"]}, HALVES, same=region) == [0, 0, 0]


def test_a_region_too_tangled_to_compile_stays_black_by_name_and_stops_no_other():
    zigzag = [[at / 127, 0.1 + 0.8 * (at % 2)] for at in range(128)]
    regions = {
        "maze": {"shape": "line", "points": zigzag, "width": 50.0},
        "left": {"center": [0.25, 0.5], "size": [0.5, 1.0]},
    }
    fixtures = {"a": fixture("rgb8", "maze"), "b": fixture("rgb8", "left", address=4)}
    found = compile_show(show(regions=regions, fixtures=fixtures), PROFILES, FORMAT)
    assert [fault.split(":")[0] for fault in found.faults] == ["region maze"]
    assert found.pixel_map.sample(HALVES)[:, 0].round(3).tolist() == [0, 1]


def test_a_white_outside_the_walls_primaries_still_makes_a_map():
    signal = {"transfer": "srgb", "primaries": "rec709", "white": [0.2, 0.6]}
    the_show = show(wall={"size": [64, 36], "signal": signal}, fixtures={"a": fixture("rgb8")})
    fmt = Format.of_signal(64, 36, the_show.wall.signal.model_dump(mode="json"), FORMAT.rate)
    assert compile_show(the_show, PROFILES, fmt).pixel_map.sampler.variant


def test_cells_lie_along_a_line_from_its_first_to_its_last_point():
    line = {"shape": "line", "points": [[0.9, 0.5], [0.1, 0.5]], "width": 0.1}
    the_show = show(regions={"it": line}, fixtures={"tube": fixture("tube", "it")})
    samples = compile_show(the_show, PROFILES, FORMAT).pixel_map.sample(HALVES)
    assert samples[:, 0].round(3).tolist() == [0, 0, 1, 1]


def compiled(store: AreaStore, the_show: Show) -> Compiled:
    return compile_show(the_show, PROFILES, FORMAT, store=store)


def test_a_dragged_region_compiles_alone():
    store, fixtures = AreaStore(), {"a": fixture("rgb8", "left"), "b": fixture("rgb8", "right", address=4)}
    first = show(fixtures=fixtures)
    compiled(store, first)
    (kept,) = cuttings_of(first.regions, "right", None, FORMAT.width, FORMAT.height)
    area = store.area(kept)
    moved = {
        "left": {"center": [0.3, 0.5], "size": [0.5, 1.0]},
        "right": {"center": [0.75, 0.5], "size": [0.5, 1.0]},
    }
    compiled(store, show(regions=moved, fixtures=fixtures))
    assert store.area(kept) is area


def test_areas_that_nobody_asks_for_are_forgotten():
    store = AreaStore()
    for at in range(20):
        regions = {"it": {"center": [0.3 + at / 100, 0.5], "size": [0.2, 0.2]}}
        compiled(store, show(regions=regions, fixtures={"a": fixture("rgb8", "it")}))
    assert len(store._areas._now) + len(store._areas._before) <= 4


def light_after(smoothing: dict[str, Any], times: list[float]) -> list[int]:
    """The first level at each time (seconds) after one of eight regions turned from black to white."""
    regions = {f"r{at}": {"center": [(at + 0.5) / 8, 0.5], "size": [0.125, 1.0]} for at in range(8)}
    regions["r0"] |= smoothing.get("region", {})
    fixtures = {f"f{at}": fixture("rgb8", f"r{at}", address=1 + 3 * at) for at in range(8)}
    fixtures["f0"] |= smoothing.get("fixture", {})
    pixel_map = compile_show(show(regions=regions, fixtures=fixtures), PROFILES, FORMAT).pixel_map
    memory = pixel_map.new_memory()
    memory.remember(np.zeros((8, 3)), 1, only_waiting=False, time_ns=SECOND)
    picture = frame((0, 0, 0))
    picture.pixels[:, :8] = 255
    levels = []
    for step in range(1, 121):
        time_ns = SECOND + step * SECOND // 60
        memory.remember(pixel_map.sample(picture), step + 1, only_waiting=False, time_ns=time_ns)
        lit = pixel_map.light(memory.light, pixel_map.first_light(), Live(), lost=False)
        levels.append(int(lit.levels[0, 0]))
    return [levels[round(time * 60) - 1] for time in times]


CALM = {"smoothing": {"attack_s": 1.0, "release_s": 1.0, "filter": "ema"}}


@pytest.mark.parametrize("smoothing", [{"region": CALM}, {"fixture": CALM}])
def test_smoothing_starts_slowly_and_settles_by_its_stated_time(smoothing: dict[str, Any]):
    early, settled = light_after(smoothing, [1 / 60, 1.0])
    assert early < 10
    assert settled >= 252


def test_a_fixtures_own_smoothing_replaces_that_of_its_region():
    none = {"smoothing": {"filter": "none"}}
    assert light_after({"region": CALM, "fixture": none}, [1 / 60]) == [255]
