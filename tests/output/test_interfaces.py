"""How interfaces are chosen, in networks made for it; `now` is an argument, so no test waits."""

from collections.abc import Callable

import numpy as np
from namespaces import isolated, run, until

from lumad.output.network import UdpNetwork
from lumad.output.route import Exit
from lumad.output.senders import Datagram


def wire(one: str, other: str) -> None:
    """Two interfaces joined to each other, both up."""
    run("ip", "link", "add", one, "type", "veth", "peer", "name", other)
    for name in (one, other):
        run("ip", "address", "add", f"10.{len(name)}.0.{1 + (name == other)}/24", "dev", name)
        run("ip", "link", "set", name, "up")
    until(lambda: all("state UP" in run("ip", "link", "show", name) for name in (one, other)))


def sender(interface: str | None) -> Callable[[float], str]:
    """Sends one multicast datagram at the given time; returns the trouble, or "sent"."""
    network = UdpNetwork({})
    batch = network.batch(
        Exit(interface, multicast=True, ttl=8), [Datagram(np.zeros(4, np.uint8), "239.255.0.1", 5568)]
    )

    def send(now: float) -> str:
        network.begin(now)
        return batch.trouble or ", ".join(failure.error for failure in batch.send()) or "sent"

    return send


def nothing_but_loopback() -> list[str]:
    return [sender(None)(0.0), sender("lo")(0.0)]


def test_loopback_is_used_when_named_and_never_chosen():
    chosen, named = isolated(nothing_but_loopback)
    assert chosen == "no network interface is up for multicast; name one with interface:"
    assert named == "sent"


def one_then_several() -> list[str]:
    send = sender(None)
    wire("eth0", "eth1")
    run("ip", "link", "set", "eth1", "multicast", "off")
    one = send(1.0)
    run("ip", "link", "set", "eth1", "multicast", "on")
    return [one, send(1.9), send(2.0), sender("eth1")(2.0)]


def test_the_only_interface_is_taken_and_of_several_none():
    one, too_early, several, named = isolated(one_then_several)
    assert (one, too_early, named) == ("sent", "sent", "sent")
    assert several == "several interfaces are up (eth0, eth1); choose one with interface:"


def unplugged_and_plugged() -> list[str]:
    send = sender("eth0")
    before = send(0.0)
    wire("eth0", "eth1")
    there = send(0.25)
    run("ip", "link", "delete", "eth0")
    gone = send(0.3)
    known = send(1.25)
    wire("eth0", "eth1")  # the same name, another index
    return [before, there, gone, known, send(1.5)]


def test_an_interface_that_comes_again_is_used_within_a_quarter_of_a_second():
    before, there, gone, known, again = isolated(unplugged_and_plugged)
    assert (there, again) == ("sent", "sent")
    assert before == known == "there is no interface eth0 now"
    assert gone not in {"sent", ""}
