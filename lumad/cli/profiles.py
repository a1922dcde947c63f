"""`lumad profiles`: the fixture library."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "profiles",
        help="list, show or import fixture profiles",
        description=__doc__,
        epilog="import reads GDTF files and JSON files of the Open Fixture Library.",
    )
    parser.add_argument("action", nargs="?", choices=("list", "show", "import"), default="list")
    parser.add_argument("id", nargs="?", help="a profile, e.g. generic/rgb; for import a file")
    parser.add_argument("--as", dest="as_id", metavar="MAKER/MODEL", help="import under this id")
    parser.add_argument("--force", action="store_true", help="import over a profile of yours with that id")
    parser.add_argument("--json", action="store_true", help="as JSON")
    shows.add_settings(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Profiles of the user's folder and the built-in ones; broken files are named on stderr."""
    from lumad.library.library import Library

    if args.action != "list" and args.id is None:
        print(f"lumad profiles {args.action}: which one? (lumad profiles list names them)", file=sys.stderr)
        return 2
    settings = shows.settings_of(args)
    if args.action == "import":
        return _import(args, settings.library)
    library = Library(shows.libraries_of(settings))
    if args.action == "show":
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


def _import(args: argparse.Namespace, folder: Path) -> int:
    """One file, of another library as a draft, into the user's folder; says what was made of it."""
    from lumad.library.archive import read_bytes
    from lumad.library.native import write_profile
    from lumad.library.offer import read_offer

    file = Path(args.id)
    imported = read_offer(read_bytes(file), str(file), args.as_id)
    path = write_profile(folder, imported.form, force=args.force)
    profile, findings = imported.profile, imported.findings
    said = {"repaired": findings.repaired, "unknown": findings.unknown, "left out": findings.left_out}
    if args.json:
        about = {"id": profile.id, "file": str(path), "status": profile.status, "modes": list(profile.modes)}
        print(json.dumps({**about, **{key.replace(" ", "_"): told for key, told in said.items()}}, indent=2))
        return 0
    print(f"{profile.id}: {len(profile.modes)} modes, status {profile.status}: {path}")
    for mode_id, mode in profile.modes.items():
        assumed = ", ".join(profile.assumed_of(mode)) or "nothing"
        cells = f", {mode.cell_count} cells" if mode.cell_count > 1 else ""
        print(f"  {mode_id}: {mode.colour.model}, {mode.footprint} slots{cells}; assumed: {assumed}")
    for kind, sentences in said.items():
        for sentence in sentences:
            print(f"  {kind}: {sentence}")
    if profile.status == "draft":
        print("A draft: fixtures stay at safe values until you tried the lamp and wrote accept_draft: true.")
    return 0
