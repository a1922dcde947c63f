"""MQTT: the state of the light at a broker, commands from there; Home Assistant finds it by itself."""

import asyncio
import contextlib
import json
import logging
import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from lumad.daemon.mqtt_deeds import AT_ONCE, COMMANDS, act, is_command
from lumad.daemon.mqtt_discovery import Announcer, Named
from lumad.daemon.mqtt_state import changes, fixture_state, live_state, status_state
from lumad.errors import LumadError
from lumad.input.complaints import Complaints
from lumad.model.show import Show
from lumad.settings import Broker
from lumad.show.looks import looks_on
from lumad.show.store import Event, Store

if TYPE_CHECKING:
    from aiomqtt import Client

BACK_OFF_S: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
PACE_S: Final = 0.2  # between two rounds of telling: a drag is told at this pace, its end in any case
STATUS_S: Final = 1.0
WINDOW_S: Final = 0.02  # commands that come faster are taken at this pace, the newest of each topic
MOST_WAITING: Final = 256  # topics within one window
_HEALTHY_S: Final = 10.0  # after so long the back-off starts again
_PATIENCE_S: Final = 5.0  # for an answer of the broker
_CONNECT_S: Final = 2.0
_STOP_S: Final = 1.0
_KEEP_ALIVE_S: Final = 20
_MOST_QUEUED: Final = 1000

log = logging.getLogger(__name__)
_wire = logging.getLogger(f"{__name__}.wire")
_wire.setLevel(logging.CRITICAL)  # what matters of it is told here, once

Status = Callable[[], Mapping[str, Any]]


class Link:
    """Holds the broker to what `store` and `status()` say, and does what is asked, for ever."""

    def __init__(self, broker: Broker, store: Store, status: Status, url: str = "") -> None:
        self._broker, self._store, self._status = broker, store, status
        root = broker.discovery
        self._announcer = Announcer(root, broker.prefix, broker.name, url) if root else None
        self._complaints = Complaints(log)
        self._changed = asyncio.Event()
        self._arrived = asyncio.Event()
        self._waiting: dict[str, bytes] = {}
        self._held: dict[str, str] = {}  # by the broker, as far as known
        self._of_show: tuple[Show | None, dict[str, str]] = (None, {})
        self._of_status: dict[str, str] = {}
        self._announced: tuple[Named | None, dict[str, str]] = (None, {})
        self._reason = ""  # why there is no connection
        self._master = store.live.master or 1.0  # where it goes when it is switched on

    async def run(self) -> None:
        """Connects, and again after each failure; never ends by itself."""
        leave = self._store.subscribe(self._hear)
        loop, failures = asyncio.get_running_loop(), 0
        try:
            while True:
                started = loop.time()
                await self._attempt()
                failures = 0 if loop.time() - started > _HEALTHY_S else failures + 1
                await asyncio.sleep(BACK_OFF_S[min(max(failures - 1, 0), len(BACK_OFF_S) - 1)])
        finally:
            leave()

    async def _attempt(self) -> None:
        """One connection as long as it lasts."""
        from aiomqtt import MqttError  # noqa: PLC0415 - an optional extra

        try:
            async with await self._client() as client:
                self._reason = ""
                log.info("MQTT: connected to %s port %d", self._broker.host, self._broker.port)
                await self._talk(client)
        except* (MqttError, OSError) as group:
            self._failed(str(group.exceptions[0]))
        except* Exception:
            log.exception("MQTT failed; trying again")

    def _failed(self, reason: str) -> None:
        """Says so once, not at each try."""
        if reason != self._reason:
            log.warning("MQTT broker %s: %s; lumad keeps trying", self._broker.host, reason)
        self._reason = reason

    async def _client(self) -> "Client":
        from aiomqtt import Client, Will  # noqa: PLC0415 - an optional extra

        broker = self._broker
        password, context = await asyncio.to_thread(_secrets, broker)
        client = Client(
            broker.host,
            broker.port,
            username=broker.username,
            password=password,
            tls_context=context,
            # the same each time, so that a broker drops a connection that it holds for alive, and its will
            identifier="lumad" + sha256(broker.prefix.encode()).hexdigest()[:16],
            will=Will(self._topic("availability"), "offline", retain=True),
            clean_session=True,
            keepalive=_KEEP_ALIVE_S,
            timeout=_PATIENCE_S,
            max_queued_incoming_messages=_MOST_QUEUED,
            logger=_wire,
        )
        client._client.connect_timeout = _CONNECT_S  # noqa: SLF001 - a stop does not wait for a silent network
        return client

    async def _talk(self, client: "Client") -> None:
        self._held.clear()
        self._waiting.clear()
        try:
            await self._subscribe(client)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tell(client))
                group.create_task(self._listen(client))
                group.create_task(self._obey())
        finally:
            with contextlib.suppress(Exception):
                async with asyncio.timeout(_STOP_S):
                    await client.publish(self._topic("availability"), "offline", retain=True)

    # ------------------------------------------------------------ telling
    def _hear(self, event: Event) -> None:
        self._master = self._store.live.master or self._master
        if event.kind != "saved":
            self._changed.set()

    async def _tell(self, client: "Client") -> None:
        """Publishes what is not at the broker yet, and clears what is there from former times."""
        loop, due = asyncio.get_running_loop(), 0.0
        while True:
            self._changed.clear()
            if loop.time() >= due:
                due = loop.time() + STATUS_S
                self._of_status = status_state(self._status(), self._of_status)
            for topic, payload in changes(self._held, self._wanted()):
                await client.publish(topic, payload, retain=True)
                if payload:
                    self._held[topic] = payload
                else:
                    del self._held[topic]
                await asyncio.sleep(0)  # many at once hold nobody up
            await asyncio.sleep(PACE_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STATUS_S - PACE_S):
                    await self._changed.wait()

    def _wanted(self) -> dict[str, str]:
        show = self._store.show
        if self._of_show[0] is not show:
            self._of_show = show, {"looks": json.dumps(looks_on(show)), **fixture_state(show)}
        own = {
            "availability": "online",
            **live_state(self._store.live),
            **self._of_status,
            **self._of_show[1],
        }
        return {**self._announcements(show), **{self._topic(name): payload for name, payload in own.items()}}

    def _announcements(self, show: Show) -> dict[str, str]:
        if self._announcer is None:
            return {}
        named = Named.of(show)
        if self._announced[0] != named:
            self._announced = named, self._announcer.payloads(named)
        return self._announced[1]

    # ------------------------------------------------------------ listening
    async def _subscribe(self, client: "Client") -> None:
        """To commands, and to what we or a predecessor left at the broker."""
        left = [self._topic("fixture/+"), *([self._announcer.wild] if self._announcer else [])]
        filters = [*(self._topic(each) for each in COMMANDS), *left]
        granted = await client.subscribe([(each, 1) for each in filters])
        if any(getattr(code, "is_failure", False) for code in granted):
            self._complain("refused", "the MQTT broker does not let lumad hear all it asked for")

    async def _listen(self, client: "Client") -> None:
        below = self._topic("")
        async for message in client.messages:
            topic, payload = message.topic.value, bytes(message.payload or b"")
            command = topic.removeprefix(below) if topic.startswith(below) else ""
            if is_command(command):
                self._take(command, payload, retained=message.retain)
            elif message.retain and topic not in self._held:
                self._held[topic] = payload.decode(errors="replace")
                self._changed.set()

    def _take(self, command: str, payload: bytes, *, retained: bool) -> None:
        """Does it now, or as soon as the window closes; the newest of a topic is the one."""
        if retained:
            self._complain(
                "retained", f"MQTT {command[:80]}: a retained command is from former times: left out"
            )
        elif command == AT_ONCE:
            self._do(command, payload)
        elif command in self._waiting or len(self._waiting) < MOST_WAITING:
            self._waiting.pop(command, None)
            self._waiting[command] = payload
            self._arrived.set()
        else:
            self._complain("flood", f"MQTT: commands on more than {MOST_WAITING} topics at once")

    async def _obey(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            waiting, self._waiting = self._waiting, {}
            for command, payload in waiting.items():
                self._do(command, payload)
            await asyncio.sleep(WINDOW_S)

    def _do(self, command: str, payload: bytes) -> None:
        try:
            act(self._store, command, payload, self._master)
        except LumadError as error:
            self._complain("command", f"MQTT {command[:80]}: {str(error)[:300]}")

    def _complain(self, kind: str, text: str) -> None:
        self._complaints.say(kind, text, time.monotonic())

    def _topic(self, name: str) -> str:
        return f"{self._broker.prefix}/{name}"


@contextlib.asynccontextmanager
async def speaking_mqtt(broker: Broker | None, store: Store, status: Status, url: str) -> AsyncIterator[None]:
    """Linked to the broker while inside, if the settings name one; whatever fails there costs no light."""
    if broker is None or not _is_installed():
        yield
        return
    task = asyncio.create_task(Link(broker, store, status, url).run(), name="mqtt")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=2 * _STOP_S)


def _is_installed() -> bool:
    try:
        import aiomqtt  # noqa: F401, PLC0415 - an optional extra
    except ImportError:
        log.error("the settings ask for mqtt, which needs aiomqtt: pip install 'lumad[mqtt]'")  # noqa: TRY400 - one line says it
        return False
    return True


def _secrets(broker: Broker) -> tuple[str | None, ssl.SSLContext | None]:
    """Password and trust as the files say now; OSError."""
    password = broker.password_file.read_text().strip() if broker.password_file else None
    if broker.tls is False:
        return password, None
    return password, ssl.create_default_context(cafile=None if broker.tls is True else str(broker.tls))
