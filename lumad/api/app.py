"""The application: routes, rules of the door, and the server."""

import errno
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
from lumad.errors import NetworkError

_RESOURCES = (health, state, show, regions, fixtures, profiles, live, dmx, picture, ws, page)
_REASONS = {
    errno.EADDRINUSE: "port {port} is held by another program (try --port 0)",
    errno.EADDRNOTAVAIL: "{bind} is no address of this machine",
    errno.EACCES: "port {port} needs rights that lumad does not have (try --port 8080)",
}


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


async def serve(app: web.Application, bind: str, port: int) -> tuple[web.AppRunner, int]:
    """Start serving; the runner (its `cleanup()` ends it) and the port, chosen if 0. Raises NetworkError."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, bind, port).start()
    except (OSError, OverflowError) as fault:
        await runner.cleanup()
        reason = _REASONS.get(
            getattr(fault, "errno", None) or 0, "cannot listen on {bind}:{port}: " + str(fault)
        )
        raise NetworkError(reason.format(bind=bind, port=port)) from None
    return runner, runner.addresses[0][1]


async def _with_hub(app: web.Application) -> AsyncIterator[None]:
    app[HUB] = Hub(app[DESK])
    yield


async def _close_sockets(app: web.Application) -> None:
    await app[HUB].close()
