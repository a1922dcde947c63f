"""`lumad demo`: a stage in a box, on this machine alone."""

import argparse
import dataclasses
import shutil
import tempfile
from pathlib import Path
from typing import Any

from lumad.cli import shows
from lumad.cli.run import add_door, door_of


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "demo", help="a whole stage in a box: no lamps, no network, no set-up needed", description=__doc__
    )
    add_door(parser)
    parser.set_defaults(run=run, settings=None)


def run(args: argparse.Namespace) -> int:
    """Plays the built-in show from a temporary folder, so that nothing of yours is touched."""
    import asyncio
    import sys

    from lumad.daemon.desk import Options, log_to_stderr
    from lumad.daemon.desk import run as run_desk
    from lumad.resources import demo_show

    settings = shows.settings_of(args)
    log_to_stderr("warning")
    with tempfile.TemporaryDirectory(prefix="lumad-demo-") as folder:
        show = Path(shutil.copy(demo_show(), folder))
        settings = dataclasses.replace(
            settings,
            state_dir=Path(folder),
            runtime_dir=settings.runtime_dir / "demo",
            **{"bind": "127.0.0.1", **door_of(args)},
        )
        if sys.stderr.isatty():
            print("lumad demo: open the address below in a browser; Ctrl-C ends it", file=sys.stderr)
        options = Options(show, settings, shows.libraries_of(settings), demo=True)
        return asyncio.run(run_desk(options))
