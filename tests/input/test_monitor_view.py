"""What the monitor says of a network."""

import json

import pytest

from lumad.input.discovery import GONE_S, MAX_ANNOUNCERS, Discovery
from lumad.input.monitor import Monitor
from lumad.input.stream import Stream
from lumad.protocols import artnet, e131, e131_extended

CID = bytes(range(16))


def announce(discovery: Discovery | Monitor, universes: range, now: float = 0.0, cid: bytes = CID) -> None:
    for page in e131_extended.discovery_pages(cid, "console", universes):
        discovery.hear(e131_extended.encode(page), "10.0.0.9", now)


def test_universes_are_known_by_what_their_source_announces():
    discovery = Discovery()
    announce(discovery, range(1, 1200))
    (one,) = discovery.announcers(0.0)
    assert (one.name, one.source, one.address) == ("console", CID.hex(), "10.0.0.9")
    assert one.universes(0.0) == list(range(1, 1200))


def test_a_shorter_list_takes_the_place_of_a_longer_one():
    discovery = Discovery()
    announce(discovery, range(1, 1200))
    announce(discovery, range(5, 7), 10.0)
    assert discovery.universes(10.0) == {5, 6}


def test_who_announces_nothing_any_more_is_gone():
    discovery = Discovery()
    announce(discovery, range(1, 3))
    assert discovery.announcers(GONE_S) == []


def test_a_flood_of_announcers_is_kept_within_bounds():
    discovery = Discovery()
    for number in range(MAX_ANNOUNCERS + 9):
        announce(discovery, range(1, 3), cid=number.to_bytes(16))
    assert len(discovery.announcers(0.0)) == MAX_ANNOUNCERS
    announce(discovery, range(1, 3), GONE_S, cid=bytes([255] * 16))
    assert len(discovery.announcers(GONE_S)) == 1


@pytest.mark.parametrize("data", [b"", b"noise", e131.encode(e131.DataPacket(CID, 1, b""))])
def test_what_is_no_announcement_is_left_to_others(data: bytes):
    assert not Discovery().hear(data, "10.0.0.9", 0.0)


def test_the_view_names_every_universe_and_source():
    monitor = Monitor()
    announce(monitor, range(1, 4))
    monitor.hear(e131.encode(e131.DataPacket(CID, 1, b"\1\2", 7, 120, "console", 99)), "10.0.0.9", 0.0)
    monitor.hear(artnet.encode(artnet.ArtDmx(0x123, b"\3\4")), "10.0.0.8", 0.0)
    view = json.loads(json.dumps(monitor.view(0.5)))
    port_address, universe = view["universes"]
    assert (port_address["universe"], port_address["net_sub_universe"]) == (0x123, "1:2:3")
    assert port_address["levels"][:3] == [3, 4, 0]
    (source,) = universe["sources"]
    told = {"name": "console", "source": CID.hex(), "address": "10.0.0.9", "priority": 120, "sync": 99}
    assert source | told | {"age_ms": 500, "levels": [1, 2], "counts": True} == source
    assert view["announced"][0]["universes"] == "1-3"


def test_what_we_send_ourselves_is_a_source_like_any_other():
    monitor = Monitor()
    monitor.hear(e131.encode(e131.DataPacket(CID, 1, b"\1\2", priority=90)), "10.0.0.9", 0.0)
    ours = [Stream("sacn", at, "us", "here", 0.0, priority=100, levels=b"\7", time=0.0) for at in (1, 2)]
    first, second = monitor.view(0.5, ours=ours)["universes"]
    assert [(one["source"], one["counts"]) for one in first["sources"]] == [("us", True), (CID.hex(), True)]
    assert (first["levels"][:2], second["levels"][:2]) == ([7, 2], [7, 0])
    assert monitor.universe("sacn", 1, 0.5, ours=ours) == first
    assert monitor.universe("sacn", 3, 0.5, ours=ours) is None


def test_who_loses_and_who_is_only_preview_does_not_count():
    monitor = Monitor()
    for number, fields in enumerate(({"priority": 120}, {"priority": 110}, {"preview": True})):
        packet = e131.DataPacket(bytes([number] * 16), 1, b"\1\2", source_name=str(number), **fields)
        monitor.hear(e131.encode(packet), "10.0.0.9", 0.0)
    (universe,) = monitor.view(0.0, levels=False)["universes"]
    assert [one["counts"] for one in universe["sources"]] == [True, False, False]
    assert "levels" not in universe
