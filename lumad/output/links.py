"""Whether the cable is in: what the kernel says of each interface (rtnetlink(7))."""

import os
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass

# linux/netlink.h, linux/rtnetlink.h, linux/if_link.h, linux/if.h
_NETLINK_ROUTE = 0
_GETLINK, _NEWLINK, _DONE, _ERROR = 18, 16, 3, 2
_REQUEST_DUMP = 0x301
_NAME, _CARRIER_CHANGES = 3, 35
_UP, _LOOPBACK, _RUNNING, _MULTICAST, _LOWER_UP = 0x1, 0x8, 0x40, 0x1000, 0x10000
_HEADER = struct.Struct("=IHHII")
_LINK = struct.Struct("=BxHiII")
_ATTRIBUTE = struct.Struct("=HH")
_LONGEST = 1 << 17
_PATIENCE_S = 0.2

LINK_SETTLES_S = 1.0  # a link must have been up for so long before what it brings, or does not, counts


@dataclass(frozen=True, slots=True)
class Link:
    """An interface. `up`: administratively, and its cable is in; `changes`: how often it came and went."""

    name: str
    index: int
    up: bool
    shared: bool  # it can multicast, and leads out of this machine
    changes: int


def links() -> list[Link]:
    """All interfaces of this network namespace; [] where the kernel or a sandbox does not say."""
    found: list[Link] = []
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, _NETLINK_ROUTE) as asked:
            asked.settimeout(_PATIENCE_S)
            request = _LINK.pack(socket.AF_UNSPEC, 0, 0, 0, 0)
            asked.send(_HEADER.pack(_HEADER.size + len(request), _GETLINK, _REQUEST_DUMP, 1, 0) + request)
            while _take(asked.recv(_LONGEST), found):
                pass
    except OSError:
        return []
    return found


def chosen(
    names: set[str | None], found: list[Link], former: Mapping[str | None, int] | None = None
) -> list[Link] | None:
    """The interfaces meant by these names, None among them: the only one that leads out; None: not there.

    `former`: indices that the names had; one that was renamed is still meant, as it is sent by.
    """
    by_index = {link.index: link for link in found}
    renamed = {name: by_index[index] for name, index in (former or {}).items() if index in by_index}
    by_name: dict[str | None, Link] = {**renamed, **{link.name: link for link in found}}
    meant: list[Link] = []
    for name in sorted(names, key=str):
        shared = [link for link in found if link.shared]
        choices = [link for link in shared if link.up] or shared
        link = by_name.get(name) if name is not None else choices[0] if len(choices) == 1 else None
        if link is None:
            return None
        meant.append(link)
    return meant


class Cable:
    """For how long the interfaces of some names have been up without a break."""

    def __init__(self) -> None:
        self.links: list[Link] = []
        self._since: float | None = None
        self._looked = False
        self._indices: dict[str | None, int] = {}

    def look(self, names: set[str | None], now: float) -> None:
        """Asks the kernel."""
        found = links()
        meant = chosen(names, found, self._indices) or []
        self._indices |= {link.name: link.index for link in found if link.name in names}
        if not meant or not all(link.up for link in meant):
            self._since = None
        elif self._since is None or meant != self.links:
            self._since = now if self._looked else now - _LONG_AGO_S
        self.links, self._looked = meant, True

    def up_s(self, now: float) -> float | None:
        """Seconds since they came up; None while one is down."""
        return None if self._since is None else now - self._since


_LONG_AGO_S = 3600.0  # who finds its cable in at its start has no break behind it


def _take(data: bytes, found: list[Link]) -> bool:
    """Adds the links of one answer; False after the last."""
    while len(data) >= _HEADER.size:
        length, kind, *_ = _HEADER.unpack_from(data)
        if kind in {_DONE, _ERROR} or length < _HEADER.size:
            return False
        if kind == _NEWLINK:
            found.append(_link(data[_HEADER.size : length]))
        data = data[length + 3 & ~3 :]
    return True


def _link(body: bytes) -> Link:
    _, _, index, flags, _ = _LINK.unpack_from(body)
    name, changes = "", 0
    rest = body[_LINK.size :]
    while len(rest) >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(rest)
        if length < _ATTRIBUTE.size:
            break
        value = rest[_ATTRIBUTE.size : length]
        if kind == _NAME:
            name = os.fsdecode(value.rstrip(b"\0"))
        elif kind == _CARRIER_CHANGES:
            changes = int.from_bytes(value[:4], "little")
        rest = rest[length + 3 & ~3 :]
    up = flags & (_UP | _RUNNING | _LOWER_UP) == _UP | _RUNNING | _LOWER_UP
    return Link(name, index, up, flags & (_MULTICAST | _LOOPBACK) == _MULTICAST, changes)
