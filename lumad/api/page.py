"""The page itself: plain files of web/, compressed once, checked by the browser at each load."""

import gzip
import mimetypes
import re
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from aiohttp import hdrs, web

from lumad.resources import web_dir

routes = web.RouteTableDef()
_HEADERS = {"Cache-Control": "no-cache"}  # with ETag and Last-Modified: a 304 as long as nothing changed
_COMMENTS = re.compile(rb"^[ \t]*(?:/\*\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)[ \t]*$", re.MULTILINE)
_TEXTS = (".html", ".js", ".css", ".svg")


@routes.get("/")
async def get_index(request: web.Request) -> web.StreamResponse:
    """index.html."""
    return _file(request, "index.html")


def pair_page(status: int = 200) -> web.Response:
    """pair.html, for `/pair`, and in place of the page for a device that nobody has let in."""
    text = (web_dir() / "pair.html").read_text()
    return web.Response(text=text, status=status, content_type="text/html", headers=_HEADERS)


@routes.get("/pair")
async def get_pair_page(_: web.Request) -> web.Response:
    """The page that lets a device in."""
    return pair_page()


@routes.get(r"/{file:(?!api/|health/).+\.[a-z0-9]+}")
async def get_file(request: web.Request) -> web.StreamResponse:
    """A script, style, font or picture of the page."""
    return _file(request, request.match_info["file"])


def _file(request: web.Request, name: str) -> web.StreamResponse:
    root = web_dir().resolve()
    path = _inside(root, name)
    if path is None:
        raise web.HTTPNotFound
    wanted = request.headers.get(hdrs.ACCEPT_ENCODING, "").lower()
    if path.suffix not in _TEXTS or "gzip" not in wanted:
        return web.FileResponse(path, headers=_HEADERS)
    return _compressed(request, path)


def _compressed(request: web.Request, path: Path) -> web.Response:
    """The file in gzip, or 304 where the browser has this very version."""
    about = path.stat()
    version = f"{about.st_mtime_ns:x}-{about.st_size:x}-gzip"
    response = web.Response(headers=_HEADERS | {hdrs.VARY: hdrs.ACCEPT_ENCODING})
    response.etag = version
    if any(tag.value in (version, "*") for tag in request.if_none_match or ()):
        response.set_status(HTTPStatus.NOT_MODIFIED)
        return response
    response.body = packed(path, version)
    response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    response.content_type = mimetypes.guess_type(path.name)[0] or "text/plain"
    response.charset = "utf-8"
    return response


@lru_cache(maxsize=256)
def packed(path: Path, _version: str) -> bytes:
    """A text of the page in gzip, once for each version of it; scripts without the comments of whole lines.

    Their lines stay, so that a trace in the browser's console names those of the source.
    """
    text = path.read_bytes()
    if path.suffix == ".js":
        text = _COMMENTS.sub(lambda comment: b"\n" * comment[0].count(b"\n"), text)
    return gzip.compress(text, mtime=0)


def _inside(root: Path, name: str) -> Path | None:
    try:
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):  # a name too long, a NUL in it
        return None
