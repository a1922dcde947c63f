"""What the door needs of the running light path; the daemon is one, tests have their own."""

from typing import Any, Protocol

from aiohttp import web

from lumad.show.store import Store


class Desk(Protocol):
    """The running light path seen from the door; every method is quick, none waits for the light."""

    store: Store

    def status(self) -> dict[str, Any]:
        """`feed`, `engine`, `renderer`, `outputs`, `warnings`, `unsaved`: for the status line."""

    def ready(self) -> list[str]:
        """Why frames or output do not run; empty when they do."""

    def levels(self, universe: int) -> bytes | None:
        """The newest 512 levels of a universe that left, None if it is not sent."""

    def swatches(self) -> dict[str, Any]:
        """`regions`, `fixtures`, `stage`: by id, the colours to show as #rrggbb."""

    async def preview(self, width: int) -> tuple[int, bytes] | None:
        """Number and JPEG of the newest frame, `width` pixels wide, made in a thread; None: none yet."""

    def profiles(self) -> list[dict[str, Any]]:
        """id, name, status and modes of every profile there is."""


DESK: web.AppKey[Desk] = web.AppKey("desk")


def desk_of(request: web.Request) -> Desk:
    """The desk behind this request."""
    return request.app[DESK]


def store_of(request: web.Request) -> Store:
    """The store behind this request."""
    return request.app[DESK].store
