"""MQTT with a broker: what it holds of lumad, commands, losses."""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Callable
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from daemon.broker import Broker as Standing
from show.sample import Clock, sample_loaded

from lumad.daemon import mqtt
from lumad.settings import Broker
from lumad.show.edits import delete, merge
from lumad.show.store import Store

STATUS = {
    "feed": {"state": "playing", "fps": 59.94},
    "engine": {"state": "running", "restarts": 0},
    "renderer": {"state": "running", "restarts": 0},
}


@pytest.fixture
async def broker() -> AsyncIterator[Standing]:
    async with Standing() as standing:
        yield standing


class Stage:
    """A store linked to a broker; `until` waits for what should come."""

    def __init__(self, broker: Standing, **settings: Any) -> None:
        self.broker = broker
        self.store = Store(sample_loaded(), Clock().later)
        self.settings = Broker("127.0.0.1", broker.port, **settings)

    def link(self, status: Callable[[], Any] = lambda: STATUS) -> Any:
        return mqtt.speaking_mqtt(self.settings, self.store, status, "")

    def held(self, topic: str) -> str | None:
        payload = self.broker.retained.get(topic)
        return None if payload is None else payload.decode()

    async def until(self, wanted: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not wanted():  # noqa: ASYNC110 - watches a peer from outside
                await asyncio.sleep(0.005)

    async def told(self, topic: str, payload: str | None) -> None:
        await self.until(lambda: self.held(topic) == payload)


async def test_the_broker_holds_the_light_and_says_good_bye(broker: Standing):
    stage = Stage(broker)
    async with stage.link():
        await stage.told("lumad/problem", "OFF")
        await stage.until(lambda: stage.held("lumad/fixture/key"))
        assert stage.held("lumad/availability") == "online"
        assert (stage.held("lumad/feed"), stage.held("lumad/fps")) == ("playing", "59.94")
        assert stage.held("lumad/looks") == "[]"
        light = json.loads(stage.held("homeassistant/light/lumad/master/config") or "")
        assert light["command_topic"] == "lumad/master/set"
    await stage.told("lumad/availability", "offline")


async def test_commands_go_through_the_store_and_come_back_as_state(broker: Standing):
    stage = Stage(broker)
    async with stage.link():
        await stage.told("lumad/blackout", "OFF")
        broker.send("lumad/blackout/set", "ON")
        broker.send("lumad/master/set", '{"state": "ON", "brightness": 128}')
        await stage.told("lumad/blackout", "ON")
        await stage.told("lumad/master", '{"state": "ON", "brightness": 128}')
        assert stage.store.live.master == (128 / 255) ** 2


async def test_looks_and_lamps_that_come_and_go_do_so_at_the_broker(broker: Standing):
    broker.send("lumad/fixture/gone", "{}", retain=True)
    broker.send("homeassistant/scene/lumad/look_gone/config", "{}", retain=True)
    broker.send("homeassistant/scene/other/look_gone/config", "{}", retain=True)
    stage, scene = Stage(broker), "homeassistant/scene/lumad/look_dusk/config"
    async with stage.link():
        await stage.told("lumad/fixture/gone", None)
        await stage.told("homeassistant/scene/lumad/look_gone/config", None)
        stage.store.apply(merge("looks/dusk", {"fixtures": {"key": {"level": 0.5}}}, create=True))
        await stage.until(lambda: stage.held(scene))
        stage.store.apply(delete("looks/dusk"))
        await stage.told(scene, None)
    assert stage.held("homeassistant/scene/other/look_gone/config") == "{}"


async def test_a_command_that_was_retained_is_never_done_late(broker: Standing, caplog: Any):
    broker.send("lumad/fixture/key/set", "OFF", retain=True)
    stage = Stage(broker, discovery=None)
    async with stage.link():
        await stage.until(lambda: stage.held("lumad/fixture/fill"))
        await stage.until(lambda: "former times" in caplog.text)
    assert stage.store.revision == 1
    assert not [topic for topic in broker.retained if topic.startswith("homeassistant")]


async def test_a_lost_broker_is_told_everything_again(broker: Standing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mqtt, "BACK_OFF_S", (0.01,))
    stage = Stage(broker)
    async with stage.link():
        await stage.told("lumad/freeze", "OFF")
        broker.drop()
        await stage.told("lumad/availability", "offline")
        broker.retained.clear()
        stage.store.set_live(freeze=True)
        await stage.told("lumad/freeze", "ON")
        await stage.told("lumad/availability", "online")


async def test_a_broker_that_hangs_up_is_one_line_and_costs_nothing(caplog: Any, monkeypatch: Any):
    monkeypatch.setattr(mqtt, "BACK_OFF_S", (0.01,))
    monkeypatch.setattr(mqtt, "_PATIENCE_S", 0.02)
    tries: list[int] = []

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tries.append(1)
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    broker = Standing()
    broker.port = server.sockets[0].getsockname()[1]
    stage = Stage(broker)
    async with server, stage.link():
        await stage.until(lambda: len(tries) > 2)
        stage.store.set_live(blackout=True)
    assert [record.message.count("keeps trying") for record in caplog.records] == [1]


async def test_it_signs_in_with_the_password_of_its_file(broker: Standing, tmp_path: Path):
    (tmp_path / "pw").write_text("secret\n")
    stage = Stage(broker, username="lumad", password_file=tmp_path / "pw")
    async with stage.link():
        await stage.told("lumad/availability", "online")
        assert [peer.user for peer in broker.peers] == [(b"lumad", b"secret")]


async def test_a_missing_password_file_is_said(broker: Standing, tmp_path: Path, caplog: Any):
    stage = Stage(broker, username="lumad", password_file=tmp_path / "pw")
    async with stage.link():
        await stage.until(lambda: "No such file" in caplog.text)
    assert not broker.retained


async def test_a_fault_of_its_own_is_told_and_survived(broker: Standing, monkeypatch: Any, caplog: Any):
    monkeypatch.setattr(mqtt, "BACK_OFF_S", (0.01,))
    stage, statuses = Stage(broker), chain([{}], repeat(STATUS))
    async with stage.link(lambda: next(statuses)):
        await stage.told("lumad/problem", "OFF")
        broker.send("lumad/look/none/go", "ON")
        await stage.until(lambda: "there is no look none" in caplog.text)
    assert caplog.text.count("MQTT failed") == 1


async def test_a_blackout_gets_through_a_flood_of_topics_and_the_log_stays_short(
    broker: Standing, caplog: Any
):
    stage = Stage(broker)
    async with stage.link():
        await stage.told("lumad/blackout", "OFF")
        for number in range(2 * mqtt.MOST_WAITING):
            broker.send(f"lumad/fixture/f{number}/set", "ON")
        broker.send("lumad/blackout/set", "ON")
        await stage.until(lambda: stage.store.live.blackout)
    assert len([record for record in caplog.records if record.levelname == "WARNING"]) <= 2


async def test_a_flood_of_commands_is_taken_at_a_pace_and_ends_where_it_is(broker: Standing):
    stage = Stage(broker)
    async with stage.link():
        await stage.told("lumad/blackout", "OFF")
        for step in range(256):
            broker.send("lumad/fixture/key/set", str(step))
        await stage.until(lambda: stage.store.show.fixtures["key"].level == 1)
        assert stage.store.revision < 100


async def test_without_the_extra_it_says_what_to_install(caplog: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "aiomqtt", None)
    with caplog.at_level(logging.ERROR):
        async with Stage(Standing()).link():
            assert "pip install 'lumad[mqtt]'" in caplog.text
