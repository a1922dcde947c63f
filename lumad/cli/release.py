"""`lumad release`: an operator lets the lights go."""

import argparse
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "release",
        help="stop the lights on purpose: receivers are told that the stream ends",
        description="Ends the running daemon with three terminated packets on every sACN universe, so that "
        "receivers go to their own standby look at once instead of holding.",
    )
    shows.add_settings(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tells the engine of the runtime directory, and its desk, to end."""
    import os
    import signal

    from lumad.daemon.runtime import Orphan, holder_of
    from lumad.errors import NetworkError

    runtime = shows.settings_of(args).runtime_dir
    engine = Orphan.find(runtime / "engine.sock")
    if engine is None:
        raise NetworkError(f"no lumad runs in {runtime}")
    desk = holder_of(runtime / "desk.lock")
    if desk is not None:
        os.kill(desk, signal.SIGUSR1)
    else:
        engine.end("release")
        wall = Orphan.find(runtime / "wall.sock")
        if wall is not None:
            wall.end()
    print("the lights are released")
    return 0
