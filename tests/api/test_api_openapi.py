"""The document tells every route; and the door does, request by request, what the document says."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from api.fake_desk import FakeDesk
from hypothesis import HealthCheck, settings

from lumad.api.app import build_app, serve
from lumad.api.openapi import document

# what no schema can say: a show must fit together, and a revision must be the newest
REFUSED = ("400", "403", "404", "409", "412", "422")
CONFIG = schemathesis.Config.from_dict(
    {
        "checks": {
            "positive_data_acceptance": {"expected-statuses": ["2xx", *REFUSED, "503"]},
            "negative_data_rejection": {"expected-statuses": [*REFUSED, "415", "428"]},
            "missing_required_header": {"expected-statuses": ["428"]},
        },
        "generation": {"max-examples": 5},
    }
)
APP = build_app(FakeDesk(), bind="127.0.0.1")
SESSION = requests.Session()  # one connection for thousands of requests
SESSION.trust_env = False
SOCKETS = "/api/v1/ws"
schema = schemathesis.openapi.from_dict(document(APP), config=CONFIG)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    """A door of its own, served by another thread."""
    loop, listening = asyncio.new_event_loop(), socket.create_server(("127.0.0.1", 0))
    runner = loop.run_until_complete(serve(build_app(FakeDesk(), bind="127.0.0.1"), listening))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    SESSION.close()
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def test_every_route_is_in_the_document():
    told = {(method, path) for path, item in document(APP)["paths"].items() for method in item}
    there = {
        (route.method.lower(), route.resource.canonical)
        for route in APP.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }
    assert told == there


@schema.exclude(path=SOCKETS).parametrize()
@settings(max_examples=5, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_door_does_what_the_document_says(case: Any, base_url: str):
    case.call_and_validate(base_url=base_url, session=SESSION)
