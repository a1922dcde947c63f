"""`lumad export`: the live show as YAML, to keep or to edit by hand."""

import argparse
import sys
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "export", help="the show as edited on the page, as YAML", description=__doc__
    )
    shows.add_show(parser)
    parser.set_defaults(run=run, live=True)


def run(args: argparse.Namespace) -> int:
    """Prints the live show on stdout."""
    from lumad.documents import write_document
    from lumad.show.form import form_of

    sys.stdout.write(write_document(form_of(shows.read(args).show)))
    return 0
