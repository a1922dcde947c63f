"""The address that primary and standby share for Art-Net: here while the light is ours."""

import contextlib
import fcntl
import logging
import os
import select
import socket
import struct
import subprocess
import time
from ipaddress import IPv4Interface
from pathlib import Path
from typing import Any

from lumad.errors import NetworkError, PacketError
from lumad.link.channel import Channel, ChannelClosedError
from lumad.output.claim import Claim, Deed
from lumad.output.links import LINK_SETTLES_S, Cable
from lumad.output.netlink import LinkNews
from lumad.protocols import arp

TURN_S = 0.02
LOOK_S = 0.1  # how often the cable is looked at without news
MOST_HEARD = 256  # ARP packets a turn: a flood delays no deed
GREETED_S = 0.2  # an engine that was called says hello in less
_SIOCGIFHWADDR = 0x8927  # linux/sockios.h

log = logging.getLogger(__name__)


class Sender:
    """The engine of this machine: whether the light is ours."""

    def __init__(self, path: Path) -> None:
        self.sends = False
        self.took = False  # it has just taken the light from its primary
        self._path = path
        self._channel: Channel | None = None
        self._called_at = float("-inf")

    def look(self, now: float) -> None:
        """Hears what it says, calls it if there is none, and knows when it died."""
        self.took = False
        if self._channel is None:
            self._channel, self._called_at = Channel.connect(self._path), now
        try:
            while self._channel is not None and (message := self._channel.receive()):
                self._take(message.op, message.body)
                for descriptor in message.fds.values():  # for a desk, which we are not
                    os.close(descriptor)
        except ChannelClosedError:
            self.close()
            self._channel, self._called_at = Channel.connect(self._path), now  # a successor is there already?
        if self._channel is None or (self._called_at and now - self._called_at > GREETED_S):
            self.sends = False

    def fileno(self) -> int:
        """For select; -1 while there is none."""
        return self._channel.fileno() if self._channel else -1

    def close(self) -> None:
        """Hangs up."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def _take(self, op: str, body: dict[str, Any]) -> None:
        if op == "hello":
            self._called_at = 0.0
            self.sends = (body.get("standby") or {"active": True})["active"]
        elif op == "standby":
            self.took = body["active"] and not self.sends
            self.sends = body["active"]


class SharedAddress:
    """One address on one interface; needs the rights to set addresses and to speak ARP."""

    def __init__(self, address: IPv4Interface, interface: str, runtime: Path) -> None:
        self._address, self._interface = address, interface
        self._sender = Sender(runtime / "engine.sock")
        self._cable, self._news = Cable(), LinkNews()
        self._looked_at = float("-inf")
        try:
            self._socket = socket.socket(
                socket.AF_PACKET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, socket.htons(arp.ETHERTYPE)
            )
            self._socket.bind((interface, arp.ETHERTYPE))
            asked = struct.pack("16s16x", interface.encode())
            self._mac = fcntl.ioctl(self._socket, _SIOCGIFHWADDR, asked)[18:24]
        except OSError as error:
            raise NetworkError(
                f"{interface}: {error.strerror or error}; is it there, and are you root?"
            ) from None
        self._claim = Claim(self._mac)
        self._move("del")  # whatever a former run left

    def run(self) -> None:
        """Until an exception; the address is not left behind."""
        try:
            while True:
                sender = self._sender.fileno()
                select.select([self._socket.fileno(), *([sender] if sender >= 0 else [])], [], [], TURN_S)
                self.turn(time.monotonic())
        finally:
            self._move("del")
            self._sender.close()
            self._socket.close()
            self._news.close()

    def turn(self, now: float) -> None:
        """One look at everything, and what follows."""
        self._sender.look(now)
        self._hear()
        if self._news.came() or now - self._looked_at >= LOOK_S:
            self._cable.look({self._interface}, now)
            self._looked_at = now
        up_s = self._cable.up_s(now)
        linked = up_s is not None and up_s >= LINK_SETTLES_S
        for deed in self._claim.decide(
            now, wanted=self._sender.sends, urgent=self._sender.took, linked=linked
        ):
            self._do(deed)

    def _hear(self) -> None:
        with contextlib.suppress(OSError):  # EAGAIN: all taken; ENETDOWN, once: the interface was taken down
            for _ in range(MOST_HEARD):
                data = self._socket.recv(128)
                with contextlib.suppress(PacketError):
                    packet = arp.decode(data)
                    if self._address.ip in {
                        packet.sender,
                        packet.target if packet.is_probe else packet.sender,
                    }:
                        self._claim.hear(packet)

    def _do(self, deed: Deed) -> None:
        if deed in {"add", "drop"}:
            log.warning("%s %s", self._address, "is here now" if deed == "add" else "is let go")
            self._move("add" if deed == "add" else "del")
        else:
            say = arp.probe if deed == "probe" else arp.announcement
            packet = arp.encode(say(self._mac, self._address.ip))
            with contextlib.suppress(OSError):  # a cable that is just being pulled
                self._socket.sendto(packet, (self._interface, arp.ETHERTYPE, 0, 0, arp.EVERYBODY))

    def _move(self, verb: str) -> None:
        command = ("ip", "address", verb, str(self._address), "dev", self._interface)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode and verb == "add" and "exists" not in done.stderr:
            log.error("%s: %s", " ".join(command), done.stderr.strip())
