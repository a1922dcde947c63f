"""Tables that meters export: whoever imports one says which of its columns is what."""

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lumad.colour.measure import measured_curve
from lumad.documents import MAX_BYTES, nearest
from lumad.errors import DocumentError, Fault

_KINDS = (("x", "y", "Y"), ("X", "Y", "Z"), ("spectrum",))
_WAVELENGTH = re.compile(r"\s*(\d{3,4}(?:[.,]\d+)?)\s*(?:nm)?\s*")
_RANGE = re.compile(r"(\d{3,4})\.\.(\d{3,4})")
_DECIMAL_POINT = re.compile(r"\d\.\d")
_FEWEST_WAVELENGTHS = 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text, and where it stands."""

    text: str
    header: str
    file: str
    line: int
    column: int
    decimal_comma: bool

    def fault(self, message: str) -> DocumentError:
        """The fault of this cell."""
        return DocumentError(
            [Fault((f"column {self.header!r}",), message, self.file, self.line, self.column)]
        )

    @property
    def number(self) -> float:
        """The number in it."""
        try:
            number = float(self.text.replace(",", ".") if self.decimal_comma else self.text)
        except ValueError:
            raise self.fault(f"{self.text!r} is not a number") from None
        if not math.isfinite(number):
            raise self.fault(f"{self.text!r} is not a finite number")
        return number


def column_map(said: str) -> dict[str, str]:
    """`name=Shot,x=CIE x,y=CIE y,Y="Ev, lx"` as {"name": "Shot", …}; DocumentError says what is missing."""
    entries = [entry.partition("=") for entry in next(csv.reader([said], skipinitialspace=True), [])]
    found = {key.strip(): header.strip().strip('"') for key, _, header in entries if header.strip()}
    kind = next((kind for kind in _KINDS if found.keys() == {"name", *kind}), None)
    if kind is None or len(found) != len(entries):
        wanted = "; ".join(",".join(f"{key}=…" for key in ("name", *kind)) for kind in _KINDS)
        raise DocumentError([Fault(("--columns",), f"{said!r} is none of: {wanted}")])
    if "spectrum" in found and not _RANGE.fullmatch(found["spectrum"]):
        raise DocumentError([Fault(("--columns",), f"spectrum={found['spectrum']}: write it as 380..780")])
    return found


def read_emitters(
    path: Path, columns: Mapping[str, str], names: Mapping[str, str], skip: frozenset[str] = frozenset()
) -> dict[str, dict[str, Any]]:
    """Every row as the plain form of a measured emitter, by its name or what `names` makes of it.

    `columns` as of `column_map`. Rows before the headers and empty rows do not count, nor those in `skip`.
    Raises DocumentError.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in _rows(path, columns):
        cell = row["name"]
        if cell.text in skip:
            continue
        name = names.get(cell.text, cell.text)
        if name in found:
            raise cell.fault(f"{name} stands twice; keep one row of each emitter")
        if "spectrum" in columns:
            found[name] = {"spectrum": _spectrum(row)}
        else:
            kind = "xyY" if "x" in columns else "XYZ"
            found[name] = {kind: [row[key].number for key in kind]}
    return found


def read_curves(path: Path, turn_ons: Mapping[str, float], full: float = 1.0) -> dict[str, dict[str, Any]]:
    """A dimming curve for each attribute of a table with the columns attribute, code, light; DocumentError.

    `full` is the code that means full (1, 100, 255, 65535); `turn_ons` are codes 0..1 by attribute.
    """
    readings: dict[str, list[dict[str, Cell]]] = {}
    for row in _rows(path, {key: key for key in ("name", "code", "light")} | {"name": "attribute"}):
        readings.setdefault(row["name"].text, []).append(row)
    for name in turn_ons:
        if name not in readings:
            said = f"{name}: no such attribute in {path}{nearest(name, readings)}"
            raise DocumentError([Fault(("--turn-on",), said)])
    curves = {}
    for name, rows in readings.items():
        codes = [row["code"].number / full for row in rows]
        lights = [row["light"].number for row in rows]
        try:
            curves[name] = dict(measured_curve(codes, lights, turn_ons.get(name)))
        except ValueError as error:
            raise rows[0]["name"].fault(f"{name}: {error}") from None
    return curves


def _rows(path: Path, columns: Mapping[str, str]) -> Iterator[dict[str, Cell]]:
    """The rows below the headers, each cell by what it is; those of a spectrum by wavelength, as text."""
    text = _text_of(path)
    lines = text.splitlines()
    delimiter = max(";\t,", key=lambda mark: max((line.count(mark) for line in lines), default=0))
    comma = delimiter != "," and not _DECIMAL_POINT.search(text)  # else a comma groups thousands, or is wrong
    table = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    places: dict[str, int] = {}
    header: list[str] = []
    try:
        for row in table:
            if not places:
                header = [cell.strip() for cell in row]
                places = _places(header, columns)
            elif any(cell.strip() for cell in row):
                yield {
                    key: Cell(_cell(row, at), header[at], str(path), table.line_num, at + 1, comma)
                    for key, at in places.items()
                }
    except csv.Error as error:
        raise DocumentError([Fault((), f"no table: {error}", str(path), table.line_num, 1)]) from None
    if not places:
        raise DocumentError([Fault((), _no_headers(lines, delimiter, columns), str(path))])


def _cell(row: list[str], at: int) -> str:
    return row[at].strip() if at < len(row) else ""


def _places(header: list[str], columns: Mapping[str, str]) -> dict[str, int]:
    """Where the columns stand if this row is the one with the headers, else {}."""
    places = {key: _place(header, name) for key, name in columns.items() if key != "spectrum"}
    if -1 in places.values():
        return {}
    if "spectrum" in columns:
        low, high = (float(end) for end in columns["spectrum"].split(".."))
        waves = {
            wave: at
            for at, name in enumerate(header)
            if (match := _WAVELENGTH.fullmatch(name))
            and low <= float(wave := match[1].replace(",", ".")) <= high
        }
        return places | waves if len(waves) >= _FEWEST_WAVELENGTHS else {}
    return places


def _place(header: list[str], name: str) -> int:
    """Where a header stands: as written, else but for upper and lower case where only one is meant; or -1."""
    if name in header:
        return header.index(name)
    alike = [at for at, other in enumerate(header) if other.lower() == name.lower()]
    return alike[0] if len(alike) == 1 else -1


def _no_headers(lines: list[str], delimiter: str, columns: Mapping[str, str]) -> str:
    wanted = [name for key, name in columns.items() if key != "spectrum"]
    seen = {cell.strip() for row in csv.reader(lines, delimiter=delimiter) for cell in row} - {""}
    missing = next((name for name in wanted if name.lower() not in {cell.lower() for cell in seen}), None)
    if missing is not None:
        return f"no column {missing!r}{nearest(missing, seen)}"
    if "spectrum" in columns:
        return f"no row with headers of wavelengths {columns['spectrum']} nm beside {wanted[0]!r}"
    return f"no row has all of the headers {', '.join(wanted)}"


def _spectrum(row: Mapping[str, Cell]) -> dict[str, Any]:
    waves = sorted((float(key), cell) for key, cell in row.items() if key != "name")
    step = waves[1][0] - waves[0][0]
    for at, (nm, cell) in enumerate(waves):
        if abs(nm - waves[0][0] - at * step) > 1e-6:
            raise cell.fault(f"{nm:g} nm breaks the steps of {step:g} nm")
    return {"start_nm": waves[0][0], "step_nm": step, "values": [cell.number for _, cell in waves]}


def _text_of(path: Path) -> str:
    """The characters of a table, in the encodings that meters' programs write."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise DocumentError([Fault((), f"cannot be read: {error.strerror}", str(path))]) from None
    if len(raw) > MAX_BYTES:
        raise DocumentError(
            [Fault((), f"more than {MAX_BYTES} bytes; that is no table of a meter", str(path))]
        )
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
