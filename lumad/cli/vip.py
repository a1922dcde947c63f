"""`lumad vip`: the address that primary and standby share for Art-Net."""

import argparse
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "vip",
        help="keep the address that primary and standby share for Art-Net where the light is",
        description="Runs beside the daemon, as root, on both machines. The address is on the machine that "
        "has the light and on no other: it moves with a take-over, and a machine without the light, or "
        "without its cable, lets it go at once.",
    )
    parser.add_argument("address", metavar="ADDRESS/PREFIX", type=_address, help="for example 10.0.0.50/24")
    parser.add_argument("--interface", required=True, metavar="NAME", help="where it lies, for example eth0")
    shows.add_settings(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs until SIGTERM or Ctrl-C; the address is not left behind."""
    import signal
    import sys

    from lumad.daemon.desk import log_to_stderr
    from lumad.daemon.shared_address import SharedAddress

    settings = shows.settings_of(args)
    log_to_stderr(settings.log)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    SharedAddress(args.address, args.interface, settings.runtime_dir).run()
    return 0


def _address(text: str) -> Any:
    from ipaddress import IPv4Interface

    try:
        address = IPv4Interface(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is no IPv4 address with its prefix, as 10.0.0.50/24"
        ) from None
    if "/" not in text:
        raise argparse.ArgumentTypeError(f"{text} lacks its prefix, as /24")
    return address
