"""Circuits: no more watts than they may, all their lamps dimmed alike, the colour kept."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shows import FORMAT, PROFILES, fixture, frame, show

from lumad.link.live import Live
from lumad.pixelmap.compile import Compiled, compile_show
from lumad.pixelmap.explain import explain, judged
from lumad.pixelmap.shares import Hand

POWER = {"idle_w": 10, "full_w": 110}
MADE = {name: found.model_copy(update={"power": None}) for name, found in PROFILES.items()}
MADE["test/rgb"] = PROFILES["test/rgb"].model_validate(
    {**PROFILES["test/rgb"].model_dump(exclude_none=True, by_alias=True), "power": POWER}
)
WHITE = (255, 255, 255)


def compiled(limit_w: float, **lamps: Any) -> Compiled:
    circuits = {"spare": {"limit_w": 5000}, "wall": {"limit_w": limit_w}}
    return compile_show(show(circuits=circuits, fixtures=lamps), MADE, FORMAT)


def lit(made: Compiled, left: tuple[int, int, int]) -> Any:
    pixel_map = made.pixel_map
    return pixel_map.light(pixel_map.sample(frame(left)), pixel_map.first_light(), Live(), lost=False)


def test_within_its_limit_a_circuit_changes_nothing():
    made = compiled(110, key=fixture("rgb8", circuit="wall"))
    assert lit(made, WHITE).levels[0, :3].tolist() == [255, 255, 255]
    assert lit(made, WHITE).watts == pytest.approx([0, 110])


def test_over_its_limit_all_lamps_of_a_circuit_are_dimmed_alike():
    lamps = {"key": fixture("rgb8", circuit="wall"), "rim": fixture("dim", address=11, circuit="wall")}
    seen = lit(compiled(120, **lamps), WHITE)  # 20 W idle: 100 W for lamps that want 200
    assert seen.levels[0, [0, 1, 2]] == pytest.approx(128, abs=1)
    assert seen.levels[0, 10] == pytest.approx(128, abs=1)  # the Dimmer; its colours stay full
    assert seen.levels[0, 11:14].tolist() == [255, 255, 255]
    assert seen.watts[1] == pytest.approx(120)


def test_a_lamp_of_another_circuit_or_none_is_left_alone():
    lamps = {"key": fixture("rgb8", circuit="wall"), "rim": fixture("rgb8", address=11)}
    assert lit(compiled(20, **lamps), WHITE).levels[0, [0, 10]].tolist() == [26, 255]


def test_ganged_lamps_count_each_and_cells_share_a_lamps_watts():
    lamps = {
        "key": fixture("rgb8", circuit="wall", units=2),
        "tube": fixture("tube", address=11, circuit="wall"),
    }
    assert lit(compiled(5000, **lamps), WHITE).watts[1] == pytest.approx(330)


def test_idle_alone_over_the_limit_puts_lamps_out_and_no_further():
    made = compiled(5, key=fixture("rgb8", circuit="wall"))
    assert lit(made, WHITE).levels[0, :3].tolist() == [0, 0, 0]
    assert lit(made, WHITE).watts[1] == 10


def test_the_page_and_probe_hear_of_it():
    made = compiled(60, key=fixture("rgb8", circuit="wall"))
    memory = made.pixel_map.new_memory()
    memory.remember(made.pixel_map.sample(frame(WHITE)), 1, only_waiting=False)
    told = judged(made, memory.light, Live())
    assert (told.limits, told.watts) == ({"key": ["power"]}, {"spare": 0.0, "wall": pytest.approx(60)})
    shown = show(circuits={"wall": {"limit_w": 60}}, fixtures={"key": fixture("rgb8", circuit="wall")})
    assert explain(made, shown, memory, Live())["key"]["cells"][0]["limits"] == ["power"]


@given(st.tuples(*[st.integers(0, 255)] * 3), st.floats(1, 400))
def test_no_circuit_draws_more_than_it_may_whatever_the_wall_shows(left: tuple[int, int, int], limit: float):
    lamps = {"key": fixture("rgb8", circuit="wall"), "tube": fixture("tube", address=11, circuit="wall")}
    watts = lit(compiled(limit, **lamps), left).watts[1]
    assert watts <= max(limit, 20) + 1e-6
    assert np.isfinite(watts)


def test_what_a_console_dims_is_dimmed_for_its_circuit_too():
    share = {"input": "desk", "address": [101, 1]}
    inputs = [{"name": "desk", "protocol": "sacn", "universes": "101"}]
    lamps = {"key": fixture("dim", circuit="wall", share=share)}
    the_show = show(circuits={"wall": {"limit_w": 60}}, fixtures=lamps, inputs=inputs)
    pixel_map = compile_show(the_show, MADE, FORMAT).pixel_map
    last = pixel_map.first_light()
    hand = Hand(np.full((1, 512), 255, np.uint8), np.ones(1), np.ones(1))
    target = pixel_map.target(pixel_map.sample(frame(WHITE)), last)
    assert pixel_map.given(target, np.ones(1), last, hand).levels[0, 0] == pytest.approx(128, abs=1)


@pytest.mark.parametrize("mode", ["rgb8", "dim", "tube", "wide", "cct", "dimmer"])
def test_lamps_of_every_kind_are_dimmed_and_keep_their_colour(mode: str):
    powered = {
        name: found.model_validate({**found.model_dump(exclude_none=True, by_alias=True), "power": POWER})
        for name, found in PROFILES.items()
    }
    given, watts = [], []
    for limit in (1e6, 35):
        lamps = {"key": fixture(mode, circuit="wall")}
        pixel_map = compile_show(
            show(circuits={"wall": {"limit_w": limit}}, fixtures=lamps), powered, FORMAT
        ).pixel_map
        seen = pixel_map.light(pixel_map.sample(frame(WHITE)), pixel_map.first_light(), Live(), lost=False)
        given.append(pixel_map.lamps[0].given(seen.solved[0]))
        watts.append(seen.watts[0])
    assert watts[1] == pytest.approx(min(watts[0], 35))
    assert given[1] == pytest.approx(given[0] * (watts[1] - 10) / (watts[0] - 10))


def test_a_circuit_of_no_lamp_draws_nothing():
    assert lit(compiled(1e6), WHITE).watts.tolist() == [0, 0]
