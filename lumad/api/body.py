"""Request bodies, revisions and replies: the same few lines of every resource."""

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

from aiohttp import web

from lumad.api.desk import store_of
from lumad.api.problem import RequestError
from lumad.documents import MAX_DEPTH
from lumad.errors import StaleRevisionError

MAX_BODY = 1 << 20
MAX_FILE = 64 << 20
BODY_S, FILE_S = 20.0, 300.0  # how long a body may take to arrive
_JSON_TYPES = ("application/json", "application/merge-patch+json")
_TAG = re.compile(r'(W/)?"([^"]*)"')


def read_json(text: str | bytes) -> Any:
    """The value of a JSON text; ValueError says in plain words what JSON or lumad does not take."""
    try:
        value = json.loads(
            text, parse_constant=_no_constant, parse_float=_finite, object_pairs_hook=_no_twins
        )
    except UnicodeDecodeError:
        raise ValueError("the text is not UTF-8") from None
    except json.JSONDecodeError as fault:
        raise ValueError(f"no JSON: {fault.msg} at line {fault.lineno} column {fault.colno}") from None
    except RecursionError:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels") from None
    if _depth_beyond(value, MAX_DEPTH):
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    if not _is_text(value):
        raise ValueError("half a character (a lone surrogate) is no text")
    return value


async def json_body(request: web.Request) -> Any:
    """The request's JSON value; raises RequestError 415 (another content type) or 400 (no JSON)."""
    if request.content_type not in _JSON_TYPES:
        raise RequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body must be application/json")
    try:
        async with _patience(BODY_S):
            data = await request.read()
        return read_json(data)
    except ValueError as fault:
        raise RequestError(HTTPStatus.BAD_REQUEST, str(fault)) from None


async def file_body(request: web.Request, types: Sequence[str]) -> bytes:
    """The file that is the whole body; RequestError 415 (another content type) or 413 (too long)."""
    if request.content_type not in types:
        detail = f"send the file itself as the body, as {types[0]}"
        raise RequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    parts, size = [], 0
    async with _patience(FILE_S):
        async for part in request.content.iter_any():
            size += len(part)
            if size > MAX_FILE:
                detail = f"a file is at most {MAX_FILE >> 20} MiB"
                raise RequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
            parts.append(part)
    return b"".join(parts)


@asynccontextmanager
async def _patience(seconds: float) -> AsyncIterator[None]:
    """Whoever sends byte by byte holds a place that others need; RequestError 408, and the line is cut."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        detail = f"the body did not arrive within {seconds:g} s"
        raise RequestError(HTTPStatus.REQUEST_TIMEOUT, detail, {"Connection": "close"}) from None


def base_revision(request: web.Request, *, needed: bool) -> int | None:
    """The revision that If-Match names, None for `*` or none; 428 where needed, 412 where past."""
    header = request.headers.get("If-Match")
    if header is None:
        if needed:
            detail = "send If-Match with the ETag of the show, so that nobody's work is overwritten"
            raise RequestError(HTTPStatus.PRECONDITION_REQUIRED, detail)
        return None
    if header.strip() == "*":
        return None
    revision = store_of(request).revision
    if str(revision) not in (tag for weak, tag in _TAG.findall(header) if not weak):
        raise StaleRevisionError(f"the show is at revision {revision}, the request was made for {header}")
    return revision


def json_reply(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON response that no cache keeps."""
    text = json.dumps(body, allow_nan=False)
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return web.Response(text=text, status=status, content_type="application/json", headers=kept)


def show_reply(
    request: web.Request, body: Any, status: int = 200, location: str | None = None
) -> web.Response:
    """A part of the show with the revision as its ETag; 304 where the client has it already."""
    tag = f'"{store_of(request).revision}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"} | ({"Location": location} if location else {})
    if request.method in ("GET", "HEAD") and request.headers.get("If-None-Match") == tag:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    if body is None:
        return web.Response(status=HTTPStatus.NO_CONTENT, headers=headers)
    return json_reply(body, status, headers)


def _no_constant(word: str) -> None:
    raise ValueError(f"{word} is not a finite number")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:20]} is not a finite number")
    return number


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for name, one in pairs:
        if name in value:
            raise ValueError(f"the key {name[:80]!r} stands twice")
        value[name] = one
    return value


def _is_text(value: Any) -> bool:
    """JSON can escape halves of characters, which no file and no terminal takes."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _depth_beyond(value: Any, left: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return left == 0 or any(_depth_beyond(part, left - 1) for part in inner)
