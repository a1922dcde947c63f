"""Codes of Open Fixture Library channels: what ranges of them do, and where they rest, in any resolution."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lumad.library.foreign import UnfitError


@dataclass(frozen=True, slots=True)
class Capability:
    """What codes `low`..`high` of a channel of `count` bytes do."""

    told: Mapping[str, Any]
    low: int
    high: int
    count: int

    def scaled(self, count: int) -> "Capability":
        """The same in a channel of `count` bytes; finer codes fill up, coarser ones are cut."""
        shift = 8 * (count - self.count)
        low = self.low << shift if shift > 0 else self.low >> -shift
        high = ((self.high + 1) << shift) - 1 if shift > 0 else self.high >> -shift
        return Capability(self.told, low, high, count)


def capabilities_of(channel: Mapping[str, Any]) -> list[Capability]:
    """The capabilities of a channel in its finest resolution; UnfitError for a range that is none."""
    count = _bytes_of(channel)
    highest = (1 << 8 * count) - 1
    single = channel.get("capability")
    if single is not None:
        return [Capability(dict(single), 0, highest, count)]
    found = []
    for told in channel.get("capabilities", ()):
        low, high = told["dmxRange"]
        numbers = all(isinstance(end, int) and not isinstance(end, bool) for end in (low, high))
        if not numbers or not 0 <= low <= high <= highest:
            raise UnfitError(f"the dmxRange [{low}, {high}] lies outside 0 to {highest}")
        found.append(Capability(dict(told), low, high, count))
    return found


def _bytes_of(channel: Mapping[str, Any]) -> int:
    """In how many bytes a channel's codes are written."""
    text = str(channel.get("dmxValueResolution", ""))
    if told := re.fullmatch(r"(8|16|24|32)bit", text):
        return int(told[1]) // 8
    return 1 + len(channel.get("fineChannelAliases", ()))


def default_of(channel: Mapping[str, Any], count: int) -> int | None:
    """The code a channel rests at, in `count` bytes; None where the file says nothing."""
    told = channel.get("defaultValue")
    own = _bytes_of(channel)
    highest = (1 << 8 * own) - 1
    if isinstance(told, str) and (percent := re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)%", told)):
        told = round(float(percent[1]) / 100 * highest)
    if not isinstance(told, int) or isinstance(told, bool):
        return None
    if not 0 <= told <= highest:
        raise UnfitError(f"the default {told} lies outside 0 to {highest}")
    if count <= own:
        return told >> 8 * (own - count)
    return int.from_bytes((told.to_bytes(own, "big") * count)[:count], "big")
