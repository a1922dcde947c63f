"""When a standby takes over from its primary, and when it hands back. Time is an argument, in seconds.

States: `waiting` (too little was heard of the primary to notice its end), `watching`, `isolated` (our own
link is down, or came back just now: the silence may be ours), `active` (the light is ours).
"""

from dataclasses import dataclass
from typing import Any, Literal

from lumad.input.watch import Watch
from lumad.output.links import LINK_SETTLES_S

STEADY_S = 3.0  # the primary must have been heard without a gap for so long before it gets the light back
_ECHO_S = 2.5  # our own packets may come back to us for so long after the last

Deed = Literal["take", "hand-back", ""]
State = Literal["waiting", "watching", "isolated", "active"]
ORDERS = ("take", "hand-back", "automatic", "manual")


@dataclass(frozen=True, slots=True)
class Plan:
    """`primary`: its source name or CID; `handback`: whether it gets the light back by itself (`auto`)."""

    primary: str
    handback: Literal["auto", "never"] = "never"

    def to_json(self) -> dict[str, str]:
        """Plain values."""
        return {"primary": self.primary, "handback": self.handback}


class Standby:
    """Decides; whoever asks does what it says and reports by `done`."""

    def __init__(self, plan: Plan, watch: Watch, now: float) -> None:
        self.plan, self.watch = plan, watch
        self.active = False
        self.automatic = True
        self.state: State = "waiting"
        self.since = now  # of the state
        self.last_gap_s: float | None = None
        self._by_hand = False  # an operator took the light: only an operator gives it back
        self._ordered: Deed = ""
        self._linked = False
        self._active_at = float("-inf")

    def order(self, do: str, now: float) -> str:
        """An operator's word, one of ORDERS; returns why it cannot be done, or ""."""
        if do not in ORDERS:
            return f"a standby knows no {do!r}; possible: {', '.join(ORDERS)}"
        if do in {"automatic", "manual"}:
            self.automatic = do == "automatic"
            self._by_hand = self._by_hand and not self.automatic
        elif do == "take":
            self._ordered, self._by_hand = "" if self.active else "take", True
        elif self.active and not self.watch.is_heard(now):
            return "the primary is not heard: nobody would have the light; lumad release lets it go"
        else:
            self._ordered = "hand-back" if self.active else ""
        return ""

    def decide(self, now: float, link_up_s: float | None) -> Deed:
        """What is to be done now. `link_up_s`: for how long our own link has been up, None = it is down.

        To be asked after everything that has arrived by `now` was heard.
        """
        linked = link_up_s is not None and link_up_s >= LINK_SETTLES_S
        if self._linked and not linked and not self.active:
            self.watch.forget()  # whatever we did not hear says nothing about the primary
        self._linked = linked
        deed, self._ordered = self._ordered or self._due(now), ""
        self._enter(self._state(now), now)
        return deed

    def suspects(self, now: float) -> bool:
        """Whether it is about to take over."""
        return self.automatic and not self.active and self.watch.is_silent(now)

    def done(self, deed: Deed, now: float) -> None:
        """The light is ours, or the primary's again."""
        self.active = deed == "take"
        if self.active:
            self.last_gap_s = self.watch.silence_s(now)
            if self.watch.is_silent(now):
                self.watch.miss()
        else:
            self._active_at, self._by_hand = now, False
        self._enter(self._state(now), now)

    def resume(self, now: float) -> None:
        """The light is ours already: an engine of this standby had it before."""
        self.active = True
        self._enter("active", now)

    def report(self, now: float) -> dict[str, Any]:
        """What a person wants to know; `since_s`: for how long in this state."""
        gap = self.last_gap_s
        return {
            "state": self.state,
            "primary": self.watch.name or self.plan.primary,
            "cid": self.watch.cid.hex(),
            "heard": self.watch.is_heard(now),
            "rate_hz": round(self.watch.rate, 2),
            "since_s": round(now - self.since, 1),
            "last_gap_ms": None if gap is None else round(gap * 1000, 1),
            "mode": "automatic" if self.automatic else "manual",
            "handback": self.plan.handback,
            "note": self._note(now),
        }

    def _due(self, now: float) -> Deed:
        if not self.automatic or not self._linked:
            return ""
        if not self.active:
            return "take" if self.watch.is_silent(now) else ""
        wanted = self.plan.handback == "auto" and not self._by_hand
        return "hand-back" if wanted and self.watch.steady_s(now) >= STEADY_S else ""

    def _state(self, now: float) -> State:
        if self.active:
            return "active"
        if not self._linked:
            return "isolated"
        return "watching" if self.watch.is_heard(now) else "waiting"

    def _enter(self, state: State, now: float) -> None:
        if state != self.state:
            self.state, self.since = state, now

    def _note(self, now: float) -> str:
        echo = self.active or now - self._active_at < _ECHO_S
        if not echo and now - self.watch.own_at < _ECHO_S:
            return (
                "somebody sends with this machine's own CID: if that is the primary, its state folder was "
                "copied; delete the file cid in this one's and start it again"
            )
        if self.state == "isolated":
            return "our own link is down, or came back just now: what is not heard proves nothing"
        if self.state == "waiting":
            return f"too little is heard of {self.plan.primary}: it must send this show's universes to here"
        return ""
