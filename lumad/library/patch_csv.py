"""Patch lists as CSV (RFC 4180), in and out: one line a fixture, columns by their name in the first line."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from lumad.documents import nearest
from lumad.errors import DocumentError, EditError, Fault
from lumad.library.draft import free_name
from lumad.model.patch import slots_of
from lumad.model.profile import Profile
from lumad.model.show import Show
from lumad.model.validate import check

COLUMNS: Final = (
    *("fixture", "number", "label", "profile", "mode", "universe", "address"),
    *("last", "footprint", "units", "follows", "take", "control"),
)
NEEDED: Final = ("profile", "mode", "universe", "address")
_COUNTED: Final = {"last", "footprint"}  # written for people; they follow from profile and mode
_WHOLE: Final = {"number", "universe", "address", "units"}
_CONTROLS: Final = {"follow", "manual", "off"}
_FORMULA: Final = re.compile(r"[\s']*[=+\-@]")  # and text that looks marked as none already
_NUMBER: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
MAX_BYTES: Final = 4_000_000
MAX_ROWS: Final = 10_000
MAX_FAULTS: Final = 50


def sheet_of(show: Show, profiles: Mapping[str, Profile]) -> list[dict[str, Any]]:
    """One row a fixture, in order of patch, keyed by COLUMNS."""
    sheet = []
    for slots in slots_of(show, profiles):
        fixture = show.fixtures[slots.fixture]
        follow = (fixture.follow.region, fixture.follow.take) if fixture.follow else ("", "")
        values = (
            *(slots.fixture, fixture.number, fixture.label, fixture.profile, fixture.mode),
            *(slots.universe, slots.first, slots.last, slots.last - slots.first + 1, fixture.units),
            *(*follow, fixture.control),
        )
        sheet.append(dict(zip(COLUMNS, values, strict=True)))
    return sheet


def write_patch(sheet: Iterable[Mapping[str, Any]]) -> str:
    """The sheet as CSV; rows are keyed by COLUMNS. Text that spreadsheets would run as a formula gets a '."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _shown(value) for key, value in row.items()} for row in sheet)
    return text.getvalue()


def _shown(value: Any) -> Any:
    formula = isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value.strip())
    return f"'{value}" if formula else value


def _meant(cell: str) -> str:
    """What `_shown` was given, without the space around it."""
    cell = cell.strip()
    return cell[1:].strip() if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_patch(data: bytes, file: str) -> dict[str, dict[str, Any]]:
    """Fixtures of a show as plain values, by name; DocumentError names every line that is wrong."""
    rows = _rows(data, file)
    header = _header(next(rows, (1, [])), file)
    fixtures: dict[str, dict[str, Any]] = {}
    faults: list[Fault] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header) or len(fixtures) >= MAX_ROWS or len(faults) >= MAX_FAULTS:
            much = f"{len(cells)} columns; the first line names {len(header)}"
            said = much if len(cells) > len(header) else f"more than {MAX_ROWS} fixtures, or too many faults"
            faults.append(Fault((), said, file, line, 1))
            break
        row = {key: _meant(cell) for key, cell in zip(header, cells, strict=False) if cell.strip()}
        if "control" not in header and row.get("follows") in _CONTROLS:
            row["control"] = row.pop("follows")  # lists of before there was a column of its own
        name, form = _fixture(row)
        try:
            check({"show": 1, "fixtures": {name: form}}, Show)
        except EditError as error:
            faults += [Fault(fault.path[2:], fault.message, file, line, 1) for fault in error.faults]
        if row.get("fixture") in fixtures:
            faults.append(Fault(("fixture",), f"{name} stands twice", file, line, 1))
        fixtures[free_name(name, fixtures)] = form
    if faults:
        raise DocumentError(faults)
    return fixtures


def _rows(data: bytes, file: str) -> Any:
    """Line number and cells of every row, the separator taken from the first line."""
    if len(data) > MAX_BYTES:
        raise DocumentError([Fault((), f"more than {MAX_BYTES} bytes; that is no patch list", file)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError([Fault((), "not UTF-8; save it as CSV UTF-8", file)]) from None
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)  # spreadsheets of some countries write semicolons
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise DocumentError([Fault((), f"not CSV: {error}", file, reader.line_num, 1)]) from None
        yield reader.line_num, cells


def _header(first: tuple[int, list[str]], file: str) -> list[str]:
    """The columns there are."""
    header = [cell.strip().lower() for cell in first[1]]
    faults = [
        Fault(
            (),
            f"no column {name!r}{nearest(name, COLUMNS) or '; possible: ' + ', '.join(COLUMNS)}",
            file,
            1,
            1,
        )
        for name in header
        if name not in COLUMNS
    ]
    faults += [
        Fault((), f"the column {name} is missing", file, 1, 1) for name in NEEDED if name not in header
    ]
    if len(set(header)) < len(header):
        faults.append(Fault((), "a column stands twice", file, 1, 1))
    if faults:
        raise DocumentError(faults[:MAX_FAULTS])
    return header


def _fixture(row: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """Name and plain values of one line."""
    form: dict[str, Any] = {key: row[key] for key in ("profile", "mode") if key in row}
    for key in ("universe", "address", "number", "units"):
        if key in row:
            form[key] = int(row[key]) if row[key].isascii() and row[key].isdigit() else row[key]
    if "label" in row:
        form["label"] = row["label"]
    if row.get("control", "follow") != "follow":
        form["control"] = row["control"]
    if row.get("take", "both") != "both":
        columns = {"region": "follows", "take": "take"}
        form["follow"] = {key: row[column] for key, column in columns.items() if column in row}
    elif "follows" in row:
        form["follow"] = row["follows"]
    return row.get("fixture") or f"fixture-{row.get('number', 1)}", form
