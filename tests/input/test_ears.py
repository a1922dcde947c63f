"""Ears overhear groups and broadcasts and leave everybody's unicast alone."""

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from namespaces import isolated, run

from lumad.input.ears import Ears
from lumad.protocols import artnet, e131

US, THEM = bytes(range(16)), bytes(range(1, 17))
GROUP, GROUP6 = e131.multicast_group(1), e131.multicast_group6(1)
SACN = e131.encode(e131.DataPacket(THEM, 1, b"\1"))
OURS = e131.encode(e131.DataPacket(US, 1, b"\1"))
ARTNET = artnet.encode(artnet.ArtDmx(0, b"\1\2"))


def wire() -> None:
    """va, 10.77.0.1 and .3, in a network of its own."""
    run("ip", "link", "add", "va", "type", "veth", "peer", "name", "vb")
    for end in ("va", "vb"):
        run("ip", "link", "set", end, "addrgenmode", "none")
        run("ip", "link", "set", end, "up")
    run("ip", "address", "add", "10.77.0.1/24", "brd", "+", "dev", "va")
    run("ip", "address", "add", "10.77.0.3/24", "brd", "+", "dev", "va")
    run("ip", "address", "add", "fe80::1/64", "dev", "va", "nodad")


def say(data: bytes, to: str, port: int, sender: str = "10.77.0.1") -> None:
    """One datagram by va."""
    with socket.socket(socket.AF_INET6 if ":" in to else socket.AF_INET, socket.SOCK_DGRAM) as mouth:
        if ":" in to:
            index = struct.pack("=I", socket.if_nametoindex("va"))
            mouth.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        else:
            mouth.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            mouth.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(sender))
            mouth.bind((sender, 0))
        mouth.sendto(data, (to, port))


def overheard(speak: Callable[[Ears], int]) -> list[list[Any]]:
    """What ears for universe 1 and Art-Net hear of what `speak` says; it returns how much they must hear."""

    async def listen() -> list[list[Any]]:
        heard: list[list[Any]] = []
        ears = Ears(lambda data, address, _: heard.append([data.hex(), address]), US)
        ears.listen([GROUP, GROUP6], ["va"], artnet_too=True)
        expected = speak(ears)
        async with asyncio.timeout(5):
            while len(heard) < expected:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0)
        ears.close()
        return heard

    return asyncio.run(listen())


def beside_another_program() -> dict[str, Any]:
    wire()
    got = {}
    with ExitStack() as stack:
        others = {}
        for port in (e131.PORT, artnet.PORT):
            others[port] = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            others[port].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            others[port].bind(("", port))
            others[port].settimeout(5)

        def speak(_: Ears) -> int:
            for port, data in ((e131.PORT, SACN), (artnet.PORT, ARTNET)):
                say(data, "10.77.0.1", port)
                got[str(port)] = others[port].recv(2048).hex()
            say(SACN, GROUP, e131.PORT)
            return 1

        got["overheard"] = overheard(speak)
    return got


def test_unicast_stays_with_the_program_that_had_the_port_first():
    got = isolated(beside_another_program)
    assert (got["5568"], got["6454"]) == (SACN.hex(), ARTNET.hex())
    assert got["overheard"] == [[SACN.hex(), "10.77.0.1"]]


def everything_and_our_own() -> list[list[Any]]:
    wire()

    def speak(_: Ears) -> int:
        say(OURS, GROUP, e131.PORT)
        say(OURS, GROUP6, e131.PORT)
        say(SACN, GROUP6, e131.PORT)
        say(ARTNET, "10.77.0.255", artnet.PORT)
        say(ARTNET, "10.77.0.255", artnet.PORT, "10.77.0.3")
        say(SACN, GROUP, e131.PORT)
        return 3

    return overheard(speak)


def test_groups_of_both_kinds_and_broadcasts_are_overheard_but_never_ourselves():
    heard = isolated(everything_and_our_own)
    expected = [[SACN.hex(), "fe80::1"], [ARTNET.hex(), "10.77.0.3"], [SACN.hex(), "10.77.0.1"]]
    assert sorted(heard) == sorted(expected)


def a_port_that_is_held() -> list[list[str]]:
    wire()

    async def listen() -> list[list[str]]:
        ears = Ears(lambda *_: None, US)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("", e131.PORT))
            ears.listen([GROUP], ["va"], artnet_too=False)
            warnings = [ears.warnings]
        for groups, interface in (([GROUP], None), ([], "va"), ([GROUP], "none0")):
            ears.listen(groups, [interface], artnet_too=False)
            warnings.append(ears.warnings + ears.addresses)
        ears.close()
        return warnings

    return asyncio.run(listen())


def test_a_port_that_another_program_holds_is_a_warning_until_it_lets_go():
    held = "who else sends sACN is not overheard: another program holds UDP port 5568"
    assert isolated(a_port_that_is_held) == [[held], ["10.77.0.1"], ["10.77.0.1"], []]


def more_than_there_is_room_for() -> list[str]:
    async def listen() -> list[str]:
        ears = Ears(lambda *_: None, US)
        ears.listen(map(e131.multicast_group, range(1, 600)), ["lo"], artnet_too=False)
        ears.close()
        return ears.warnings

    return asyncio.run(listen())


def test_what_there_is_no_room_for_is_told():
    (warning,) = isolated(more_than_there_is_room_for)
    assert "universes are not overheard" in warning
