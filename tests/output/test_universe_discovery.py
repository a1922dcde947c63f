from itertools import pairwise

import numpy as np
import pytest
from fake_network import FakeNetwork

from lumad.output.route import Route
from lumad.output.senders import Senders, Source
from lumad.protocols import e131, e131_extended

CID = bytes(range(16))


def frame(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.arange(1, count + 1, dtype=np.uint32),
        np.zeros(count, np.uint64),
        np.zeros((count, 512), np.uint8),
    )


def pages(network: FakeNetwork) -> list[tuple[str, e131_extended.DiscoveryPacket]]:
    return [
        (address, e131_extended.decode(data)) for address, _, data in network.take() if e131.is_extended(data)
    ]


def run(senders: Senders, seconds: float, count: int = 3) -> None:
    for tick in range(int(seconds * 40) + 1):
        senders.tick(tick / 40, *frame(count))


def test_a_list_of_universes_leaves_every_ten_seconds():
    network = FakeNetwork()
    senders = Senders([Route("sacn", (3, 1, 2, 9), interface="eth0")], CID, "lumad", network)
    run(senders, 9.9)
    assert pages(network) == []
    run(senders, 30)
    found = pages(network)
    assert {address for address, _ in found} == {"239.255.250.214"}
    assert [page for _, page in found] == [e131_extended.DiscoveryPacket(CID, "lumad", 0, 0, (1, 2, 3))] * 3


def test_many_universes_take_several_pages():
    network = FakeNetwork()
    senders = Senders([Route("sacn", tuple(range(1, 1026)))], CID, "lumad", network)
    for now in (0.0, 10.0):
        senders.tick(now, *frame(1025))
    found = [page for _, page in pages(network)]
    assert [(page.page, page.last_page, len(page.universes)) for page in found] == [
        (0, 2, 512),
        (1, 2, 512),
        (2, 2, 1),
    ]


def test_two_lists_are_ten_seconds_apart():
    network, times = FakeNetwork(), []
    senders = Senders([Route("sacn", (1, 2, 3), interface="eth0")], CID, "lumad", network)
    for tick in range(44 * 61):
        senders.tick(tick / 44, *frame(3))
        times += [tick / 44 for _ in pages(network)]
    assert len(times) == 6
    assert [later - earlier for earlier, later in pairwise(times)] == pytest.approx([10.0] * 5, abs=1 / 44)


def test_each_page_is_byte_for_byte_what_the_standard_says():
    network = FakeNetwork()
    senders = Senders([Route("sacn", tuple(range(1, 516)))], CID, "lumad", network)
    for now in (0.0, 10.0):
        senders.tick(now, *frame(515))
    found = [data for _, _, data in network.take() if e131.is_extended(data)]
    assert [len(data) for data in found] == [1144, 126]
    assert found == [page_of(0, range(1, 513)), page_of(1, range(513, 516))]


def page_of(page: int, universes: range) -> bytes:
    """E1.31 table 4-3, written out: each length counts from its own layer to the end."""
    end = 120 + 2 * len(universes)
    return b"".join([
        bytes.fromhex("0010 0000 4153432d45312e3137 000000"),  # 5.1-5.3: preamble, postamble, ASC-E1.17
        (0x7000 | end - 16).to_bytes(2), (8).to_bytes(4), CID,  # 5.4-5.6: VECTOR_ROOT_E131_EXTENDED
        (0x7000 | end - 38).to_bytes(2), (2).to_bytes(4),  # 6.4: VECTOR_E131_EXTENDED_DISCOVERY
        b"lumad".ljust(64, b"\0"), bytes(4),  # 6.4.2, 6.4.3: name, reserved
        (0x7000 | end - 112).to_bytes(2), (1).to_bytes(4),  # 8.1, 8.2: VECTOR_…_UNIVERSE_LIST
        bytes([page, 1]),  # 8.3, 8.4: page, last page
        b"".join(universe.to_bytes(2) for universe in universes),  # 8.5: ascending
    ])  # fmt: skip


@pytest.mark.parametrize(
    "route", [Route("sacn", (1,), to=("10.0.0.5",)), Route("artnet", (1,), (0,), ("10.0.0.5",))]
)
def test_what_leaves_by_unicast_only_is_on_no_list(route: Route):
    network = FakeNetwork()
    run(Senders([route], CID, "lumad", network), 11)
    assert pages(network) == []


def test_senders_of_one_source_share_one_list_an_interface():
    network, source = FakeNetwork(), Source(CID, "lumad")
    both = [Senders([Route("sacn", (u,), interface="eth0")], CID, "lumad", network, source) for u in (1, 2)]
    other = Senders([Route("sacn", (3,), interface="eth1", ipv6=True)], CID, "lumad", network, source)
    for tick in range(11):
        for senders in [*both, other]:
            senders.tick(float(tick), *frame(3))
    assert {address: page.universes for address, page in pages(network)} == {
        "239.255.250.214": (1, 2),
        "ff18::8300:fad6": (3,),
    }
