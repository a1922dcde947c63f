"""A client of the door to a fake desk, as a program of the same machine would be."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from api.fake_desk import FakeDesk

from lumad.api.app import build_app
from lumad.api.roles import Role
from lumad.daemon.people import PeopleFile

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def desk(tmp_path: Path) -> FakeDesk:
    return FakeDesk(tmp_path / "takes")


@pytest.fixture
async def client(desk: FakeDesk) -> AsyncIterator[Client]:
    async with TestClient(TestServer(build_app(desk, bind="127.0.0.1"))) as client:
        yield client


@pytest.fixture
def people(tmp_path: Path) -> PeopleFile:
    return PeopleFile(tmp_path / "people.json")


@pytest.fixture
async def guarded(desk: FakeDesk, people: PeopleFile) -> AsyncIterator[Client]:
    """The same door as one that listens beyond loopback."""
    app = build_app(desk, bind="0.0.0.0", people=people, url="http://192.0.2.7:8080/")
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def bearer(people: PeopleFile) -> Callable[[Role], dict[str, str]]:
    """The header of a new device of a role."""

    def pair(role: Role) -> dict[str, str]:
        paired = people.pair(people.offer(role).code, f"the {role}")
        assert paired is not None
        return {"Authorization": f"Bearer {paired[1]}"}

    return pair
