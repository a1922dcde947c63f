"""What commands that take a show share: its arguments, and where profiles lie."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lumad.settings import Settings
    from lumad.show.files import Loaded


def add_show(parser: argparse.ArgumentParser, *, live: bool = False) -> None:
    """SHOW.yaml, --settings and, where it makes sense, --live."""
    parser.add_argument("show", type=Path, metavar="SHOW.yaml", help="the show file")
    add_settings(parser)
    if live:
        parser.add_argument(
            "--live", action="store_true", help="the show as edited on the page, not the file alone"
        )


def add_settings(parser: argparse.ArgumentParser) -> None:
    """--settings FILE."""
    parser.add_argument("--settings", type=Path, metavar="FILE", help="settings of this machine")


def settings_of(args: argparse.Namespace) -> "Settings":
    """The settings this command runs under."""
    from lumad.documents import load_document
    from lumad.settings import load_settings

    return load_settings(args.settings, os.environ, load_document)


def libraries_of(settings: "Settings") -> list[Path]:
    """Profile folders after the show's own: the user's, then the built-in ones."""
    from lumad.resources import fixtures_dir

    return [settings.library, fixtures_dir()]


def read(args: argparse.Namespace) -> "Loaded":
    """The show a command looks at; nothing is written."""
    from lumad.show.files import read_live_show, read_show

    settings = settings_of(args)
    libraries = libraries_of(settings)
    if getattr(args, "live", False):
        return read_live_show(args.show, libraries, settings.state_dir)
    return read_show(args.show, libraries)
