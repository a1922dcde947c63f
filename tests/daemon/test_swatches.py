"""Colours to show, kept cheap while a thumb drags."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from lumad.daemon.swatches import Swatches
from lumad.documents import read_document
from lumad.engine.pace import STILL_RATE
from lumad.frames.frame import Format
from lumad.model.show import Show
from lumad.model.validate import validate
from lumad.pixelmap.compile import compile_show
from lumad.resources import demo_show, fixtures_dir
from lumad.show.edits import merge
from lumad.show.profiles import Profiles

PROFILES = Profiles([fixtures_dir()])


def light_of(show: Show) -> Any:
    """As much of a light path as swatches read, with every slot at half."""
    fmt = Format.of_signal(*show.wall.size, show.wall.signal.model_dump(mode="json"), STILL_RATE)
    sent = SimpleNamespace(of=lambda _: bytes([128] * 512))
    return SimpleNamespace(
        compiled=compile_show(show, PROFILES, fmt),
        store=SimpleNamespace(show=show, profiles=PROFILES),
        ring=None,
        block=SimpleNamespace(read=lambda: sent),
    )


def test_a_drag_makes_no_new_lamps_and_another_mode_does():
    show = validate(read_document(demo_show().read_bytes(), "demo.yaml"), Show)
    light = light_of(show)
    swatches = Swatches(light, None)
    before = swatches.all(0.0)["fixtures"]
    lamps = dict(swatches._lamps)
    for edit in (
        merge("regions/sun", {"center": [0.5, 0.5]}),
        merge("fixtures/rim", {"profile": "generic/rgb", "mode": "16bit"}),
    ):
        show = edit(show)
        vars(light).update(vars(light_of(show)))
        assert swatches.all(0.0)["fixtures"]["key"] == before["key"]
    changed = {name for name, lamp in swatches._lamps.items() if lamp is not lamps[name]}
    assert changed == {"rim"}
    assert np.all([len(each["light"]) for each in before.values()])
