"""What the door needs of the running light path; the daemon is one, tests have their own."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

from aiohttp import web

from lumad.show.journal import Journal
from lumad.show.store import Store
from lumad.show.takes import Takes


class Desk(Protocol):
    """The running light path seen from the door; every method is quick, none waits for the light."""

    store: Store
    journal: Journal
    takes: Takes

    def attend(self, *, present: bool) -> None:
        """Whether any page is open."""

    def status(self) -> dict[str, Any]:
        """`feed`, `engine`, `renderer`, `outputs`, `warnings`, `unsaved`: for the status line."""

    def ready(self) -> list[str]:
        """Why frames or output do not run; empty when they do."""

    def levels(self, universe: int) -> bytes | None:
        """The newest 512 levels of a universe that left, None if it is not sent."""

    async def listen(self, universe: int | None = None) -> None:
        """Overhears all DMX on the network, and this sACN universe, for a while; returns when settled."""

    def network(self, *, levels: bool) -> dict[str, Any]:
        """`universes` with their sources, `announced`, `counts`, `conflicts`; see `input.monitor`."""

    def universe(self, protocol: Literal["sacn", "artnet"], number: int) -> dict[str, Any] | None:
        """One of them with levels; whoever asks again soon keeps it overheard. None: nobody sends it."""

    def swatches(self) -> dict[str, Any]:
        """`regions`, `fixtures`, `stage`: by id, the colours to show as #rrggbb."""

    def stand_by(self, do: str) -> None:
        """An operator's word to a standby, one of `api.standby.ORDERS`."""

    async def preview(self, width: int) -> tuple[int, bytes] | None:
        """Number and JPEG of the newest frame, `width` pixels wide, made in a thread; None: none yet."""

    async def explain(self, name: str) -> dict[str, Any] | None:
        """Why a fixture of the show gives the light it gives (api/explain.py); None: not worked out yet."""

    async def keep_profile(self, form: Mapping[str, Any]) -> None:
        """Writes a profile that is not there yet into the user's library; LumadError where it cannot."""


DESK: web.AppKey[Desk] = web.AppKey("desk")


def desk_of(request: web.Request) -> Desk:
    """The desk behind this request."""
    return request.app[DESK]


def store_of(request: web.Request) -> Store:
    """The store behind this request."""
    return request.app[DESK].store
