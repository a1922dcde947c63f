"""The door's socket, opened before anything else so that a busy port costs no light."""

import errno
import socket
from ipaddress import IPv4Address, ip_address

from lumad.errors import NetworkError

_REASONS = {
    errno.EADDRINUSE: "port {port} is held by another program (try --port 0)",
    errno.EADDRNOTAVAIL: "{bind} is no address of this machine",
    errno.EACCES: "port {port} needs rights that lumad does not have (try --port 8080)",
}


def listen(bind: str, port: int) -> socket.socket:
    """A socket that listens on `bind`; port 0: any free one. Raises NetworkError."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    try:
        return socket.create_server((bind, port), family=family, backlog=128)
    except OSError as fault:
        reason = _REASONS.get(fault.errno or 0, "cannot listen on {bind}:{port}: " + str(fault))
        raise NetworkError(reason.format(bind=bind, port=port)) from None


def shown_host(bind: str) -> str:
    """What to write into a URL so that others can open it: for "every address", one of this machine's."""
    if bind == "localhost" or not ip_address(bind).is_unspecified:
        return bind
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))  # RFC 5737: only asks the routing table, sends nothing
            return str(IPv4Address(sock.getsockname()[0]))
        except OSError:
            return "127.0.0.1"  # nowhere to route to: only this machine can open it
