"""What the rules of conformance are made of."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")
K = TypeVar("K")
Find = Callable[[Any], Iterator[str]]

JITTER_S = 0.02  # how far a busy machine may push a packet about before that counts


class Rule(NamedTuple):
    """One sentence of a standard: `find` takes the packets of a capture and says what is wrong."""

    name: str
    clause: str
    find: Find


class Rulebook(list[Rule]):
    """Rules in the order of reading; calling it with a clause makes the decorator that enters one."""

    def __call__(self, clause: str) -> Callable[[Find], Find]:
        """Enters the decorated function under its own name."""

        def enter(find: Find) -> Find:
            self.append(Rule(find.__name__, clause, find))
            return find

        return enter


def streams(packets: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    """The packets of each stream, in order."""
    found: dict[K, list[T]] = {}
    for packet in packets:
        found.setdefault(key(packet), []).append(packet)
    return found


def too_quick(times: list[float], rate_hz: float) -> Iterator[float]:
    """When more packets than `rate_hz` allows left within a quarter of a second, or within a second."""
    for count in {max(int(rate_hz / 4), 1), max(int(rate_hz), 1)}:
        for first, last in zip(times, times[count:], strict=False):
            if last - first < count / rate_hz - JITTER_S:
                yield last
                break
