"""A link that goes down and comes back: the light is there again at once, and no other node ever suffered."""

import socket
import time
from typing import Any

import pytest
from namespaces import THERE, isolated, neighbour, run
from wire import ETHERTYPE_ALL, OUTGOING, frame, senders

from lumad.output.route import Route

pytestmark = pytest.mark.interop

ROUTES = {
    "multicast": Route("sacn", (1,), interface="va"),
    "multicast by the only interface": Route("sacn", (1,)),
    "unicast": Route("sacn", (1,), to=(THERE,)),
    "unicast by an interface": Route("artnet", (1,), (0,), (THERE,), interface="va"),
}
ELSEWHERE = Route("sacn", (1,), interface="lo")
TICK_S = 1 / 40


class Wire:
    """Counts the UDP packets that leave by va."""

    def __init__(self) -> None:
        kind = socket.SOCK_DGRAM | socket.SOCK_NONBLOCK
        self._socket = socket.socket(socket.AF_PACKET, kind, socket.htons(ETHERTYPE_ALL))
        self._socket.bind(("va", ETHERTYPE_ALL))

    def packets(self) -> int:
        """How many since the last look."""
        seen = 0
        while True:
            try:
                packet, (_, _, direction, *_) = self._socket.recvfrom(2048)
            except BlockingIOError:
                return seen
            except OSError:  # ENETDOWN, said once
                continue
            seen += direction == OUTGOING and packet[9] == socket.IPPROTO_UDP


def lose_the_link(name: str, *far_end: str) -> dict[str, Any]:
    """Ticks at 40 Hz through a link that goes down and up, at our end or pulled out over there."""
    with neighbour() as over:
        sending, wire = senders(ROUTES[name], ELSEWHERE), Wire()
        link = [*over, "ip", "link", "set", "vb"] if far_end else ["ip", "link", "set", "va"]
        ticks = 0

        def tick() -> int:
            """One tick; how many packets were on the wire by the next."""
            nonlocal ticks
            sending.tick(time.monotonic(), *frame([1], ticks))
            ticks += 1
            time.sleep(TICK_S)
            return wire.packets()

        before = sum(tick() for _ in range(10))
        run(*link, "down")
        while_down = sum(tick() for _ in range(24))
        run(*link, "up")
        up_at = time.monotonic()
        while not tick():
            assert time.monotonic() < up_at + 3.0, "no packet three seconds after the link came up"
        silent_s = time.monotonic() - up_at
        elsewhere = sending.health()[1]
        return {
            "before": before, "down": while_down, "silent_s": silent_s,
            "errors": sending.health()[0]["errors"],
            "elsewhere": [elsewhere["sent"] - ticks, elsewhere["errors"]],
        }  # fmt: skip


@pytest.mark.parametrize("name", ROUTES)
def test_packets_are_back_half_a_second_after_the_link(name: str):
    outcome = isolated(lose_the_link, name)
    assert outcome["before"] >= 9
    assert outcome["down"] == 0
    assert outcome["errors"] > 0
    assert outcome["silent_s"] <= 0.5
    assert outcome["elsewhere"] == [0, 0]


@pytest.mark.parametrize(
    ("name", "limit_s"),
    [("multicast", 0.5), ("unicast", 1.5)],  # unicast waits for ARP, which the kernel repeats once a second
)
def test_packets_are_back_at_once_after_the_cable(name: str, limit_s: float):
    outcome = isolated(lose_the_link, name, "far end")
    assert outcome["silent_s"] <= limit_s
    assert outcome["elsewhere"] == [0, 0]
