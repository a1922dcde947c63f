"""A primary, its standby and a receiver, each with a cable into one switch; to be used by `isolated`."""

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from namespaces import DIES_WITH_PARENT, run, started, until
from stage import environment, orphans, two_colours

from lumad.input.arbiter import Arbiter
from lumad.protocols import artnet, e131

SWITCH = "br0"
SO_TIMESTAMPNS = 35  # asm-generic/socket.h
HERE = "10.77.0.1"
ADDRESSES = {"primary": "10.77.0.2", "standby": "10.77.0.3"}
NAME = "lumad pair"

SHOW = """
show: 1
name: pair
wall: {{size: [320, 180]}}
scene: {{kind: plate, file: plate.png}}
regions: {{left: {{center: [0.25, 0.5], size: [0.5, 1.0]}}}}
fixtures:
  key: {{profile: generic/rgb, mode: 8bit, universe: 1, address: 1, follow: left}}
  rim: {{profile: generic/rgb, mode: 16bit, universe: 2, address: 10, follow: left}}
outputs:
  - {{protocol: sacn, universes: "1-2", to: multicast, interface: e0{rate}}}
{more}
"""

_ASK = """
import sys, urllib.error, urllib.request
url, *data = sys.argv[1:]
request = urllib.request.Request(url, *map(str.encode, data), headers={"Content-Type": "application/json"})
try:
    print(urllib.request.urlopen(request).read().decode())
except urllib.error.HTTPError as error:
    print(error.read().decode())
"""


@dataclass
class Machine:
    """One lumad in a network namespace of its own, its interface e0 in the switch."""

    name: str
    folder: Path
    inside: tuple[str, ...]  # before a command that is to run over there
    lumad: subprocess.Popen[str] | None = None
    url: str = ""

    def command(self, *words: str) -> list[str]:
        """A command of lumad over there, under its settings."""
        return [
            *self.inside,
            *DIES_WITH_PARENT,
            sys.executable,
            "-m",
            "lumad",
            *words,
            "--settings",
            self.settings,
        ]

    def start(self, *arguments: str) -> None:
        """Starts lumad; `ready` waits for its page."""
        self.lumad = subprocess.Popen(
            self.command("run", str(self.show), "--port", "0", *arguments),
            stdout=subprocess.PIPE,
            stderr=(self.folder / "log").open("a"),
            text=True,
            env=environment(self.folder),
        )

    def ready(self) -> None:
        assert self.lumad is not None
        assert self.lumad.stdout is not None
        self.url = self.lumad.stdout.readline().strip()
        self.lumad.stdout.close()
        assert self.url.startswith("http://"), f"no address: {(self.folder / 'log').read_text()}"

    @property
    def show(self) -> Path:
        return self.folder / "show.yaml"

    @property
    def settings(self) -> str:
        return str(self.folder / "settings.yaml")

    def kill(self) -> None:
        """All of it at once, as when the power goes: engine, wall, desk."""
        pids = orphans(self.folder)
        assert self.lumad is not None
        for pid in [*pids, self.lumad.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.lumad.wait()

    def ask(self, path: str, body: Any = None) -> Any:
        """GET, or POST with a body, over there; the answer's JSON, problems too."""
        words = [] if body is None else [json.dumps(body)]
        return json.loads(run(*self.inside, sys.executable, "-c", _ASK, self.url + path, *words))

    def standby(self) -> dict[str, Any]:
        """What it tells of itself as a standby."""
        return dict(self.ask("api/v1/state")["engine"].get("standby") or {})

    def cable(self, state: str) -> None:
        """Pulled (down) or put in (up) at the switch."""
        run("ip", "link", "set", f"to-{self.name}", state)

    def cid(self) -> str:
        """As it is on the wire."""
        return next(self.folder.rglob("cid")).read_text().strip().replace("-", "")


@dataclass
class Node:
    """What counts at a node: sACN of universe 1 by priority, as E1.31 has it, and who sends it Art-Net.

    Times are the kernel's stamps: what the test waits for meanwhile does not matter.
    """

    heard: list[e131.DataPacket] = field(default_factory=list)
    accepted: list[tuple[float, e131.DataPacket]] = field(default_factory=list)
    artnet: list[tuple[float, str]] = field(default_factory=list)
    arbiter: Arbiter = field(default_factory=lambda: Arbiter(only={("sacn", 1)}))

    def __post_init__(self) -> None:
        self.ears = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)]
        for ear, port in zip(self.ears, (e131.PORT, artnet.PORT), strict=True):
            ear.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            ear.bind(("", port))
        group = socket.inet_aton(e131.multicast_group(1))
        membership = struct.pack("=4s4xi", group, socket.if_nametoindex(SWITCH))
        self.ears[0].setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)

    def listen(self, seconds: float) -> int:
        """Takes what comes for so long; how many packets were Art-Net."""
        end, before = time.monotonic() + seconds, len(self.artnet)
        while (left := end - time.monotonic()) > 0:
            for ear in select.select(self.ears, [], [], left)[0]:
                data, notes, _, (address, _) = ear.recvmsg(2048, 64)
                seconds, nanos = struct.unpack("=qq", notes[0][2])
                if ear is self.ears[0]:
                    self._take(data, address, seconds + nanos / 1e9)
                else:
                    self.artnet.append((seconds + nanos / 1e9, address))
        return len(self.artnet) - before

    def _take(self, data: bytes, address: str, now: float) -> None:
        stream = self.arbiter.hear(data, address, now)
        packet = e131.decode(data)
        self.heard.append(packet)
        if stream and not stream.ended and self.arbiter.live("sacn", 1, now) is stream:
            self.accepted.append((now, packet))


@contextlib.contextmanager
def pair(
    folder: str, *, rate: float = 0, more: str = "", settings: str = ""
) -> Iterator[tuple[Machine, Machine]]:
    """Primary and standby, not started yet, with the same show; the switch's address is HERE."""
    run("ip", "link", "add", SWITCH, "type", "bridge", "mcast_snooping", "0", "forward_delay", "0")
    run("ip", "address", "add", f"{HERE}/24", "brd", "+", "dev", SWITCH)
    run("ip", "link", "set", SWITCH, "up")
    with contextlib.ExitStack() as stack:
        machines = [stack.enter_context(_machine(name, Path(folder))) for name in ADDRESSES]
        for machine in machines:
            two_colours(machine.folder / "plate.png", (255, 0, 0), (188, 188, 188))
            machine.show.write_text(SHOW.format(rate=f", rate: {rate}" if rate else "", more=more))
            runtime = f"runtime_dir: {machine.folder}/XDG_RUNTIME_DIR/lumad\n"
            Path(machine.settings).write_text(runtime + settings)
        yield machines[0], machines[1]


@contextlib.contextmanager
def _machine(name: str, folder: Path) -> Iterator[Machine]:
    own = folder / name
    own.mkdir(exist_ok=True)
    with started("unshare", "-n", "sleep", "1000") as holder:
        theirs = Path(f"/proc/{holder.pid}/ns/net")
        until(lambda: theirs.readlink() != Path("/proc/self/ns/net").readlink())
        inside = ("nsenter", f"--net={theirs}")
        link = f"to-{name}"
        run("ip", "link", "add", link, "type", "veth", "peer", "name", "e0", "netns", str(holder.pid))
        run("ip", "link", "set", link, "master", SWITCH)
        run("ip", "link", "set", link, "up")
        run(*inside, "ip", "address", "add", f"{ADDRESSES[name]}/24", "brd", "+", "dev", "e0")
        for end in ("e0", "lo"):
            run(*inside, "ip", "link", "set", end, "up")
        machine = Machine(name, own, inside)
        try:
            yield machine
        finally:
            if machine.lumad is not None:
                machine.kill()
