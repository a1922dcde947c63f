"""Log lines about the network, so few that a flood of bad packets is no flood of lines."""

import logging
from dataclasses import dataclass, field

EVERY_S = 10.0  # of one kind


@dataclass(slots=True)
class Complaints:
    """Logs the first line of a kind at once, then one each 10 s that says how many were left out.

    Kinds are words of the program, never of a packet, so that their number is bounded.
    """

    log: logging.Logger
    _said: dict[str, tuple[float, int]] = field(default_factory=dict)

    def say(self, kind: str, text: str, now: float) -> None:
        """Logs `text`, or counts it."""
        at, left_out = self._said.get(kind, (float("-inf"), 0))
        if now - at < EVERY_S:
            self._said[kind] = (at, left_out + 1)
            return
        self._said[kind] = (now, 0)
        self.log.warning("%s%s", text, f" (and {left_out} more like it before)" if left_out else "")
