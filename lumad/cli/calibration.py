"""`lumad calibration`: what a meter exported becomes a lamp's calibration file."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lumad.model.calibration import Calibration


def add_to(commands: Any) -> None:
    """Adds the command and its two actions."""
    parser = commands.add_parser(
        "calibration", help="import or show what was measured of a lamp", description=__doc__
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    _add_import(actions)
    show = actions.add_parser("show", help="what a calibration file says")
    show.add_argument("file", type=Path, metavar="FILE")
    show.add_argument("--json", action="store_true", help="as JSON")
    show.set_defaults(run=run_show)


def _add_import(actions: Any) -> None:
    parser = actions.add_parser("import", help="a meter's CSV to a calibration file")
    parser.add_argument("file", type=Path, metavar="FILE.csv", nargs="?", help="one row an emitter")
    parser.add_argument("--columns", metavar="MAP", default="name=Emitter,x=x,y=y,Y=Y",
                        help="which column is what: name=…,x=…,y=…,Y=… or name=…,X=…,Y=…,Z=… or "
                             "name=…,spectrum=380..780 (default %(default)s)")  # fmt: skip
    parser.add_argument("--name", metavar="ROW=EMITTER", action="append", default=[], type=_pair,
                        help="what the profile calls the emitter of a row")  # fmt: skip
    parser.add_argument("--skip", metavar="ROW", action="append", default=[], help="a row that is no emitter")
    parser.add_argument("--curve", metavar="FILE.csv", type=Path,
                        help="readings of dimming curves: columns attribute, code, light")  # fmt: skip
    parser.add_argument("--full", type=_above_zero, default=1.0, metavar="CODE",
                        help="the code that is full in --curve: 1 (default), 100, 255, 65535")  # fmt: skip
    parser.add_argument("--turn-on", metavar="ATTRIBUTE=CODE", action="append", default=[], type=_turn_on,
                        help="the highest code that showed no light, counted as --full says")  # fmt: skip
    parser.add_argument("--serial", required=True, help="the lamp's serial number")
    for key, said in (
        ("profile", "its profile"),
        ("instrument", "what measured it"),
        ("date", "when"),
        ("note", "anything"),
    ):
        parser.add_argument(f"--{key}", help=said)
    parser.add_argument("-o", "--output", type=Path, metavar="OUT.yaml", help="a new file; left out: stdout")
    parser.set_defaults(run=run_import)


def run_import(args: argparse.Namespace) -> int:
    """Reads the tables, checks what they say, writes the file; nothing is overwritten."""
    from lumad.documents import write_document
    from lumad.errors import DocumentError, EditError, Fault
    from lumad.library.measurements import check_colours
    from lumad.library.meter_csv import column_map, read_curves, read_emitters
    from lumad.model.calibration import Calibration
    from lumad.model.validate import check

    if args.file is None and args.curve is None:
        print(
            "lumad calibration import: no table; name a FILE.csv of emitters, --curve, or both",
            file=sys.stderr,
        )
        return 2
    keys = {key: getattr(args, key) for key in ("serial", "profile", "date", "instrument", "note")}
    plain: dict[str, Any] = {"calibration": 1, **{key: value for key, value in keys.items() if value}}
    if args.file is not None:
        plain["emitters"] = read_emitters(
            args.file, column_map(args.columns), dict(args.name), frozenset(args.skip)
        )
    if args.curve is not None:
        plain["curve"] = read_curves(
            args.curve, {key: code / args.full for key, code in args.turn_on}, args.full
        )
    try:
        check_colours(check(plain, Calibration))
    except (EditError, ValueError) as error:
        found = error.faults if isinstance(error, EditError) else [Fault(("emitters",), str(error))]
        name = str(args.file or args.curve)
        raise DocumentError(Fault(fault.path, fault.message, name) for fault in found) from None
    return _write(write_document(plain), args.output)


def _write(text: str, output: Path | None) -> int:
    if output is None:
        sys.stdout.write(text)
        return 0
    try:
        with output.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        print(
            f"{output}: is there already; measurements are never overwritten, choose another name",
            file=sys.stderr,
        )
        return 1
    except OSError as error:
        print(f"{output}: cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def run_show(args: argparse.Namespace) -> int:
    """Prints what was measured, colours as x, y, Y whatever they were told as."""
    from lumad.library.measurements import Measurements, emitters_xyz

    path = args.file.resolve()
    found = Measurements(path.parent).calibration(path.name)
    colours = {name: _xyY(xyz.tolist()) for name, xyz in emitters_xyz(found).items()}
    if args.json:
        plain = found.model_dump(mode="json", exclude={"emitters"}, exclude_defaults=True)
        print(
            json.dumps({**plain, "emitters": {name: {"xyY": xyY} for name, xyY in colours.items()}}, indent=2)
        )
    else:
        _print(found, colours)
    return 0


def _print(found: "Calibration", colours: dict[str, list[float]]) -> None:
    for key in ("serial", "profile", "date", "instrument", "note"):
        if getattr(found, key):
            print(f"{key:12}{getattr(found, key)}")
    if colours:
        print(f"\n{'emitter':16}{'x':>8}{'y':>8}{'Y':>12}")
    for name, (x, y, luminance) in colours.items():
        print(f"{name:16}{x:8.4f}{y:8.4f}{luminance:12.4g}")
    if found.curve:
        print(f"\n{'curve':16}light of 10, 50 and 90 % code")
    for name in found.curve:
        print(f"{name:16}{_lights(found.curve_of(name))}")


def _lights(curve: Any) -> str:
    from lumad.colour.curve import Curve

    lights = Curve(curve).forward([0.1, 0.5, 0.9]).tolist()
    kind = curve if isinstance(curve, str) else next(key for key in curve if key != "turn_on")
    return "  ".join(f"{100 * light:6.2f} %" for light in lights) + f"   ({kind})"


def _xyY(xyz: list[float]) -> list[float]:  # noqa: N802 - CIE's name
    total = sum(xyz)
    return [round(xyz[0] / total, 5), round(xyz[1] / total, 5), float(f"{xyz[1]:.6g}")]


def _pair(text: str) -> tuple[str, str]:
    key, mark, value = text.rpartition("=")
    if not (mark and key and value):
        raise argparse.ArgumentTypeError(f"{text!r} is not written as A=B")
    return key, value


def _turn_on(text: str) -> tuple[str, float]:
    key, value = _pair(text)
    return key, _number(value, 0.0, 2.0**32)


def _above_zero(text: str) -> float:
    return _number(text, 1e-9, 2.0**32)


def _number(text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of {low:g} to {high:g}")
    return value
