"""Undo and redo by role: whoever holds the light walks over steps of light, not over somebody's patch."""

from http import HTTPStatus

from lumad.api.problem import RequestError
from lumad.api.roles import OPERATORS_FIXTURE_KEYS, Role
from lumad.model.fixture import Fixture
from lumad.model.show import Show
from lumad.show.store import Store

_WALKED = frozenset(("fixtures", "regions", "looks"))


def undo(store: Store, role: Role | None, by: str) -> int:
    """Back to the former show; the revision. RequestError 403 where that takes an admin, EditError."""
    _allow(store.show, store.former, role)
    return store.undo(by=by)


def redo(store: Store, role: Role | None, by: str) -> int:
    """Takes the last undo back; the same errors."""
    _allow(store.show, store.undone, role)
    return store.redo(by=by)


def is_of_light(before: Show, after: Show) -> bool:
    """Whether between the two nothing differs but how lamps are lit, where regions are, and looks."""
    return (
        all(getattr(before, key) == getattr(after, key) for key in Show.model_fields if key not in _WALKED)
        and before.regions.keys() == after.regions.keys()
        and before.fixtures.keys() == after.fixtures.keys()
        and all(_is_same_lamp(lamp, after.fixtures[name]) for name, lamp in before.fixtures.items())
    )


def _is_same_lamp(before: Fixture, after: Fixture) -> bool:
    kept = Fixture.model_fields.keys() - OPERATORS_FIXTURE_KEYS
    return before is after or all(getattr(before, key) == getattr(after, key) for key in kept)


def _allow(now: Show, then: Show | None, role: Role | None) -> None:
    if role is not Role.ADMIN and then is not None and not is_of_light(now, then):
        detail = "this step changes more than the light, as the patch or outputs; it takes the role admin"
        raise RequestError(HTTPStatus.FORBIDDEN, detail)
