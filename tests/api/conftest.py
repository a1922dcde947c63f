"""A client of the door to a fake desk, as a program of the same machine would be."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from api.fake_desk import FakeDesk

from lumad.api.app import build_app

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
async def client(desk: FakeDesk) -> AsyncIterator[Client]:
    async with TestClient(TestServer(build_app(desk, bind="127.0.0.1", token=None))) as client:
        yield client


@pytest.fixture
async def guarded(desk: FakeDesk) -> AsyncIterator[Client]:
    """The same door as one that listens beyond loopback."""
    async with TestClient(TestServer(build_app(desk, bind="0.0.0.0", token="the-token"))) as client:
        yield client
