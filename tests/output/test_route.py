import json
from typing import Any

import pytest

from lumad.errors import NetworkError
from lumad.output.route import Exit, Route


@pytest.mark.parametrize(
    "route",
    [
        Route("sacn", (1, 2, 300), interface="eth0", priority=150, ttl=3),
        Route("artnet", (5, 6), (0, 16), ("10.0.0.5", "10.0.0.6"), port=7000),
    ],
)
def test_a_route_travels_as_json(route: Route):
    assert Route.from_json(json.loads(json.dumps(route.to_json()))) == route


def test_multicast_leaves_for_the_group_of_each_universe():
    route = Route("sacn", (1, 256), interface="eth0")
    assert route.targets(256) == (("239.255.1.0", 5568),)
    assert route.exit == Exit("eth0", multicast=True, ttl=8)


def test_unicast_leaves_for_every_node_by_one_socket_whatever_the_ttl():
    route = Route("artnet", (9,), (0,), ("10.0.0.5", "10.0.0.6"), ttl=3)
    assert route.targets(9) == (("10.0.0.5", 6454), ("10.0.0.6", 6454))
    assert route.exit == Exit(None, multicast=False, ttl=0)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"protocol": "artnet", "universes": (1, 2), "port_addresses": (0,), "to": ("10.0.0.5",)},
            "port-address",
        ),
        ({"protocol": "artnet", "universes": (1,), "port_addresses": (0,)}, "addresses of its nodes"),
        ({"protocol": "sacn", "universes": (1,), "to": ("node.local",)}, "no IPv4 address"),
    ],
)
def test_a_route_that_contradicts_itself_is_refused(fields: dict[str, Any], message: str):
    with pytest.raises(NetworkError, match=message):
        Route(**fields)
