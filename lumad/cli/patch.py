"""`lumad patch`: the patch sheet."""

import argparse
import json
import sys
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("patch", help="the patch sheet of a show", description=__doc__)
    shows.add_show(parser, live=True)
    parser.add_argument("--csv", action="store_true", help="as CSV (lumad import reads it again)")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """One line a fixture, in order of patch; what conflicts is a fault and exit 3 (as `check` says it)."""
    from lumad.library.patch_csv import COLUMNS, sheet_of, write_patch

    loaded = shows.read(args)
    sheet = sheet_of(loaded.show, loaded.profiles)
    if args.json:
        print(json.dumps(sheet, indent=2))
    elif args.csv:
        sys.stdout.write(write_patch(sheet))
    else:
        _table([COLUMNS, *([_text(row[key]) for key in COLUMNS] for row in sheet)])
    return 0


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _table(rows: list[Any]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
