"""The kernel's word that an interface or an address came, went or changed (rtnetlink(7))."""

import errno
import socket

# linux/rtnetlink.h: links, and addresses of both families
_GROUPS = 0x1 | 0x10 | 0x100
_NETLINK_ROUTE = 0
_LONGEST = 1 << 16


class LinkNews:
    """Tells that something changed, not what: whoever cares looks at the interfaces themselves."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None
        try:
            kind = socket.SOCK_RAW | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC
            self._socket = socket.socket(socket.AF_NETLINK, kind, _NETLINK_ROUTE)
            self._socket.bind((0, _GROUPS))
        except OSError:  # a sandbox without netlink: interfaces are looked up once in a while all the same
            self.close()

    def came(self) -> bool:
        """Whether there is news since the last time."""
        news = False
        while self._socket is not None:
            try:
                self._socket.recv(_LONGEST)
            except OSError as error:
                return news or error.errno == errno.ENOBUFS  # more news than the socket could hold
            news = True
        return news

    def close(self) -> None:
        """Stops listening."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
