"""tshark reads our packets back from a capture of the wire."""

import re
import struct
import subprocess
from pathlib import Path

import pytest
from namespaces import HERE, THERE, isolated, need, neighbour, run
from wire import CID, NAME, Capture, frame, levels_of, senders

from lumad.output.route import Route
from lumad.protocols import artnet, artnet_poll

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


RAW_IP = 101  # pcap link type: packets begin with their IP header


def written(file: Path, *payloads: bytes) -> Path:
    """A capture of these payloads as UDP datagrams for Art-Net's port."""
    with file.open("wb") as pcap:
        pcap.write(struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, RAW_IP))
        for payload in payloads:
            size = 28 + len(payload)
            ip = struct.pack("!BBHIBBH8x", 0x45, 0, size, 0, 64, 17, 0)
            udp = struct.pack("!HHHH", artnet.PORT, artnet.PORT, size - 20, 0)
            pcap.write(struct.pack("=IIII", 0, 0, size, size) + ip + udp + payload)
    return file


def test_tshark_reads_our_discovery_and_artsync(tmp_path: Path):
    ports = (artnet_poll.Port(0xC0, 3, 5), artnet_poll.Port(artnet_poll.PORT_OUTPUT, output=9))
    reply = artnet_poll.ArtPollReply(
        THERE, "short", "A long name", "fine", ports, 18, 3, 1, bytes(range(6)), HERE, 7, firmware=258
    )
    packets = (artnet_poll.ArtPoll(artnet_poll.REPLY_ON_CHANGE, 16, low=17, high=32767), reply)
    payloads = [*map(artnet_poll.encode, packets), artnet.encode(artnet.ArtSync())]
    poll = ["talktome", "diag_priority", "target_port_bottom", "target_port_top"]
    told = [
        "ip_address", "port_nr", "versinfo", "short_name", "long_name", "node_report", "num_ports",
        "swin_1_universe", "swout_1_universe", "swout_2_universe", "style", "mac", "bind_ip_address",
        "bind_index",
    ]  # fmt: skip
    fields = ["header.opcode", *(f"poll.{name}" for name in poll), *(f"poll_reply.{name}" for name in told)]
    seen = tshark(
        written(tmp_path / "poll.pcap", *payloads), "artnet", *(f"artnet.{name}" for name in fields)
    )
    assert [[word for word in packet if word] for packet in seen] == [
        ["0x2000", "0x02", "16", "17", "32767"],
        ["0x2100", THERE, "6454", "0x0102", "short", "A long name", "fine", "2", "4659", "4661", "4665",
         "0x01", "00:01:02:03:04:05", HERE, "0x07"],
        ["0x5200"],
    ]  # fmt: skip


def send_beside_levels(file: str) -> None:
    with neighbour():
        capture = Capture("va")
        sending = senders(
            Route("artnet", (1,), (17,), (THERE,), sync=1),
            Route("artnet", (1,), (18,), interface="va", discover=True),
            Route("sacn", (2,), interface="va", sync=7999, per_address_priority=True, preview=True),
        )
        sending.tick(0.0, *frame([1, 2], counter=9))
        capture.save(file)


def test_tshark_knows_what_leaves_beside_the_levels(tmp_path: Path):
    need("tshark")
    file = tmp_path / "beside.pcap"
    isolated(send_beside_levels, str(file))
    seen = tshark(file, "artnet", "ip.dst", "udp.srcport", "artnet.header.opcode", "artnet.header.protver")
    poll, *others = [[to, port if to != THERE else "", *rest] for to, port, *rest in seen]
    assert poll == ["10.77.0.255", "6454", "0x2000", "14"]
    assert others == [[THERE, "", "0x5000", "14"], [THERE, "", "0x5200", "14"]]
    fields = ("acn.dmx.seq_number", "acn.dmx.reserved", "acn.dmx.option_p")
    assert tshark(file, "acn.dmx.universe == 2", *fields) == [
        ["9", "7999", "1"],
        ["10", "7999", "1"],
    ]
    assert len(tshark(file, "ip.dst == 239.255.31.63", "ip.dst")) == 2  # its first sync leaves twice
