"""Undo and redo: the shows that were, one entry per gesture."""

from collections import deque

from lumad.model.show import Show

STEPS = 100


class History:
    """The last hundred former shows and what was undone since; an entry is the show before the edit."""

    def __init__(self) -> None:
        self._undo: deque[Show] = deque(maxlen=STEPS)
        self._redo: deque[Show] = deque(maxlen=STEPS)
        self._gesture: tuple[str, str] | None = None

    @property
    def former(self) -> Show | None:
        """What `undo` would go back to, None at the beginning."""
        return self._undo[-1] if self._undo else None

    @property
    def undone(self) -> Show | None:
        """What `redo` would come to: something was undone and nothing edited since."""
        return self._redo[-1] if self._redo else None

    def record(self, before: Show, gesture: tuple[str, str] | None) -> None:
        """An edit turned `before` into a new show; edits in a row of one gesture (who, which) are one."""
        if gesture is None or gesture != self._gesture or not self._undo:
            self._undo.append(before)
        self._gesture = gesture
        self._redo.clear()

    def undo(self, current: Show) -> Show | None:
        """The former show, or None at the beginning."""
        return self._step(self._undo, self._redo, current)

    def redo(self, current: Show) -> Show | None:
        """The show that was undone last, or None."""
        return self._step(self._redo, self._undo, current)

    def _step(self, taken: deque[Show], given: deque[Show], current: Show) -> Show | None:
        self._gesture = None
        if not taken:
            return None
        given.append(current)
        return taken.pop()
