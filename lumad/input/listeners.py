"""Sockets of a show's inputs, one set an interface; one descriptor to wait for, without an event loop."""

import select
import socket
from collections.abc import Callable, Sequence

from lumad.input.console import Input
from lumad.input.sockets import Sockets, waiting

AT_ONCE = 64  # datagrams of one socket: a flood costs a frame of light some milliseconds at most


class Listeners:
    """Listens to what the inputs need and to nothing else; deaf to our own `cid`."""

    def __init__(self, cid: bytes) -> None:
        self._cid = cid
        self._inputs: tuple[Input, ...] = ()
        self._sockets: dict[str | None, Sockets] = {}
        self._watched: dict[int, tuple[str | None, socket.socket]] = {}
        self._poll = select.epoll()

    def fileno(self) -> int:
        """Readable when something has come."""
        return self._poll.fileno()

    def follow(self, inputs: Sequence[Input]) -> None:
        """Listens to these inputs; interfaces where nothing changes keep their sockets."""
        before, self._inputs = self._places(), tuple(inputs)
        wanted = self._places()
        if wanted == before:
            return
        for interface in before:
            if wanted.get(interface) != before[interface]:
                self._sockets.pop(interface).close()
        for interface in wanted.keys() - self._sockets.keys():
            theirs = [each for each in inputs if each.interface == interface]
            self._sockets[interface] = Sockets(
                [wire for each in theirs if each.protocol == "sacn" for wire in each.wire],
                interface,
                protocols={each.protocol for each in theirs},
                deaf_to=self._cid,
            )
        self._watch()

    def look_again(self) -> None:
        """Notices interfaces that came, went or were renumbered."""
        opened = [sockets.look_again() for sockets in self._sockets.values()]
        if any(opened):
            self._watch()

    def drain(self, hear: Callable[[str | None, bytes, str], None]) -> None:
        """Hands on what has come: the interface of its inputs, the datagram, the address it came from."""
        for descriptor, _ in self._poll.poll(0):
            interface, listener = self._watched[descriptor]
            for data, address in waiting(listener, AT_ONCE):
                hear(interface, data, address)

    def _watch(self) -> None:
        """Waits for what is open now; what was closed, epoll(7) has forgotten."""
        for _, listener in self._watched.values():
            if listener.fileno() >= 0:
                self._poll.unregister(listener)
        self._watched = {
            listener.fileno(): (interface, listener)
            for interface, sockets in self._sockets.items()
            for listener in sockets.open
        }
        for descriptor in self._watched:
            self._poll.register(descriptor, select.EPOLLIN)

    def warnings(self, name: str) -> list[str]:
        """What the input of that name cannot hear, and why."""
        interfaces = {each.interface for each in self._inputs if each.name == name}
        return [text for interface in interfaces for text in self._sockets[interface].warnings]

    def close(self) -> None:
        """Listens to nothing any more."""
        self.follow(())
        self._poll.close()

    def _places(self) -> dict[str | None, set[tuple[object, ...]]]:
        """By interface, what is to be heard there."""
        places: dict[str | None, set[tuple[object, ...]]] = {}
        for each in self._inputs:
            places.setdefault(each.interface, set()).add((each.protocol, each.wire))
        return places
