"""Colour tables in the desk: made once, kept on the disk, never in the way."""

import asyncio
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lumad.daemon.tables import Tables
from lumad.pixelmap.tables import baked, key_of

RECIPE = {
    "columns": [[0.6, 0.3, 0.02], [0.2, 0.7, 0.1], [0.2, 0.1, 1.0], [0.95, 1.0, 1.1]],
    "white_preference": 1.0,
    "closest": False,
    "wall_to_xyz": [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]],
}
KEY = key_of(RECIPE)


async def made(folder: Path, recipes: dict[str, Any], count: int = 1) -> Tables:
    """The tables of a desk that wanted some, when `count` of them were made."""
    grew = asyncio.Semaphore(0)
    desk = Tables(folder, grew.release)
    desk.want(recipes)
    for _ in range(count):
        await asyncio.wait_for(grew.acquire(), 20)
    return desk


async def test_a_wanted_table_is_baked_and_kept(tmp_path: Path):
    desk = await made(tmp_path / "tables", {KEY: RECIPE})
    assert np.array_equal(desk.ready[KEY], baked(RECIPE))
    assert [path.name for path in (tmp_path / "tables").iterdir()] == [f"{KEY}.npy"]


async def test_a_kept_table_is_not_baked_again(tmp_path: Path):
    kept = np.full_like(baked(RECIPE), 0.25)
    np.save(tmp_path / f"{KEY}.npy", kept)
    assert np.array_equal((await made(tmp_path, {KEY: RECIPE})).ready[KEY], kept)


@pytest.mark.parametrize("broken", [b"", b"no table", b"\x93NUMPY\x01\x00v\x00{'descr': '<f4'"])
async def test_a_broken_file_is_baked_anew(tmp_path: Path, broken: bytes):
    (tmp_path / f"{KEY}.npy").write_bytes(broken)
    assert np.array_equal((await made(tmp_path, {KEY: RECIPE})).ready[KEY], baked(RECIPE))


async def test_a_disk_that_takes_nothing_costs_only_the_keeping(tmp_path: Path):
    (tmp_path / "file").write_text("no folder")
    assert KEY in (await made(tmp_path / "file", {KEY: RECIPE})).ready


async def test_tables_that_no_lamp_wants_any_more_go(tmp_path: Path):
    desk = await made(tmp_path, {KEY: RECIPE})
    desk.want({})
    assert desk.ready == {}


async def test_a_recipe_that_cannot_be_baked_holds_up_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    desk = await made(tmp_path, {"bad": {**RECIPE, "columns": []}, KEY: RECIPE})
    assert list(desk.ready) == [KEY]
    desk.want({"bad": {**RECIPE, "columns": []}, KEY: RECIPE})
    assert caplog.text.count("solved frame by frame") == 1


def test_the_oldest_files_make_room(tmp_path: Path):
    for number in range(256):
        (tmp_path / f"{number}.npy").touch()
        os.utime(tmp_path / f"{number}.npy", (number, number))
    asyncio.run(made(tmp_path, {KEY: RECIPE}))
    left = {path.stem for path in tmp_path.iterdir()}
    assert left == {KEY, *map(str, range(1, 256))}
