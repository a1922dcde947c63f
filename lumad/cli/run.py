"""`lumad run`: the daemon."""

import argparse
import dataclasses
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("run", help="run a show: wall, lights and web page", description=__doc__)
    shows.add_show(parser)
    add_door(parser)
    parser.set_defaults(run=run)


def add_door(parser: argparse.ArgumentParser) -> None:
    """--bind and --port."""
    parser.add_argument("--bind", metavar="ADDRESS", help="where the page listens (default 127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, metavar="N", help="its TCP port (default 8080; 0: any free one)"
    )


def door_of(args: argparse.Namespace) -> dict[str, Any]:
    """The settings that --bind and --port replace."""
    return {key: value for key in ("bind", "port") if (value := getattr(args, key)) is not None}


def run(args: argparse.Namespace) -> int:
    """Runs until SIGTERM or Ctrl-C."""
    import asyncio

    from lumad.daemon.desk import Options, log_to_stderr
    from lumad.daemon.desk import run as run_desk

    settings = dataclasses.replace(shows.settings_of(args), **door_of(args))
    log_to_stderr(settings.log)
    return asyncio.run(run_desk(Options(args.show, settings, shows.libraries_of(settings))))


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text} is not a port; ports are 0 to 65535")
    return int(text)
