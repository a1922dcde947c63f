"""tshark reads our packets back from a capture of the wire."""

import re
import subprocess
from pathlib import Path

import pytest
from namespaces import HERE, THERE, isolated, need, neighbour, run
from wire import CID, NAME, Capture, frame, levels_of, senders

from lumad.output.route import Route
from lumad.protocols import artnet

pytestmark = pytest.mark.interop

UNIVERSES = [1, 255, 256, 300, 63999]


def tshark(file: Path, protocol: str, *fields: str) -> list[list[str]]:
    """The fields of each packet of that protocol."""
    need("tshark")
    wanted = [word for field in fields for word in ("-e", field)]
    acn = ["--enable-heuristic", "acn", "-o", "acn.dmx_enable:TRUE", "-o", "acn.dmx_display_zeros:TRUE"]
    command = ["tshark", *acn, "-r", str(file), "-Y", protocol, "-T", "fields", *wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


def send_sacn(file: str) -> None:
    with neighbour():
        capture = Capture("va")
        sending = senders(Route("sacn", tuple(UNIVERSES), interface="va", priority=123, ttl=5))
        sending.tick(0.0, *frame(UNIVERSES, counter=254))
        sending.terminate(0.0, *frame(UNIVERSES, counter=255))
        capture.save(file)


@pytest.fixture(scope="module")
def sacn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A capture of one frame, and of the three packets that end its streams."""
    need("tshark")
    file = tmp_path_factory.mktemp("tshark") / "sacn.pcap"
    isolated(send_sacn, str(file))
    return file


def test_tshark_reads_every_field_of_our_sacn(sacn: Path):
    fields = [
        "ip.src",
        "ip.dst",
        "ip.ttl",
        "udp.dstport",
        "acn.cid",
        "acn.dmx.source_name",
        "acn.dmx.priority",
    ]
    fields += [
        "acn.dmx.reserved",
        "acn.dmx.seq_number",
        "acn.dmx.option_s",
        "acn.dmx.universe",
        "acn.dmx.count",
    ]
    seen = tshark(sacn, "acn", *fields)
    cid = "-".join(CID.hex()[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))
    constant = [cid, NAME, "123", "0"]
    assert seen == [
        [HERE, f"239.255.{u // 256}.{u % 256}", "5", "5568", *constant, str(sequence), ended, str(u), "513"]
        for sequence, ended in [(254, "0"), (255, "1"), (0, "1"), (1, "1")]
        for u in UNIVERSES
    ]


def test_tshark_reads_every_level_of_our_sacn(sacn: Path):
    seen = tshark(sacn, "acn", "acn.dmx.universe", "acn.dmx.data")
    for universe, table in seen[: len(UNIVERSES)]:
        rows = re.findall(r"\d{3}-\d{3}:([ |0-9A-F]+)", table)  # twenty levels a row, in hexadecimal
        levels = [int(level, 16) for row in rows for level in row.replace("|", " ").split()]
        assert levels == levels_of(int(universe))


def send_artnet(file: str) -> None:
    with neighbour():
        capture = Capture("va")
        sending = senders(Route("artnet", (1, 2, 3), (0, 17, 32767), (THERE,)))
        for counter in (253, 254, 255):
            sending.tick(0.0, *frame([1, 2, 3], counter))
        capture.save(file)


def test_tshark_reads_every_field_of_our_artdmx(tmp_path: Path):
    need("tshark")
    isolated(send_artnet, str(tmp_path / "artnet.pcap"))
    fields = [
        "ip.dst",
        "udp.dstport",
        "artnet.header.opcode",
        "artnet.header.protver",
        "artnet.output.sequence",
    ]
    seen = tshark(
        tmp_path / "artnet.pcap", "artnet", *fields, "artnet.output.universe", "artnet.output.length"
    )
    assert [[word.lower() for word in packet] for packet in seen] == [
        [THERE, "6454", "0x5000", "14", str(sequence), str(port_address), "512"]
        for sequence in (254, 255, 1)
        for port_address in (0, 17, 32767)
    ]


MANY = list(range(1, 131))


def send_many(file: str) -> None:
    with neighbour():
        run("ip", "link", "set", "va", "gso_max_segs", "1")  # the kernel cuts before the capture, not after
        capture = Capture("va")
        sending = senders(Route("artnet", tuple(MANY), tuple(MANY), (THERE,)))
        for counter in (0, 1):
            sending.tick(0.0, *frame(MANY, counter))
        capture.save(file)


def test_tshark_reads_every_byte_of_many_artdmx_for_one_node(tmp_path: Path):
    need("tshark")
    isolated(send_many, str(tmp_path / "many.pcap"))
    seen = tshark(tmp_path / "many.pcap", "udp.port == 6454", "ip.dst", "udp.payload")
    assert seen == [
        [THERE, artnet.encode(artnet.ArtDmx(u, bytes(levels_of(u)), sequence=sequence)).hex()]
        for sequence in (1, 2)
        for u in MANY
    ]
