"""What an MQTT broker holds of lumad: topics below the prefix and their payloads, without any socket."""

import json
from collections.abc import Iterator, Mapping
from math import sqrt
from typing import Any, Final

from lumad.daemon.events import troubles_of
from lumad.link.live import Live
from lumad.model.fixture import Fixture
from lumad.model.show import Show

FULL: Final = 255  # a fader's end, as Home Assistant counts brightness
_CHILDREN: Final = ("engine", "renderer")
_MOST_TOLD: Final = 20
_LEAST_STEP: Final = 1.0  # fps: what jitters by less is the same rate


def live_state(live: Live) -> dict[str, str]:
    """`master`, `blackout` and `freeze`."""
    return {
        "master": _light(on=live.master > 0, level=live.master),
        "blackout": word(on=live.blackout),
        "freeze": word(on=live.freeze),
    }


def fixture_state(show: Show) -> dict[str, str]:
    """`fixture/ID` of each."""
    return {
        f"fixture/{name}": _light(on=is_lit(lamp), level=lamp.level, effect=lamp.control)
        for name, lamp in show.fixtures.items()
    }


def status_state(status: Mapping[str, Any], before: Mapping[str, str]) -> dict[str, str]:
    """`feed`, `fps`, `engine`, `problem` and `problems`; `before` is what was told last."""
    problems = list(problems_of(status))[:_MOST_TOLD]
    return {
        "feed": str(status["feed"]["state"]),
        "fps": steady(float(status["feed"]["fps"] or 0), before.get("fps")),
        "engine": str(status["engine"]["state"]),
        "problem": word(on=bool(problems)),
        "problems": json.dumps({"problems": problems}),
    }


def problems_of(status: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong now, in sentences; a restart that is over is no problem any more."""
    for name in _CHILDREN:
        if (state := status[name]["state"]) not in ("running", "starting"):
            yield f"the {name} is {state}"
    for key, text in troubles_of(status).items():
        if key.partition(" ")[0] not in _CHILDREN:
            yield text


def steady(fps: float, before: str | None) -> str:
    """A picture rate that is told again only when it is another one."""
    if before is not None and fps and abs(fps - float(before)) < _LEAST_STEP:
        return before
    return f"{fps:.4g}"


def changes(held: Mapping[str, str], wanted: Mapping[str, str]) -> list[tuple[str, str]]:
    """What to publish, retained, so that a broker that holds `held` holds `wanted`; "" clears a topic."""
    new = [(topic, payload) for topic, payload in wanted.items() if held.get(topic) != payload]
    return new + [(topic, "") for topic in held if topic not in wanted]


def is_lit(lamp: Fixture) -> bool:
    """Whether anything lets the lamp shine: not off, nor dimmed to nothing by its own level."""
    return lamp.control != "off" and not (is_led(lamp) and lamp.level == 0)


def is_led(lamp: Fixture) -> bool:
    """Whether its own level decides how bright it is, and not the wall or a console."""
    by_colour = lamp.control == "follow" and lamp.follow is not None and lamp.follow.take == "colour"
    return by_colour or lamp.control == "manual"


def word(*, on: bool) -> str:
    """ON or OFF."""
    return "ON" if on else "OFF"


def brightness_of(level: float) -> int:
    """0 to 255 of a level, 0..1 of linear light: the position of a fader with a square law, 0 for none."""
    return max(1, round(FULL * sqrt(level))) if level > 0 else 0


def _light(*, on: bool, level: float, **more: str) -> str:
    return json.dumps({"state": word(on=on), "brightness": brightness_of(level), **more})
