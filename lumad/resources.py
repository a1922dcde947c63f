"""Where the profiles and the web page lie: inside the installed package, else beside it in a checkout."""

from pathlib import Path

from lumad.errors import LumadError

_PACKAGE = Path(__file__).resolve().parent


def fixtures_dir() -> Path:
    """The folder of the built-in profiles."""
    return _folder("fixtures")


def web_dir() -> Path:
    """The folder of the web page."""
    return _folder("web")


def _folder(name: str) -> Path:
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise LumadError(f"the folder {name} is missing beside {_PACKAGE}; install lumad again")


def demo_show() -> Path:
    """The show that `lumad demo` plays."""
    return _PACKAGE / "daemon" / "demo.yaml"
