"""A child for tests: says what its first argument tells, on the channel of its last."""

import select
import sys

from lumad.link.channel import Channel, ChannelClosedError


def main() -> None:
    """`reports`: health each 50 ms; `silent`: nothing; `deaf`: health, but it never reads, not even `end`."""
    manner, fd = sys.argv[1], int(sys.argv[-1])
    channel = Channel.inherited(fd)
    while True:
        if manner != "silent":
            channel.send("health", {"manner": manner})
        ready, _, _ = select.select([] if manner == "deaf" else [channel], [], [], 0.05)
        if ready:
            try:
                message = channel.receive()
            except ChannelClosedError:
                return
            if message and message.op == "end":
                return
            if message and message.op == "die":
                raise SystemExit(1)
            channel.send("echo", {"got": message.op if message else ""})


main()
