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
    import yaml

    from lumad.show.form import form_of

    form = form_of(shows.read(args).show)
    yaml.safe_dump(form, sys.stdout, sort_keys=False, allow_unicode=True, default_flow_style=None, width=110)
    return 0
