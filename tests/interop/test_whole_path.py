"""A real `lumad run` lights olad: the picture on the wall, the levels at an independent receiver."""

from pathlib import Path
from typing import Any

import pytest
from namespaces import THERE, isolated, need, neighbour
from stage import show_stage, two_colours
from test_olad import levels_at_olad, olad

pytestmark = [pytest.mark.interop, pytest.mark.e2e]

SHOW = f"""
show: 1
name: judged by olad
wall: {{size: [320, 180]}}
scene: {{kind: plate, file: plate.png}}
regions:
  left: {{center: [0.25, 0.5], size: [0.5, 1.0]}}
  all: {{center: [0.5, 0.5], size: [1.0, 1.0]}}
fixtures:
  key: {{profile: arri/skypanel-s60-c, mode: P09, universe: 1, address: 1, follow: left}}
  tube: {{profile: astera/titan, mode: px16-rgb, universe: 256, address: 465, follow: all}}
  fill: {{profile: litegear/litemat-plus-4, mode: single-16bit, universe: 1024, address: 7, follow: left}}
outputs:
  - {{protocol: sacn, universes: "1,256", to: multicast, interface: va}}
  - {{protocol: artnet, universes: "1024", to: [{THERE}], port_address: "122:5:0"}}
"""


def lit_olad(folder: str) -> dict[str, Any]:
    two_colours(Path(folder, "plate.png"), (240, 120, 60), (20, 60, 200))
    with neighbour() as over, olad(over), show_stage(folder, "", port=0) as stage:
        stage.show.write_text(SHOW)
        stage.start()
        held = {}
        for universe in (1, 256, 1024):
            stage.until(lambda universe=universe: any(levels_at_olad(universe)))
            sent = stage.get(f"api/v1/dmx/{universe}")["levels"]
            stage.until(lambda universe=universe, sent=sent: levels_at_olad(universe) == sent)
            held[str(universe)] = levels_at_olad(universe)
        return held


def test_olad_holds_the_very_levels_of_the_picture(tmp_path: Path):
    need("olad", "ola_patch", "ola_dev_info")
    held = isolated(lit_olad, str(tmp_path), timeout_s=60)
    assert held["1"][0:2] == [255, 255]  # Dimmer full: the emitters carry the level
    assert held["1"][2] > held["1"][4] > held["1"][6] > 0  # warm orange
    assert held["256"][464] > held["256"][466]
    assert held["256"][509] < held["256"][511]
    assert any(held["1024"][6:8])
