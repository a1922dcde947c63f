"""Twenty pages open and one that hangs: what a hand notices, what the lights notice, what it costs.

    .venv/bin/python bench/viewers.py [--rounds 60] [--minutes 1] [--viewers 20]

Markdown tables, real processes on loopback, 24 fixtures and one more that tells by its levels which edit made
them. Times to the wire are counted from the moment a message is in the desk's socket to the kernel's stamp of
the first sACN packet that is changed by it. The pages are programs that acknowledge each picture as a browser
does; they run in a process of their own, and share the machine's cores with the desk. What they cost is taken
while the built-in scene plays, so that every lamp moves.
"""

import argparse
import asyncio
import base64
import contextlib
import json
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import cv2
import numpy as np
from light_path import dusk_pictures, lumad, receiver, show, state

from lumad.engine.pace import SECOND_NS
from lumad.protocols import e131

RATE = 40  # of a still picture
STEPS = 48  # of a drag, 0.8 s at 60 a second
MARK = 3  # universe of the lamp that tells
PLACES = [0.1 + 0.8 * step / STEPS for step in range(STEPS)]
MB = 1024 * 1024


# ------------------------------------------------------------ the stage
def save(folder: Path, scene: dict[str, str]) -> Path:
    """The show of the light path with one lamp more, over a ramp below its still picture."""
    picture = dusk_pictures(1)[0][..., :3].copy()
    picture[-108:] = np.linspace(0, 255, picture.shape[1])[None, :, None]
    cv2.imwrite(str(folder / "plate.png"), picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    form: dict[str, Any] = show(scene)
    form["regions"]["mark"] = {"center": [PLACES[0], 0.95], "size": [0.1, 0.06]}
    lamp = {"profile": "generic/rgb", "mode": "16bit", "universe": MARK, "address": 1, "follow": "mark"}
    form["fixtures"]["mark"] = lamp
    form["outputs"][0]["universes"] = f"1-{MARK}"
    (folder / "show.yaml").write_text(json.dumps(form))
    return folder / "show.yaml"


@contextlib.contextmanager
def stage(scene: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A lumad that plays a scene, once it has settled."""
    with tempfile.TemporaryDirectory() as folder:
        show_file = save(Path(folder), scene)
        with lumad(Path(folder), "run", str(show_file)) as (desk, url):
            time.sleep(3)
            yield desk, url


class Ear:
    """Hears the packets of the lamp that tells: (CLOCK_MONOTONIC ns, its first level) of each."""

    def __init__(self) -> None:
        self.heard: list[tuple[int, int]] = []
        self._socket = receiver()
        self._boot = time.time_ns() - time.monotonic_ns()
        self._open = True
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while self._open:
            with contextlib.suppress(TimeoutError):
                data, notes, _, _ = self._socket.recvmsg(1024, 128)
                packet = e131.decode(data)
                if packet.universe == MARK:
                    seconds, nanoseconds = struct.unpack("qq", notes[0][2])
                    stamp = seconds * SECOND_NS + nanoseconds - self._boot
                    self.heard.append((stamp, int.from_bytes(packet.slots[:2], "big")))

    def close(self) -> None:
        """Ends."""
        self._open = False
        self._thread.join()
        self._socket.close()

    def wait(self, wanted: Callable[[int], bool], since: int, seconds: float = 5.0) -> int:
        """When the first packet after `since` came whose level is wanted."""
        end, at = time.monotonic() + seconds, 0
        while time.monotonic() < end:
            for stamp, level in self.heard[at:]:
                at += 1
                if stamp > since and wanted(level):
                    return stamp
            time.sleep(0.001)
        raise SystemExit("the change never came")

    def settled(self) -> int:
        """The level after it has not moved for five packets."""
        end = time.monotonic() + 5
        while len({level for _, level in self.heard[-5:]}) != 1 or len(self.heard) < 5:
            if time.monotonic() > end:
                raise SystemExit("the light never settles")
            time.sleep(0.005)
        return self.heard[-1][1]


class Hand:
    """A page whose messages leave without any delay of its own; a thread reads what comes."""

    def __init__(self, url: str) -> None:
        self.told: list[tuple[int, dict[str, Any]]] = []
        self._socket = knock(url)
        self.number = 0
        threading.Thread(target=self._read, daemon=True).start()

    def say(self, **message: Any) -> int:
        """Sends one, and returns since when; on loopback it lies in the desk's socket at once."""
        self.number += 1
        frame = masked(json.dumps({"id": self.number, **message}).encode())
        stamp = time.monotonic_ns()
        self._socket.sendall(frame)
        return stamp

    def _read(self) -> None:
        with contextlib.suppress(OSError, struct.error):
            for kind, data in letters(self._socket):
                if kind == 1:
                    self.told.append((time.monotonic_ns(), json.loads(data)))
                elif kind == 9:
                    self._socket.sendall(masked(data, 0x8A))

    def when(self, since: int, **fields: Any) -> int:
        """When the first message after `since` came that carries these."""
        end = time.monotonic() + 5
        while time.monotonic() < end:
            for stamp, message in self.told[-64:]:
                if stamp > since and fields.items() <= message.items():
                    return stamp
            time.sleep(0.001)
        raise SystemExit(f"nobody told {fields}")

    def close(self) -> None:
        """Leaves."""
        self._socket.close()


def knock(url: str, buffer: int = 0) -> socket.socket:
    """A WebSocket that has shaken hands and reads nothing; `buffer` bytes of its own, 0: as usual."""
    place = urlsplit(url)
    raw = socket.socket()
    if buffer:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    raw.connect((place.hostname, place.port))
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        "GET /api/v1/ws HTTP/1.1",
        f"Host: {place.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {key}",
    ]
    raw.sendall("\r\n".join([*lines, "", ""]).encode())
    return raw


def masked(data: bytes, head: int = 0x81) -> bytes:
    """One frame of a client (RFC 6455 clause 5.2), masked by zeros."""
    size = bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack(">BH", 0x80 | 126, len(data))
    return bytes([head]) + size + bytes(4) + data


def letters(raw: socket.socket) -> Iterator[tuple[int, bytes]]:
    """(opcode, payload) of every frame that the desk sends."""
    with raw.makefile("rb") as stream:
        while stream.readline().strip():
            pass
        while True:
            head, size = struct.unpack(">BB", stream.read(2))
            if size > 125:
                size = int.from_bytes(stream.read(2 if size == 126 else 8), "big")
            yield head & 15, stream.read(size)


# ------------------------------------------------------------ the pages of others
async def one_page(session: aiohttp.ClientSession, url: str) -> None:
    """A phone: looks at the wall, acknowledges each picture, pings every second."""
    async with session.ws_connect(url + "api/v1/ws", max_msg_size=0) as page:
        await page.send_json({"type": "preview", "on": True, "width": 640})

        async def ping() -> None:
            while True:
                await asyncio.sleep(1)
                await page.send_json({"type": "ping", "t": 0})

        pinging = asyncio.create_task(ping())
        async for message in page:
            if message.type is aiohttp.WSMsgType.BINARY:
                (sequence,) = struct.unpack_from(">I", message.data)
                await page.send_str(f'{{"type":"ack","frame":{sequence}}}')
        pinging.cancel()


async def all_pages(url: str, count: int) -> None:
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(one_page(session, url) for _ in range(count)), return_exceptions=True)


@contextlib.contextmanager
def crowd(url: str, count: int) -> Iterator[None]:
    """So many pages, in another process, once all of them are greeted."""
    pages = subprocess.Popen([sys.executable, __file__, "--crowd", url, "--viewers", str(count)])
    try:
        time.sleep(3)
        yield
    finally:
        pages.terminate()
        pages.wait()


@contextlib.contextmanager
def frozen(url: str, count: int = 1) -> Iterator[None]:
    """Pages that ask for pictures and read nothing; one that the desk gives up comes again."""
    over = threading.Event()

    def hang() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError), knock(url, 4096) as raw:
                raw.sendall(masked(b'{"type":"preview","on":true,"width":640}'))
                while not over.wait(0.5):
                    raw.sendall(masked(b'{"type":"ping","t":0}'))

    threads = [threading.Thread(target=hang, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        time.sleep(1)
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


# ------------------------------------------------------------ what a hand notices
def drags(hand: Hand, ear: Ear, rounds: int) -> list[float]:
    """Milliseconds from each of a drag's messages to the first packet that shows it or a later one."""

    def move(step: int) -> int:
        value = {"center": [PLACES[step], 0.95]}
        return hand.say(type="edit", path="regions/mark", value=value, gesture="drag")

    levels: list[int] = []
    for step in range(STEPS):
        stamp = move(step)
        if levels:
            ear.wait(lambda level: level > levels[-1], stamp)
        time.sleep(0.3)
        levels.append(ear.settled())
    assert levels == sorted(set(levels)), "the lamp does not tell its steps apart"
    times = []
    for _ in range(max(1, rounds // 10)):
        move(0)
        ear.wait(lambda level: level <= levels[0], time.monotonic_ns())
        sent = []
        for step in range(1, STEPS):
            sent.append((move(step), levels[step]))
            time.sleep(1 / 60)
        for stamp, level in sent:
            seen = ear.wait(lambda heard, least=level: heard >= least, stamp)
            times.append((seen - stamp) / 1e6)
    return times


def blackouts(hand: Hand, ear: Ear, rounds: int) -> list[float]:
    """Milliseconds from a blackout's message to the first dark packet."""
    times = []
    for _ in range(rounds):
        ear.wait(lambda level: level > 0, time.monotonic_ns())
        time.sleep(random.uniform(0.05, 0.1))
        stamp = hand.say(type="live", blackout=True)
        times.append((ear.wait(lambda level: level == 0, stamp) - stamp) / 1e6)
        hand.say(type="live", blackout=False)
    return times


def told(hand: Hand, other: Hand, rounds: int) -> list[float]:
    """Milliseconds until another page has the show with an edit in it."""
    times = []
    for number in range(rounds):
        stamp = hand.say(type="edit", path="show", value={"exposure": (number + 1) % 2})
        done = hand.when(stamp, type="done", id=hand.number)
        rev = next(each["rev"] for at, each in hand.told if at == done)
        times.append((other.when(stamp, type="show", rev=rev) - stamp) / 1e6)
        time.sleep(random.uniform(0.0, 0.1))
    return times


def row(name: str, times: list[float], bar: str) -> None:
    median, p95, worst = np.percentile(times, [50, 95, 100])
    print(f"| {name} | {median:.1f} | {p95:.1f} | {worst:.1f} | {len(times)} | {bar} |", flush=True)


def hand_table(url: str, ear: Ear, rounds: int, viewers: int) -> None:
    period = 1000 / RATE
    print(f"\nMilliseconds, packets at {RATE} Hz; load {load()} on {os.cpu_count()} cores:\n")
    print("| | median | p95 | worst | of | bar, p95 |\n|---|---:|---:|---:|---:|---:|")
    hand, other = Hand(url), Hand(url)
    row("drag to wire, nobody else", drags(hand, ear, rounds), f"{period + 5:.0f}")
    row("blackout to wire, nobody else", blackouts(hand, ear, rounds), "50")
    with crowd(url, viewers), frozen(url):
        crowded = f"{viewers} pages and one that hangs"
        row(f"drag to wire, {crowded}", drags(hand, ear, rounds), f"{period + 5:.0f}")
        row(f"blackout to wire, {crowded}", blackouts(hand, ear, rounds), "50")
        row(f"an edit seen by another page, {crowded}", told(hand, other, rounds), "100")
    hand.close()
    other.close()


# ------------------------------------------------------------ what it costs
def seconds_of(pid: int) -> float:
    """CPU time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss(pid: int) -> float:
    """MB of a process in memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / MB


def stretch(ear: Ear, pids: list[int], seconds: float) -> tuple[float, float]:
    """CPU of these in % of a core, and the p99 of the packet interval in ms, over some seconds."""
    before, at, start = sum(map(seconds_of, pids)), len(ear.heard), time.monotonic()
    time.sleep(seconds)
    spent = (sum(map(seconds_of, pids)) - before) / (time.monotonic() - start)
    gaps = np.diff([stamp for stamp, _ in ear.heard[at:]]) / 1e6
    return spent * 100, float(np.percentile(gaps, 99))


def cost_table(url: str, ear: Ear, desk: int, seconds: float, viewers: int) -> None:
    """Turns with nobody and with everybody there, one after the other."""
    pids = [desk, int(str(state(url)["engine"]["pid"])), int(str(state(url)["renderer"]["pid"]))]
    alone, watched = [], []
    for _ in range(4):
        alone.append(stretch(ear, pids, seconds))
        with crowd(url, viewers):
            watched.append(stretch(ear, pids, seconds))
    print(f"\n{viewers} pages at 640 x 360; medians of 4 turns of {seconds:.0f} s; load {load()}:\n")
    print("| | nobody | pages | more | bar |\n|---|---:|---:|---:|---:|")
    for name, bar, (before, after) in zip(
        ("CPU of all of lumad, % of a core", "p99 of the packet interval, ms"),
        ("10", "1"),
        zip(np.median(alone, axis=0), np.median(watched, axis=0), strict=True),
        strict=True,
    ):
        print(f"| {name} | {before:.1f} | {after:.1f} | {after - before:.1f} | {bar} |", flush=True)


def memory_table(url: str, desk: int, minutes: float, viewers: int) -> None:
    """Resident memory of the desk while nobody reads what it sends."""
    with frozen(url, viewers):
        time.sleep(10)  # until what one needs for so many pages is there
        seen = [rss(desk)]
        for _ in range(max(1, round(minutes * 60 / 5))):
            time.sleep(5)
            seen.append(rss(desk))
    print(f"\n| resident memory, {viewers} pages that read nothing | MB |\n|---|---:|")
    print(f"| after 10 s | {seen[0]:.1f} |")
    print(f"| most in the {minutes:g} min after, more (bar: 5) | {max(seen) - seen[0]:.1f} |")
    print(f"| at the end, more | {seen[-1] - seen[0]:.1f} |", flush=True)


def stop_line(url: str, desk: subprocess.Popen[str], viewers: int) -> None:
    with crowd(url, viewers), frozen(url):
        start = time.monotonic()
        desk.terminate()
        desk.wait(20)
        print(
            f"\nStopped with {viewers} pages and one that hangs in {time.monotonic() - start:.2f} s (bar: 2)."
        )


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--viewers", type=int, default=20)
    parser.add_argument("--crowd", metavar="URL", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.crowd:
        asyncio.run(all_pages(chosen.crowd, chosen.viewers))
        return
    ear = Ear()
    with stage({"kind": "plate", "file": "plate.png"}) as (_, url):
        hand_table(url, ear, chosen.rounds, chosen.viewers)
    with stage({"kind": "dusk"}) as (desk, url):
        cost_table(url, ear, desk.pid, chosen.seconds, chosen.viewers)
        memory_table(url, desk.pid, chosen.minutes, chosen.viewers)
        stop_line(url, desk, chosen.viewers)
    ear.close()


if __name__ == "__main__":
    main()
