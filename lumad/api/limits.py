"""How much one client may ask: tokens a second, wrong tries, open connections; time is an argument."""

from ipaddress import IPv6Address, ip_address
from typing import Protocol, TypeVar

V = TypeVar("V")

MOST_KEPT = 4096  # clients that are remembered; beyond it the one that was quiet longest is forgotten
WRITES_A_S, WRITES_AT_ONCE = 50.0, 200.0
MESSAGES_A_S, MESSAGES_AT_ONCE = 240.0, 200.0  # a drag sends one a frame, at most 120 a second
CONNECTIONS, MOST_CONNECTIONS = 32, 512  # of one client, of all: descriptors are left for files and output
FREE_TRIES, FIRST_WAIT_S, LONGEST_WAIT_S = 5, 60.0, 900.0


class Buckets:
    """A token bucket for each client: `burst` at once, then `rate` a second."""

    def __init__(self, rate: float, burst: float) -> None:
        self._rate, self._burst = rate, burst
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, client: str, now: float) -> float:
        """Takes one token and returns 0; seconds until there is one where the bucket is empty."""
        left, since = self._left.pop(client, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        wait = 0.0 if left >= 1.0 else (1.0 - left) / self._rate
        _keep(self._left, client, (left if wait else left - 1.0, now))
        return wait


class Tries:
    """Wrong tries by client: five are free, then a minute's wait that doubles with each further one."""

    def __init__(self) -> None:
        self._wrong: dict[str, tuple[int, float]] = {}

    def wait(self, client: str, now: float) -> float:
        """Seconds until this client may try again, 0: now."""
        count, last = self._wrong.get(client, (0, now))
        return max(0.0, last + _wait_after(count) - now)

    def wrong(self, client: str, now: float) -> None:
        """One more; a few are forgotten after a minute, many after the longest wait."""
        count, last = self._wrong.pop(client, (0, now))
        memory = FIRST_WAIT_S if count < FREE_TRIES else _wait_after(count) + LONGEST_WAIT_S
        _keep(self._wrong, client, (1 if now - last > memory else count + 1, now))

    def right(self, client: str) -> None:
        """Forgets the client's wrong ones."""
        self._wrong.pop(client, None)


class Connection(Protocol):
    """An accepted connection."""

    def is_closing(self) -> bool:
        """Whether it has ended or is about to."""


class Connections:
    """Open connections by client, at most `most` of each and `of_all` together."""

    def __init__(self, most: int = CONNECTIONS, of_all: int = MOST_CONNECTIONS) -> None:
        self._most, self._of_all = most, of_all
        self._open: dict[str, list[Connection]] = {}

    def admit(self, client: str, connection: Connection) -> bool:
        """Whether one more is let in; counts it until it closes."""
        alive = [one for one in self._open.pop(client, ()) if not one.is_closing()]
        admitted = len(alive) < self._most and len(alive) + self._others() < self._of_all
        _keep(self._open, client, [*alive, connection] if admitted else alive)
        return admitted

    def _others(self) -> int:
        """How many all but the one who asks hold."""
        return sum(not one.is_closing() for each in self._open.values() for one in each)


def client_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the network that an IPv6 host draws addresses from."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, IPv6Address):
        return str(ip.ipv4_mapped or int(ip) >> 64)
    return str(ip)


def _wait_after(count: int) -> float:
    if count < FREE_TRIES:
        return 0.0
    return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(count - FREE_TRIES, 10))


def _keep(kept: dict[str, V], client: str, value: V) -> None:
    if len(kept) >= MOST_KEPT:
        del kept[next(iter(kept))]
    kept[client] = value
