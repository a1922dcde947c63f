"""CPU time of sending changed frames on loopback: lumad beside a C loop, two Python libraries, and olad.

Every contender sends new levels in each frame, encoding and all, by unicast to one node. That node's socket
has room for a frame and is read and counted once the clock has stopped: delivery is real, and reading costs
nobody anything. lumad is `Senders.tick`, as the engine calls it, in its three ways to send; its multicast,
where no two packets of a frame share a target, always goes by sendmmsg. sacn and pyartnet are told all 512
values of each universe, then sent by hand, without the waiting of their own threads and tasks. The C loop
(`sendmmsg_loop.c`, compiled here) copies the levels into packets made once and calls sendmmsg. Rounds are
interleaved, so that a busy machine troubles all alike; the table gives medians. Read the ratios.

olad is a process of its own, told its levels over its streaming socket: the CPU time of that process counts,
in a network namespace of its own, where nobody takes its multicast.
"""

import argparse
import asyncio
import contextlib
import ctypes
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import sacn
from olad_sender import olad_microseconds
from pyartnet import ArtNetNode

from lumad.output.network import UdpNetwork
from lumad.output.route import Route
from lumad.output.senders import Senders
from lumad.protocols import e131

Frame = np.ndarray
Send = Callable[[Frame], None]
WAYS = ("gso", "sendmmsg", "sendto")
SACN_PORT = 5568  # the library sends to no other
SO_RCVBUFFORCE = 33  # asm-generic/socket.h
INBOX = bytearray(2048)


def lumad(universes: int, port: int, send: str) -> tuple[Send, Callable[[], None]]:
    """Our senders; `send` is gso, sendmmsg or sendto."""
    numbers = np.arange(1, universes + 1, dtype=np.uint32)
    route = Route("sacn", tuple(numbers.tolist()), to=("127.0.0.1",), port=port)
    senders = Senders([route], bytes(16), "bench", UdpNetwork({"LUMAD_SEND": send}))
    counters = np.zeros(universes, np.uint64)

    def frame(levels: Frame) -> None:
        counters[:] += np.uint64(1)
        senders.tick(float(counters[0]), numbers, counters, levels)

    return frame, senders.close


def c_loop(universes: int, port: int, folder: Path) -> tuple[Send, Callable[[], None]]:
    """The plain C loop; its packets are laid out by our encoder."""
    library = folder / "sendmmsg_loop.so"
    if not library.exists():
        source = Path(__file__).with_name("sendmmsg_loop.c")
        subprocess.run(["cc", "-O3", "-shared", "-fPIC", "-o", library, source], check=True)
    loop = ctypes.CDLL(str(library))
    packets = b"".join(
        e131.encode(e131.DataPacket(bytes(16), universe, bytes(512), source_name="bench"))
        for universe in range(1, universes + 1)
    )
    held = ctypes.create_string_buffer(packets, len(packets))
    (node,) = np.frombuffer(socket.inet_aton("127.0.0.1"), np.uint32)
    loop.begin.restype = ctypes.c_void_p
    handle = ctypes.c_void_p(loop.begin(universes, held, ctypes.c_uint32(int(node)), port))
    number = 0

    def frame(levels: Frame) -> None:
        nonlocal number
        number = (number + 1) & 255
        loop.frame(handle, number, levels.ctypes.data_as(ctypes.c_void_p))

    frame.packets = held  # the loop's for as long as it sends
    return frame, lambda: None


def sacn_library(universes: int) -> tuple[Send, Callable[[], None]]:
    """The `sacn` library, flushed by hand: its quickest way to send a whole frame."""
    sender = sacn.sACNsender(bind_port=0, universeDiscovery=False)
    sender.manual_flush = True
    for universe in range(1, universes + 1):
        sender.activate_output(universe)
        sender[universe].destination = "127.0.0.1"

    def frame(levels: Frame) -> None:
        for universe, row in enumerate(levels.tolist(), 1):
            sender[universe].dmx_data = tuple(row)
        sender.flush()

    return frame, sender.stop


def pyartnet_library(universes: int, port: int) -> tuple[Send, Callable[[], None]]:
    """pyartnet: set_values, then send_data, which is what its own task does for a changed universe."""
    loop = asyncio.new_event_loop()

    async def opened() -> ArtNetNode:
        return await ArtNetNode.create("127.0.0.1", port, max_fps=1, refresh_every=3600).__aenter__()

    node = loop.run_until_complete(opened())
    lines = [node.add_universe(number) for number in range(universes)]
    channels = [line.add_channel(1, 512) for line in lines]
    node._process_task.start = lambda: None  # noqa: SLF001 - we send at once, so that its task's waiting costs nothing

    def frame(levels: Frame) -> None:
        for channel, line, row in zip(channels, lines, levels.tolist(), strict=True):
            channel.set_values(row)
            line.send_data()

    def close() -> None:
        loop.run_until_complete(node.__aexit__(None, None, None))
        loop.close()

    return frame, close


def heard(node: socket.socket) -> int:
    """How many packets wait at the node; takes them."""
    packets = 0
    with contextlib.suppress(BlockingIOError):
        while node.recv_into(INBOX):
            packets += 1
    return packets


def microseconds(send: Send, levels: list[Frame], frames: int, node: socket.socket) -> float:
    """CPU time of this process per universe-frame; all packets must arrive."""
    spent, arrived = 0.0, 0
    for index in range(frames):
        start = time.process_time()
        send(levels[index % len(levels)])
        spent += time.process_time() - start
        arrived += heard(node)
    if arrived != frames * len(levels[0]):
        raise SystemExit(
            f"{arrived} of {frames * len(levels[0])} packets arrived: run it as root, or raise rmem_max"
        )
    return spent / frames / len(levels[0]) * 1e6


def measure(universes: int, rounds: int, folder: Path) -> dict[str, float]:
    """Median microseconds of each contender."""
    levels = [np.random.default_rng(seed).integers(0, 256, (universes, 512), np.uint8) for seed in range(4)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as node:
        with contextlib.suppress(PermissionError):
            node.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
        node.bind(("127.0.0.1", SACN_PORT))
        contenders = {
            **{f"lumad, {send}": (*lumad(universes, SACN_PORT, send), 40) for send in WAYS},
            **(
                {"C sendmmsg loop": (*c_loop(universes, SACN_PORT, folder), 40)} if shutil.which("cc") else {}
            ),
            "sacn": (*sacn_library(universes), 4),
            "pyartnet": (*pyartnet_library(universes, SACN_PORT), 2),
        }
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(rounds + 1):
            for name, (send, _, share) in contenders.items():
                times[name].append(microseconds(send, levels, share * max(1, 128 // universes), node))
        for _, close, _ in contenders.values():
            close()
    return {name: statistics.median(values[1:]) for name, values in times.items()}  # the first round warms up


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--universes", type=int, nargs="+", default=[64, 256, 1024])
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        results = {count: measure(count, options.rounds, Path(folder)) for count in options.universes}
    for count, result in results.items():
        if (cost := olad_microseconds(count)) is not None:
            result["olad"] = cost
    heads = [head for count in results for head in (f"{count} universes, µs", "ratio")]
    print("CPU time per changed universe-frame, unicast on loopback, all delivered, medians of rounds:\n")
    print(f"| sender | {' | '.join(heads)} |")
    print(f"|---|{'---:|' * len(heads)}")
    for name in dict.fromkeys(name for result in results.values() for name in result):
        cells = [
            f"{result[name]:.2f} | {result[name] / result['lumad, gso']:.1f}" if name in result else "- | -"
            for result in results.values()
        ]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
