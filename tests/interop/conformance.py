"""Our referee: holds captured datagrams against every rule of E1.31 and Art-Net that an output must keep."""

from collections.abc import Iterable
from typing import Any

import artnet_rules
import e131_rules
from artnet_rules import ArtNet, ArtNetCapture
from captured import Datagram, datagrams_in
from e131_rules import Sacn, SacnCapture
from rulebook import Rule

__all__ = ["ArtNet", "Checker", "Datagram", "Sacn", "datagrams_in"]


class Checker:
    """Judges one output by what it was told; the packets of other outputs and protocols do not matter."""

    def __init__(self, told: Sacn | ArtNet) -> None:
        self._told = told

    @property
    def rules(self) -> list[Rule]:
        """The rules of its protocol, in the order of reading."""
        return e131_rules.RULES if isinstance(self._told, Sacn) else artnet_rules.RULES

    def violations(self, datagrams: Iterable[Datagram | tuple[Any, ...]]) -> dict[str, list[str]]:
        """By the name of the rule: what is wrong, a line each; {} for a capture that keeps them all."""
        seen = self._seen([Datagram(*one) for one in datagrams])
        found = {
            rule.name: [f"{rule.name} ({rule.clause}): {wrong}" for wrong in rule.find(seen)]
            for rule in self.rules
        }
        return {name: lines for name, lines in found.items() if lines}

    def check(self, datagrams: Iterable[Datagram | tuple[Any, ...]]) -> None:
        """Fails with every violation, at most five lines a rule."""
        found = self.violations(datagrams)
        assert not found, "\n".join(line for lines in found.values() for line in lines[:5])

    def _seen(self, datagrams: list[Datagram]) -> SacnCapture | ArtNetCapture:
        if isinstance(self._told, Sacn):
            return SacnCapture(datagrams, self._told)
        return ArtNetCapture(datagrams, self._told)
