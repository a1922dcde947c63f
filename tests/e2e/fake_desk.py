"""A stand-in for lumad's HTTP door: serves web/ under its CSP and speaks the page's protocol from memory.

It decides nothing about light. Tests read what the page sent and can stop it from answering; by hand:
`python tests/e2e/fake_desk.py --port 8099`.
"""

import argparse
import asyncio
import colorsys
import copy
import socket
import struct
import threading
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Self

import cv2
import numpy as np
from aiohttp import WSCloseCode, WSMsgType, web

WEB = Path(__file__).parents[2] / "web"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
REGIONS = {
    "sky-left": {"shape": "rect", "center": [0.2, 0.26], "size": [0.3, 0.38]},
    "sun": {"shape": "rect", "center": [0.68, 0.36], "size": [0.16, 0.26]},
    "horizon": {"shape": "rect", "center": [0.5, 0.62], "size": [0.9, 0.08]},
    "street": {"shape": "rect", "center": [0.5, 0.85], "size": [0.5, 0.2]},
    "sign": {"shape": "rect", "center": [0.47, 0.25], "size": [0.14, 0.2], "rotation": 25},
    "moon": {
        "shape": "ellipse",
        "center": [0.87, 0.2],
        "size": [0.16, 0.18],
        "rotation": -30,
        "feather": 0.03,
        "exclude": ["wire"],
    },
    "shop": {"shape": "polygon", "points": [[0.03, 0.72], [0.2, 0.7], [0.22, 0.96], [0.05, 0.94]]},
    "wire": {"shape": "line", "points": [[0.8, 0.04], [0.86, 0.3], [0.97, 0.36]], "width": 0.05},
}
NODE = {
    "name": "Stage left",
    "address": "10.0.0.20",
    "missing": False,
    "ports": [{"port_address": 16, "net_sub_universe": "0:1:0", "from_1": 17}],
}
FIXTURES = {
    "key": {
        "profile": "arri/skypanel-s60-c",
        "mode": "P09",
        "universe": 1,
        "address": 1,
        "follow": {"region": "sky-left", "take": "both"},
        "label": "Key",
    },
    "rim": {
        "profile": "nanlite/forza-60c",
        "mode": "rgb-8bit",
        "universe": 1,
        "address": 41,
        "follow": {"region": "sun", "take": "both"},
        "label": "Rim",
    },
    "fill": {
        "profile": "litegear/litemat-plus-4",
        "mode": "bicolour",
        "universe": 1,
        "address": 61,
        "follow": {"region": "street", "take": "both"},
        "label": "Fill, camera left",
    },
    "tube": {
        "profile": "astera/titan",
        "mode": "px16-rgb",
        "universe": 1,
        "address": 101,
        "follow": {"region": "horizon", "take": "both"},
        "label": "Tube",
    },
    "practical": {
        "profile": "generic/dimmer",
        "mode": "8bit",
        "universe": 5,
        "address": 7,
        "follow": None,
        "label": "",
    },
}
SHOW: dict[str, Any] = {
    "show": 1,
    "name": "Living-room micro stage",
    "wall": {"size": [1920, 1080]},
    "regions": REGIONS,
    "fixtures": FIXTURES,
}
CELLS = {"tube": 16}
Picture = np.ndarray[Any, np.dtype[np.uint8]]


def town(width: int, height: int) -> Picture:
    """The part that stands still: a dusk sky over a dark street with lit windows; BGR."""
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    sky = np.array([96, 58, 44], np.float32) * (1 - rows) + np.array([70, 132, 246], np.float32) * rows
    image: Picture = np.repeat(sky, width, axis=1).astype(np.uint8)
    generator = np.random.default_rng(4)
    for left in range(0, width, width // 14):
        top = int(height * generator.uniform(0.5, 0.72))
        cv2.rectangle(image, (left, top), (left + width // 15, height), (40, 26, 24), -1)
        for y in range(top + 6, height - 8, max(height // 22, 7)):
            colour = (110, 196, 252) if generator.random() < 0.4 else (54, 38, 34)
            cv2.rectangle(image, (left + 8, y), (left + 13, y + 4), colour, -1)
    return image


TOWN = town(640, 360)


def picture(second: float) -> bytes:
    """The town with a sun that wanders, as JPEG."""
    image = TOWN.copy()
    sun = (int(640 * (0.68 + 0.04 * np.sin(second))), 136)
    for radius, colour in ((46, (92, 156, 248)), (32, (128, 196, 255)), (21, (196, 234, 255))):
        cv2.circle(image, sun, radius, colour, -1, cv2.LINE_AA)
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes()


class FakeDesk:
    """One show, one door. `received` holds what the page sent; `freeze()` makes it fall silent."""

    def __init__(self, show: dict[str, Any] | None = None) -> None:
        self.show = copy.deepcopy(show or SHOW)
        self.live: dict[str, Any] = {"master": 1.0, "blackout": False, "freeze": False}
        self.live |= {"solo": [], "identify": []}
        self.role = "admin"
        self.received: list[dict[str, Any]] = []
        self.warnings = ["fixtures.fill: profile litegear/litemat-plus-4 is a draft, the fixture stays dark"]
        self.url = ""
        self._rev = 1
        self._past: list[tuple[str, dict[str, Any]]] = []
        self._future: list[dict[str, Any]] = []
        self._clients: set[web.WebSocketResponse] = set()
        self._credit: dict[web.WebSocketResponse, int] = {}
        self._heard = threading.Condition()
        self._answering = threading.Event()
        self._answering.set()
        self._sequence = 0

    # ------------------------------------------------------------------ what tests ask and tell

    def of(self, kind: str, **fields: Any) -> list[dict[str, Any]]:
        """Messages of a type that carry these fields."""
        return [
            message
            for message in list(self.received)
            if message["type"] == kind and all(message.get(key) == value for key, value in fields.items())
        ]

    def wait(self, told: Callable[[Self], object], seconds: float = 5.0) -> None:
        """Returns once `told(self)` is true after something was heard; fails after `seconds`."""
        with self._heard:
            assert self._heard.wait_for(lambda: told(self), seconds), self.received[-5:]

    def region(self, name: str) -> dict[str, Any]:
        """A region as the desk has it."""
        region: dict[str, Any] = self.show["regions"][name]
        return region

    def freeze(self) -> None:
        """Falls silent with every connection open, as a stopped process does."""
        self._answering.clear()

    def hang_up(self) -> None:
        """Ends every connection, without waiting for the other side."""
        for client in list(self._clients):
            self._loop.call_soon_threadsafe(client.get_extra_info("socket").shutdown, socket.SHUT_RDWR)

    def thaw(self) -> None:
        """Answers again."""
        self._answering.set()

    # ------------------------------------------------------------------ thread

    def __enter__(self) -> Self:
        """Serves in a thread of its own, on a free port."""
        started = threading.Event()
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(0, started),), daemon=True)
        self._thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self.thaw()
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self, port: int, started: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        application = web.Application()
        application.on_response_prepare.append(_secure)
        application.on_shutdown.append(self._hang_up)
        application.add_routes(
            [
                web.get("/", _index),
                web.get("/api/v1/ws", self._door),
                web.get("/api/v1/fixtures/{id}/explain", self._explain),
                web.static("/", WEB),
            ]
        )
        runner = web.AppRunner(application, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        started.set()
        pace = [asyncio.create_task(self._tick(seconds, send)) for seconds, send in self._rhythms()]
        await self._stop.wait()
        for task in pace:
            task.cancel()
        await runner.cleanup()

    async def _hang_up(self, _: web.Application) -> None:
        for client in set(self._clients):
            await client.close(code=WSCloseCode.GOING_AWAY)

    # ------------------------------------------------------------------ what it says by itself

    def _rhythms(self) -> list[tuple[float, Any]]:
        return [(0.08, self._send_picture), (0.1, self._send_lights), (1.0, self._send_status)]

    async def _tick(self, seconds: float, send: Any) -> None:
        while True:
            await asyncio.sleep(seconds)
            if self._answering.is_set() and self._clients:
                await send()

    async def _broadcast(self, message: dict[str, Any]) -> None:
        for client in set(self._clients):
            await _quietly(client.send_json(message))

    async def _send_picture(self) -> None:
        self._sequence += 1
        frame = struct.pack(">II", self._sequence, self._sequence) + picture(time.monotonic())
        for client in [each for each, credit in self._credit.items() if credit > 0]:
            self._credit[client] -= 1
            await _quietly(client.send_bytes(frame))

    async def _send_lights(self) -> None:
        now = time.monotonic()
        fixtures, stage = {}, {}
        for index, (key, fixture) in enumerate(self.show["fixtures"].items()):
            cells = [
                _glow(now / 20 + index * 0.06 + cell * 0.012, self._gain())
                for cell in range(CELLS.get(key, 1))
            ]
            walls = [_glow(now / 20 + index * 0.06 + cell * 0.012, 1.0) for cell in range(len(cells))]
            limits = ["gamut", "luminance"] if key == "rim" else []
            fixtures[key] = {"wall": walls if fixture["follow"] else [], "light": cells, "limits": limits}
            protocol = "sacn" if fixture["universe"] < 5 else "artnet"
            stage[key] = {"light": cells, "age_ms": 12, "protocol": protocol, "universe": fixture["universe"]}
        regions = {key: _glow(now / 20 + index * 0.06, 1.0) for index, key in enumerate(self.show["regions"])}
        await self._broadcast({"type": "lights", "regions": regions, "fixtures": fixtures, "stage": stage})

    def _gain(self) -> float:
        return 0.0 if self.live["blackout"] else float(self.live["master"]) ** (1 / 2.2)

    async def _send_status(self) -> None:
        await self._broadcast(self._status())

    def _status(self) -> dict[str, Any]:
        latency = {"median": 2.6, "p95": 4.1}
        route = {"protocol": "sacn", "to": "multicast", "sent": 1200, "errors": 0, "last_error": None}
        return {
            "type": "status",
            "rev": self._rev,
            "can_undo": bool(self._past),
            "can_redo": bool(self._future),
            "feed": {
                "state": "live",
                "fps": 30.0,
                "age_ms": 8,
                "number": self._sequence,
                "picture": [1280, 720],
            },
            "engine": {
                "state": "running",
                "pid": 1,
                "rate": 30.0,
                "latency_ms": latency,
                "late": 0,
                "kernel": "table",
            },
            "renderer": {"state": "running", "pid": 2},
            "outputs": [route],
            "nodes": [NODE],
            "warnings": self.warnings,
            "unsaved": None,
        }

    # ------------------------------------------------------------------ what it hears

    async def _door(self, request: web.Request) -> web.WebSocketResponse:
        await asyncio.to_thread(self._answering.wait)
        client = web.WebSocketResponse(compress=False)
        try:
            await client.prepare(request)
        except ConnectionError:  # the page gave up while nobody answered
            return client
        hello = {"type": "hello", "proto": 1, "rev": self._rev, "server_time": time.time()}
        await client.send_json(hello | {"role": self.role, "name": "somebody"})
        await client.send_json({"type": "show", "rev": self._rev, "show": self.show})
        await client.send_json({"type": "live", **self.live})
        await client.send_json(self._status())
        self._clients.add(client)
        try:
            async for message in client:
                await asyncio.to_thread(self._answering.wait)
                if message.type == WSMsgType.TEXT:
                    await _quietly(self._hear(client, message.json()))
        finally:
            self._clients.discard(client)
            self._credit.pop(client, None)
        return client

    async def _hear(self, client: web.WebSocketResponse, message: dict[str, Any]) -> None:
        self.received.append(message)
        await self._answer(client, message)
        with self._heard:
            self._heard.notify_all()

    async def _answer(self, client: web.WebSocketResponse, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "ping":
            await client.send_json({"type": "pong", "t": message["t"]})
        elif kind == "preview":
            self._credit[client] = 2 if message["on"] else 0
        elif kind == "ack":
            self._credit[client] = min(self._credit.get(client, 0) + 1, 2)
        elif kind == "live":
            self.live |= {key: message[key] for key in self.live if key in message}
            await self._broadcast({"type": "live", **self.live})
        elif kind == "identify":
            lamps = set(self.live["identify"]) - set(message["fixtures"])
            self.live["identify"] = sorted(lamps.union(message["fixtures"] if message["on"] else ()))
            await self._broadcast({"type": "live", **self.live})
        elif fault := self._change(message):
            problem = {"title": "The edit is not valid", "detail": fault["message"], "faults": [fault]}
            await client.send_json({"type": "refused", "id": message["id"], "problem": problem})
            return
        else:
            self._rev += 1
            await self._broadcast({"type": "show", "rev": self._rev, "show": self.show})
        if "id" in message:
            await client.send_json({"type": "done", "id": message["id"], "rev": self._rev})

    def _change(self, message: dict[str, Any]) -> dict[str, str] | None:
        former = copy.deepcopy(self.show)
        if message["type"] == "undo":
            self._future.append(former)
            self.show = self._past.pop()[1]
        elif message["type"] == "redo":
            self._past.append(("", former))
            self.show = self._future.pop()
        else:
            kind, _, name = message.get("path", "show").partition("/")
            if name == "street" and message["value"] and message["value"].get("size") == [1, 1]:
                return {"path": "regions.street.size", "message": "larger than this stage allows"}
            if not self._past or self._past[-1][0] != message.get("gesture"):
                self._past.append((message.get("gesture", ""), former))
            self._future.clear()
            value = message.get("value", {"exposure": -0.515})  # what "match-white" would make of it
            patch = value if kind == "show" else {kind: {name: value} if name else value}
            self.show = merged(self.show, patch)
        return None

    async def _explain(self, request: web.Request) -> web.Response:
        """Fixed numbers: one lamp is limited, the others are not."""
        name = request.match_info["id"]
        fixture = self.show["fixtures"][name]
        cell = {
            "region": (fixture["follow"] or {}).get("region"),
            "pixel": {"at": [1306, 389], "codes": [248, 156, 92], "bits": 8},
            "linear_rgb": [0.61, 0.34, 0.12],
            "xyz": [0.41, 0.38, 0.15],
            "target_xyz": [0.40, 0.37, 0.16],
            "drives": {"ColorAdd_R": 0.82, "ColorAdd_G": 0.31, "ColorAdd_B": 0.07},
            "channels": {"Dimmer": 0.37},
            "limits": ["gamut", "luminance"] if name == "rim" else [],
            "assumed": ["curve"],
        }
        route = {"protocol": "sacn", "to": "multicast", "interface": None, "number": fixture["universe"]}
        told = {"fixture": name, "frame": self._sequence, "cells": [cell] * CELLS.get(name, 1)}
        told |= {"levels": [94, 209, 79, 18], "universe": fixture["universe"], "address": fixture["address"]}
        return web.json_response(told | {"age_ms": 12.4, "outputs": [route]})


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396, as lumad merges; but `follow: null` stays to be seen."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None and key != "follow":
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def _glow(turn: float, gain: float) -> str:
    """A warm to pink colour that wanders with `turn`, dimmed by `gain`, as #rrggbb."""
    hue = 0.04 + 0.1 * np.sin(turn * 6.28) + 0.56 * (turn * 3 % 1 > 0.72)
    red, green, blue = colorsys.hsv_to_rgb(hue % 1, 0.62, gain)
    return f"#{int(red * 255):02x}{int(green * 255):02x}{int(blue * 255):02x}"


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(WEB / "index.html")


async def _secure(_: web.Request, response: web.StreamResponse) -> None:
    response.headers["Content-Security-Policy"] = CSP


async def _quietly(sending: Coroutine[Any, Any, None]) -> None:
    """A phone that left in the middle of a message is nobody's fault."""
    try:
        await sending
    except ConnectionError:
        return


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8099)
    asyncio.run(FakeDesk()._serve(parser.parse_args().port, threading.Event()))
