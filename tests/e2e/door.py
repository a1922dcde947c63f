"""lumad's real HTTP door and store, on the demo's show, with plain values where the light path would be.

By hand: `PYTHONPATH=tests python tests/e2e/door.py --port 8098`.
"""

import argparse
import asyncio
import threading
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Self
from urllib.parse import urlsplit

from aiohttp import web
from api.fake_desk import FakeDesk as PlainDesk
from fake_desk import CELLS, _glow, picture
from playwright.sync_api import Browser, BrowserContext, Page
from show.sample import Clock

from lumad.api.app import build_app
from lumad.api.roles import Role
from lumad.daemon.people import PeopleFile
from lumad.documents import read_document
from lumad.library.measurements import Measurements
from lumad.link.live import Live
from lumad.model.show import Show
from lumad.model.validate import validate
from lumad.resources import fixtures_dir
from lumad.show.files import Loaded
from lumad.show.profiles import Profiles
from lumad.show.store import Store

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DEMO = Path(__file__).parents[2] / "lumad" / "daemon" / "demo.yaml"
NODE = {"interface": "eth0", "bind_index": 1, "long_name": "", "controller": False, "age_s": 1.3}
NODES = [
    {
        **NODE,
        "name": "Stage left",
        "address": "10.0.0.20",
        "missing": False,
        "ports": [{"port_address": 16, "net_sub_universe": "0:1:0", "from_1": 17}],
    },
    {
        **NODE,
        "name": "Grid",
        "address": "10.0.0.21",
        "missing": True,
        "age_s": 41.0,
        "ports": [{"port_address": port, "net_sub_universe": f"0:0:{port}"} for port in (0, 1)],
    },
]
SOURCE = {
    "per_address_priority": False,
    "preview": False,
    "sync": 0,
    "packets": 900,
    "errors": 0,
    "slots": 512,
}
OURS = {**SOURCE, "source": "01" * 16, "name": "lumad", "address": "here", "ours": True}
CONSOLE = {**SOURCE, "source": "02" * 16, "name": "Console FOH", "address": "10.0.0.9", "ours": False}


def loaded() -> Loaded:
    show = validate(read_document(DEMO.read_bytes(), DEMO.name), Show)
    profiles = Profiles([fixtures_dir()])
    return Loaded(show, Live(), 1, profiles, Measurements(Path()), "0" * 64)


class Desk(PlainDesk):
    """The real store of the demo's show; colours, levels, nodes and sources are made up."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.store = Store(loaded(), self.clock.later)
        self.files: list[Any] = []

    def status(self) -> dict[str, Any]:
        going = {"sent": 12_345, "errors": 0, "last_error": None, "failing": False}
        routes = [
            {"protocol": each.protocol, "to": str(each.to), **going} for each in self.store.show.outputs
        ]
        return super().status() | {"outputs": routes, "nodes": NODES}

    def levels(self, universe: int) -> bytes | None:
        known = {fixture.universe for fixture in self.store.show.fixtures.values()}
        return (
            bytes((slot * 7 + universe) % 256 if slot < 60 else 0 for slot in range(512))
            if universe in known
            else None
        )

    def network(self, *, levels: bool) -> dict[str, Any]:
        del levels
        universes = [self.universe("sacn", 1), self.universe("sacn", 2), self.universe("artnet", 0)]
        conflicts = [{"text": "Console FOH (10.0.0.9) also sends sacn universe 1 at priority 110"}]
        return {"universes": universes, "announced": [], "counts": {}, "conflicts": conflicts}

    def universe(self, protocol: str, number: int) -> dict[str, Any] | None:
        if (protocol, number) not in {("sacn", 1), ("sacn", 2), ("artnet", 0)}:
            return None
        mine = {**OURS, "priority": 100, "rate_hz": 30.0, "age_ms": 12, "counts": number != 1}
        other = {**CONSOLE, "priority": 110, "rate_hz": 44.0, "age_ms": 8, "counts": True}
        sources = [
            {**mine, "levels": [1] * 512},
            *([{**other, "levels": [200] * 512}] if number == 1 else []),
        ]
        place = {"net_sub_universe": "0:0:0"} if protocol == "artnet" else {}
        return {
            "protocol": protocol,
            "universe": number,
            **place,
            "sources": sources,
            "levels": sources[-1]["levels"],
        }

    def swatches(self) -> dict[str, Any]:
        show, now = self.store.show, time.monotonic() / 60
        regions = {name: _glow(now + at * 0.07, 1.0) for at, name in enumerate(show.regions)}
        lamps = {}
        for at, (name, fixture) in enumerate(show.fixtures.items()):
            cells = [_glow(now + at * 0.07 + cell * 0.012, 0.9) for cell in range(CELLS.get(name, 1))]
            lamps[name] = {"wall": cells if fixture.follow else [], "light": cells, "limits": []}
        return {"regions": regions, "fixtures": lamps, "stage": None}

    async def preview(self, width: int) -> tuple[int, bytes] | None:
        self.widths.append(width)
        self.number += 1
        return self.number, picture(0.0)


class Door:
    """Serves in a thread of its own on a free port; `show` is what the store holds now."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.people = PeopleFile(Path(mkdtemp(prefix="lumad-people-")) / "people.json")
        self.url = ""
        self._ready = threading.Event()

    @property
    def show(self) -> Show:
        return self.desk.store.show

    def cookie(self, role: Role = Role.ADMIN) -> Any:
        """What a device of that role has kept since it was let in."""
        paired = self.people.pair(self.people.offer(role).code, f"The {role}")
        assert paired is not None
        return {"name": f"lumad-{urlsplit(self.url).port}", "value": paired[1], "url": self.url}

    def wait(self, told: Any, seconds: float = 5.0) -> None:
        """Returns once `told(self)` is true; fails after `seconds`."""
        end = time.monotonic() + seconds
        while not told(self):
            assert time.monotonic() < end, "that took too long"
            threading.Event().wait(0.01)

    def do(self, call: Any) -> Any:
        """Runs `call(store)` where the store lives."""
        done: list[Any] = []
        finished = threading.Event()

        def run() -> None:
            done.append(call(self.desk.store))
            finished.set()

        self._loop.call_soon_threadsafe(run)
        assert finished.wait(5)
        return done[0]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(0),), daemon=True)
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self, port: int) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        app = build_app(self.desk, bind="127.0.0.1", people=self.people, url="http://192.0.2.7:8080/")
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()


class Pages:
    """Pages of a browser on a door; at the end nothing may have complained, the CSP neither."""

    def __init__(self, browser: Browser, door: Door) -> None:
        self._browser, self._door = browser, door
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.judges = False

    def open(self, path: str, role: Role = Role.ADMIN, **device: Any) -> Page:
        """A page of a device of that role, at #/path, once it is alive."""
        context = self._browser.new_context(**{"device_scale_factor": 1, **device})
        self._contexts.append(context)
        context.add_cookies([self._door.cookie(role)])
        page = context.new_page()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type != "info" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self._door.url}#/{path}")
        page.wait_for_selector("main:not([inert])")
        return page

    def close(self) -> None:
        """Closes them all; fails where one complained of more than a refusal."""
        for context in self._contexts:
            context.close()
        refusals = (
            "WebSocket connection to",
            "Failed to load resource: the server responded with a status of 4",
            *(["Applying inline style violates"] if self.judges else []),  # axe's own, refused as anybody's
        )
        unexpected = [each for each in self.complaints if not each.startswith(refusals)]
        assert not unexpected, unexpected


def go_to(page: Page, path: str) -> None:
    """Goes to #/path within the page, and returns once that screen has been drawn."""
    page.evaluate("path => { location.hash = path }", f"#/{path}")
    page.evaluate("() => new Promise((done) => setTimeout(() => requestAnimationFrame(done)))")


def judged(pages: Pages, page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 A and AA, one line a rule; and whether the page scrolls sideways."""
    pages.judges = True
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = page.evaluate("rules => axe.run(document, {runOnly: rules, preload: false})", rules)["violations"]
    wide = page.evaluate("() => document.documentElement.scrollWidth > innerWidth")
    said = [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]
    return said + (["wider than the screen"] if wide else [])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8098)
    asyncio.run(Door()._serve(parser.parse_args().port))
