import asyncio
import socket

import numpy as np
from namespaces import isolated, run

from lumad.input.receiver import Receiver
from lumad.input.sockets import Sockets
from lumad.output.network import UdpNetwork
from lumad.output.route import Route
from lumad.output.senders import Senders
from lumad.protocols import artnet, e131, e131_extended


def ports_of(receiver: Receiver) -> list[int]:
    return [port for _, port in receiver.addresses()]


async def settled(receiver: Receiver, datagrams: int) -> None:
    """Lets the loop run until so many were received."""
    async with asyncio.timeout(5):
        while receiver.arbiter.counts["received"] < datagrams:  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)


async def test_levels_come_in_by_both_protocols():
    receiver = Receiver([1], "lo", sacn_port=0, artnet_port=0, clock=lambda: 5.0)
    assert receiver.start() == []
    sacn_port, artnet_port = ports_of(receiver)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(e131.encode(e131.DataPacket(bytes(16), 1, b"\1\2")), ("127.0.0.1", sacn_port))
        sender.sendto(artnet.encode(artnet.ArtDmx(0, b"\3\4")), ("127.0.0.1", artnet_port))
        sender.sendto(b"noise", ("127.0.0.1", artnet_port))
    await settled(receiver, 3)
    receiver.close()
    heard = [(stream.protocol, stream.levels, stream.time) for stream in receiver.arbiter.streams(5.0)]
    assert heard == [("artnet", b"\3\4", 5.0), ("sacn", b"\1\2", 5.0)]
    assert receiver.arbiter.counts["bad"] == 1


async def test_a_port_that_another_program_holds_is_a_warning():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", 0))
        port = other.getsockname()[1]
        receiver = Receiver([1], "lo", sacn_port=0, artnet_port=port)
        warnings = receiver.start()
        receiver.close()
    assert warnings == [f"Art-Net is not received: another program holds UDP port {port}"]


async def test_a_port_is_shared_with_whoever_shares_it():
    first = Receiver([1], "lo", sacn_port=0, artnet_port=0)
    first.start()
    sacn_port, artnet_port = ports_of(first)
    second = Receiver([1], "lo", sacn_port=sacn_port, artnet_port=artnet_port)
    assert second.start() == []
    first.close()
    second.close()


async def test_an_interface_that_is_not_there_is_a_warning():
    receiver = Receiver([1, 2], "lumad-none0", sacn_port=0, artnet_port=0)
    warnings = receiver.start()
    receiver.close()
    missing = "is not received by lumad-none0: No such device"
    assert warnings == [f"sACN {missing}", f"Art-Net {missing}"]


async def test_closing_gives_the_ports_back():
    receiver = Receiver([1], "lo", sacn_port=0, artnet_port=0)
    receiver.start()
    (port, _) = ports_of(receiver)
    receiver.close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("", port))
    assert receiver.addresses() == []


def hear_our_own_senders() -> list[int]:
    """The universes that our receiver hears of 45 that our senders multicast on loopback."""
    universes = tuple(range(250, 295))

    async def listen() -> list[int]:
        receiver = Receiver(universes, "lo")
        assert receiver.start() == []
        assert len(receiver.addresses()) == 4  # 20 groups a socket, and Art-Net
        sending = Senders([Route("sacn", universes, interface="lo")], bytes(16), "lumad", UdpNetwork({}))
        counters, levels = np.zeros(45, np.uint64), np.zeros((45, 512), np.uint8)
        sending.tick(0.0, np.array(universes, np.uint32), counters, levels)
        await settled(receiver, 45)
        receiver.close()
        assert receiver.arbiter.counts["received"] == 45
        return [stream.universe for stream in receiver.arbiter.streams(asyncio.get_running_loop().time())]

    return asyncio.run(listen())


def test_more_groups_than_a_socket_may_join_are_heard_once_each():
    assert isolated(hear_our_own_senders) == list(range(250, 295))


async def test_our_own_packets_are_dropped_before_they_reach_us():
    us, them = bytes(range(16)), bytes(range(1, 17))
    receiver = Receiver([1], "lo", deaf_to=us, sacn_port=0, artnet_port=0)
    assert receiver.start() == []
    sacn_port, _ = ports_of(receiver)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for cid in (us, them, us, us[:15] + b"x"):
            sender.sendto(e131.encode(e131.DataPacket(cid, 1, b"\1\2")), ("127.0.0.1", sacn_port))
        sender.sendto(b"short", ("127.0.0.1", sacn_port))
    await settled(receiver, 2)
    receiver.close()
    assert {stream.source for stream in receiver.arbiter.streams(0.0)} == {them.hex(), (us[:15] + b"x").hex()}


def hear_more_and_later() -> list[int]:
    """The universes heard that were joined at once, joined later, and announced."""

    async def listen() -> list[int]:
        announced: list[bytes] = []
        receiver = Receiver([1], "lo", discovery=True, hear=[lambda data, *_: announced.append(data)])
        assert receiver.start() == []
        assert receiver.join([1, 300]) == []
        pages = e131_extended.discovery_pages(bytes(16), "console", [1, 300])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
            for universe in (1, 2, 300):
                packet = e131.encode(e131.DataPacket(bytes(16), universe, b"\1"))
                sender.sendto(packet, (e131.multicast_group(universe), e131.PORT))
            sender.sendto(e131_extended.encode(pages[0]), (e131_extended.DISCOVERY_GROUP, e131.PORT))
        async with asyncio.timeout(5):
            while len(announced) < 3:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0)
        receiver.close()
        return sorted(e131.decode(data).universe for data in announced if not e131.is_extended(data))

    return asyncio.run(listen())


def test_universes_are_joined_at_any_time_and_announcements_heard():
    assert isolated(hear_more_and_later) == [1, 300]


def hear_a_late_interface() -> list[int]:
    """The universes heard by an interface that came after the receiver."""

    async def listen() -> list[int]:
        receiver = Receiver([7], "late0")
        assert len(receiver.start()) == 2
        run("ip", "link", "add", "late0", "type", "veth", "peer", "name", "far0")
        run("ip", "address", "add", "10.78.0.1/24", "dev", "late0")
        for name in ("late0", "far0"):
            run("ip", "link", "set", name, "up")
        async with asyncio.timeout(5):
            while not receiver.addresses():  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
        assert receiver.warnings == []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("10.78.0.1"))
            packet = e131.encode(e131.DataPacket(bytes(16), 7, b"\1"))
            sender.sendto(packet, (e131.multicast_group(7), e131.PORT))
        await settled(receiver, 1)
        receiver.close()
        return [stream.universe for stream in receiver.arbiter.streams(asyncio.get_running_loop().time())]

    return asyncio.run(listen())


def rename_what_is_listened_to() -> list[bool]:
    run("ip", "link", "add", "va", "type", "veth", "peer", "name", "vb")
    sockets = Sockets([7], "va")
    renamed = [*sockets.open]
    run("ip", "link", "set", "va", "name", "lan0")
    seen = [sockets.look_again(), sockets.open == renamed]
    run("ip", "link", "delete", "lan0")
    seen.append(sockets.look_again())
    sockets.close()
    return seen


def test_an_interface_that_is_renamed_is_listened_to_until_it_goes():
    assert isolated(rename_what_is_listened_to) == [False, True, True]


def test_an_interface_that_comes_later_is_listened_to():
    assert isolated(hear_a_late_interface) == [7]
