import json
from typing import Any

import pytest

from lumad.errors import NetworkError
from lumad.output.route import Exit, Route


@pytest.mark.parametrize(
    "route",
    [
        Route("sacn", (1, 2, 300), interface="eth0", priority=150, ttl=3),
        Route("artnet", (5, 6), (0, 16), ("10.0.0.5", "10.0.0.6"), port=7000, sync=1),
        Route("artnet", (5,), (0,), discover=True, suppress=True),
    ],
)
def test_a_route_travels_as_json(route: Route):
    assert Route.from_json(json.loads(json.dumps(route.to_json()))) == route


def test_multicast_leaves_for_the_group_of_each_universe():
    route = Route("sacn", (1, 256), interface="eth0")
    assert (route.addresses(256), route.udp_port) == (("239.255.1.0",), 5568)
    assert route.exit_to("239.255.1.0") == Exit("eth0", multicast=True, ttl=8)


def test_multicast_over_ipv6_leaves_by_a_socket_of_its_own():
    route = Route("sacn", (1, 256), interface="eth0", ipv6=True)
    assert route.addresses(256) == ("ff18::8300:100",)
    assert route.exit_to("ff18::8300:100") == Exit("eth0", multicast=True, ttl=8, ipv6=True)


def test_unicast_leaves_for_every_node_by_one_socket_whatever_the_ttl():
    route = Route("artnet", (9,), (0,), ("10.0.0.5", "10.0.0.6"), ttl=3)
    assert (route.addresses(9), route.udp_port) == (("10.0.0.5", "10.0.0.6"), 6454)
    assert route.exit_to("10.0.0.5") == Exit(None, multicast=False, ttl=0)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"protocol": "artnet", "universes": (1, 2), "port_addresses": (0,), "to": ("10.0.0.5",)},
            "port-address",
        ),
        ({"protocol": "artnet", "universes": (1,), "port_addresses": (0,)}, "addresses of its nodes"),
        ({"protocol": "sacn", "universes": (1,), "to": ("node.local",)}, "no IP address"),
        ({"protocol": "sacn", "universes": (1,), "broadcast": True}, "multicast groups or"),
        (
            {"protocol": "artnet", "universes": (1,), "port_addresses": (0,), "to": ("fd00::1",)},
            "IPv4 only",
        ),
    ],
)
def test_a_route_that_contradicts_itself_is_refused(fields: dict[str, Any], message: str):
    with pytest.raises(NetworkError, match=message):
        Route(**fields)
