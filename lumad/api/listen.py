"""The door's socket, opened before anything else so that a busy port costs no light."""

import errno
import os
import socket
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import ifaddr

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


def listen_locally(path: Path) -> socket.socket:
    """A Unix socket that only this user can open; what a killed desk left there goes. Raises NetworkError."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        path.unlink(missing_ok=True)
        sock.bind(str(path))
        sock.listen(16)
    except OSError as fault:
        sock.close()
        raise NetworkError(f"cannot listen at {path}: {fault.strerror}") from None
    finally:
        os.umask(before)
    return sock


def own_addresses(bind: str) -> list[str]:
    """The addresses at which others reach a door on `bind`, as text; none on loopback."""
    given = ip_address("127.0.0.1" if bind == "localhost" else bind)
    if not given.is_unspecified:
        return [] if given.is_loopback else [bind]
    texts = [
        ip.ip if isinstance(ip.ip, str) else ip.ip[0]
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
    ]
    kept = [
        one
        for one in map(ip_address, texts)
        if one.version == given.version and not (one.is_loopback or one.is_link_local)
    ]
    return [str(one) for one in kept]
