"""Who may come in: Host and Origin against foreign pages, a token against foreign machines."""

import hmac
import ipaddress
import re
import secrets
from http import HTTPStatus

from aiohttp import hdrs, web

from lumad.api.problem import Handler, RequestError

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_HOST = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::[0-9]{1,5})?")


def new_token() -> str:
    """192 random bits for the printed URL."""
    return secrets.token_urlsafe(24)


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def page_url(host: str, port: int, token: str | None) -> str:
    """The URL to print: where the page is, with the token that opens it."""
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/" + (f"?token={token}" if token else "")


class Guard:
    """Those rules as a middleware, `admit`; `token` None lets every program of this machine in."""

    def __init__(self, bind: str, token: str | None) -> None:
        if token is None and not is_loopback(bind):
            raise ValueError("beyond loopback there is no door without a token")
        self._bind = bind
        self._token = token.encode() if token else None

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuses by 421 (Host), 403 (Origin) or 401 (token); a right `?token=` becomes a cookie."""
        self._check_host(request)
        self._check_origin(request)
        if self._token is None:
            return await handler(request)
        if request.method == "GET" and self._is_right(request.query.get("token")):
            return self._signed_in(request)
        if not self._is_right(self._shown_token(request)):
            detail = (
                "open the URL that lumad printed at its start, or send its token as Authorization: Bearer"
            )
            raise RequestError(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
        return await handler(request)

    def _check_host(self, request: web.Request) -> None:
        """A name that is not ours means that a foreign page had it resolved to us (DNS rebinding)."""
        match = _HOST.fullmatch(request.headers.get(hdrs.HOST, "").lower())
        host = (match[1] or match[2]) if match else ""
        if host in ("localhost", self._bind) or is_loopback(host):
            return
        here = request.transport.get_extra_info("sockname") if request.transport else None
        if not (here and host == here[0]):
            raise RequestError(
                HTTPStatus.MISDIRECTED_REQUEST, "use the address that lumad printed at its start"
            )

    def _check_origin(self, request: web.Request) -> None:
        origin = request.headers.get(hdrs.ORIGIN)
        socket = request.headers.get(hdrs.UPGRADE) is not None
        if origin is None or (request.method in _SAFE_METHODS and not socket):
            return
        if origin.lower() != f"{request.scheme}://{request.headers[hdrs.HOST]}".lower():
            raise RequestError(HTTPStatus.FORBIDDEN, "another page may not control the lights")

    def _shown_token(self, request: web.Request) -> str | None:
        kind, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else request.cookies.get(_cookie(request))

    def _is_right(self, token: str | None) -> bool:
        assert self._token is not None
        return token is not None and hmac.compare_digest(token.encode(errors="replace"), self._token)

    def _signed_in(self, request: web.Request) -> web.Response:
        here = "/" + request.rel_url.raw_path.lstrip("/")
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": here})
        assert self._token is not None
        response.set_cookie(
            _cookie(request), self._token.decode(), httponly=True, samesite="Strict", path="/"
        )
        return response


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """The security headers, on every response."""
    response.headers.update(HEADERS)


def _cookie(request: web.Request) -> str:
    """Cookies know no ports: the name keeps two lumads of one machine apart."""
    here = request.transport.get_extra_info("sockname") if request.transport else None
    return f"lumad-{here[1]}" if here else "lumad"
