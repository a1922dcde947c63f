"""XML of strangers as a tree: no DTD, no entities, nothing fetched, depth and size limited while reading."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, NoReturn
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from lumad.errors import DocumentError, Fault

MAX_BYTES: Final = 32 << 20
MAX_DEPTH: Final = 100
MAX_ELEMENTS: Final = 200_000
# what pygdtf and pymvr raise over text that is no number, or over a node that is not there
_STUMBLES: Final = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError)


def read_xml(data: bytes, file: str) -> Element:
    """The root element; DocumentError for what is no XML, hides a DTD, or is too deep or too large."""

    def refuse(reason: str) -> NoReturn:
        raise DocumentError([Fault((), reason, file)])

    if len(data) > MAX_BYTES:
        refuse(f"more than {MAX_BYTES >> 20} MiB of XML")
    parser = DefusedXMLParser(target=_Bounded(refuse), forbid_dtd=True)
    try:
        parser.feed(data.rstrip(b"\0"))  # some writers end their text as C does
        root: Element = parser.close()
    except DefusedXmlException:
        refuse("contains a DTD or entities; such XML is not read")
    except ParseError as error:
        refuse(f"broken XML: {error}")
    except (ValueError, LookupError) as error:  # an encoding that is none
        refuse(f"XML that cannot be read: {error}")
    return root


@contextmanager
def readable(file: str, format_name: str) -> Iterator[None]:
    """Turns what a reader of nodes stumbles over into a DocumentError."""
    try:
        yield
    except _STUMBLES as error:
        reason = f"not readable as {format_name}: {error or type(error).__name__}"
        raise DocumentError([Fault((), reason, file)]) from None


class _Bounded(TreeBuilder):
    """Builds the tree and stops where it grows too deep or too large."""

    def __init__(self, refuse: Callable[[str], NoReturn]) -> None:
        super().__init__()
        self._refuse = refuse
        self._depth = self._count = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._count += 1
        if self._depth > MAX_DEPTH:
            self._refuse(f"XML nested deeper than {MAX_DEPTH} levels")
        if self._count > MAX_ELEMENTS:
            self._refuse(f"more than {MAX_ELEMENTS} XML elements")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)
