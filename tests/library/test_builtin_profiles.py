from pathlib import Path

import pytest

from lumad.library.library import Library
from lumad.resources import fixtures_dir

LIBRARY = Library([fixtures_dir()])
MODES = [(name, mode) for name in LIBRARY.ids() for mode in LIBRARY.profile(name).modes]


def facts() -> list[tuple[str, str, int, int, str, str]]:
    """Lines of facts.txt; a profile that changes what it says changes that file, too."""
    lines = (Path(__file__).parent / "facts.txt").read_text().splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return [(name, mode, int(slots), int(cells), *words) for name, mode, slots, cells, *words in rows]


FACTS = facts()


def test_no_built_in_profile_has_a_fault():
    assert LIBRARY.faults == ()


def test_the_library_is_broad_and_much_of_it_comes_from_the_makers():
    statuses = [LIBRARY.profile(name).status for name in LIBRARY.ids()]
    assert len(statuses) >= 40
    assert statuses.count("vendor") >= 15


def test_every_built_in_mode_is_in_the_table_of_facts():
    assert [(name, mode) for name, mode, *_ in FACTS] == MODES


@pytest.mark.parametrize(("name", "mode_id", "footprint", "cells", "model", "status"), FACTS)
def test_a_built_in_mode_is_what_its_source_says(
    name: str, mode_id: str, footprint: int, cells: int, model: str, status: str
):
    profile = LIBRARY.profile(name)
    mode = profile.modes[mode_id]
    assert (mode.footprint, mode.cell_count, mode.colour.model) == (footprint, cells, model)
    assert profile.status == status


@pytest.mark.parametrize(("name", "mode_id"), MODES)
def test_channels_that_could_flash_or_fan_never_move(name: str, mode_id: str):
    profile = LIBRARY.profile(name)
    mode = profile.modes[mode_id]
    for channel in mode.all_channels():
        if channel.attribute.startswith(("X_", "Shutter")):
            assert channel.fixed is not None


def test_the_forza_rests_at_full_colour_with_every_white_off():
    mode = LIBRARY.profile("nanlite/forza-60c").modes["cct-rgbw-8bit"]
    assert list(mode.base_levels()) == [0, 53, 0, 255, 0, 0, 0, 0, 0, 0]


def test_an_rgbw_mode_of_a_lamp_with_more_colours_never_drives_its_white():
    for name, mode_id in [("arri/skypanel-s60-c", "P09"), ("nanlite/forza-60c", "cct-rgbw-8bit")]:
        profile = LIBRARY.profile(name)
        mode = profile.modes[mode_id]
        driven = {channel.attribute for channel in mode.all_channels() if profile.drives(mode, channel)}
        assert driven == {"Dimmer", "ColorAdd_R", "ColorAdd_G", "ColorAdd_B"}


def test_the_skypanels_tint_tells_its_whole_range():
    mode = LIBRARY.profile("arri/skypanel-s60-c").modes["P07"]
    tint = next(channel for channel in mode.channels if channel.attribute == "Tint")
    assert tint.code_ranges()[1] == (4588, 9830, -100.0, -100.0, False)
    assert sum(entry.dmx[1] - entry.dmx[0] + 1 for entry in tint.map) == 65536


def test_nothing_unmeasured_is_taken_for_measured():
    assert LIBRARY.profile("generic/rgbw-16bit").emitters["ColorAdd_W"].nominal
    for name, mode_id in MODES:
        profile = LIBRARY.profile(name)
        assert "curve" in profile.assumed_of(profile.modes[mode_id])


def test_a_lamp_of_two_reds_is_not_assumed_to_have_one_of_them_twice():
    for name, mode_id in MODES:
        profile = LIBRARY.profile(name)
        emitters = [profile.emitters[one] for one in profile.emitters_of(profile.modes[mode_id])]
        assert sum(one.attribute == "ColorAdd_R" and one.xyY is None for one in emitters) <= 1
