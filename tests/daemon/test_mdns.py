"""A name on the network: found free, announced, given back; without one, a warning."""

import asyncio
import logging
import time
from typing import Any

import pytest
from namespaces import HERE, isolated, neighbour
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from lumad.daemon.mdns import Announcement


def knows(phone: AsyncZeroconf) -> bool:
    """Whether it has a record of the service; a good-bye leaves it one second (RFC 6762 clause 10.1)."""
    record = phone.zeroconf.cache.get_by_details("lumad._http._tcp.local.", 33, 1)  # SRV, RFC 2782
    return record is not None and record.ttl > 1


async def seen_by_others() -> dict[str, Any]:
    """A daemon, what a phone finds, and what a second daemon would be called."""
    name: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    first = Announcement(lambda: [HERE], 8080, name.set_result)
    first.start()
    found: dict[str, Any] = {"name": await asyncio.wait_for(name, 10)}
    async with AsyncZeroconf(interfaces=[HERE]) as phone:
        info = AsyncServiceInfo("_http._tcp.local.", "lumad._http._tcp.local.")
        await info.async_request(phone.zeroconf, 3000)
        found["service"] = [info.server, info.port, info.parsed_addresses()]
        found["next name"] = await Announcement(lambda: [HERE], 8081, print)._free_name(phone)
        found["known"] = knows(phone)
        started = time.monotonic()
        await first.stop()
        found["stopped within 2 s"] = time.monotonic() - started < 2.0
        async with asyncio.timeout(5):
            while knows(phone):  # noqa: ASYNC110 - a cache has no event to wait for
                await asyncio.sleep(0.05)
    return found


def on_a_wire() -> dict[str, Any]:
    with neighbour():
        return asyncio.run(seen_by_others())


def test_a_daemon_has_a_name_that_the_next_one_leaves_alone():
    found = isolated(on_a_wire)
    assert (found["name"], found["next name"]) == ("lumad.local", "lumad-2")
    assert found["service"] == ["lumad.local.", 8080, [HERE]]
    assert found["stopped within 2 s"]
    assert found["known"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # zeroconf's socket, not ours
async def test_without_a_network_there_is_a_warning_and_no_name(caplog: pytest.LogCaptureFixture):
    names: list[str] = []
    announcement = Announcement(lambda: ["192.0.2.99"], 8080, names.append)
    announcement.start()
    with caplog.at_level(logging.WARNING):
        async with asyncio.timeout(10):
            while not caplog.text:  # noqa: ASYNC110 - a log has no event to wait for
                await asyncio.sleep(0.01)
    await announcement.stop()
    assert (names, "no name on the network" in caplog.text) == ([], True)


async def test_it_ends_before_it_has_begun():
    announcement = Announcement(list, 8080, lambda _: None)
    announcement.start()
    await announcement.stop()
