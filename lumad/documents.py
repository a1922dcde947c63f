"""YAML and JSON files as plain values, every one with its line and column; and plain values as YAML.

The dialect is the YAML 1.2 core schema: `no`, `on` and `12:30` are text, `010` is ten. A file comes from a
person or from a stranger, so it is read event by event: nothing recurses, nothing is constructed.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

import yaml

from lumad.errors import DocumentError, Fault

Place: TypeAlias = tuple[int, int]
Steps: TypeAlias = tuple[str | int, ...]

MAX_BYTES: Final = 4_000_000
MAX_DEPTH: Final = 32
MAX_VALUES: Final = 250_000
MAX_FAULTS: Final = 50

_PARSER: Final[type[Any]] = getattr(yaml, "CLoader", yaml.Loader)
_UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATES: Final = re.compile(
    r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})"
)

_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_OCTAL: Final = re.compile(r"0o[0-7]+")
_HEX: Final = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}

# what libyaml says -> what a gaffer can act on
_PLAIN_WORDS: Final = (
    ("character that cannot start any token", "this character cannot start a value; quote the text"),
    ("mapping values are not allowed", "a ':' that belongs to no key; check the indent, or quote the text"),
    ("could not find expected ':'", "a key without ':'; check the line above, too"),
    ("did not find expected key", "the indent does not fit the lines above"),
    ("did not find expected '-' indicator", "the indent does not fit the lines above"),
    ("did not find expected node content", "a value is missing here, or a character is too many"),
    ("did not find expected <document start>", "nothing may follow the end of the document"),
    ("did not find expected ',' or", "a ',' or a closing bracket is missing before this"),
    ("block sequence entries are not allowed", "a '-' list cannot start here; check the indent"),
    ("found unexpected end of stream", "the file ends inside a quoted text"),
    ("maximum", f"nested deeper than {MAX_DEPTH} levels"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """One file as a plain mapping; `places`: 1-based line and column of a value, in mappings of its key."""

    file: str
    value: Any
    places: Mapping[Steps, Place]

    def fault(self, path: Iterable[str | int], message: str) -> Fault:
        """A fault at `path`, placed where that value stands, else at its nearest parent that has a place."""
        steps = tuple(path)
        near = steps
        while near and near not in self.places:
            near = near[:-1]
        line, column = self.places.get(near, (0, 0))
        return Fault(steps, message, self.file, line, column)

    def placed(self, faults: Iterable[Fault]) -> list[Fault]:
        """The same faults with file, line and column, in the order of the file."""
        found = [self.fault(fault.path, fault.message) for fault in faults]
        return sorted(found, key=lambda fault: (fault.line, fault.column))


def load_document(path: Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """Reads `path`; raises DocumentError, also where it cannot be opened."""
    try:
        with path.open("rb") as stream:
            text = stream.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file name"
        raise DocumentError([Fault((), f"cannot be read: {reason}", str(path))]) from None
    return read_document(text, str(path), max_bytes=max_bytes)


def read_document(text: bytes | str, file: str, *, max_bytes: int = MAX_BYTES) -> Document:
    """The one document in `text`, a mapping at its top level; raises DocumentError with every fault found."""
    if len(text) > max_bytes:
        raise DocumentError([Fault((), f"more than {max_bytes} bytes; that is no file of lumad", file)])
    reading = _Reading(file)
    try:
        clean = reading.clean(text if isinstance(text, str) else reading.decode(text))
        for event in yaml.parse(clean, Loader=_PARSER):
            reading.take(event)
    except yaml.MarkedYAMLError as error:
        reading.stumble(error)
    except yaml.YAMLError as error:  # no mark: the reader itself stumbled
        reading.stop(f"not valid YAML: {str(error).splitlines()[0]}", 0, 0)
    return reading.document()


def write_document(value: Mapping[str, Any]) -> str:
    """Plain values as YAML that `read_document` reads back as equal ones; keys stay in their order."""
    return str(
        yaml.dump(
            value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110
        )
    )


def nearest(name: str, known: Iterable[str]) -> str:
    """` (nearest: sky-left)` for the known name most like `name`, or nothing."""
    if len(name) > 100:
        return ""
    by_lower = {candidate.lower(): candidate for candidate in known}
    close = get_close_matches(name.lower(), by_lower, n=1)
    return f" (nearest: {by_lower[close[0]]})" if close else ""


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet."""

    value: dict[str, Any] | list[Any]
    path: Steps
    key: str | None = None
    repeated: bool = False

    @property
    def next_path(self) -> Steps:
        """The path of the entry that is being read."""
        if isinstance(self.value, list):
            return (*self.path, len(self.value))
        return self.path if self.key is None else (*self.path, self.key)


@dataclass(slots=True)
class _Reading:
    """One pass over the events of a file."""

    file: str
    value: Any = None
    text: str = ""
    places: dict[Steps, Place] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0

    def decode(self, raw: bytes) -> str:
        """The characters of a UTF-8 file."""
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            self.stop("the file is UTF-16; save it as UTF-8", 0, 0)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            before = raw[: error.start].decode("utf-8")
            self.stop("a byte that is not UTF-8; save the file as UTF-8", *_end_of(before))

    def clean(self, text: str) -> str:
        """`text` in characters that YAML allows, without a byte order mark."""
        text = text.removeprefix("\ufeff")
        if bad := _UNPRINTABLE.search(text):
            code = f"U+{ord(bad.group()):04X}"
            self.stop(f"the character {code} cannot stand in a text file", *_end_of(text[: bad.start()]))
        if text.lstrip().startswith("{"):  # JSON writes what is beyond U+FFFF as two escapes, YAML as one
            text = _SURROGATES.sub(_joined, text)
        self.text = text
        return text

    def take(self, event: Any) -> None:
        """Takes the next event into the value."""
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.stop("a second document starts here; a file holds one", *_start(event))
            case yaml.AliasEvent():
                self.stop(f"*{event.anchor}: aliases are not read; write the value again", *_start(event))
            case yaml.ScalarEvent():
                self.plain_node(event)
                self.scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.plain_node(event)
                self.open(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.stack.pop()

    def plain_node(self, event: Any) -> None:
        """Reports what a plain value does not have: an anchor or a tag."""
        if event.anchor is not None:
            self.report(event, f"&{event.anchor}: anchors are not read; write the value out where it is used")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self.report(event, f"{tag}: tags are not read; write the value without it")

    def scalar(self, event: Any) -> None:
        """A key of the open mapping, or a value."""
        parent = self.stack[-1] if self.stack else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self.start_entry(parent, event)
        elif event.implicit[0]:
            self.put(event, self.resolve(event))
        else:
            self.put(event, event.value)

    def start_entry(self, parent: _Open, event: Any) -> None:
        """Remembers a key: always its text, so that `1:` and `on:` are names, too."""
        parent.key = event.value
        path = (*parent.path, event.value)
        parent.repeated = event.value in parent.value
        if parent.repeated:
            line = self.places[path][0]
            self.report(event, f"this key stands twice (first in line {line})", path)
        elif not event.value:
            self.report(event, "a key without a name", parent.path)
        else:
            line, column = _start(event)
            self.places[path] = (line + 1, column + 1)

    def open(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        """Starts a mapping or a list."""
        if len(self.stack) >= MAX_DEPTH:
            self.stop(f"nested deeper than {MAX_DEPTH} levels", *_start(event))
        if self.stack and isinstance(self.stack[-1].value, dict) and self.stack[-1].key is None:
            self.stop("a key must be one word or quoted text, not a list or mapping", *_start(event))
        self.stack.append(_Open(value, self.put(event, value)))

    def put(self, event: Any, value: Any) -> Steps:
        """Puts `value` where the open mapping or list expects it; returns its path."""
        if len(self.places) > MAX_VALUES:
            self.stop(f"more than {MAX_VALUES} values; that is no file of lumad", *_start(event))
        line, column = _start(event)
        if not self.stack:
            self.value = value
            self.places[()] = (line + 1, column + 1)
            return ()
        parent = self.stack[-1]
        path = parent.next_path
        if isinstance(parent.value, list):
            parent.value.append(value)
            self.places[path] = (line + 1, column + 1)
        else:
            assert parent.key is not None
            if not parent.repeated:
                parent.value[parent.key] = value
            parent.key = None
        return path

    def resolve(self, event: Any) -> Any:
        """A plain scalar by the core schema; a number that is not finite is reported."""
        text: str = event.value
        if text in _WORDS:
            return _WORDS[text]
        try:
            number = _number(text)
        except ValueError:
            self.report(event, "this number is too large")
            return 0
        if number is None and not _NOT_FINITE.fullmatch(text):
            return text
        if number is None or not math.isfinite(number):
            self.report(event, f"{text} is not a finite number")
            return 0
        return number

    def report(self, event: Any, message: str, path: Steps | None = None) -> None:
        """Notes a fault and reads on, up to a bearable number of them."""
        if path is None:
            path = self.stack[-1].next_path if self.stack else ()
        line, column = _start(event)
        self.faults.append(Fault(path, message, self.file, line + 1, column + 1))
        if len(self.faults) >= MAX_FAULTS:
            raise DocumentError(self.faults)

    def stop(self, message: str, line: int, column: int) -> NoReturn:
        """Ends the reading by a fault that leaves nothing to read on; 0-based place."""
        path = self.stack[-1].path if self.stack else ()
        raise DocumentError([*self.faults, Fault(path, message, self.file, line + 1, column + 1)])

    def stumble(self, error: yaml.MarkedYAMLError) -> NoReturn:
        """Ends the reading where the parser could not go on."""
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        here = self.text.splitlines()[line : line + 1]
        if here and "\t" in here[0][: column + 1]:
            self.stop("a tab cannot indent here; use spaces", line, here[0].index("\t"))
        self.stop(_in_plain_words(error), line, column)

    def document(self) -> Document:
        """What was read; raises DocumentError if anything was reported."""
        if self.faults:
            raise DocumentError(self.faults)
        if not self.documents:
            self.stop("the file is empty", 0, 0)
        if not isinstance(self.value, dict):
            line, column = self.places[()]
            self.stop(
                "the file must be a mapping at its top level (lines of key: value)", line - 1, column - 1
            )
        return Document(self.file, self.value, self.places)


class _Dumper(yaml.SafeDumper):
    """Writes YAML 1.1 that YAML 1.2 reads alike: text that might be anything else is quoted, no aliases."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Text, quoted where its characters are unusual or `1e3`, `0o17` would read as numbers."""
        plain = data.isprintable() and _is_text(data)
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=None if plain else '"')

    def ignore_aliases(self, _data: object) -> bool:
        """A value that stands in two places is written twice."""
        return True


_Dumper.add_representer(str, _Dumper.represent_str)


def _is_text(word: str) -> bool:
    """Whether a plain scalar is text by the core schema."""
    try:
        return word not in _WORDS and not _NOT_FINITE.fullmatch(word) and _number(word) is None
    except ValueError:
        return False


def _number(text: str) -> int | float | None:
    """The number that `text` is by the core schema, if any; ValueError where it needs more than 64 bits."""
    for pattern, base in ((_INTEGER, 10), (_OCTAL, 8), (_HEX, 16)):
        if pattern.fullmatch(text):
            number = int(text[:100] if base == 10 else text[2:100], base)
            if len(text) > 100 or abs(number) >= 2**63:
                raise ValueError
            return number
    return float(text) if _FLOAT.fullmatch(text) else None


def _start(event: Any) -> Place:
    """0-based line and column of an event."""
    return event.start_mark.line, event.start_mark.column


def _end_of(text: str) -> Place:
    """0-based line and column right after `text`."""
    return text.count("\n"), len(text) - (text.rfind("\n") + 1)


def _joined(match: re.Match[str]) -> str:
    """A pair of surrogate escapes as the one character they stand for."""
    high, low = int(match[2], 16), int(match[3], 16)
    return match[1] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _in_plain_words(error: yaml.MarkedYAMLError) -> str:
    """The parser's complaint as a gaffer would say it."""
    problem = " ".join(part for part in (error.context, error.problem) if part)
    for said, plain in _PLAIN_WORDS:
        if said in problem:
            return plain
    return f"not valid YAML: {problem}"
