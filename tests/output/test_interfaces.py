"""How interfaces are chosen, in networks made for it; `now` is an argument, so no test waits."""

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from namespaces import isolated, run, until

from lumad.output.datagrams import Datagram
from lumad.output.network import UdpNetwork
from lumad.output.route import BROADCAST, Exit, Route
from lumad.output.senders import Senders
from lumad.protocols import e131


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
    return [one, send(1.0), sender("eth1")(1.0)]


def test_the_only_interface_is_taken_and_of_several_none():
    one, several, named = isolated(one_then_several)
    assert (one, named) == ("sent", "sent")
    assert several == "several interfaces are up (eth0, eth1); choose one with interface:"


def unplugged_and_plugged() -> list[str]:
    send = sender("eth0")
    before = send(0.0)
    wire("eth0", "eth1")
    there = send(0.0)
    run("ip", "link", "delete", "eth0")
    gone = send(0.0)
    wire("eth0", "eth1")  # the same name, another index
    return [before, there, gone, send(0.0)]


def test_an_interface_that_comes_and_goes_is_noticed_at_once():
    before, there, gone, again = isolated(unplugged_and_plugged)
    assert (there, again) == ("sent", "sent")
    assert before == gone == "there is no interface eth0 now"


def renamed_and_replaced() -> list[str]:
    send = sender("eth0")
    wire("eth0", "eth1")
    before = send(0.0)
    for words in (("down",), ("name", "lan0"), ("up",)):
        run("ip", "link", "set", "lan0" if words == ("up",) else "eth0", *words)
    after = send(0.0)
    run("ip", "link", "delete", "lan0")
    return [before, after, send(0.0)]


def test_an_interface_that_is_renamed_stays_in_use_until_it_goes():
    before, after, gone = isolated(renamed_and_replaced)
    assert (before, after) == ("sent", "sent")
    assert gone == "there is no interface eth0 now"


def late_dhcp() -> list[str]:
    send = sender("eth0")
    wire("eth0", "eth1")
    run("ip", "address", "flush", "dev", "eth0")
    before = send(0.0)
    run("ip", "address", "add", "10.9.0.1/24", "dev", "eth0")
    return [before, send(0.0)]


def test_an_address_that_comes_late_is_waited_for_and_noticed_at_once():
    assert isolated(late_dhcp) == ["eth0 has no IPv4 address yet", "sent"]


def broadcasts_heard() -> list[object]:
    wire("eth0", "eth1")
    polls = Exit("eth0", multicast=False, ttl=0, broadcast=True, port=6454)
    network = UdpNetwork({})
    network.begin(0.0)
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800)) as capture:
        capture.bind(("eth1", 0x0800))
        capture.settimeout(5)
        batch = network.batch(polls, [Datagram(np.zeros(4, np.uint8), BROADCAST, 6454)])
        failures = [batch.send()]
        first = socket.inet_ntoa(capture.recv(99)[16:20])
        run("ip", "address", "flush", "dev", "eth0")
        run("ip", "address", "add", "10.9.0.1/16", "dev", "eth0")
        network.begin(0.0)
        failures.append(batch.send())
        second = socket.inet_ntoa(capture.recv(99)[16:20])
    place = network.place(polls)
    return [failures, first, second, place.address if place else None]


def test_a_renumbered_interface_broadcasts_to_its_new_network():
    assert isolated(broadcasts_heard) == [[[], []], "10.4.0.255", "10.9.255.255", "10.9.0.1"]


def listener(interface: str | None) -> Callable[[], str]:
    """Looks after a socket that listens; returns its trouble, or "heard"."""
    network, exit_ = UdpNetwork({}), Exit(interface, multicast=False, ttl=0, broadcast=True, port=6454)

    def hear() -> str:
        network.begin(0.0)
        return network.batch(exit_, []).trouble or "heard"

    return hear


def changed(hear: Callable[[], str], away: str, back: str) -> list[str]:
    """What is heard before, during and after a change of a link."""
    heard = [hear()]
    for words in (away, back):
        run("ip", "link", *words.split())
        heard.append(hear())
    return heard


def listening_through_changes() -> list[list[str]]:
    wire("eth0", "eth1")
    run("ip", "link", "set", "eth1", "multicast", "off")
    hear = listener(None)
    return [
        changed(hear, "set eth0 down", "set eth0 up"),
        changed(hear, "set eth1 multicast on", "set eth1 multicast off"),
    ]


def test_who_listens_on_the_only_interface_listens_again_when_it_is_that_again():
    down, several = isolated(listening_through_changes)
    assert down == ["heard", "no network interface is up for multicast; name one with interface:", "heard"]
    assert several == ["heard", "several interfaces are up (eth0, eth1); choose one with interface:", "heard"]


def listening_to_another_of_that_name() -> list[str]:
    wire("eth0", "eth1")
    hear = listener("eth0")
    heard = [hear()]
    run("ip", "link", "delete", "eth0")
    heard.append(hear())
    wire("eth0", "eth1")
    return [*heard, hear()]


def test_who_listens_on_an_interface_listens_on_the_next_one_of_that_name():
    assert isolated(listening_to_another_of_that_name) == ["heard", "there is no interface eth0 now", "heard"]


def two_for_one_port() -> list[str]:
    wire("eth0", "eth1")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", 6454))
        polls = Exit("eth0", multicast=False, ttl=0, broadcast=True, port=6454)
        taken = UdpNetwork({}).batch(polls, [Datagram(np.zeros(4, np.uint8), BROADCAST, 6454)]).trouble
    again = UdpNetwork({}).batch(polls, [Datagram(np.zeros(4, np.uint8), BROADCAST, 6454)]).trouble
    return [taken, again]


def test_a_port_that_another_program_holds_is_told():
    taken, again = isolated(two_for_one_port)
    assert taken == "another program holds UDP port 6454; nodes cannot be heard"
    assert again == ""


def over_ipv6() -> list[int]:
    for which in ("all", "default"):  # nobody here has our address, and asking takes a second
        Path(f"/proc/sys/net/ipv6/conf/{which}/accept_dad").write_text("0")
    wire("eth0", "eth1")
    routes = [
        Route("sacn", (1,), interface="eth0", ipv6=True),
        Route("sacn", (2,), to=("::1",)),
        Route("sacn", (3,), to=("::1",), interface="lo", suppress=True),
    ]
    senders = Senders(routes, bytes(16), "lumad", UdpNetwork({}))
    with (
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as node,
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as member,
    ):
        member.bind(("ff18::8300:1", 5568))
        group = socket.inet_pton(socket.AF_INET6, "ff18::8300:1")
        index = socket.if_nametoindex("eth1").to_bytes(4, sys.byteorder)
        member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group + index)
        node.bind(("::1", 5568))
        until(lambda: "tentative" not in run("ip", "address", "show", "dev", "eth0"))
        numbers = np.array([1, 2, 3], np.uint32)
        senders.tick(0.0, numbers, np.zeros(3, np.uint64), np.zeros((3, 512), np.uint8))
        for receiver in (node, member):
            receiver.settimeout(5)
        return [e131.decode(each.recv(2048)).universe for each in (node, node, member)]


def test_universes_leave_over_ipv6_by_multicast_and_unicast():
    assert isolated(over_ipv6) == [2, 3, 1]
