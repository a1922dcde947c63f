"""The page itself: plain files of web/, checked by the browser at each load."""

from pathlib import Path

from aiohttp import web

from lumad.resources import web_dir

routes = web.RouteTableDef()
_HEADERS = {"Cache-Control": "no-cache"}  # with ETag and Last-Modified: a 304 as long as nothing changed


@routes.get("/")
async def get_index(_: web.Request) -> web.StreamResponse:
    """index.html."""
    return _file("index.html")


@routes.get(r"/{file:(?!api/|health/).+\.[a-z0-9]+}")
async def get_file(request: web.Request) -> web.StreamResponse:
    """A script, style, font or picture of the page."""
    return _file(request.match_info["file"])


def _file(name: str) -> web.FileResponse:
    root = web_dir().resolve()
    path = _inside(root, name)
    if path is None:
        raise web.HTTPNotFound
    return web.FileResponse(path, headers=_HEADERS)


def _inside(root: Path, name: str) -> Path | None:
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):  # a name too long, a NUL in it
        return None
