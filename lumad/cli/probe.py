"""`lumad probe`: one picture through the whole light path, offline."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from lumad.cli import shows


def add_to(commands: Any) -> None:
    """Adds the command."""
    parser = commands.add_parser(
        "probe", help="what each fixture would get from one picture, and why", description=__doc__
    )
    shows.add_show(parser, live=True)
    parser.add_argument("--image", type=Path, required=True, metavar="FILE", help="the picture on the wall")
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Sends nothing; prints every step from the wall to the bytes."""
    from fractions import Fraction

    from lumad.feeds.image import read_image
    from lumad.frames.frame import Format, Frame
    from lumad.link.live import Live
    from lumad.pixelmap.compile import compile_show
    from lumad.pixelmap.explain import explain

    loaded = shows.read(args)
    pixels = read_image(args.image)
    height, width = pixels.shape[:2]
    signal = loaded.show.wall.signal.model_dump(mode="json")
    frame = Frame(1, 0, 0, pixels, Format.of_signal(width, height, signal, Fraction(40)))
    compiled = compile_show(loaded.show, loaded.profiles, frame.format, measured=loaded.measured)
    for name, fault in compiled.faults.items():
        print(f"warning: {name}: {fault}", file=sys.stderr)
    memory = compiled.pixel_map.new_memory()
    memory.remember(compiled.pixel_map.sample(frame), frame.number, only_waiting=False)
    fixtures = explain(compiled, loaded.show, memory, Live())
    if args.json:
        wall = {"size": list(loaded.show.wall.size)}
        print(
            json.dumps({"show": str(args.show), "image": str(args.image), "wall": wall, "fixtures": fixtures})
        )
    else:
        for name, fixture in fixtures.items():
            _tell(name, fixture)
    return 0


def _tell(name: str, fixture: dict[str, Any]) -> None:
    print(f"{name}  universe {fixture['universe']}, address {fixture['address']}")
    for number, cell in enumerate(fixture["cells"], 1):
        head = f"  cell {number}: " if len(fixture["cells"]) > 1 else "  "
        print(f"{head}{cell['region'] or 'follows nothing'}")
        print(f"    wall, linear    {_numbers(cell['linear_rgb'])}   XYZ {_numbers(cell['xyz'])}")
        print(f"    lamp, XYZ       {_numbers(cell['target_xyz'])}   (its full output in wall white: Y = 1)")
        values = cell["drives"] | cell["channels"]
        print("    drives          " + ", ".join(f"{key} {value:g}" for key, value in values.items()))
        if cell.get("duv_left_out"):
            print(
                f"    left out        Duv {cell['duv_left_out']:+.4f} (+ is green), which no white lamp makes"
            )
        if cell["limits"]:
            print(f"    limited by      {', '.join(cell['limits'])}")
        if cell["assumed"]:
            print(f"    assumed         {', '.join(cell['assumed'])} (the profile does not know)")
    if not fixture["cells"]:
        print("  a draft profile that nobody accepted: safe values only")
    print(f"  levels            {' '.join(map(str, fixture['levels']))}")


def _numbers(values: list[float]) -> str:
    return " ".join(f"{value:.4f}" for value in values)
