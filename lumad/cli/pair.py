"""`lumad pair`: a one-time code that lets a phone, a computer or a program in."""

import argparse
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "pair",
        help="let a phone or a computer in: a QR code and a PIN",
        description="Has the running daemon make a one-time code for one device. A viewer looks on, an "
        "operator has the light in hand, an admin may do everything.",
    )
    parser.add_argument(
        "--role",
        choices=("viewer", "operator", "admin"),
        help="what the device may do (default: admin for the first, then operator)",
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    shows.add_settings(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Asks the daemon through its socket in the runtime directory."""
    import json
    import sys

    from lumad.daemon.doorbell import ask

    runtime = shows.settings_of(args).runtime_dir
    offer = ask(runtime, "POST", "/api/v1/pair/new", {"role": args.role} if args.role else {})
    if args.json:
        print(json.dumps(offer, indent=2))
    else:
        from lumad.daemon.invitation import poster

        print(poster(offer, sys.stdout.encoding))
    return 0
