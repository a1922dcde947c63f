"""`lumad doctor`: what runs here, and what stands in the way."""

import argparse
import json
import os
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

from lumad.cli import shows

UP = 1  # IFF_UP, netdevice(7)
MULTICAST = 0x1000  # IFF_MULTICAST


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("doctor", help="what runs on this machine", description=__doc__)
    parser.add_argument("--json", action="store_true", help="as JSON")
    shows.add_settings(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints every finding; always exit 0, a finding is not a fault of the command."""
    from lumad import __version__, order
    from lumad.output.sendmmsg import AVAILABLE
    from lumad.sampling.kernel import VARIANT

    settings = shows.settings_of(args)
    findings: dict[str, Any] = {
        "lumad": __version__,
        "python": sys.version.split()[0],
        "kernel": {"variant": VARIANT, "ms": _kernel_ms(), "running": _running_map(settings.runtime_dir)},
        "memory order": order.NAME,
        "send": "sendmmsg; UDP_SEGMENT for nodes with 16 universes or more" if AVAILABLE else "sendto",
        "renderer": "cpu",
        "interfaces": _interfaces(),
        "ports": {
            f"udp {number} ({use})": _udp_port(number) for number, use in ((5568, "sACN"), (6454, "Art-Net"))
        }
        | {f"tcp {settings.port} (page)": _tcp_port(settings.bind, settings.port)},
        "timestamps": "software: image published to last packet handed to the kernel",
        "rights": {
            "priority": "raised"
            if _may_raise_priority()
            else "normal (the engine competes with other programs)",
            "state": _folder(settings.state_dir),
            "runtime": _folder(settings.runtime_dir),
        },
        "service": shutil.which("systemctl") is not None,
    }
    if args.json:
        print(json.dumps(findings, indent=2))
    else:
        _tell(findings)
    return 0


def _kernel_ms() -> float:
    """Milliseconds for a quarter of a 1920 x 1080 picture in 24 areas, the best of a few."""
    import time

    import numpy as np

    from lumad.colour.transfer import table
    from lumad.sampling.kernel import Sampler
    from lumad.sampling.runs import rect_runs

    rects = [
        (80 + 300 * (at % 6), 60 + 250 * (at // 6), 232 + 300 * (at % 6), 202 + 250 * (at // 6))
        for at in range(24)
    ]
    sampler = Sampler(rect_runs(rects, 1920, 1080), table("srgb"))
    picture = np.full((1080, 1920, 4), 128, np.uint8)
    times = []
    for _ in range(10):
        started = time.perf_counter()
        sampler.sample(picture)
        times.append(time.perf_counter() - started)
    return round(min(times) * 1000, 3)


def _running_map(runtime: Path) -> str:
    """What the engine of a running daemon says of its own map."""
    import select

    from lumad.daemon.runtime import Orphan
    from lumad.link.channel import ChannelClosedError

    engine = Orphan.find(runtime / "engine.sock")
    if engine is None:
        return "no lumad runs here"
    try:
        for _ in range(8):
            select.select([engine.channel], [], [], 0.25)
            message = engine.channel.receive()
            if message and message.op == "health":
                return f"{message.body['kernel']}, {message.body['sample_ms']} ms for the current map"
    except ChannelClosedError:
        pass
    finally:
        engine.channel.close()
    return "the engine does not answer"


def _interfaces() -> dict[str, str]:
    found = {}
    for _, name in socket.if_nameindex():
        flags = int(Path(f"/sys/class/net/{name}/flags").read_text(), 16)
        words = ["up" if flags & UP else "down", "multicast" if flags & MULTICAST else "no multicast"]
        found[name] = ", ".join(words)
    return found


def _udp_port(number: int) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind(("0.0.0.0", number))  # noqa: S104 - a look, closed at once
        except OSError as error:
            return f"held by another program ({error.strerror}); sending works all the same"
    return "free"


def _tcp_port(bind: str, number: int) -> str:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((bind, number))
        except OSError as error:
            return f"not to be had: {error.strerror} (lumad run --port 0 picks a free one)"
    return "free"


def _may_raise_priority() -> bool:
    if os.geteuid() == 0:
        return True
    import resource

    return resource.getrlimit(resource.RLIMIT_NICE)[0] >= 30  # 20 - nice -10, getrlimit(2)


def _folder(path: Path) -> str:
    parent = next(folder for folder in (path, *path.parents) if folder.exists())
    return f"{path}: {'writable' if os.access(parent, os.W_OK) else 'not writable'}"


def _tell(findings: dict[str, Any]) -> None:
    for name, value in findings.items():
        if isinstance(value, dict):
            print(f"{name}:")
            for key, entry in value.items():
                print(f"  {key}: {entry}")
        else:
            print(f"{name}: {value}")
