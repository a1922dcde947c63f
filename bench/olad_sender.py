"""olad as a sender of E1.31: in a network of its own, fed by its streaming socket, its CPU time counted."""

import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

RPC_PORT = 9010
RATE = 44.0
SECONDS = 4.0
MOST = 64  # output ports that olad opens without stumbling
STREAM_REQUEST = 10  # ola/common/rpc/Rpc.proto
HEADER_VERSION = 1 << 28
PLUGINS = """
    artnet dummy espnet ftdidmx gpio karate kinet milinst opendmx openpixelcontrol osc pathport renard sandnet
    shownet spi stageprofi uartdmx usbdmx usbserial usbpro
"""
OWN_NETWORK = ("unshare", "--user", "--map-root-user", "--net")
HERE = "10.77.0.1"  # olad takes no loopback interface
NETWORK = (
    "link set lo up",
    "link add wire type veth peer name end",
    f"address add {HERE}/24 dev wire",
    "link set wire up",
    "link set end up",
)
AS_ANOTHER_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000")  # it refuses root


def olad_microseconds(universes: int) -> float | None:
    """CPU microseconds of olad for a changed universe-frame; None where it is not here, or for too many."""
    if universes > MOST or shutil.which("olad") is None:
        return None
    command = [*OWN_NETWORK, sys.executable, __file__, str(universes)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        print(f"olad was left out: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return float(json.loads(done.stdout))


def main(universes: int) -> None:
    """Inside the namespace: olad, its ports patched, then frames on absolute deadlines."""
    for words in NETWORK:
        subprocess.run(["ip", *words.split()], check=True)
    with olad(universes) as daemon, socket.create_connection(("127.0.0.1", RPC_PORT)) as rpc:
        levels = [
            np.random.default_rng(seed).integers(0, 256, (universes, 512), np.uint8) for seed in range(4)
        ]
        frames = [b"".join(stream(u, row.tobytes()) for u, row in enumerate(frame, 1)) for frame in levels]
        rpc.sendall(frames[0])
        time.sleep(0.5)
        before, start, count = cpu_seconds(daemon.pid), time.monotonic(), int(RATE * SECONDS)
        for number in range(count):
            rpc.sendall(frames[number % 4])
            time.sleep(max(0.0, start + (number + 1) / RATE - time.monotonic()))
        print(json.dumps((cpu_seconds(daemon.pid) - before) / count / universes * 1e6))


def stream(universe: int, levels: bytes) -> bytes:
    """One StreamDmxData request of OLA's RPC, as it leaves: header, RpcMessage, DmxData."""
    dmx = b"\x08" + varint(universe) + field(2, levels)
    name = b"StreamDmxData"
    message = b"\x08" + varint(STREAM_REQUEST) + b"\x10" + varint(universe) + field(3, name) + field(4, dmx)
    return struct.pack("=I", HEADER_VERSION | len(message)) + message


def field(number: int, value: bytes) -> bytes:
    """A length-delimited field of a protocol buffer."""
    return bytes([number << 3 | 2]) + varint(len(value)) + value


def varint(value: int) -> bytes:
    """A number of a protocol buffer."""
    groups = []
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*groups, value])


@contextlib.contextmanager
def olad(universes: int) -> Iterator[subprocess.Popen[bytes]]:
    """A running olad with so many E1.31 output ports, all patched; ended afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        for plugin in PLUGINS.split():
            Path(folder, f"ola-{plugin}.conf").write_text("enabled = false\n")
        Path(folder, "ola-e131.conf").write_text(
            f"enabled = true\nip = {HERE}\ninput_ports = 0\noutput_ports = {universes}\n"
        )
        Path(folder).chmod(0o777)
        command = (
            *AS_ANOTHER_USER,
            "olad",
            "-c",
            folder,
            "-l",
            "1",
            "--no-register-with-dns-sd",
            "--no-http",
        )
        daemon = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            device = device_number(daemon)
            for port in range(universes):
                patch = ("ola_patch", "-d", device, "-p", str(port), "-u", str(port + 1))
                subprocess.run(patch, check=True, stdout=subprocess.DEVNULL)
            yield daemon
        finally:
            daemon.kill()
            daemon.wait()


def device_number(daemon: subprocess.Popen[bytes]) -> str:
    """The number that olad gives its E1.31 device, once it is there."""
    for _ in range(100):
        if daemon.poll() is not None:
            raise SystemExit("olad does not run here")
        listed = subprocess.run(["ola_dev_info"], capture_output=True, text=True, check=False).stdout
        for words in map(str.split, listed.splitlines()):
            if words[:1] == ["Device"] and "E1.31" in words[2]:
                return words[1].rstrip(":")
        time.sleep(0.1)
    raise SystemExit("olad shows no E1.31 device")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process (proc_pid_stat(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    if sys.argv[1:]:
        main(int(sys.argv[1]))
    elif (alone := olad_microseconds(MOST)) is not None:
        print(f"olad, {MOST} universes at {RATE:.0f} Hz: {alone:.1f} µs of CPU a universe-frame")
