"""What the desk claims on the network, by the show that it sends."""

from typing import Any

from shows import FORMAT, PROFILES, fixture, show

from lumad.daemon.lookout import claims
from lumad.pixelmap.compile import compile_show


def claimed(*outputs: dict[str, Any]) -> dict[Any, Any]:
    lamps = {"a": fixture("rgb8", universe=1, address=3), "b": fixture("rgb8", universe=2)}
    return claims(compile_show(show(fixtures=lamps, outputs=list(outputs)), PROFILES, FORMAT).pixel_map)


SACN = {"protocol": "sacn", "universes": "1-2", "to": "multicast", "interface": "eth0", "priority": 120}


def test_whole_universes_are_claimed_at_the_priority_of_their_output():
    assert claimed(SACN) == {("sacn", 1): 120, ("sacn", 2): 120}


def test_a_shared_universe_is_claimed_slot_by_slot():
    claim = claimed(SACN | {"per_address_priority": True})["sacn", 1]
    assert claim[:6].tolist() == [0, 0, 120, 120, 120, 0]


def test_artnet_is_claimed_by_port_address():
    node = {"protocol": "artnet", "universes": "1-2", "to": ["10.0.0.5"], "port_address": "0:1:2"}
    assert set(claimed(node)) == {("artnet", 18), ("artnet", 19)}


def test_what_leaves_for_preview_alone_is_claimed_by_nobody():
    assert claimed(SACN | {"preview": True}) == {}
