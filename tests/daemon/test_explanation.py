"""A lamp explained: the pixel, the steps, the levels that left and their age, all of one light path."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
from show.sample import Clock, sample_loaded

from lumad.daemon.explanation import explanation
from lumad.frames.frame import Format, Frame
from lumad.link.levels import LevelsBlock
from lumad.model.show import Show
from lumad.pixelmap.compile import compile_show
from lumad.pixelmap.rows import fixture_key
from lumad.show.store import Store

CODE = 188


class Path:
    """What the explanation reads of a light path, with a grey picture on the wall."""

    def __init__(self) -> None:
        self.store = Store(sample_loaded(), Clock().later)
        self.block = LevelsBlock.create(bytes(16))
        self.engine = SimpleNamespace(health={})
        self.flash_guard = "limit"
        fmt = Format.of_signal(100, 50, self.store.show.wall.signal.model_dump(mode="json"), Fraction(30))
        pixels = np.full((50, 100, 4), CODE, np.uint8)
        self.frame: Frame | None = Frame(7, 0, 0, pixels, fmt)
        self.ring: Any = SimpleNamespace(latest=lambda: self.frame)
        self.compiled_show = self.store.show
        self.compiled = compile_show(self.compiled_show, self.store.profiles, fmt)


def explained(path: Any, name: str = "key") -> Any:
    return explanation(path, name)


def test_every_step_is_told_from_the_pixel_to_the_level():
    path = Path()
    levels = np.zeros((1, 512), np.uint8)
    levels[0, 0] = 128
    path.block.publish(1, np.array([1], np.uint32), np.array([1], np.uint64), levels)
    told = explained(path)
    assert (told["fixture"], told["frame"], told["universe"], told["address"]) == ("key", 7, 1, 1)
    (cell,) = told["cells"]
    assert cell["pixel"] == {"at": [19, 12], "codes": [CODE] * 3, "bits": 8}
    assert abs(cell["linear_rgb"][0] - 0.5029) < 0.001
    assert (told["wanted"], told["levels"]) == ([128], [128])
    assert told["age_ms"] > 0
    assert told["outputs"] == [{"protocol": "sacn", "to": ["127.0.0.1"], "interface": None, "number": 1}]


def test_before_the_first_picture_and_packet_there_is_nothing_of_them():
    path = Path()
    path.frame = None
    told = explained(path)
    assert (told["frame"], told["levels"], told["age_ms"]) == (None, [], None)
    assert told["cells"][0]["pixel"]["codes"] is None


def test_a_lamp_that_is_in_no_map_yet_is_not_explained():
    path = Path()
    assert explained(path, "new") is None
    path.compiled = None  # type: ignore[assignment]
    assert explained(path) is None


def test_a_lamp_that_the_guard_holds_says_so_and_one_that_is_only_watched_does_not():
    path = Path()
    path.engine.health["flashing"] = [fixture_key("key")]
    assert explained(path)["cells"][0]["limits"] == ["flash"]
    path.flash_guard = "warn"
    assert explained(path)["cells"][0]["limits"] == []


def test_what_a_console_drives_is_named():
    path = Path()
    assert explained(path)["console"] is None
    made = path.compiled_show.model_dump(mode="json", exclude_none=True)
    made["inputs"] = [{"name": "desk", "protocol": "sacn", "universes": "101"}]
    made["fixtures"]["key"]["share"] = {"input": "desk", "address": [101, 1]}
    path.compiled_show = Show.model_validate(made)
    assert explained(path)["console"] == {"input": "desk", "attributes": ["Dimmer"]}
