"""`lumad monitor`: who sends DMX on this network, and what."""

import argparse
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lumad.cli import shows

if TYPE_CHECKING:
    from lumad.input.monitor import Monitor
    from lumad.input.receiver import Receiver
    from lumad.input.stream import Universe

REDRAW_S = 0.25
SNAPSHOT_S = 1.1  # a source that only keeps alive sends each 0.8 to 1 s
COLUMNS = ("", "PROTOCOL", "UNIVERSE", "PRIORITY", "RATE", "AGE", "ERRORS", "SOURCE", "ADDRESS", "LEVELS")
BARS = "▁▂▃▄▅▆▇█"
SLOTS_A_BAR = 16

_SCREEN, _NO_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_HOME, _TO_END_OF_LINE, _TO_END = "\x1b[H", "\x1b[K", "\x1b[J"

View = dict[str, Any]


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "monitor",
        help="live DMX on the network, sACN and Art-Net, per source",
        description="Shows every universe and source that this machine hears. On a terminal it stays until "
        "Ctrl-C; elsewhere, and with --json, it listens for a second and prints what it found.",
    )
    add_wanted(parser)
    parser.add_argument("--seconds", type=seconds, metavar="N", help="how long to listen")
    parser.add_argument("--json", action="store_true", help="as JSON, levels included")
    parser.set_defaults(run=run)


def add_wanted(parser: argparse.ArgumentParser) -> None:
    """--universe, --port-address, --interface."""
    parser.add_argument(
        "--universe",
        "--universes",
        dest="universes",
        type=_universes,
        metavar="N",
        help="sACN universes, for example 1-4,7 (otherwise 1-60 and all that a source announces)",
    )
    parser.add_argument(
        "--port-address",
        dest="port_addresses",
        type=_port_addresses,
        metavar="N",
        help="Art-Net port-addresses, for example 0-3 or 0:1:2 (otherwise all)",
    )
    parser.add_argument(
        "--interface", metavar="IF", help="where to listen, for example eth0 (default: as in the settings)"
    )
    shows.add_settings(parser)


def wanted_of(args: argparse.Namespace) -> "frozenset[Universe] | None":
    """The universes and port-addresses that were named; None when none was: everything."""
    if args.universes is None and args.port_addresses is None:
        return None
    numbers: list[Universe] = [("sacn", number) for number in args.universes or ()]
    numbers += [("artnet", number) for number in args.port_addresses or ()]
    return frozenset(numbers)


def opened(args: argparse.Namespace, hear: Any, *, discovery: bool) -> "Receiver":
    """A receiver at work; NetworkError when it hears nothing at all."""
    from lumad.errors import NetworkError
    from lumad.input.monitor import FIRST_UNIVERSES
    from lumad.input.receiver import Receiver

    wanted = wanted_of(args)
    universes = FIRST_UNIVERSES if wanted is None else (args.universes or ())
    interface = args.interface or shows.settings_of(args).interface
    receiver = Receiver(universes, interface, hear=hear, discovery=discovery)
    warnings = receiver.start()
    if not receiver.addresses():
        raise NetworkError("; ".join(warnings))
    return receiver


def run(args: argparse.Namespace) -> int:
    """Listens by itself, beside whatever else does; a running daemon is not asked."""
    import asyncio

    live = sys.stdout.isatty() and not args.json
    if not live:
        asyncio.run(_snapshot(args))
        return 0
    sys.stdout.write(_SCREEN)
    try:
        asyncio.run(_live(args))
    finally:
        sys.stdout.write(_NO_SCREEN)
        sys.stdout.flush()
    return 0


async def _snapshot(args: argparse.Namespace) -> None:
    import asyncio
    import time

    from lumad.input.monitor import Monitor

    monitor = Monitor()
    receiver = opened(args, [monitor.hear], discovery=True)
    try:
        await asyncio.sleep(args.seconds or SNAPSHOT_S)
        view = _view(monitor, args, time.monotonic())
    finally:
        receiver.close()
    if args.json:
        print(json.dumps(view | {"warnings": receiver.warnings}))
        return
    print("\n".join(table(view, shutil.get_terminal_size().columns if sys.stdout.isatty() else None)))
    for warning in receiver.warnings:
        print(f"lumad: {warning}", file=sys.stderr)


async def _live(args: argparse.Namespace) -> None:
    import asyncio
    import time

    from lumad.input.monitor import Monitor

    monitor = Monitor()
    receiver = opened(args, [monitor.hear], discovery=True)
    end = time.monotonic() + (args.seconds or float("inf"))
    try:
        while (now := time.monotonic()) < end:
            if wanted_of(args) is None:
                receiver.join(monitor.announced(now))
            width, height = shutil.get_terminal_size()
            lines = [*receiver.warnings, *table(_view(monitor, args, now), width)]
            if args.universes or args.port_addresses:
                lines += grids(_view(monitor, args, now), width)
            shown = [line[:width] + _TO_END_OF_LINE for line in lines[: height - 1]]
            sys.stdout.write(_HOME + "\r\n".join(shown) + _TO_END)
            sys.stdout.flush()
            await asyncio.sleep(REDRAW_S)
    finally:
        receiver.close()


def _view(monitor: "Monitor", args: argparse.Namespace, now: float) -> View:
    view, wanted = monitor.view(now), wanted_of(args)
    if wanted is not None:
        said = view["universes"]
        view["universes"] = [one for one in said if (one["protocol"], one["universe"]) in wanted]
    return view


def table(view: View, width: int | None) -> list[str]:
    """A line for each source, > before those that count; then who announces what, then what is amiss."""
    rows = [COLUMNS, *(_row(one, source) for one in view["universes"] for source in one["sources"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = [
        "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip()[:width]
        for row in rows
    ]
    if len(rows) == 1:
        lines = ["no DMX is heard"]
    lines += [
        f"announced by {one['name'] or one['source']} ({one['address']}): {one['universes'] or 'nothing'}"
        for one in view["announced"]
    ]
    amiss = [f"{view['counts'][what]} {what}" for what in ("bad", "late", "refused") if view["counts"][what]]
    return [*lines, *([f"packets: {', '.join(amiss)}"] if amiss else [])]


def _row(universe: View, source: View) -> Sequence[str]:
    place = universe.get("net_sub_universe")
    priority = f"{source['priority']}{' 0xDD' if source['per_address_priority'] else ''}"
    levels = source["levels"]
    bars = [max(levels[at : at + SLOTS_A_BAR]) for at in range(0, len(levels), SLOTS_A_BAR)]
    return (
        ">" if source["counts"] else "P" if source["preview"] else "",
        universe["protocol"],
        f"{universe['universe']} ({place})" if place else str(universe["universe"]),
        priority if universe["protocol"] == "sacn" else "-",
        f"{source['rate_hz']:.1f} Hz",
        f"{source['age_ms']} ms",
        str(source["errors"]),
        source["name"] or source["source"],
        source["address"],
        "".join(BARS[level // 32] if level else " " for level in bars),
    )


def grids(view: View, width: int) -> Iterator[str]:
    """All levels of each universe, as merged; a dot is 0."""
    columns = next((count for count in (32, 16) if 5 + 4 * count <= width), 8)
    for one in view["universes"]:
        levels = one["levels"]
        yield ""
        yield f"{one['protocol']} {one['universe']}" + ("" if levels else ": preview only")
        for first in range(0, len(levels or ()), columns):
            cells = "".join(f"{level or '.':>4}" for level in levels[first : first + columns])
            yield f"{first + 1:>4}:{cells}"


def seconds(text: str) -> float:
    """A length of time from the command line."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"{text} is no length of time; write seconds, for example 10")
    return value


def _universes(text: str) -> tuple[int, ...]:
    from lumad.model.output import universes_in

    try:
        return universes_in(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port_addresses(text: str) -> tuple[int, ...]:
    """`0-3,17` or `net:sub:universe`, several parted by commas."""
    from lumad.model.output import port_address_in

    numbers: list[int] = []
    try:
        for part in text.split(","):
            if ":" in part:
                numbers.append(port_address_in(part.strip()))
            else:
                first, _, last = part.partition("-")
                numbers += range(port_address_in(int(first)), port_address_in(int(last or first)) + 1)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text}: {error}") from None
    return tuple(numbers)
