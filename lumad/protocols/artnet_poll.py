"""Art-Net 4 discovery: ArtPoll asks who is there, ArtPollReply answers; byte offsets beside each constant."""

import struct
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address

from lumad.errors import PacketError
from lumad.protocols import artnet
from lumad.protocols.artnet import within

OP_POLL = 0x2000  # OpPoll
OP_POLL_REPLY = 0x2100  # OpPollReply

POLL_INTERVAL_S = (2.5, 3.0)  # a controller polls the directed broadcast address as often

REPLY_ON_CHANGE = 0x02  # ArtPoll flags, bit 1: reply unasked when something changes
TARGETED = 0x20  # ArtPoll flags, bit 5: only who has a port-address in the range replies

STYLE_NODE = 0x00  # octet 200
STYLE_CONTROLLER = 0x01
PORT_OUTPUT = 0x80  # port type, bit 7: Art-Net in, light out
PORT_INPUT = 0x40  # port type, bit 6: light in, Art-Net out
OUTPUT_SACN = 0x01  # good output, bit 0: the port listens to sACN, not to Art-Net
WIDE_ADDRESS = 0x08  # status 2, bit 3: the node knows 15-bit port-addresses

_SHORT_NAME_BYTES = 18  # with its NUL
_LONG_NAME_BYTES = 64  # likewise; the report as well
_PORTS = 4  # most ports in one reply; Art-Net 4 prefers one port a reply, told apart by the bind index
_OEM_UNKNOWN = 0x00FF  # for products without an OEM code
_ESTA_PROTOTYPE = 0x7FF0  # E1.20: manufacturer IDs from here on belong to nobody
_POWER_OK = 0x0001  # report code RcPowerOk

# Octets 10-11 version (checked before), 12 flags, 13 diagnostics priority, 14-15 top and 16-17 bottom of the
# targeted range, 18-19 ESTA code, 20-21 OEM code. 14 octets are enough: the rest came with Art-Net 4.
_POLL = struct.Struct("!BBHHHH")
_POLL_AT = 12
_POLL_LEAST = 14

# Octets 10-13 address | 14-15 UDP port, low byte first | 16-17 firmware, 18 net, 19 sub-net, 20-21 OEM,
# 22 UBEA, 23 status 1 | 24-25 ESTA code, low byte first | 26-43 short name, 44-107 long name, 108-171 report,
# 172-173 ports, 174 types, 178 good inputs, 182 good outputs, 186 inputs, 190 outputs (4 octets each),
# 194 ACN priority, 195 macros, 196 remotes, 197-199 spare, 200 style, 201-206 MAC, 207-210 bind address,
# 211 bind index, 212 status 2, 213-216 good outputs B, 217 status 3, 218-223 responder UID, 224-225 user,
# 226-227 refresh rate, 228 queue policy, 229-238 filler. Art-Net 2 sent the first 207.
_LITTLE = struct.Struct("<H")
_IDENTITY = struct.Struct("!HBBHBB")
_NAMES = struct.Struct(f"!{_SHORT_NAME_BYTES}s{_LONG_NAME_BYTES}s{_LONG_NAME_BYTES}sH")
_TAIL = struct.Struct("!BBB3xB6s4sBB4sB6sHHB10x")
_ADDRESS_AT, _PORT_AT, _IDENTITY_AT, _ESTA_AT, _NAMES_AT, _PORTS_AT, _TAIL_AT = 10, 14, 16, 24, 26, 174, 194
_REPLY_LEAST = 207
_REPLY_BYTES = 239
assert _TAIL_AT + _TAIL.size == _REPLY_BYTES


@dataclass(frozen=True, slots=True)
class ArtPoll:
    """Who is there? A field outside its range raises PacketError."""

    flags: int = 0
    diagnostics: int = 0
    low: int = 0  # port-addresses that a targeted poll asks for
    high: int = 0
    esta: int = 0
    oem: int = 0

    def __post_init__(self) -> None:
        within("flags", self.flags, 0, 255)
        within("diagnostics priority", self.diagnostics, 0, 255)
        for code in (self.low, self.high, self.esta, self.oem):
            within("poll code", code, 0, 0xFFFF)

    def asks(self, *port_addresses: int) -> bool:
        """Whether a device with these port-addresses is to answer."""
        return not self.flags & TARGETED or any(self.low <= one <= self.high for one in port_addresses)


@dataclass(frozen=True, slots=True)
class Port:
    """One of the up to four ports of a reply; `input` and `output` are universes 0..15 of its sub-net."""

    kind: int = 0
    input: int = 0
    output: int = 0
    good_input: int = 0
    good_output: int = 0
    good_output_b: int = 0

    def __post_init__(self) -> None:
        within("input universe", self.input, 0, 15)
        within("output universe", self.output, 0, 15)
        for octet in (self.kind, self.good_input, self.good_output, self.good_output_b):
            within("port status", octet, 0, 255)


@dataclass(frozen=True, slots=True)
class ArtPollReply:
    """What a device says of itself and of up to four ports; a field outside its range raises PacketError."""

    address: str
    short_name: str = ""
    long_name: str = ""
    report: str = ""
    ports: tuple[Port, ...] = ()
    net: int = 0
    sub_net: int = 0
    style: int = STYLE_NODE
    mac: bytes = bytes(6)
    bind_address: str = "0.0.0.0"  # noqa: S104 - Art-Net's "no root device", not an address to listen on
    bind_index: int = 0
    udp_port: int = artnet.PORT
    firmware: int = 0
    oem: int = _OEM_UNKNOWN
    esta: int = _ESTA_PROTOTYPE
    status1: int = 0
    status2: int = 0
    status3: int = 0
    refresh_hz: int = 0  # 0: unknown, at most DMX512's 44

    def __post_init__(self) -> None:
        _packed(self.address)
        _packed(self.bind_address)
        within("ports", len(self.ports), 0, _PORTS)
        within("net", self.net, 0, 127)
        within("sub-net", self.sub_net, 0, 15)
        within("MAC length", len(self.mac), 6, 6)
        for octet in (self.style, self.bind_index, self.status1, self.status2, self.status3):
            within("reply octet", octet, 0, 255)
        for word in (self.udp_port, self.firmware, self.oem, self.esta, self.refresh_hz):
            within("reply word", word, 0, 0xFFFF)

    @property
    def outputs(self) -> tuple[int, ...]:
        """Port-addresses that this device turns into light: what it subscribes to."""
        return tuple(self._base | port.output for port in self.ports if port.kind & PORT_OUTPUT)

    @property
    def inputs(self) -> tuple[int, ...]:
        """Port-addresses that this device sends."""
        return tuple(self._base | port.input for port in self.ports if port.kind & PORT_INPUT)

    @property
    def _base(self) -> int:
        return self.net << 8 | self.sub_net << 4


def controller_reply(address: str, name: str, mac: bytes, count: int = 0) -> ArtPollReply:
    """What a controller without ports answers to its `count`-th poll."""
    report = f"#{_POWER_OK:04x} [{count % 10000:04d}] {name}"
    return ArtPollReply(
        address,
        _fit(name, _SHORT_NAME_BYTES),
        _fit(name, _LONG_NAME_BYTES),
        _fit(report, _LONG_NAME_BYTES),
        style=STYLE_CONTROLLER,
        mac=mac,
        bind_index=1,
        status2=WIDE_ADDRESS,
    )


def encode(packet: ArtPoll | ArtPollReply) -> bytes:
    """The packet's bytes in the form of today: 22 of ArtPoll, 239 of ArtPollReply."""
    if isinstance(packet, ArtPoll):
        fields = (packet.flags, packet.diagnostics, packet.high, packet.low, packet.esta, packet.oem)
        return artnet.header(OP_POLL) + artnet.version() + _POLL.pack(*fields)
    ports = [*packet.ports, *[Port()] * (_PORTS - len(packet.ports))]
    names = (
        _fit(packet.short_name, _SHORT_NAME_BYTES).encode(),
        _fit(packet.long_name, _LONG_NAME_BYTES).encode(),
        _fit(packet.report, _LONG_NAME_BYTES).encode(),
    )
    return b"".join([
        artnet.header(OP_POLL_REPLY),
        _packed(packet.address),
        _LITTLE.pack(packet.udp_port),
        _IDENTITY.pack(packet.firmware, packet.net, packet.sub_net, packet.oem, 0, packet.status1),
        _LITTLE.pack(packet.esta),
        _NAMES.pack(*names, len(packet.ports)),
        bytes(port.kind for port in ports),
        bytes(port.good_input for port in ports),
        bytes(port.good_output for port in ports),
        bytes(port.input for port in ports),
        bytes(port.output for port in ports),
        _TAIL.pack(
            0, 0, 0, packet.style, packet.mac, _packed(packet.bind_address), packet.bind_index,
            packet.status2, bytes(port.good_output_b for port in ports), packet.status3,
            bytes(6), 0, packet.refresh_hz, 0,
        ),
    ])  # fmt: skip


def decode(data: bytes) -> ArtPoll | ArtPollReply:
    """The poll or the reply in one datagram, else PacketError.

    Old short forms read as if the rest were zero. A maker's odd spelling must not cost a node its place:
    names are read leniently, bits above a net, sub-net or universe are masked off.
    """
    code = artnet.opcode(data)
    if code == OP_POLL and len(data) >= _POLL_LEAST:
        artnet.check_version(data)
        flags, diagnostics, high, low, esta, oem = _POLL.unpack_from(
            _filled(data, _POLL_AT + _POLL.size), _POLL_AT
        )
        return ArtPoll(flags, diagnostics, low, high, esta, oem)
    if code == OP_POLL_REPLY and len(data) >= _REPLY_LEAST:
        return _reply_in(_filled(data, _REPLY_BYTES))
    raise PacketError(f"{len(data)} bytes of Art-Net opcode {code:#06x} are no ArtPoll or ArtPollReply")


def _reply_in(data: bytes) -> ArtPollReply:
    (udp_port,) = _LITTLE.unpack_from(data, _PORT_AT)
    firmware, net, sub_net, oem, _ubea, status1 = _IDENTITY.unpack_from(data, _IDENTITY_AT)
    (esta,) = _LITTLE.unpack_from(data, _ESTA_AT)
    short_name, long_name, report, count = _NAMES.unpack_from(data, _NAMES_AT)
    (_acn, _macros, _remotes, style, mac, bind_address, bind_index, status2, outputs_b, status3,
     _uid, _user, refresh_hz, _policy,
    ) = _TAIL.unpack_from(data, _TAIL_AT)  # fmt: skip
    kinds, good_inputs, good_outputs, inputs, outputs = (
        data[at : at + _PORTS] for at in range(_PORTS_AT, _TAIL_AT, _PORTS)
    )
    ports = tuple(
        Port(kinds[i], inputs[i] & 15, outputs[i] & 15, good_inputs[i], good_outputs[i], outputs_b[i])
        for i in range(min(count, _PORTS))
    )
    return ArtPollReply(
        address=str(IPv4Address(data[_ADDRESS_AT:_PORT_AT])),
        short_name=_text(short_name),
        long_name=_text(long_name),
        report=_text(report),
        ports=ports,
        net=net & 0x7F,
        sub_net=sub_net & 15,
        style=style,
        mac=mac,
        bind_address=str(IPv4Address(bind_address)),
        bind_index=bind_index,
        udp_port=udp_port,
        firmware=firmware,
        oem=oem,
        esta=esta,
        status1=status1,
        status2=status2,
        status3=status3,
        refresh_hz=refresh_hz,
    )


def _filled(data: bytes, length: int) -> bytes:
    return bytes(data[:length]).ljust(length, b"\0")


def _packed(address: str) -> bytes:
    try:
        return IPv4Address(address).packed
    except AddressValueError as error:
        raise PacketError(f"{address!r} is no IPv4 address") from error


def _fit(name: str, field_bytes: int) -> str:
    """The start of a name that fits its field with a NUL, in ASCII as Art-Net has it."""
    return name.partition("\0")[0].encode("ascii", "replace")[: field_bytes - 1].decode()


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode(errors="replace")
