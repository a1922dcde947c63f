"""`lumad check`: whether a show is right."""

import argparse
import sys
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("check", help="validate a show file", description=__doc__)
    shows.add_show(parser, live=True)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Faults on stderr, `FILE:LINE:COL: path: message`, exit 3; warnings there too; else a summary."""
    from lumad.model.patch import warnings_of

    loaded = shows.read(args)
    show = loaded.show
    known = loaded.measured.of_show(show, loaded.profiles)
    warnings = warnings_of(show, loaded.profiles, known.calibrations, known.seen)
    for warning in (*loaded.warnings, *warnings, *known.faults):
        print(f"warning: {warning}", file=sys.stderr)
    universes = {fixture.universe for fixture in show.fixtures.values()}
    print(
        f"{args.show}: good; {len(show.regions)} regions, {len(show.fixtures)} fixtures in "
        f"{len(universes)} universes, {len(show.outputs)} outputs"
    )
    return 0
