"""`lumad engine` and `lumad render`: the desk's children, started by it alone."""

import argparse
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Runs one child on the control channel it inherited."""
    parser = argparse.ArgumentParser(prog="lumad", description="A child process of the daemon.")
    parser.add_argument("child", choices=("engine", "render"))
    parser.add_argument("--channel", type=int, required=True, help="descriptor of the control channel")
    parser.add_argument("--runtime", type=Path, required=True, help="runtime directory")
    args = parser.parse_args(argv)
    if args.child == "engine":
        from lumad.engine import process as engine

        return engine.main(args.channel, args.runtime)
    from lumad.render import process as wall

    return wall.main(args.channel, args.runtime)
