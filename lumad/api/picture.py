"""/api/v1/frame.jpg: the wall as it is sampled."""

from http import HTTPStatus

from aiohttp import web

from lumad.api.desk import desk_of
from lumad.api.openapi import told
from lumad.api.problem import RequestError
from lumad.errors import EditError, Fault

routes = web.RouteTableDef()
LEAST_WIDTH, MOST_WIDTH, USUAL_WIDTH = 16, 3840, 640
_JPEG = {"type": "string", "format": "binary"}
_WIDTH = {"type": "integer", "minimum": LEAST_WIDTH, "maximum": MOST_WIDTH, "default": USUAL_WIDTH}


def width_of(text: str) -> int:
    """The width asked for, in pixels; EditError where it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and LEAST_WIDTH <= int(text) <= MOST_WIDTH):
        raise EditError([Fault(("width",), f"must be a whole number from {LEAST_WIDTH} to {MOST_WIDTH}")])
    return int(text)


@routes.get("/api/v1/frame.jpg")
@told(reply=_JPEG, reply_types=("image/jpeg",), query={"width": _WIDTH})
async def get_frame(request: web.Request) -> web.Response:
    """The newest frame as JPEG; `?width=` in pixels; 503 before the first frame."""
    picture = await desk_of(request).preview(width_of(request.query.get("width", str(USUAL_WIDTH))))
    if picture is None:
        raise RequestError(HTTPStatus.SERVICE_UNAVAILABLE, "there is no picture yet", {"Retry-After": "1"})
    number, jpeg = picture
    headers = {"Cache-Control": "no-store", "Lumad-Frame": str(number)}
    return web.Response(body=jpeg, content_type="image/jpeg", headers=headers)
