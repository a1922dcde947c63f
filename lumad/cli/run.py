"""`lumad run`: the daemon."""

import argparse
import dataclasses
from typing import Any

from lumad.cli import shows
from lumad.settings import HANDBACKS, tls_choice


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser("run", help="run a show: wall, lights and web page", description=__doc__)
    shows.add_show(parser)
    add_door(parser)
    parser.add_argument(
        "--standby-of",
        metavar="NAME",
        help="send nothing until the primary falls silent: its sACN source name, or its CID",
    )
    parser.add_argument(
        "--handback",
        choices=HANDBACKS,
        help="whether a primary that returns gets the light back by itself (default never)",
    )
    parser.set_defaults(run=run)


def add_door(parser: argparse.ArgumentParser) -> None:
    """--bind, --port and --tls."""
    parser.add_argument("--bind", metavar="ADDRESS", help="where the page listens (default 127.0.0.1)")
    parser.add_argument(
        "--port", type=_port, metavar="N", help="its TCP port (default 8080; 0: any free one)"
    )
    parser.add_argument(
        "--tls",
        type=_tls,
        metavar="auto|CERT,KEY",
        help="serve the page over https: with a certificate of lumad's own, or with yours",
    )


def door_of(args: argparse.Namespace) -> dict[str, Any]:
    """The settings that --bind, --port and --tls replace."""
    return {key: value for key in ("bind", "port", "tls") if (value := getattr(args, key)) is not None}


def run(args: argparse.Namespace) -> int:
    """Runs until SIGTERM or Ctrl-C."""
    import asyncio

    from lumad.daemon.desk import Options, log_to_stderr
    from lumad.daemon.desk import run as run_desk

    settings = dataclasses.replace(shows.settings_of(args), **door_of(args), **_standby_of(args))
    log_to_stderr(settings.log)
    return asyncio.run(run_desk(Options(args.show, settings, shows.libraries_of(settings))))


def _standby_of(args: argparse.Namespace) -> dict[str, Any]:
    """The settings that --standby-of and --handback replace."""
    return {key: value for key in ("standby_of", "handback") if (value := getattr(args, key)) is not None}


def _tls(text: str) -> str:
    try:
        return tls_choice(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text} is not a port; ports are 0 to 65535")
    return int(text)
