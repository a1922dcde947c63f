"""A small MQTT 3.1.1 broker for tests: retained messages, wills, wild cards; QoS 0 out, 0 and 1 in."""

import asyncio
from dataclasses import dataclass, field
from struct import unpack_from
from typing import Self

CONNECT, PUBLISH, SUBSCRIBE, PINGREQ, DISCONNECT = 1, 3, 8, 12, 14


def text(value: str) -> bytes:
    return len(value.encode()).to_bytes(2) + value.encode()


def packet(head: int, body: bytes) -> bytes:
    rest, length = len(body), b""
    while rest >= 128:
        length, rest = length + bytes([rest % 128 | 128]), rest // 128
    return bytes([head]) + length + bytes([rest]) + body


def matches(wanted: str, topic: str) -> bool:
    """OASIS MQTT 3.1.1, clause 4.7."""
    filters, levels = wanted.split("/"), topic.split("/")
    if filters[-1] == "#":
        return matches("/".join(filters[:-1]), "/".join(levels[: len(filters) - 1]))
    return len(filters) == len(levels) and all(f in ("+", level) for f, level in zip(filters, levels))  # noqa: B905 - their lengths are equal by here


@dataclass(eq=False)
class Peer:
    """A connected client."""

    writer: asyncio.StreamWriter
    filters: list[str] = field(default_factory=list)
    will: tuple[str, bytes] | None = None
    user: tuple[bytes, ...] = ()


class Broker:
    """`retained` by topic."""

    def __init__(self) -> None:
        self.retained: dict[str, bytes] = {}
        self.peers: set[Peer] = set()
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.drop()
        await asyncio.sleep(0)

    def drop(self) -> None:
        """Cuts all connections."""
        for peer in self.peers:
            peer.writer.transport.abort()

    def send(self, topic: str, payload: str, *, retain: bool = False) -> None:
        """Publishes, as some other client would."""
        self._publish(topic, payload.encode(), retain=retain)

    def _publish(self, topic: str, payload: bytes, *, retain: bool) -> None:
        if retain:
            self.retained[topic] = payload
            if not payload:
                del self.retained[topic]
        for peer in self.peers:
            if any(matches(each, topic) for each in peer.filters):
                peer.writer.write(packet(PUBLISH << 4, text(topic) + payload))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = Peer(writer)
        try:
            while True:
                head, body = await self._read(reader)
                if head >> 4 == DISCONNECT:
                    peer.will = None
                    break
                self._take(peer, head, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        self.peers.discard(peer)
        writer.close()
        if peer.will:
            self._publish(*peer.will, retain=True)

    async def _read(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head, length, shift = (await reader.readexactly(1))[0], 0, 0
        while True:
            byte = (await reader.readexactly(1))[0]
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return head, await reader.readexactly(length)

    def _take(self, peer: Peer, head: int, body: bytes) -> None:
        if head >> 4 == CONNECT:
            flags, fields = body[7], strings(body[10:])
            peer.will = (fields[1].decode(), fields[2]) if flags & 4 else None
            peer.user = tuple(fields[3:])
            self.peers.add(peer)
            peer.writer.write(packet(0x20, b"\0\0"))
        elif head >> 4 == PUBLISH:
            topic, rest = strings(body, 1)
            number, payload = (rest[:2], rest[2:]) if head & 6 else (b"", rest)
            if number:
                peer.writer.write(packet(0x40, number))
            self._publish(topic.decode(), payload, retain=bool(head & 1))
        elif head >> 4 == SUBSCRIBE:
            self._subscribe(peer, body)
        elif head >> 4 == PINGREQ:
            peer.writer.write(packet(0xD0, b""))

    def _subscribe(self, peer: Peer, body: bytes) -> None:
        number, rest, new = body[:2], body[2:], []
        while rest:
            wanted, rest = strings(rest, 1)
            new.append(wanted.decode())
            rest = rest[1:]
        peer.filters += new
        peer.writer.write(packet(0x90, number + bytes(len(new))))
        for topic, payload in self.retained.items():
            if any(matches(each, topic) for each in new):
                peer.writer.write(packet(PUBLISH << 4 | 1, text(topic) + payload))


def strings(data: bytes, most: int = 99) -> list[bytes]:
    """Strings with their lengths before them; what is left behind `most` of them is the last."""
    found: list[bytes] = []
    while data and len(found) < most:
        (length,) = unpack_from(">H", data)
        found.append(data[2 : 2 + length])
        data = data[2 + length :]
    return [*found, data] if most != 99 else found
