"""The page in a real browser: how soon it shows, what it weighs, and how old its picture is.

    .venv/bin/python bench/page.py [--rounds 9] [--seconds 8]

Markdown tables; the demo's show in Chromium without a GPU, as a phone, cold cache, medians. A picture's age
is counted from the wall's publishing of the frame to the page's having drawn it. The slow link is a relay
between page and desk that lets so many bits a second through and holds no more than one segment of them.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from light_path import NODE, lumad, ring_of
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from lumad.frames.ring import RingReader
from lumad.resources import demo_show

PHONE = "Pixel 7"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
BYTES_A_S, SEGMENT = 250_000, 4096  # of the slow link: 2 Mbit/s
DRAWN = """() => {
  window.drawn = [];
  const numbers = new Map();
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (!this.watched) {
      this.watched = true;
      this.addEventListener("message", ({ data }) => {
        if (typeof data === "string") return;
        const view = new DataView(data);
        numbers.set(view.getUint32(0), [view.getUint32(4), data.byteLength]);
      });
    }
    const said = JSON.parse(data);
    if (said.type === "ack" && numbers.has(said.frame)) {
      window.drawn.push([...numbers.get(said.frame), performance.timeOrigin + performance.now()]);
      numbers.delete(said.frame);
    }
    send.call(this, data);
  };
}"""


# ------------------------------------------------------------ how soon, and how heavy
def save(folder: Path) -> Path:
    """The demo's show, sent where nobody else listens."""
    form = demo_show().read_text()
    for receivers in ("multicast, interface: lo", "[127.0.0.1]"):
        form = form.replace(f"to: {receivers}", f"to: [{NODE}]")
    (folder / "show.yaml").write_text(form)
    return folder / "show.yaml"


def first_look(browser: Browser, device: dict[str, Any], url: str, throttle: int) -> tuple[float, ...]:
    """First paint, regions shown (ms after the navigation began); kB, with headers; strangers asked."""
    context = browser.new_context(**device)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    devtools.send("Network.enable")
    sizes: list[float] = []
    bodies: list[int] = []
    hosts: list[str] = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("response", lambda response: bodies.append(int(response.headers.get("content-length", 0))))
    page.on("request", lambda request: hosts.append(urlsplit(request.url).netloc))
    page.goto(url)
    page.wait_for_selector(".region")
    shown = page.evaluate("() => performance.now()")
    painted = page.evaluate("() => performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    strangers = sum(host != urlsplit(url).netloc for host in hosts)
    return painted, shown, sum(bodies) / 1000, sum(sizes) / 1000, strangers


def looks_table(browser: Browser, device: dict[str, Any], url: str, rounds: int) -> None:
    print(f"\n{PHONE}, cold cache, medians of {rounds} loads; load {load()} on {os.cpu_count()} cores:\n")
    print("| CPU | first paint, ms | p95 | regions shown, ms | kB by gzip | and headers | to strangers |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for throttle in (1, 4):
        seen = np.array([first_look(browser, device, url, throttle) for _ in range(rounds)])
        painted, shown, body, weight, strangers = np.median(seen, axis=0)
        late = np.percentile(seen[:, 0], 95)
        name = f"{throttle} times slower" if throttle > 1 else "as it is"
        times = f"{painted:.0f} | {late:.0f} | {shown:.0f}"
        print(f"| {name} | {times} | {body:.1f} | {weight:.1f} | {strangers:.0f} |", flush=True)


# ------------------------------------------------------------ how old the picture is
class Published:
    """When the wall published each frame, in ms since 1970."""

    def __init__(self, ring: RingReader) -> None:
        self.times: dict[int, float] = {}
        self._ring, self._open = ring, True
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        boot = time.time_ns() - time.monotonic_ns()
        while self._open:
            frame = self._ring.latest()
            if frame:
                self.times[frame.number] = (frame.publish_time_ns + boot) / 1e6
            time.sleep(0.004)

    def close(self) -> None:
        """Ends."""
        self._open = False
        self._thread.join()


class Relay:
    """A slow link: both ways of every connection, paced, with small buffers so that the sender feels it."""

    def __init__(self, url: str, bytes_a_s: float) -> None:
        place = urlsplit(url)
        self._desk, self._rate = (place.hostname, place.port), bytes_a_s
        self._ready = threading.Event()
        self.open_at = 0.0  # the link is free again then
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connect, "127.0.0.1", 0, limit=SEGMENT)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        self._ready.set()
        await server.serve_forever()

    async def _connect(self, page_in: asyncio.StreamReader, page_out: asyncio.StreamWriter) -> None:
        desk_in, desk_out = await asyncio.open_connection(*self._desk, limit=SEGMENT)
        for out in (page_out, desk_out):
            out.transport.set_write_buffer_limits(0)
        await asyncio.gather(
            self._carry(desk_in, page_out, paced=True),
            self._carry(page_in, desk_out, paced=False),
            return_exceptions=True,
        )
        page_out.close()
        desk_out.close()

    async def _carry(self, come: asyncio.StreamReader, go: asyncio.StreamWriter, *, paced: bool) -> None:
        """`paced` by one clock for all connections: they share the link."""
        with contextlib.suppress(OSError):
            while data := await come.read(SEGMENT):
                if paced:
                    now = time.monotonic()
                    self.open_at = max(self.open_at, now) + len(data) / self._rate
                    await asyncio.sleep(self.open_at - now)
                go.write(data)
                await go.drain()
            go.close()


def ages(page: Page, published: Published, seconds: float) -> tuple[np.ndarray, float]:
    """Ages in ms of the pictures drawn in some seconds, and their mean size in kB."""
    page.evaluate("() => { window.drawn.length = 0 }")
    page.wait_for_timeout(seconds * 1000)
    time.sleep(0.05)
    drawn = page.evaluate("() => window.drawn")
    known = [(at - published.times[number], size) for number, size, at in drawn if number in published.times]
    return np.array([age for age, _ in known]), float(np.mean([size for _, size in known])) / 1000


def watching(context: BrowserContext, url: str) -> Page:
    context.add_init_script(f"({DRAWN})()")
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(".region", timeout=60_000)
    return page


@contextlib.contextmanager
def publishing(folder: Path) -> Iterator[Published]:
    published = Published(ring_of(folder))
    yield published
    published.close()


def ages_table(
    browser: Browser, device: dict[str, Any], url: str, published: Published, seconds: float
) -> None:
    print(f"\nA picture's age on the page, ms; load {load()}:\n")
    print(
        "| link | median | p95 | worst | pictures a second | kB each | bar, p95 |\n"
        "|---|---:|---:|---:|---:|---:|---:|"
    )
    slow = Relay(url, BYTES_A_S)
    for name, address, bar, turns in (("loopback", url, 50, 1), ("2 Mbit/s", slow.url, 300, 3)):
        with browser.new_context(**device) as context:
            page = watching(context, address)
            page.wait_for_timeout(4000)  # settles
            for turn in range(turns):
                old, size = ages(page, published, seconds)
                median, p95, worst = np.percentile(old, [50, 95, 100])
                which = f"{name}, turn {turn + 1}" if turns > 1 else name
                rate = len(old) / seconds
                print(
                    f"| {which} | {median:.0f} | {p95:.0f} | {worst:.0f} | {rate:.1f} | {size:.1f} | {bar} |",
                    flush=True,
                )


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=8.0)
    chosen = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        print("\nchromium is not installed: the page is not measured")
        return
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        device = playwright.devices[PHONE]
        with lumad(Path(place), "run", str(save(Path(place)))) as (_, url):
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
            with publishing(Path(place)) as published:
                looks_table(browser, device, url, chosen.rounds)
                ages_table(browser, device, url, published, chosen.seconds)
            browser.close()


if __name__ == "__main__":
    main()
