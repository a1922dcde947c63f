"""The door: the page and the API, open while the desk runs, and who is let in."""

import asyncio
import contextlib
import logging
import socket
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lumad.api.app import build_app, serve
from lumad.api.guard import is_loopback, page_url
from lumad.api.listen import listen_locally, own_addresses, shown_host
from lumad.api.people import offer_form
from lumad.daemon.appointments import Appointments
from lumad.daemon.continuity import Continuity
from lumad.daemon.doorbell import SOCKET
from lumad.daemon.events import Chronicle
from lumad.daemon.invitation import poster
from lumad.daemon.light import LightPath
from lumad.daemon.lookout import Lookout
from lumad.daemon.mqtt import speaking_mqtt
from lumad.daemon.osc import hearing_osc
from lumad.daemon.people import PeopleFile
from lumad.daemon.tls import Tls
from lumad.daemon.views import Views
from lumad.errors import LumadError
from lumad.input.receiver import Receiver
from lumad.settings import Settings
from lumad.show.journal import Journal
from lumad.show.takes import Takes

RENEW_S = 3600.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """An open door: `url` of the page, and what to show whoever started it, if anything."""

    url: str
    welcome: str = ""


@contextlib.asynccontextmanager
async def open_door(
    settings: Settings, light: LightPath, listening: socket.socket, runtime: Path, *, demo: bool
) -> AsyncIterator[Door]:
    """Open while inside. Through `door.sock` of the runtime directory everybody is admin (`lumad pair`)."""
    names = set(settings.names)
    beyond = not is_loopback(settings.bind)
    tls = _tls_of(settings, names)
    url = page_url(shown_host(settings.bind), listening.getsockname()[1], tls=tls is not None)
    people = PeopleFile(settings.state_dir / "people.json") if beyond else None
    async with contextlib.AsyncExitStack() as stack:
        views = _views(stack, settings, light, demo=demo)
        await stack.enter_async_context(hearing_osc(settings.osc, light.store))
        mqtt = speaking_mqtt(settings.mqtt, light.store, views.status, url if beyond else "")
        await stack.enter_async_context(mqtt)
        app = build_app(
            views,
            bind=settings.bind,
            people=people,
            names=names,
            url=url,
            ca=tls.ca if tls else None,
        )
        local = listen_locally(runtime / SOCKET)
        stack.callback((runtime / SOCKET).unlink, missing_ok=True)
        if people:
            stack.callback(people.close)
        runner = await serve(app, listening, tls=tls.context if tls else None, local=local)
        stack.push_async_callback(runner.cleanup)
        if tls:
            keeping = asyncio.create_task(_keep_fresh(tls, settings, names), name="tls")
            stack.callback(keeping.cancel)
        if beyond and settings.mdns:
            await _announce(stack, settings, names, url, tls)
        yield Door(url, _welcome(people, url) if people else "")


def _views(stack: contextlib.AsyncExitStack, settings: Settings, light: LightPath, *, demo: bool) -> Views:
    """What the door shows of the light path, with all that looks and listens for it."""
    receiver, warnings = _stage(light) if demo else (None, [])
    if receiver:
        stack.callback(receiver.close)
    journal = Journal(settings.state_dir / "events.jsonl", asyncio.get_running_loop().call_later, time.time)
    lookout = Lookout(light, settings.artnet_address)
    lookout.start()
    stack.callback(lookout.close)
    takes = Takes(settings.state_dir / "takes")
    views = Views(light, receiver, warnings, journal, settings.library, lookout=lookout, takes=takes)
    continuity = Continuity(light.store, takes, journal, views.all_levels, views.preview)
    stack.push_async_callback(continuity.close)
    appointments = Appointments(light.store, journal)
    appointments.start()
    stack.callback(appointments.stop)
    chronicle = Chronicle(journal, light.store, views.status)
    chronicle.start()
    stack.push_async_callback(chronicle.stop)
    return views


def _stage(light: LightPath) -> tuple[Receiver, list[str]]:
    """The demo's own receiver."""
    universes = [u for output in light.store.show.outputs for u in output.universe_list()]
    receiver = Receiver(universes, "lo")
    return receiver, receiver.start()


def _tls_of(settings: Settings, names: set[str]) -> Tls | None:
    if settings.tls is None:
        return None
    if settings.mdns and not is_loopback(settings.bind):
        hosts = _hosts(settings, {*names, "lumad.local"})
    else:
        hosts = _hosts(settings, names)
    return Tls(settings.tls, settings.state_dir / "tls", hosts, datetime.now(UTC))


def _hosts(settings: Settings, names: set[str]) -> set[str]:
    """Everything this machine's door is called."""
    return {"localhost", "127.0.0.1", "::1", *own_addresses(settings.bind), *names}


async def _keep_fresh(tls: Tls, settings: Settings, names: set[str]) -> None:
    """Certificates run out, addresses change; open connections keep what they have."""
    while True:
        await asyncio.sleep(RENEW_S)
        _renew(tls, settings, names)


def _renew(tls: Tls, settings: Settings, names: set[str]) -> None:
    try:
        tls.renew(_hosts(settings, names), datetime.now(UTC))
    except LumadError as error:
        log.warning("%s; the former certificate goes on", error)


async def _announce(
    stack: contextlib.AsyncExitStack, settings: Settings, names: set[str], url: str, tls: Tls | None
) -> None:
    try:
        from lumad.daemon.mdns import Announcement  # noqa: PLC0415 - nobody needs it on loopback
    except ImportError as fault:
        log.warning("lumad has no name on the network (%s); use its address", fault)
        return
    port = int(url.rstrip("/").rpartition(":")[2])

    def found(name: str) -> None:
        names.add(name)
        if tls:
            _renew(tls, settings, names)
        log.warning("on this network also %s (the address is %s)", page_url(name, port, tls=bool(tls)), url)

    announcement = Announcement(lambda: own_addresses(settings.bind), port, found, tls=tls is not None)
    announcement.start()
    stack.push_async_callback(announcement.stop)


def _welcome(people: PeopleFile, url: str) -> str:
    """A code for the first admin; later `lumad pair` makes one when it is wanted."""
    log.warning("listening beyond this machine, at %s: devices are let in by a code", url)
    if people.has_admin:
        return f"{len(people.devices())} devices are paired; lumad pair lets in another"
    offer = offer_form(people.offer(None), url)
    if sys.stdout.isatty():
        return poster(offer, sys.stdout.encoding)
    pin = offer["pin"]
    log.warning("the first device pairs within 5 minutes at %s, PIN %s", offer["url"], pin)
    return ""
