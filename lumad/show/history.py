"""Undo and redo: the shows that were, one entry per gesture."""

from collections import deque

from lumad.model.show import Show

STEPS = 100
HANDS = 8  # that drag at the same time, each of them one step


class History:
    """The last hundred former shows and what was undone since; an entry is the show before the edit."""

    def __init__(self) -> None:
        self._undo: deque[Show] = deque(maxlen=STEPS)
        self._redo: deque[Show] = deque(maxlen=STEPS)
        self._lately: deque[tuple[str, str]] = deque(maxlen=HANDS)

    @property
    def former(self) -> Show | None:
        """What `undo` would go back to, None at the beginning."""
        return self._undo[-1] if self._undo else None

    @property
    def undone(self) -> Show | None:
        """What `redo` would come to: something was undone and nothing edited since."""
        return self._redo[-1] if self._redo else None

    def record(self, before: Show, gesture: tuple[str, str] | None) -> None:
        """An edit turned `before` into a new show; edits in a row of one gesture (who, which) are one.

        In a row also where a few hands move at once, or two drags would fill the history in a second.
        """
        if gesture is None or gesture not in self._lately or not self._undo:
            self._undo.append(before)
        if gesture is None:
            self._lately.clear()
        else:
            self._lately.append(gesture)
        self._redo.clear()

    def undo(self, current: Show) -> Show | None:
        """The former show, or None at the beginning."""
        return self._step(self._undo, self._redo, current)

    def redo(self, current: Show) -> Show | None:
        """The show that was undone last, or None."""
        return self._step(self._redo, self._undo, current)

    def _step(self, taken: deque[Show], given: deque[Show], current: Show) -> Show | None:
        self._lately.clear()
        if not taken:
            return None
        given.append(current)
        return taken.pop()
