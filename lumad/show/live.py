"""Changes of the live values, checked."""

from collections.abc import Mapping
from typing import Any

from lumad.documents import nearest
from lumad.errors import EditError, Fault
from lumad.link.live import Live

LIVE_NAMES = ("master", "blackout", "freeze")


def changed(live: Live, changes: Mapping[str, object]) -> Live:
    """New live values: master a number 0..1, blackout and freeze true or false; raises EditError."""
    faults = [fault for name, value in changes.items() if (fault := _fault(name, value))]
    if faults:
        raise EditError(faults)
    return Live.from_json({**live.to_json(), **changes})


def _fault(name: str, value: Any) -> Fault | None:
    if name not in LIVE_NAMES:
        return Fault((name,), f"is no live value{nearest(name, LIVE_NAMES)}")
    if name == "master":
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return None if number and 0 <= value <= 1 else Fault((name,), "must be a number from 0 to 1")
    return None if isinstance(value, bool) else Fault((name,), "must be true or false")
