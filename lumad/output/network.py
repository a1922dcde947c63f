"""The machine's network: sockets by exit, looked after; batches that leave in few system calls.

Only this file, `outlet` and `netlink` have sockets.
"""

import errno
import os
import select
import socket
from collections.abc import Callable, Mapping, Sequence

from lumad.output import segments, sendmmsg
from lumad.output.datagrams import Datagram, Failure, Heard, Indices, Place, Refusal
from lumad.output.netlink import LinkNews
from lumad.output.outlet import Outlet, Send, is_here
from lumad.output.route import Exit

CHECK_S = 1.0  # how often interfaces are looked up again without news of them,
TROUBLED_CHECK_S = 0.25  # and while one is missing
WAITS = 2  # of 1 ms each, per frame and for all sockets together, when a send buffer is full


class UdpNetwork:
    """The machine's network; a missing or ambiguous interface is a trouble until the kernel has news."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """LUMAD_SEND in `environ`: sendmmsg does without UDP_SEGMENT, sendto without sendmmsg as well."""
        way = environ.get("LUMAD_SEND", "gso")
        self._at_once = sendmmsg.AVAILABLE and way != "sendto"
        self._segments = self._at_once and way != "sendmmsg"
        self._outlets: dict[Exit, Outlet] = {}
        self._news = LinkNews()
        self._check_at = float("-inf")
        self._waits = WAITS

    def begin(self, now: float) -> list[Refusal]:
        """A new frame: fresh patience, interfaces when due, and what ICMP said since the last frame."""
        self._waits = WAITS
        if self._news.came() or now >= self._check_at:
            for outlet in self._outlets.values():
                outlet.check()
            troubled = any(outlet.trouble for outlet in self._outlets.values())
            self._check_at = now + (TROUBLED_CHECK_S if troubled else CHECK_S)
        return [refusal for outlet in self._outlets.values() for refusal in outlet.late_errors()]

    def batch(self, exit_: Exit, datagrams: Sequence[Datagram]) -> "UdpBatch":
        """Datagrams laid out for sending by the socket of `exit_`."""
        return UdpBatch(self, self._outlet(exit_), datagrams, at_once=self._at_once)

    def hear(self, exit_: Exit) -> list[Heard]:
        """What came to the port of this exit since the last time."""
        return self._outlet(exit_).hear()

    def place(self, exit_: Exit) -> Place | None:
        """Where this exit's interface stands; None while it has no IPv4 address."""
        return self._outlet(exit_).place

    def is_here(self, address: str) -> bool:
        """Whether an address is one of this machine's, loopback aside."""
        return is_here(address)

    def wait(self, sender: socket.socket) -> bool:
        """Waits up to 1 ms for room in a send buffer; False when this frame's patience is used up."""
        if not self._waits:
            return False
        self._waits -= 1
        poll = select.poll()
        poll.register(sender, select.POLLOUT)
        poll.poll(1)
        return True

    def close(self) -> None:
        """Closes all sockets."""
        for outlet in self._outlets.values():
            outlet.close()
        self._outlets.clear()
        self._news.close()

    def _outlet(self, exit_: Exit) -> Outlet:
        outlet = self._outlets.get(exit_)
        if outlet is None:
            outlet = self._outlets[exit_] = Outlet(exit_, segments=self._segments)
            outlet.check()
        return outlet


class UdpBatch:
    """Datagrams that leave by one socket in as few system calls as the kernel allows."""

    def __init__(
        self, network: UdpNetwork, outlet: Outlet, datagrams: Sequence[Datagram], *, at_once: bool
    ) -> None:
        self._network, self._outlet, self._at_once = network, outlet, at_once
        self._datagrams = datagrams
        self._singles: Callable[[Indices], Send] | None = None
        self._lay_out_all()

    @property
    def trouble(self) -> str:
        """Why nothing can leave now; "" when it can."""
        return self._outlet.trouble

    def send(self, which: Indices | None = None) -> list[Failure]:
        """Sends all, or these alone; skips exactly those that fail; never raises or outwaits the network's
        patience.
        """
        if self._outlet.socket is None:
            lost = range(len(self._datagrams)) if which is None else which.tolist()
            return [Failure(at, self.trouble) for at in lost]
        if self._stamp != self._outlet.stamp:
            self._lay_out_all()
        if which is not None:
            return self._send_all([(at,) for at in which.tolist()], self._some(which))
        if self._joined and not self._outlet.segments:
            self._take_apart(0)
        return self._send_all(None, None)

    def _send_all(self, messages: list[segments.Message] | None, send: Send | None) -> list[Failure]:
        """Sends these messages; None = those laid out, which may be taken apart on the way."""
        assert self._outlet.socket is not None
        descriptor = self._outlet.socket.fileno()
        failures: list[Failure] = []
        index, retried = 0, -1
        while index < len(listed := self._messages if messages is None else messages):
            sent = (send or self._send)(descriptor, index)
            if sent > 0:
                index += sent
            elif sent == -errno.EAGAIN and self._network.wait(self._outlet.socket):
                continue
            elif sent != -errno.EAGAIN and retried != index:
                retried = index  # an ICMP error about another datagram is reported here once, and only once
            elif -sent in segments.REFUSALS and len(listed[index]) > 1:
                self._outlet.segments = False
                self._take_apart(index)
            else:
                failures += [Failure(at, os.strerror(-sent)) for at in listed[index]]
                index += 1
        return failures

    def _some(self, which: Indices) -> Send:
        """Sends some of the datagrams, one a message."""
        if not self._at_once:
            return self._outlet.one_by_one([self._datagrams[at] for at in which.tolist()])
        if self._singles is None:
            all_of_them = self._outlet.at_once([[datagram] for datagram in self._datagrams])
            self._singles = lambda which: all_of_them.picked(which).send
        return self._singles(which)

    def _take_apart(self, index: int) -> None:
        """From the index-th message on, one datagram a message: what already left is not sent again."""
        self._lay_out(self._messages[:index] + segments.apart(self._messages[index:]))

    def _lay_out_all(self) -> None:
        together = segments.together(self._datagrams)
        self._lay_out(together if self._outlet.segments else segments.apart(together))
        self._singles = None
        self._stamp = self._outlet.stamp

    def _lay_out(self, messages: list[segments.Message]) -> None:
        self._messages = messages
        self._joined = any(len(message) > 1 for message in messages)
        datagrams = [[self._datagrams[at] for at in message] for message in messages]
        self._send: Send = (
            self._outlet.at_once(datagrams).send
            if self._at_once
            else self._outlet.one_by_one([datagram for (datagram,) in datagrams])
        )
