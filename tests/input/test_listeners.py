import socket
from typing import Any

from namespaces import isolated, run, until

from lumad.input.console import Input
from lumad.input.listeners import Listeners
from lumad.protocols import artnet, e131

US, THEM = bytes(range(16)), bytes(range(1, 17))


def source(protocol: str, wire: list[int], interface: str) -> Input:
    about = {"name": protocol, "protocol": protocol, "wire": wire, "first": 0, "hold": True}
    return Input.from_json({**about, "interface": interface, "controls": {}, "looks": {}})


def multicast(universe: int, cid: bytes, address: str = "127.0.0.1") -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(address))
        packet = e131.encode(e131.DataPacket(cid, universe, b"\1"))
        sender.sendto(packet, (e131.multicast_group(universe), e131.PORT))


def hear_inputs() -> list[Any]:
    """What two inputs on loopback hear: by interface and protocol, our own left out."""
    listeners, heard = Listeners(US), []
    take = lambda interface, data, address: heard.append([interface, artnet.is_artnet(data), address])  # noqa: E731
    listeners.follow([source("sacn", [101, 300], "lo"), source("artnet", [7], "lo")])
    for universe, cid in ((101, THEM), (101, US), (102, THEM), (300, THEM)):
        multicast(universe, cid)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(artnet.encode(artnet.ArtDmx(7, b"\1\2")), ("127.0.0.1", artnet.PORT))
    until(lambda: listeners.drain(take) or len(heard) == 3)
    listeners.follow([source("sacn", [101, 300], "lo")])
    multicast(300, THEM)
    until(lambda: listeners.drain(take) or len(heard) == 4)
    listeners.close()
    return sorted(heard)


def test_inputs_hear_their_own_universes_and_never_us():
    assert isolated(hear_inputs) == [["lo", False, "127.0.0.1"]] * 3 + [["lo", True, "127.0.0.1"]]


def await_an_interface() -> list[Any]:
    """The warnings of an input before its interface is there, after it came, and what it heard then."""
    listeners, heard = Listeners(US), []
    listeners.follow([source("sacn", [7], "late0")])
    before = listeners.warnings("sacn")
    run("ip", "link", "add", "late0", "type", "veth", "peer", "name", "far0")
    run("ip", "address", "add", "10.78.0.1/24", "dev", "late0")
    for name in ("late0", "far0"):
        run("ip", "link", "set", name, "up")
    listeners.look_again()
    multicast(7, THEM, "10.78.0.1")
    until(lambda: listeners.drain(lambda *datagram: heard.append(datagram[2])) or bool(heard))
    return [before, listeners.warnings("sacn"), heard]


def test_an_interface_that_is_not_there_is_awaited():
    missing = "sACN is not received by late0: No such device"
    assert isolated(await_an_interface) == [[missing], [], ["10.78.0.1"]]
