"""The application: routes, rules of the door, and the server."""

import socket
from collections.abc import AsyncIterator

from aiohttp import web

from lumad.api import (
    dmx,
    fixtures,
    health,
    live,
    page,
    picture,
    profiles,
    regions,
    show,
    state,
    ws,
)
from lumad.api.body import MAX_BODY
from lumad.api.desk import DESK, Desk
from lumad.api.guard import Guard, add_headers
from lumad.api.hub import HUB, Hub
from lumad.api.problem import problems

_RESOURCES = (health, state, show, regions, fixtures, profiles, live, dmx, picture, ws, page)


def build_app(desk: Desk, *, bind: str, token: str | None) -> web.Application:
    """The door to `desk` for a server on `bind`; beyond loopback it must have a token (ValueError)."""
    app = web.Application(middlewares=[problems, Guard(bind, token).admit], client_max_size=MAX_BODY)
    app[DESK] = desk
    for resource in _RESOURCES:
        app.add_routes(resource.routes)
    app.on_response_prepare.append(add_headers)
    app.cleanup_ctx.append(_with_hub)
    app.on_shutdown.append(_close_sockets)
    return app


async def serve(app: web.Application, listening: socket.socket) -> web.AppRunner:
    """Start serving on a listening socket; the runner's `cleanup()` ends it."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    return runner


async def _with_hub(app: web.Application) -> AsyncIterator[None]:
    app[HUB] = Hub(app[DESK])
    yield


async def _close_sockets(app: web.Application) -> None:
    await app[HUB].close()
