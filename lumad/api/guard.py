"""Who may come in: Host and Origin against foreign pages, a device's token against strangers."""

import ipaddress
import math
import re
import socket
import time
from collections.abc import Collection
from http import HTTPStatus

from aiohttp import hdrs, web

from lumad.api.devices import DEVICE, LASTS_S, ROLE, Device, People
from lumad.api.limits import WRITES_A_S, WRITES_AT_ONCE, Buckets, client_of
from lumad.api.page import pair_page
from lumad.api.problem import Handler, RequestError
from lumad.api.roles import Role, allow_request, is_public
from lumad.api.take import allow_request_in_take

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_NEVER_LATE = ("PUT", "/api/v1/blackout")
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::[0-9]{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def page_url(host: str, port: int, *, tls: bool = False) -> str:
    """Where the page is, ending in a slash."""
    shown = f"[{host}]" if ":" in host else host
    return f"{'https' if tls else 'http'}://{shown}:{port}/"


class Guard:
    """Those rules as a middleware, `admit`; without `people` every program of this machine is let in.

    `names` are the host names that are ours; more may join while it runs. Sets the request's ROLE and
    DEVICE (None: a program of this machine).
    """

    def __init__(self, bind: str, people: People | None, names: Collection[str] = ()) -> None:
        if people is None and not is_loopback(bind):
            raise ValueError("beyond loopback there is no door without a sign-in")
        self._bind = bind
        self._people = people
        self._names = names
        self._writes = Buckets(WRITES_A_S, WRITES_AT_ONCE)

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuses by 421 (Host), 403 (Origin, role), 401 (no sign-in) or 429 (too many writes)."""
        self._check_host(request)
        self._check_origin(request)
        local = self._people is None or is_local_socket(request)
        device = None if self._people is None or local else self._device(self._people, request)
        role = Role.ADMIN if local else device.role if device else None
        request[DEVICE], request[ROLE] = device, role
        if not local:
            if device is None and not is_public(request):
                return _sign_in(request)
            self._check_pace(request, device)
        await allow_request(request, role)
        await allow_request_in_take(request, role)
        response = await handler(request)
        token = request.cookies.get(cookie_name(request))
        if device is not None and token and request.path == "/":
            remember(request, response, token)  # so that 30 days begin anew
        return response

    def _check_host(self, request: web.Request) -> None:
        """A name that is not ours means that a foreign page had it resolved to us (DNS rebinding)."""
        match = _HOST.fullmatch(request.headers.get(hdrs.HOST, "").lower())
        host = (match[1] or match[2]) if match else ""
        if host in ("localhost", self._bind) or host in self._names or is_loopback(host):
            return
        if not (host and host == _here(request)[0]):
            raise RequestError(
                HTTPStatus.MISDIRECTED_REQUEST, "use the address that lumad printed at its start"
            )

    def _check_origin(self, request: web.Request) -> None:
        origin = request.headers.get(hdrs.ORIGIN)
        opens_socket = request.headers.get(hdrs.UPGRADE) is not None
        if origin is None or (request.method in _SAFE_METHODS and not opens_socket):
            return
        if origin.lower() != f"{request.scheme}://{request.headers[hdrs.HOST]}".lower():
            raise RequestError(HTTPStatus.FORBIDDEN, "another page may not control the lights")

    def _device(self, people: People, request: web.Request) -> Device | None:
        kind, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        shown = token.strip() if kind.lower() == "bearer" else request.cookies.get(cookie_name(request))
        return people.who(shown) if shown else None

    def _check_pace(self, request: web.Request, device: Device | None) -> None:
        if request.method in _SAFE_METHODS or (request.method, request.path) == _NEVER_LATE:
            return
        client = device.id if device else client_of(request.remote or "")
        if wait := self._writes.take(client, time.monotonic()):
            raise too_fast(wait)


def too_fast(wait_s: float) -> RequestError:
    """429 that says when to come again."""
    seconds = math.ceil(wait_s)
    return RequestError(
        HTTPStatus.TOO_MANY_REQUESTS, f"too fast; again in {seconds} s", {hdrs.RETRY_AFTER: str(seconds)}
    )


def is_local_socket(request: web.Request) -> bool:
    """Whether it came through the socket in the runtime directory, which only its owner can open."""
    raw = request.transport.get_extra_info("socket") if request.transport else None
    return raw is not None and raw.family == socket.AF_UNIX


def remember(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Has the browser keep a device's token, out of reach of scripts."""
    response.set_cookie(
        cookie_name(request),
        token,
        max_age=round(LASTS_S),
        path="/",
        secure=request.secure,
        httponly=True,
        samesite="Strict",
    )


def cookie_name(request: web.Request) -> str:
    """Cookies know no ports: the name keeps two lumads of one machine apart."""
    return f"lumad-{_here(request)[1]}"


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """The security headers, on every response."""
    response.headers.update(HEADERS)


def _sign_in(request: web.Request) -> web.Response:
    if request.path == "/" and request.method in _SAFE_METHODS:
        return pair_page(HTTPStatus.UNAUTHORIZED)
    detail = "pair this device at /pair, or send its token as Authorization: Bearer"
    raise RequestError(HTTPStatus.UNAUTHORIZED, detail, {hdrs.WWW_AUTHENTICATE: "Bearer"})


def _here(request: web.Request) -> tuple[str, int]:
    """Address and port of this end."""
    here = request.transport.get_extra_info("sockname") if request.transport else None
    return (here[0], here[1]) if isinstance(here, tuple) else ("", 0)
