"""Who has an address that two machines share: one at a time. No socket, no clock: both are arguments.

The machine that has the light has the address. One whose primary has just died takes it without asking; any
other asks first and waits while somebody answers. Who hears another announce it lets go at once, and so does
who loses its cable or its light.
"""

from typing import Literal

from lumad.protocols.arp import Arp

PROBES_S = (0.0, 0.04, 0.08)  # times of the questions, from the first
ASKED_S = 0.12  # nobody answered for so long: it is free
ANNOUNCED_S = (0.0, 0.05, 0.2, 0.5, 1.0, 2.0)  # some of them may be lost
AGAIN_S = 0.25  # until it is asked for again after somebody answered
FRESH_S = 1.0  # what others announce so soon after us is older than our claim

Deed = Literal["add", "drop", "probe", "announce"]


class Claim:
    """One machine's share of one address; `mac`: of its interface."""

    def __init__(self, mac: bytes) -> None:
        self.held = False
        self._mac = mac
        self._since = float("-inf")  # of the claim, or of the first question
        self._said = 0  # announcements or questions so far
        self._asking = False
        self._wait_until = float("-inf")
        self._contested = False
        self._defend = False

    def hear(self, packet: Arp) -> None:
        """Takes one packet about the address that is not our own."""
        if packet.sender_mac == self._mac:
            return
        if self.held and packet.is_announcement:
            self._contested = True
        elif self.held and not packet.is_probe:
            self._defend = True  # somebody uses what is ours: it has not heard us yet
        elif not self.held:
            self._contested = True

    def decide(self, now: float, *, wanted: bool, urgent: bool, linked: bool) -> list[Deed]:
        """What is to be done now.

        `wanted`: we have the light; `urgent`: we have just taken it; `linked`: our cable is in.
        """
        contested, self._contested = self._contested, False
        if not (wanted and linked):
            return self._let_go()
        if not self.held:
            return self._get(now, urgent=urgent, contested=contested)
        if contested and now - self._since >= FRESH_S:
            self._wait_until = now + AGAIN_S
            return self._let_go()
        defend, self._defend = self._defend or contested, False
        return ["announce"] if self._is_due(ANNOUNCED_S, now) or defend else []

    def _let_go(self) -> list[Deed]:
        was, self.held, self._asking = self.held, False, False
        return ["drop"] if was else []

    def _get(self, now: float, *, urgent: bool, contested: bool) -> list[Deed]:
        if not urgent:
            if contested:
                self._asking, self._wait_until = False, now + AGAIN_S * (1 + self._mac[-1] / 512)
            if now < self._wait_until:
                return []
            if not self._asking:
                self._asking, self._since, self._said = True, now, 0
            if now - self._since < ASKED_S:
                return ["probe"] if self._is_due(PROBES_S, now) else []
        self.held, self._asking, self._since, self._said = True, False, now, 1
        return ["add", "announce"]

    def _is_due(self, times: tuple[float, ...], now: float) -> bool:
        due = self._said < len(times) and now - self._since >= times[self._said]
        self._said += due
        return due
