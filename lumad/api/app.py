"""The application: routes, rules of the door, and the server."""

import logging
import socket
from collections.abc import AsyncIterator, Collection
from ssl import SSLContext

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from lumad.api import (
    backup,
    circuits,
    cues,
    dmx,
    events,
    explain,
    fixtures,
    groups,
    health,
    inputs,
    live,
    looks,
    metrics,
    nodes,
    openapi,
    outputs,
    page,
    patch,
    people,
    picture,
    profiles,
    regions,
    schedule,
    show,
    standby,
    state,
    take,
    ws,
)
from lumad.api.body import MAX_BODY
from lumad.api.counted import MUTE, CountedSite, hear
from lumad.api.desk import DESK, Desk
from lumad.api.devices import PEOPLE, People
from lumad.api.guard import Guard, add_headers
from lumad.api.hub import HUB, Hub
from lumad.api.limits import Tries
from lumad.api.people import CA, TRIES, URL
from lumad.api.problem import problems

KEEP_ALIVE_S = 75.0

_RESOURCES = (
    *(health, state, show, regions, fixtures, profiles, live, looks, cues, dmx, picture, ws),
    *(
        people,
        groups,
        outputs,
        inputs,
        circuits,
        schedule,
        nodes,
        patch,
        explain,
        events,
        take,
        standby,
        backup,
        openapi,
        metrics,
        page,
    ),
)


def build_app(
    desk: Desk,
    *,
    bind: str,
    people: People | None = None,
    names: Collection[str] = (),
    url: str = "",
    ca: bytes | None = None,
) -> web.Application:
    """The door to `desk` for a server on `bind`; beyond loopback it must know `people` (ValueError).

    `names`: host names that are ours, beside addresses; `url`: the printed address; `ca`: /ca.crt.
    """
    guard = Guard(bind, people, names)
    app = web.Application(middlewares=[hear, problems, guard.admit], client_max_size=MAX_BODY)
    app[DESK], app[MUTE] = desk, set()
    app[PEOPLE], app[TRIES], app[URL], app[CA] = people, Tries(), url, ca
    for resource in _RESOURCES:
        app.add_routes(resource.routes)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(_with_hub)
    app.on_shutdown.append(_close_sockets)
    return app


async def serve(
    app: web.Application,
    listening: socket.socket,
    *,
    tls: SSLContext | None = None,
    local: socket.socket | None = None,
) -> web.AppRunner:
    """Start serving on a listening socket; the runner's `cleanup()` ends it.

    `local`: a Unix socket of the runtime directory, through which everybody is admin.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_log,
        handle_signals=False,
        shutdown_timeout=1.0,
        keepalive_timeout=KEEP_ALIVE_S,
    )
    await runner.setup()
    if app[PEOPLE] is None:
        await web.SockSite(runner, listening, ssl_context=tls).start()
    else:
        await CountedSite(runner, listening, app[MUTE], ssl_context=tls).start()
    if local is not None:
        await web.SockSite(runner, local).start()
    return runner


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a log line of the server is about us: what is no HTTP is its sender's fault, and costs none."""
    fault = record.exc_info[1] if record.exc_info else None
    return not isinstance(fault, HttpProcessingError)


_log = logging.getLogger("lumad.http")
_log.addFilter(_is_ours)


async def _with_hub(app: web.Application) -> AsyncIterator[None]:
    app[HUB] = Hub(app[DESK])
    yield


async def _close_sockets(app: web.Application) -> None:
    await app[HUB].close()
