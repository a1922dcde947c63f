"""Fuzz targets of the packet parsers: any bytes give a packet or a PacketError, nothing else.

python fuzz/packets.py fuzz TARGET CORPUS [libFuzzer options]    needs atheris
python fuzz/packets.py seed CORPUS                               writes a packet of each kind
python fuzz/packets.py check CORPUS                              each target on each file, plain Python
"""

import contextlib
import sys
from collections.abc import Callable
from importlib import import_module
from ipaddress import IPv4Address
from pathlib import Path

from lumad.errors import PacketError

TARGETS = {
    "e131": ("lumad.protocols.e131", "decode"),
    "e131_extended": ("lumad.protocols.e131_extended", "decode"),
    "artnet": ("lumad.protocols.artnet", "decode"),
    "artnet_sync": ("lumad.protocols.artnet", "decode_sync"),
    "artnet_poll": ("lumad.protocols.artnet_poll", "decode"),
    "arp": ("lumad.protocols.arp", "decode"),
    "osc": ("lumad.protocols.osc", "decode"),
}
_FUZZER = "atheris"  # not a dependency: it is built for few platforms


def target(name: str) -> Callable[[bytes], None]:
    """The parser under that name, as a fuzzer calls it."""
    module, function = TARGETS[name]
    parse = getattr(import_module(module), function)

    def one(data: bytes) -> None:
        with contextlib.suppress(PacketError):
            parse(data)

    return one


def fuzz(name: str, options: list[str]) -> None:
    """Runs until something else than a PacketError comes out; the first option is the corpus folder."""
    atheris = import_module(_FUZZER)
    with atheris.instrument_imports():
        one = target(name)
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()


def seed(corpus: Path) -> None:
    """Writes one packet of each kind, where a fuzzer starts from."""
    e131, extended, artnet, poll, arp, osc = (
        import_module(f"lumad.protocols.{name}")
        for name in ("e131", "e131_extended", "artnet", "artnet_poll", "arp", "osc")
    )
    cid = bytes(range(16))
    packets = {
        "data": e131.encode(e131.DataPacket(cid, 1, bytes(512), source_name="seed")),
        "sync": extended.encode(extended.SyncPacket(cid, 7999)),
        "discovery": extended.encode(extended.discovery_pages(cid, "seed", (1, 255, 63999))[0]),
        "artdmx": artnet.encode(artnet.ArtDmx(17, bytes(512), sequence=1)),
        "artsync": artnet.encode(artnet.ArtSync()),
        "artpoll": poll.encode(poll.ArtPoll()),
        "artpollreply": poll.encode(poll.controller_reply("10.0.0.1", "seed", bytes(6))),
        "arp": arp.encode(arp.probe(bytes(6), IPv4Address("10.0.0.1"))),
        "osc": osc.bundle([osc.encode(osc.Message("/lumad/master", (0.5, 1, "a", b"b", True)))]),
    }
    corpus.mkdir(parents=True, exist_ok=True)
    for name, packet in packets.items():
        (corpus / name).write_bytes(packet)


def check(corpus: Path) -> int:
    """Runs every target on every file of the folder; how many files there are."""
    files = sorted(path for path in corpus.iterdir() if path.is_file())
    for one in map(target, TARGETS):
        for path in files:
            one(path.read_bytes())
    return len(files)


def main(words: list[str]) -> str:
    """Does what the words say; the last line to show."""
    match words:
        case ["fuzz", name, *options] if name in TARGETS:
            fuzz(name, options)
            return ""
        case ["seed", corpus]:
            seed(Path(corpus))
            return f"packets of every kind are in {corpus}"
        case ["check", corpus]:
            return f"{len(TARGETS)} targets took {check(Path(corpus))} files"
    raise SystemExit(f"{__doc__}\nTARGET: {', '.join(TARGETS)}")


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]) + "\n")
