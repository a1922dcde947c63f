"""The server's site that counts connections by client, before a byte of them is read."""

import asyncio
from typing import cast

from aiohttp import web

from lumad.api.limits import Connections, client_of

HANDSHAKE_S = 10.0


class CountedSite(web.SockSite):
    """A SockSite where one client cannot hold more than its share of connections."""

    async def start(self) -> None:
        """Starts to accept."""
        await web.BaseSite.start(self)
        connections = Connections()
        handler = self._runner.server
        assert handler is not None
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Newcomer(connections, handler),
            sock=self._sock,
            ssl=self._ssl_context,
            backlog=self._backlog,
            ssl_handshake_timeout=HANDSHAKE_S if self._ssl_context else None,
        )


class _Newcomer(asyncio.Protocol):
    """A connection that is counted, then handed to the server, or closed unread."""

    def __init__(self, connections: Connections, handler: web.Server) -> None:
        self._connections, self._handler = connections, handler

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Counts it."""
        accepted = cast("asyncio.Transport", transport)
        peer = accepted.get_extra_info("peername")
        if peer and not self._connections.admit(client_of(peer[0]), accepted):
            accepted.abort()
            return
        serving = self._handler()
        accepted.set_protocol(serving)
        serving.connection_made(accepted)
