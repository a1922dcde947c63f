"""The `lumad` command: one file a command; everything heavy is imported inside."""

import argparse
import os
import sys
from collections.abc import Sequence

from lumad import __version__
from lumad.cli import (
    calibration,
    check,
    children,
    demo,
    doctor,
    export,
    imports,
    monitor,
    pair,
    patch,
    probe,
    profiles,
    record,
    release,
    run,
    vip,
)
from lumad.errors import LumadError

_COMMANDS = (
    demo,
    run,
    check,
    probe,
    doctor,
    patch,
    imports,
    export,
    profiles,
    calibration,
    monitor,
    record,
    pair,
    release,
    vip,
)


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; each sets `run(args) -> exit code`."""
    parser = argparse.ArgumentParser(
        prog="lumad",
        description="Film lamps follow the LED wall: the picture is sampled, fixtures are driven over sACN "
        "and Art-Net.",
        epilog="Exit codes: 0 ok, 1 fault while running, 2 usage, 3 show or settings invalid, "
        "4 port or network in use, 5 no feed, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"lumad {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; errors meant for people are one line each on stderr."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] in (["engine"], ["render"]):
            return children.main(arguments)
        args = build_parser().parse_args(arguments)
        code: int = args.run(args)
    except LumadError as error:
        print(f"lumad: {error}" if error.exit_code != 3 else error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of a pipe went away: no fault of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code
