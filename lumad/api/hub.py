"""Everybody who looks: one text for all of them, made once, posted to each mailbox."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from aiohttp import WSCloseCode, web

from lumad.api.desk import Desk
from lumad.api.devices import Device
from lumad.api.dmx import Watched
from lumad.api.gone import Gone
from lumad.api.identify import Identify
from lumad.api.limits import MESSAGES_A_S, MESSAGES_AT_ONCE, Buckets
from lumad.api.state import history_form
from lumad.api.viewer import PICTURE_S, Letter, Viewer, shared
from lumad.show.form import form_of
from lumad.show.journal import Entry
from lumad.show.looks import looks_on
from lumad.show.store import Event

PROTOCOL = 1
MOST_VIEWERS = 64
MOST_PAGES = 16  # of one device
TICK_S = 0.05  # a change is seen by the others within one; lights on every second, status on every twentieth
EVENTS_WAITING = 16  # for one viewer

log = logging.getLogger("lumad.api")


class Hub:
    """The viewers of one desk, and the two loops that keep them up to date while there are any."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.viewers: set[Viewer] = set()
        self.dmx = Watched(desk)
        self.gone = Gone(desk.store, asyncio.get_running_loop().time)
        self.identify = Identify(desk.store, asyncio.get_running_loop().call_later)
        self.messages = Buckets(MESSAGES_A_S, MESSAGES_AT_ONCE)
        self._farewells: set[asyncio.Task[bool]] = set()
        self._present = asyncio.Event()
        self._stale: set[str] = set()
        self._failing: set[str] = set()
        self._show_text: tuple[int, str] = (-1, "")
        self._leave = desk.store.subscribe(self._on_event)
        self._leave_journal = desk.journal.subscribe(self._on_entry)
        self._loops = [asyncio.create_task(loop()) for loop in (self._tell_all, self._show_pictures)]

    @property
    def is_full(self) -> bool:
        """Whether no further viewer is let in."""
        return len(self.viewers) >= MOST_VIEWERS

    def has_room_for(self, device: Device | None) -> bool:
        """Whether a device may open one more page: none of them keeps the others out."""
        pages = [
            viewer for viewer in self.viewers if viewer.device and device and viewer.device.id == device.id
        ]
        return not self.is_full and len(pages) < MOST_PAGES

    async def welcome(self, viewer: Viewer) -> None:
        """Greet a viewer, send it everything there is, and keep it up to date from now on."""
        hello = {
            "type": "hello",
            "proto": PROTOCOL,
            "rev": self.desk.store.revision,
            "server_time": time.time(),
            "role": viewer.role,
            "name": viewer.device.name if viewer.device else "",
        }
        await viewer.send(json.dumps(hello))
        self.viewers.add(viewer)
        self.desk.attend(present=True)
        self._present.set()
        for kind in ("show", "live", "status", "lights"):
            viewer.post(kind, partial(self._written, kind))

    def part(self, viewer: Viewer) -> None:
        """Forget a viewer."""
        self.viewers.discard(viewer)
        self.dmx.want(viewer, None)
        self.identify.end(viewer.name)
        if not self.viewers:
            self._present.clear()
            self.desk.attend(present=False)

    def expel(self, device: str) -> None:
        """Closes the pages of a device; from now on nothing that they ask is done."""
        for viewer in self.viewers:
            if viewer.device is not None and viewer.device.id == device:
                viewer.role = None
                farewell = asyncio.create_task(viewer.socket.close(code=WSCloseCode.POLICY_VIOLATION))
                self._farewells.add(farewell)
                farewell.add_done_callback(self._farewells.discard)

    async def close(self) -> None:
        """End the loops and every socket."""
        self._leave()
        self._leave_journal()
        self.gone.close()
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        farewells = [viewer.socket.close(code=WSCloseCode.GOING_AWAY) for viewer in self.viewers]
        await asyncio.gather(*farewells, *self._farewells, return_exceptions=True)

    def _on_event(self, event: Event) -> None:
        if event.kind == "live":
            self._post("live")
        elif event.kind == "show":
            self._stale.add("show")
        self._stale.add("status")

    def _on_entry(self, entry: Entry) -> None:
        """Events are told one by one; to who lags behind, the newest few."""
        text = _message("event", entry.to_json())
        for viewer in self.viewers:
            viewer.post(f"event {entry.id % EVENTS_WAITING}", lambda: text)

    async def _tell_all(self) -> None:
        tick = 0
        while True:
            await self._present.wait()
            await asyncio.sleep(TICK_S)
            tick += 1
            kinds, self._stale = self._stale, set()
            kinds |= {"lights"} if tick % 2 == 0 else set()
            kinds |= {"status"} if tick % 20 == 0 else set()
            for kind in kinds:
                self._post(kind)
            if tick % 2 == 0:
                self._tell_dmx()

    def _tell_dmx(self) -> None:
        try:
            self.dmx.tell()
        except Exception as fault:  # noqa: BLE001 - as below
            self._report("dmx", fault)

    def _post(self, kind: str) -> None:
        """The text of `kind` as it is now, to everybody."""
        text = self._written(kind) if self.viewers else None
        for viewer in self.viewers if text is not None else ():
            viewer.post(kind, lambda: text)

    def _written(self, kind: str) -> str | None:
        """The message of `kind`, None where it cannot be made (logged once)."""
        texts: dict[str, Callable[[], str]] = {
            "show": self._show,
            "live": lambda: _message(kind, self.desk.store.live.to_json()),
            "lights": lambda: _message(kind, self.desk.swatches()),
            "status": lambda: _message(kind, self._status()),
        }
        try:
            text = texts[kind]()
        except Exception as fault:  # noqa: BLE001 - a bug in one message must not end the others
            self._report(kind, fault)
            return None
        self._failing.discard(kind)
        return text

    def _show(self) -> str:
        store = self.desk.store
        if self._show_text[0] != store.revision:
            body = {"rev": store.revision, "show": form_of(store.show), "looks_on": looks_on(store.show)}
            text = _message("show", body)
            self._show_text = store.revision, text
        return self._show_text[1]

    def _status(self) -> dict[str, Any]:
        return {**self.desk.status(), "rev": self.desk.store.revision, **history_form(self.desk)}

    async def _show_pictures(self) -> None:
        while True:
            await self._present.wait()
            begun = self._now()
            sizes = shared(viewer.preview.width for viewer in self.viewers if viewer.preview.width)
            wanted = {_fitting(viewer, sizes) for viewer in self.viewers if viewer.preview.ready(begun)}
            for width in wanted:
                await self._show_picture(width, sizes)
            await asyncio.sleep(max(0.0, begun + PICTURE_S - self._now()))

    async def _show_picture(self, width: int, sizes: Sequence[int]) -> None:
        """One encode for all whom this width fits, who have room for it and not got this frame yet."""
        try:
            picture = await self.desk.preview(width)
        except Exception as fault:  # noqa: BLE001 - as above
            self._report("preview", fault)
            return
        if picture is None:
            return
        number, jpeg = picture
        now = self._now()
        for viewer in self.viewers:
            preview = viewer.preview
            if preview.ready(now) and _fitting(viewer, sizes) == width and preview.number != number:
                viewer.post("preview", partial(_picture, viewer, width, number, jpeg))

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()

    def _report(self, kind: str, fault: Exception) -> None:
        if kind not in self._failing:
            self._failing.add(kind)
            log.error("the message %s cannot be made", kind, exc_info=fault)


HUB: web.AppKey[Hub] = web.AppKey("hub")


def _message(kind: str, body: dict[str, Any]) -> str:
    return json.dumps({"type": kind, **body}, allow_nan=False)


def _fitting(viewer: Viewer, sizes: Sequence[int]) -> int:
    """The largest of these sizes that is not larger than what a viewer wants; 0 where it wants none."""
    return max((size for size in sizes if size <= (viewer.preview.width or 0)), default=0)


def _picture(viewer: Viewer, width: int, number: int, jpeg: bytes) -> Letter | None:
    if (viewer.preview.width or 0) < width:
        return None  # turned off or sized anew while this one waited
    return viewer.preview.letter(number, jpeg, asyncio.get_running_loop().time())
