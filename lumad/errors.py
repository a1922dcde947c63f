"""One error tree: a gaffer reads what is wrong, where, and what still runs."""

from collections.abc import Iterable
from dataclasses import dataclass


class LumadError(Exception):
    """Anything lumad says to a person; one line, no traceback."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a document: where it stands and what is wrong with it.

    `path` is the way to the value (("fixtures", "key", "address")); `line` and `column` are 1-based,
    0 where the fault has no place in a file (an edit by API).
    """

    path: tuple[str | int, ...]
    message: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """`FILE:LINE:COL: path: message` as compilers print it."""
        place = (
            f"{self.file}:{self.line}:{self.column}: " if self.line else f"{self.file}: " if self.file else ""
        )
        dotted = ".".join(str(part) for part in self.path)
        return f"{place}{dotted}: {self.message}" if dotted else f"{place}{self.message}"


class DocumentError(LumadError):
    """A show, profile or settings file is not valid; carries every fault found."""

    exit_code = 3

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class EditError(LumadError):
    """An edit would make the show invalid; the show is unchanged."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(str(fault) for fault in self.faults))


class UnknownNameError(LumadError):
    """No region, fixture, profile or universe of that name; says the nearest known one."""


class StaleRevisionError(LumadError):
    """The edit was made against an older revision of the show."""


class PacketError(LumadError, ValueError):
    """Bytes that are not the packet they should be; counted by receivers, never a crash."""


class FrameError(LumadError):
    """A frame or ring that contradicts its own header."""


class FeedError(LumadError):
    """No picture: the file is missing, broken, or not a picture."""

    exit_code = 5


class NetworkError(LumadError):
    """A port is held by another program, or an interface is not there."""

    exit_code = 4
