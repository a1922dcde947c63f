"""`lumad profiles`: the fixture library."""

import argparse
import json
import sys
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("profiles", help="list or show fixture profiles", description=__doc__)
    parser.add_argument("action", nargs="?", choices=("list", "show"), default="list")
    parser.add_argument("id", nargs="?", help="a profile, e.g. generic/rgb")
    parser.add_argument("--json", action="store_true", help="as JSON")
    shows.add_settings(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Profiles of the user's folder and the built-in ones; broken files are named on stderr."""
    from lumad.library.library import Library

    library = Library(shows.libraries_of(shows.settings_of(args)))
    if args.action == "show":
        if args.id is None:
            print("lumad profiles show: which one? (lumad profiles list names them)", file=sys.stderr)
            return 2
        print(
            json.dumps(
                library.profile(args.id).model_dump(mode="json", exclude_none=True, by_alias=True), indent=2
            )
        )
        return 0
    found = [library.profile(name) for name in library.ids()]
    if args.json:
        rows = [{"id": p.id, "name": p.name, "status": p.status, "modes": list(p.modes)} for p in found]
        print(json.dumps(rows, indent=2))
    else:
        for profile in found:
            print(f"{profile.id:32} {profile.status:10} {profile.name}: {', '.join(profile.modes)}")
    for fault in library.faults:
        print(fault, file=sys.stderr)
    return 0
