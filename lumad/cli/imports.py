"""`lumad import`: an MVR scene or a patch list (CSV) as a show file, on stdout."""

import argparse
import sys
from pathlib import Path
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "import",
        help="an MVR scene or a patch list (CSV) as a show file, on stdout",
        description=__doc__,
        epilog="Profiles that come inside a scene are written to your library folder as drafts. "
        "Single fixture files: lumad profiles import.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="SCENE.mvr or PATCH.csv")
    parser.add_argument("--dry-run", action="store_true", help="write no profiles, only print")
    shows.add_settings(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the show (MVR) or its fixtures (CSV); what was left out stands on stderr."""
    from lumad.documents import write_document
    from lumad.library.archive import read_bytes

    data = read_bytes(args.file)
    if args.file.suffix.lower() == ".csv":
        from lumad.library.patch_csv import read_patch

        sys.stdout.write(write_document({"fixtures": read_patch(data, str(args.file))}))
        return 0
    return _scene(args, data)


def _scene(args: argparse.Namespace, data: bytes) -> int:
    from lumad.documents import write_document
    from lumad.library.library import Library
    from lumad.library.mvr import read_plot
    from lumad.library.native import write_profile

    settings = shows.settings_of(args)
    scene = read_plot(data, str(args.file), Library(shows.libraries_of(settings)))
    for note in scene.notes:
        print(note, file=sys.stderr)
    for profile_id, imported in scene.profiles.items():
        where = "not written (--dry-run)"
        if not args.dry_run:
            where = f"a draft, {write_profile(settings.library, imported.form)}"
        print(f"{profile_id}: {where}", file=sys.stderr)
        for said in (*imported.findings.unknown, *imported.findings.left_out):
            print(f"{profile_id}: {said}", file=sys.stderr)
    sys.stdout.write(write_document(scene.show))
    return 0
