"""/api/v1/dmx: what leaves, and what else is on the network."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Literal, NamedTuple

from aiohttp import web

from lumad.api.body import json_reply
from lumad.api.desk import Desk, desk_of
from lumad.api.openapi import ANY_OBJECT, told
from lumad.api.problem import RequestError
from lumad.api.viewer import Viewer
from lumad.errors import UnknownNameError

LAST_UNIVERSE = {"sacn": 63999, "artnet": 32767}

routes = web.RouteTableDef()


class Want(NamedTuple):
    """Levels that somebody wants to see: those that left (both None), all sources' together, or one's.

    `universe`: the show's where `protocol` is None; else sACN's, or Art-Net's port-address. `source`: a CID,
    an IP address, or a name.
    """

    universe: int
    protocol: Literal["sacn", "artnet"] | None = None
    source: str | None = None

    @classmethod
    def of(cls, universe: Any, protocol: Any, source: Any) -> "Want":
        """From a request; RequestError 400 where it is none."""
        if protocol not in (None, "sacn", "artnet"):
            raise RequestError(HTTPStatus.BAD_REQUEST, "protocol is sacn or artnet")
        if source is not None and not isinstance(source, str):
            raise RequestError(HTTPStatus.BAD_REQUEST, "source is a CID, an address or a name")
        known: Any = protocol or (None if source is None else "sacn")
        last = LAST_UNIVERSE[known or "sacn"]
        if isinstance(universe, bool) or not isinstance(universe, int) or not 0 <= universe <= last:
            raise RequestError(HTTPStatus.BAD_REQUEST, f"universe is a number up to {last}")
        return cls(universe, known, source)

    @property
    def told(self) -> dict[str, Any]:
        """The want itself, as it stands in an answer."""
        return {"universe": self.universe, "protocol": self.protocol, "source": self.source}


@routes.get("/api/v1/dmx")
@told(reply=ANY_OBJECT, query={"levels": {"enum": ["true", "false"]}})
async def get_network(request: web.Request) -> web.Response:
    """Every universe and source on the network, ours among them; the first request listens for a second."""
    desk, levels = desk_of(request), request.query.get("levels", "false")
    if levels not in ("true", "false"):
        raise RequestError(HTTPStatus.BAD_REQUEST, "levels is true or false")
    await desk.listen()
    return json_reply(desk.network(levels=levels == "true"))


@routes.get(r"/api/v1/dmx/{universe:[0-9]{1,5}}")
@told(
    reply=ANY_OBJECT,
    query={"protocol": {"enum": ["sacn", "artnet"]}, "source": {"type": "string", "minLength": 1}},
)
async def get_levels(request: web.Request) -> web.Response:
    """The newest 512 levels of a universe that we send, or of one on the network, by all or one source."""
    desk = desk_of(request)
    universe = int(request.match_info["universe"])
    want = Want.of(universe, request.query.get("protocol"), request.query.get("source"))
    if want.protocol:
        await desk.listen(universe if want.protocol == "sacn" else None)
    seen = _seen(desk, want)
    if seen is None:
        who = f" by {want.source}" if want.source else ""
        raise UnknownNameError(f"universe {universe} is not sent{who}")
    return json_reply(seen)


class Watched:
    """Which page watches which universe; each is told what it does not have yet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._wants: dict[Viewer, tuple[Want, str]] = {}

    def want(self, viewer: Viewer, want: Want | None) -> None:
        """One at a time; None ends it."""
        self._wants.pop(viewer, None)
        if want is not None:
            self._wants[viewer] = want, ""

    def tell(self) -> None:
        """Posts levels to those who have others."""
        texts = {want: "" for want, _ in self._wants.values()}
        for want in texts:
            seen = _seen(self._desk, want) or {"levels": None}
            texts[want] = json.dumps({"type": "dmx", **want.told, "levels": seen["levels"]})
        for viewer, (want, shown) in self._wants.items():
            if shown != (text := texts[want]):
                self._wants[viewer] = want, text
                viewer.post("dmx", lambda text=text: text)  # type: ignore[misc] # mypy infers no default


def _seen(desk: Desk, want: Want) -> dict[str, Any] | None:
    if want.protocol is None:
        levels = desk.levels(want.universe)
        return None if levels is None else {"universe": want.universe, "levels": list(levels)}
    universe = desk.universe(want.protocol, want.universe)
    if universe is None or want.source is None:
        return universe
    source = next((one for one in universe["sources"] if _is(one, want.source)), None)
    if source is None:
        return None
    place = {key: universe[key] for key in universe.keys() - {"sources", "levels"}}
    return {**place, **source, "levels": [*source["levels"], *[0] * (512 - len(source["levels"]))]}


def _is(source: Mapping[str, Any], called: str) -> bool:
    """Whether a source is called so; CIDs are written with hyphens or without."""
    return source["source"] == called.replace("-", "").lower() or called in (
        source["address"],
        source["name"],
    )
