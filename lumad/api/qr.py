"""A text as a QR code (ISO/IEC 18004): half blocks for a terminal, one path for an SVG."""

from io import StringIO
from typing import Any

QUIET = 4  # modules of light around the code, ISO/IEC 18004 clause 5.3.8


def half_blocks(text: str) -> str:
    """Lines of half-block characters, two modules each; light is lit, as a dark terminal needs it."""
    out = StringIO()
    _code(text).terminal(out, compact=True)
    return out.getvalue().rstrip("\n")


def svg_path(text: str) -> dict[str, Any]:
    """`size` in modules, quiet zone and all, and `path`: the dark modules for `<path d>` in that viewBox."""
    rows = [bytes(row) for row in _code(text).matrix_iter(border=QUIET)]
    runs = [
        f"M{column} {row}h1v1h-1z"
        for row, modules in enumerate(rows)
        for column, dark in enumerate(modules)
        if dark
    ]
    return {"size": len(rows), "path": "".join(runs)}


def _code(text: str) -> Any:
    import segno  # noqa: PLC0415 - loaded when a device is let in, not at every start

    return segno.make(text, error="l", micro=False)
