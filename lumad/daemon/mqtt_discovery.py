"""How Home Assistant finds lumad by MQTT: the payloads of its MQTT discovery, without any socket."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lumad import __version__
from lumad.model.show import Show

_LONGEST: Final = 100  # characters of a name
_DIAGNOSTIC: Final = {"entity_category": "diagnostic"}
_DIMMED: Final = {
    "schema": "json",
    "brightness": True,
    "supported_color_modes": ["brightness"],
    "flash": False,
}


@dataclass(frozen=True, slots=True)
class Named:
    """What is announced of a show: labels by look, and label and whether it has a region by fixture."""

    looks: Mapping[str, str]
    fixtures: Mapping[str, tuple[str, bool]]

    @classmethod
    def of(cls, show: Show) -> "Named":
        """Those of this show."""
        lamps = {
            name: ((lamp.label or name)[:_LONGEST], lamp.follow is not None)
            for name, lamp in show.fixtures.items()
        }
        return cls({name: (look.label or name)[:_LONGEST] for name, look in show.looks.items()}, lamps)


@dataclass(frozen=True, slots=True)
class Announcer:
    """Announces below the topic `root` (usually homeassistant); `prefix` names this lumad on its broker.

    `name` is the device's; `url` its page, "" where others cannot reach it.
    """

    root: str
    prefix: str
    name: str
    url: str = ""

    @property
    def node(self) -> str:
        """The prefix as discovery topics may have it."""
        return plain(self.prefix)

    @property
    def wild(self) -> str:
        """A filter for all topics that this announces."""
        return f"{self.root}/+/{self.node}/+/config"

    def payloads(self, named: Named) -> dict[str, str]:
        """By topic, all that Home Assistant must know."""
        entities = [*self._desk(), *self._looks(named), *self._fixtures(named)]
        common = {"availability": [self._there()], **self._origin()}
        return {
            f"{self.root}/{kind}/{self.node}/{one}/config": json.dumps(
                {**common, "unique_id": f"{self.node}_{one}", **form}
            )
            for kind, one, form in entities
        }

    def _desk(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        yield "light", "master", {"name": "Master", **self._both("master"), **_DIMMED, "transition": False}
        yield (
            "switch",
            "blackout",
            {"name": "Blackout", "icon": "mdi:lightbulb-off", **self._both("blackout")},
        )
        yield "switch", "freeze", {"name": "Freeze", "icon": "mdi:snowflake", **self._both("freeze")}
        listed = {"value_template": "{{ (value_json | join(', '))[:250] }}"}  # a state is 255 characters long
        yield "sensor", "looks", {"name": "Looks on", "icon": "mdi:palette", **self._told("looks"), **listed}
        yield "sensor", "feed", {"name": "Feed", "icon": "mdi:video", **self._told("feed"), **_DIAGNOSTIC}
        rate = {"unit_of_measurement": "fps", "state_class": "measurement", "icon": "mdi:filmstrip"}
        yield "sensor", "fps", {"name": "Picture rate", **rate, **self._told("fps"), **_DIAGNOSTIC}
        yield (
            "sensor",
            "engine",
            {"name": "Engine", "icon": "mdi:engine", **self._told("engine"), **_DIAGNOSTIC},
        )
        problem = {"device_class": "problem", "json_attributes_topic": f"{self.prefix}/problems"}
        yield (
            "binary_sensor",
            "problem",
            {"name": "Problem", **problem, **self._told("problem"), **_DIAGNOSTIC},
        )

    def _looks(self, named: Named) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for name, label in named.looks.items():
            command = {"command_topic": f"{self.prefix}/look/{name}/go", "payload_on": "ON"}
            yield "scene", f"look_{plain(name)}", {"name": label, **command}

    def _fixtures(self, named: Named) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """A lamp on a console is shown as not available: nothing here moves it."""
        for name, (label, linked) in named.fixtures.items():
            topic = f"fixture/{name}"
            console = "{{ 'offline' if value_json.effect == 'console' else 'online' }}"
            form = {
                "name": label,
                **self._both(topic),
                **_DIMMED,
                "effect": True,
                "effect_list": ["follow", "manual"] if linked else ["manual"],
                "availability": [
                    self._there(),
                    {"topic": f"{self.prefix}/{topic}", "value_template": console},
                ],
                "availability_mode": "all",
            }
            yield "light", f"fixture_{plain(name)}", form

    def _there(self) -> dict[str, str]:
        return {"topic": f"{self.prefix}/availability"}

    def _both(self, topic: str) -> dict[str, str]:
        return {**self._told(topic), "command_topic": f"{self.prefix}/{topic}/set"}

    def _told(self, topic: str) -> dict[str, str]:
        return {"state_topic": f"{self.prefix}/{topic}"}

    def _origin(self) -> dict[str, Any]:
        device = {"identifiers": [self.node], "name": self.name, "model": "lumad", "sw_version": __version__}
        page = {"configuration_url": self.url} if self.url else {}
        return {"device": {**device, **page}, "origin": {"name": "lumad", "sw_version": __version__}}


_PLAIN: Final = {"_": "__", ".": "_d", "/": "_s"}


def plain(name: str) -> str:
    """A name in letters, digits, _ and - alone, other for each other name."""
    return "".join(_PLAIN.get(letter, letter) for letter in name)
