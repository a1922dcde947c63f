"""Which datagrams of a batch enter the kernel as one message that it cuts itself (UDP_SEGMENT, udp(7)).

Receivers hear ordinary datagrams; only a capture on this machine may show the message uncut.
"""

import errno
from collections.abc import Sequence

from lumad.output.datagrams import Datagram

WORTHWHILE = 16  # datagrams for one target; fewer go plainly
MOST = 64  # of one message: UDP_MAX_SEGMENTS of linux/udp.h,
LONGEST = 65507  # and its bytes: what an IPv4 packet holds

REFUSALS = {errno.EINVAL, errno.EIO, errno.EMSGSIZE, errno.ENOPROTOOPT, errno.EOPNOTSUPP}
"""How a kernel, a tunnel or a small MTU says that it does not cut; a wrong target may say EINVAL as well."""

Message = tuple[int, ...]
"""Which datagrams of a batch travel in it: one, or several of equal size for one target, in their order."""


def together(datagrams: Sequence[Datagram]) -> list[Message]:
    """As few messages as the kernel allows, in the order of their first datagrams."""
    alike: dict[tuple[str, int, int], list[int]] = {}
    for at, (packet, address, port) in enumerate(datagrams):
        alike.setdefault((address, port, packet.nbytes), []).append(at)
    messages: list[Message] = []
    for (*_, size), places in alike.items():
        room = min(MOST, LONGEST // size) if len(places) >= WORTHWHILE else 1
        messages += [tuple(places[first : first + room]) for first in range(0, len(places), room)]
    return sorted(messages)


def apart(messages: Sequence[Message]) -> list[Message]:
    """The same datagrams in their order, one a message."""
    return sorted((at,) for message in messages for at in message)
