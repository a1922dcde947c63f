"""The server's site that counts connections by client before a byte is read, and ends those that are mute."""

import asyncio
import socket
from collections.abc import Callable
from ssl import SSLContext
from typing import cast

from aiohttp import web

from lumad.api.limits import Connections, client_of
from lumad.api.problem import Handler

HANDSHAKE_S = 10.0
FIRST_REQUEST_S = 10.0
MUTE: web.AppKey[set[asyncio.BaseTransport]] = web.AppKey("mute")


@web.middleware
async def hear(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever has asked something may stay."""
    if request.transport is not None:
        request.app[MUTE].discard(request.transport)
    return await handler(request)


class CountedSite(web.SockSite):
    """A SockSite where one client holds its share of connections at most, and none that never asks.

    `mute` are the connections without a request yet; `hear` takes them out.
    """

    def __init__(
        self,
        runner: web.AppRunner,
        sock: socket.socket,
        mute: set[asyncio.BaseTransport],
        *,
        ssl_context: SSLContext | None = None,
        patience_s: float = FIRST_REQUEST_S,
    ) -> None:
        super().__init__(runner, sock, ssl_context=ssl_context)
        self._mute, self._patience_s = mute, patience_s

    async def start(self) -> None:
        """Starts to accept."""
        await web.BaseSite.start(self)
        connections = Connections()
        handler = self._runner.server
        assert handler is not None
        self._server = await asyncio.get_running_loop().create_server(
            lambda: _Newcomer(connections, handler, self._wait_for),
            sock=self._sock,
            ssl=self._ssl_context,
            backlog=self._backlog,
            ssl_handshake_timeout=HANDSHAKE_S if self._ssl_context else None,
        )

    def _wait_for(self, accepted: asyncio.Transport) -> None:
        """Its first request."""
        self._mute.add(accepted)
        asyncio.get_running_loop().call_later(self._patience_s, self._end_if_mute, accepted)

    def _end_if_mute(self, accepted: asyncio.Transport) -> None:
        if accepted in self._mute:
            self._mute.discard(accepted)
            accepted.abort()


class _Newcomer(asyncio.Protocol):
    """A connection that is counted, then handed to the server, or closed unread."""

    def __init__(
        self, connections: Connections, handler: web.Server, wait_for: Callable[[asyncio.Transport], None]
    ) -> None:
        self._connections, self._handler, self._wait_for = connections, handler, wait_for

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Counts it."""
        accepted = cast("asyncio.Transport", transport)
        peer = accepted.get_extra_info("peername")
        if peer and not self._connections.admit(client_of(peer[0]), accepted):
            accepted.abort()
            return
        self._wait_for(accepted)
        serving = self._handler()
        accepted.set_protocol(serving)
        serving.connection_made(accepted)
