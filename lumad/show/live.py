"""Changes of the live values, checked."""

from collections.abc import Collection, Mapping
from typing import Any

from lumad.documents import nearest
from lumad.errors import EditError, Fault
from lumad.link.live import Live
from lumad.link.take import LONGEST, Take

LIVE_NAMES = ("master", "blackout", "freeze", "solo")
"""What anybody sets; identify, the current cue and the take have ways of their own."""
_OTHERS = ("identify", "cue", "take")
_MOST_TAKES = 9999


def changed(live: Live, changes: Mapping[str, object], fixtures: Collection[str] = ()) -> Live:
    """New live values; raises EditError.

    `master` is a number 0..1, blackout and freeze true or false, solo and identify lists of `fixtures`; of a
    `take` what is named changes.
    """
    faults = [fault for name, value in changes.items() if (fault := _fault(name, value, fixtures))]
    if faults:
        raise EditError(faults)
    lists = {name: list(dict.fromkeys(value)) for name, value in changes.items() if isinstance(value, list)}
    take = changes.get("take")
    parts = {"take": {**live.take.to_json(), **take}} if isinstance(take, dict) else {}
    return Live.from_json({**live.to_json(), **changes, **lists, **parts})


def _fault(name: str, value: Any, fixtures: Collection[str]) -> Fault | None:
    if name not in LIVE_NAMES and name not in _OTHERS:
        return Fault((name,), f"is no live value{nearest(name, LIVE_NAMES)}")
    if name in ("solo", "identify"):
        return _choice_fault(name, value, fixtures)
    if name == "take":
        return _take_fault(value, fixtures)
    if name in ("master", "cue"):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if name == "cue":
            return None if number or value is None else Fault((name,), "must be a number")
        return None if number and 0 <= value <= 1 else Fault((name,), "must be a number from 0 to 1")
    return None if isinstance(value, bool) else Fault((name,), "must be true or false")


def _choice_fault(name: str, value: Any, fixtures: Collection[str]) -> Fault | None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return Fault((name,), "must be a list of fixtures")
    for at, one in enumerate(value):
        if one not in fixtures:
            return Fault((name, at), f"there is no fixture {one[:80]}{nearest(one, fixtures)}")
    return None


def _take_fault(value: Any, fixtures: Collection[str]) -> Fault | None:
    if not isinstance(value, dict) or not value.keys() <= Take().to_json().keys():
        return Fault(("take",), f"has the keys {', '.join(Take().to_json())}")
    for name in ("scene", "shot"):
        text = value.get(name, "")
        if not isinstance(text, str) or len(text) > LONGEST:
            return Fault(("take", name), f"must be a text of at most {LONGEST} characters")
    number = value.get("take", 1)
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= _MOST_TAKES:
        return Fault(("take", "take"), f"must be a number from 1 to {_MOST_TAKES}")
    if not isinstance(value.get("rolling", False), bool):
        return Fault(("take", "rolling"), "must be true or false")
    ride = _choice_fault("ride", value.get("ride", []), fixtures)
    return Fault(("take", *ride.path), ride.message) if ride else None
