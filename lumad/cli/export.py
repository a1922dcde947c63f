"""`lumad export`: the live show as YAML, to keep or to edit by hand; or its patch as an MVR scene."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lumad.cli import shows

if TYPE_CHECKING:
    from lumad.show.files import Loaded


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "export", help="the show as edited on the page, as YAML, or as an MVR scene", description=__doc__
    )
    shows.add_show(parser)
    parser.add_argument("--mvr", type=Path, metavar="OUT.mvr", help="write an MVR scene instead")
    parser.add_argument("--force", action="store_true", help="write over OUT.mvr if it is there")
    parser.set_defaults(run=run, live=True)


def run(args: argparse.Namespace) -> int:
    """Prints the live show on stdout, or writes its scene."""
    from lumad.documents import write_document
    from lumad.show.form import form_of

    loaded = shows.read(args)
    if args.mvr is not None:
        return _scene(args, loaded)
    sys.stdout.write(write_document(form_of(loaded.show)))
    return 0


def _scene(args: argparse.Namespace, loaded: "Loaded") -> int:
    from lumad.errors import LumadError
    from lumad.library.mvr_export import write_plot

    data, notes = write_plot(loaded.show, loaded.profiles)
    try:
        with args.mvr.open("wb" if args.force else "xb") as stream:
            stream.write(data)
    except FileExistsError:
        raise LumadError(f"{args.mvr} is there already; --force writes it anew") from None
    except OSError as error:
        raise LumadError(f"{args.mvr} cannot be written: {error.strerror}") from None
    for note in notes:
        print(note, file=sys.stderr)
    print(f"{args.mvr}: {len(loaded.show.fixtures)} fixtures, {len(loaded.show.regions)} regions")
    return 0
