"""What an MQTT message asks for, done to the store; without any socket."""

import json
from collections.abc import Mapping
from typing import Any, Final

from lumad.daemon.mqtt_state import FULL, is_led, is_lit
from lumad.documents import nearest
from lumad.errors import EditError, Fault, PacketError, UnknownNameError
from lumad.model.fixture import Fixture
from lumad.show.edits import merge
from lumad.show.fade import Fade
from lumad.show.store import Store

BY: Final = "mqtt"
COMMANDS: Final = (
    "master/set",
    "blackout/set",
    "freeze/set",
    "look/+/go",
    "look/+/release",
    "fixture/+/set",
)
AT_ONCE: Final = "blackout/set"
_IN_TAKES: Final = ("master/set", "blackout/set")
_LONGEST: Final = 1024
_LONGEST_FADE_S: Final = 3600.0
_ON: Final = ("on", "1", "true")
_OFF: Final = ("off", "0", "false")
_PLAYED: Final = ("follow", "manual")


def is_command(topic: str) -> bool:
    """Whether a topic below the prefix asks for something."""
    return topic.endswith(("/set", "/go", "/release"))


def act(store: Store, topic: str, payload: bytes, before: float = 1.0) -> None:
    """Does it, or LumadError; an empty payload, which clears a retained message, asks for nothing.

    `topic` lies below the prefix; `before`: where the master goes that is switched on.
    """
    if not payload:
        return
    if store.live.take.rolling and topic not in _IN_TAKES:
        said = f"{store.live.take.slate} is rolling: only blackout and master move"
        raise EditError([Fault((), said)])
    text = _text(payload)
    match topic.split("/"):
        case ["master", "set"]:
            store.set_live(master=_master(store, text, before), by=BY)
        case ["blackout" | "freeze" as name, "set"]:
            store.set_live(**{name: _switch(text)}, by=BY)
        case ["look", name, "go"]:
            store.play.go(name, _fade_s(text), by=BY)
        case ["look", name, "release"]:
            store.play.release(name, _fade_s(text), by=BY)
        case ["fixture", name, "set"]:
            _set_fixture(store, name, _wish(text))
        case _:
            raise UnknownNameError("there is no such topic")


def _master(store: Store, text: str, before: float) -> float:
    wish = _wish(text)
    if "level" in wish:
        return float(wish["level"])
    return (store.live.master or before) if wish["on"] else 0.0


def _set_fixture(store: Store, name: str, wish: Mapping[str, Any]) -> None:
    if (lamp := store.show.fixtures.get(name)) is None:
        raise UnknownNameError(f"there is no fixture {name}{nearest(name, store.show.fixtures)}")
    if lamp.control == "console":
        raise EditError([Fault(("fixtures", name), "is on the console; it is moved there")])
    if wish.get("control") == "follow" and lamp.follow is None:
        raise EditError([Fault(("fixtures", name), "is linked to no region")])
    change = _lit(lamp, wish) if wish["on"] else {"control": "off"}
    fade = Fade(wish["fade_s"], frozenset([name])) if wish["fade_s"] else None
    gesture = f"{BY} {name}" if "level" in wish else None
    store.apply(merge(f"fixtures/{name}", change), by=BY, gesture=gesture, fade=fade)


def _lit(lamp: Fixture, wish: Mapping[str, Any]) -> dict[str, Any]:
    """What changes so that the lamp is on as wished.

    On means the wall again for a lamp that was off and has a region; a level that the wall would not let
    through is the hand's; what is on is never dark.
    """
    change: dict[str, Any] = {key: wish[key] for key in ("control", "level") if key in wish}
    if not change.get("control") and lamp.control == "off":
        change["control"] = "follow" if lamp.follow else "manual"
    would = lamp.model_copy(update=change)
    if "level" in wish:
        return change if is_led(would) or "control" in wish else {**change, "control": "manual"}
    return change if is_lit(would) else {**change, "level": 1.0}


def _wish(text: str) -> dict[str, Any]:
    """A light as asked for: on, and if said level (0..1), control (follow, manual); fade_s."""
    form = _form(text)
    if not isinstance(form, dict):
        form = {"brightness": form} if _is_number(form) else {"state": form}
    wish: dict[str, Any] = {"on": _switch(form.get("state", "ON")), "fade_s": 0.0}
    if wish["on"] and form.get("brightness") is not None:
        wish["level"] = (_within(form["brightness"], FULL, "a brightness") / FULL) ** 2
    if form.get("effect") is not None:
        if form["effect"] not in _PLAYED:
            raise PacketError(f"{str(form['effect'])[:40]} is neither follow nor manual")
        wish["control"] = form["effect"]
    if form.get("transition") is not None:
        wish["fade_s"] = _within(form["transition"], _LONGEST_FADE_S, "a transition")
    return wish


def _fade_s(text: str) -> float | None:
    """Seconds, or None (the look's own) for ON."""
    form = _form(text)
    if _is_number(form):
        return _within(form, _LONGEST_FADE_S, "a fade time")
    if not _switch(form):
        raise PacketError("OFF is nothing a look does; send ON or seconds")
    return None


def _switch(value: Any) -> bool:
    lowered = str(value).lower()
    if lowered in _ON or lowered in _OFF:
        return lowered in _ON
    raise PacketError(f"{str(value)[:40]} is neither ON nor OFF")


def _within(value: Any, most: float, what: str) -> float:
    if _is_number(value) and 0 <= value <= most:
        return float(value)
    raise PacketError(f"{str(value)[:40]} is not {what}; possible is 0 to {most:g}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(payload: bytes) -> str:
    if len(payload) > _LONGEST:
        raise PacketError(f"{len(payload)} bytes; a message has at most {_LONGEST}")
    try:
        return payload.decode().strip()
    except UnicodeDecodeError:
        raise PacketError("it is no text") from None


def _form(text: str) -> Any:
    """JSON, or a bare word."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
