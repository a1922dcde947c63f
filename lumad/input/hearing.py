"""Multicast groups overheard without an event loop: one descriptor to wait for, however many groups.

Each socket is bound to its group, so that it takes no unicast away from another program of this machine.
"""

import select
import socket
import struct
from collections.abc import Callable, Collection

from lumad.protocols import e131

MOST_GROUPS = 512  # a socket each
DATAGRAMS_AT_ONCE = 64  # taken from one socket at a time
LONGEST = 2048  # bytes
RECEIVE_BUFFER = 1 << 18  # bytes: what comes while the engine is at a frame

_IP_MULTICAST_ALL, _IPV6_MULTICAST_ALL = 49, 29  # linux/in.h, linux/in6.h


class Hearing:
    """sACN groups, IPv4 or IPv6, by interfaces of some indices."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._listening: tuple[tuple[str, ...], tuple[int, ...]] = ((), ())
        self.warning = ""

    def fileno(self) -> int:
        """Readable when something has come."""
        return self._poll.fileno()

    def listen(self, groups: Collection[str], indices: Collection[int]) -> None:
        """Overhears these groups by these interfaces; nothing happens if it does already."""
        wanted = (tuple(groups)[:MOST_GROUPS], tuple(indices))
        if wanted == self._listening:
            return
        self.silence()
        more = len(groups) - MOST_GROUPS
        self._listening = wanted
        self.warning = f"{more} universes are not overheard: {MOST_GROUPS} are the most" if more > 0 else ""
        for group in wanted[0] if wanted[1] else ():
            try:
                ear = _bound(group, wanted[1])
            except OSError as error:
                self.warning = f"{group} cannot be overheard: {error.strerror or error}"
                continue
            self._sockets[ear.fileno()] = ear
            self._poll.register(ear, select.EPOLLIN)

    def drain(self, hear: Callable[[bytes, float], None], now: float) -> None:
        """Hands on what has come, as heard `now`."""
        for descriptor, _ in self._poll.poll(0):
            ear = self._sockets[descriptor]
            for _ in range(DATAGRAMS_AT_ONCE):
                try:
                    hear(ear.recv(LONGEST), now)
                except OSError:  # EAGAIN: all taken; anything else concerns one datagram
                    break

    def silence(self) -> None:
        """Overhears nothing any more; the next `listen` joins anew, which a switch is told."""
        for ear in self._sockets.values():
            self._poll.unregister(ear)
            ear.close()
        self._sockets.clear()
        self._listening = ((), ())

    def close(self) -> None:
        """Gives all back."""
        self.silence()
        self._poll.close()


def _bound(group: str, indices: Collection[int]) -> socket.socket:
    ipv6 = ":" in group
    family = socket.AF_INET6 if ipv6 else socket.AF_INET
    ear = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        ear.bind((group, e131.PORT))
        for index in indices:
            if ipv6:
                ear.setsockopt(socket.IPPROTO_IPV6, _IPV6_MULTICAST_ALL, 0)
                membership = socket.inet_pton(socket.AF_INET6, group) + struct.pack("=I", index)
                ear.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
            else:
                ear.setsockopt(socket.IPPROTO_IP, _IP_MULTICAST_ALL, 0)
                membership = struct.pack("=4s4xi", socket.inet_aton(group), index)  # struct ip_mreqn
                ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    except OSError:
        ear.close()
        raise
    return ear
