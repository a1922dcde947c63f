"""Faults as application/problem+json (RFC 9457); a client never sees a traceback."""

import json
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from http import HTTPStatus
from itertools import islice
from typing import Any

from aiohttp import web

from lumad.errors import DocumentError, EditError, Fault, LumadError, StaleRevisionError, UnknownNameError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STATUS: tuple[tuple[type[LumadError], HTTPStatus], ...] = (
    (UnknownNameError, HTTPStatus.NOT_FOUND),
    (StaleRevisionError, HTTPStatus.PRECONDITION_FAILED),
    (EditError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (DocumentError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (LumadError, HTTPStatus.SERVICE_UNAVAILABLE),
)

MOST_FAULTS = 50
LONGEST_STEP, LONGEST_DETAIL = 80, 2000  # characters: an answer never echoes a megabyte

log = logging.getLogger("lumad.api")


class RequestError(LumadError):
    """A request that is refused by its form: `status` and one line for its sender."""

    def __init__(self, status: HTTPStatus, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = dict(headers or {})


def problem_form(status: int, detail: str, faults: Iterable[Fault] = ()) -> dict[str, Any]:
    """The members of a problem: type, title, status, detail, faults (path and message each)."""
    listed = [
        {"path": ".".join(str(step)[:LONGEST_STEP] for step in fault.path), "message": fault.message}
        for fault in islice(faults, MOST_FAULTS)
    ]
    title, said = HTTPStatus(status).phrase, detail[:LONGEST_DETAIL]
    return {"type": "about:blank", "title": title, "status": int(status), "detail": said, "faults": listed}


def problem_of(error: LumadError) -> dict[str, Any]:
    """The problem that an error is to a client."""
    if isinstance(error, RequestError):
        return problem_form(error.status, str(error))
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    faults = error.faults if isinstance(error, EditError | DocumentError) else ()
    return problem_form(status, str(error), faults)


def answer(form: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    """A problem as a response."""
    return web.Response(
        text=json.dumps(form), status=form["status"], content_type="application/problem+json", headers=headers
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns what handlers raise into problems; the unexpected is logged and answered by a bare 500."""
    try:
        return await handler(request)
    except web.HTTPException as fault:
        if fault.status < HTTPStatus.BAD_REQUEST:
            raise
        kept = {name: value for name, value in fault.headers.items() if name == "Allow"}
        return answer(problem_form(fault.status, _detail(request, fault)), kept)
    except LumadError as error:
        return answer(problem_of(error), error.headers if isinstance(error, RequestError) else None)
    except ConnectionError:
        raise  # the client is gone; there is nobody to answer
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return answer(problem_form(500, "lumad failed here; its log says where"))


def _detail(request: web.Request, fault: web.HTTPException) -> str:
    match fault.status:
        case 404:
            return f"there is nothing at {request.path}"
        case 405:
            return f"{request.path} knows no {request.method}"
        case 413:
            return "a body is at most 1 MiB"
    return fault.reason
