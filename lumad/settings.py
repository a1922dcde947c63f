"""Settings of a machine, not of a show: where to listen, where state lives, how much to log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final, Protocol

from lumad.errors import DocumentError, Fault

SYSTEM_FILE: Final = Path("/etc/lumad/lumad.yaml")
LOG_LEVELS: Final = ("debug", "info", "warning", "error")


class Reading(Protocol):
    """A settings file as read: a mapping, and faults with their place in it."""

    @property
    def value(self) -> Any:
        """The mapping."""

    def fault(self, path: tuple[str | int, ...], message: str) -> Fault:
        """A fault at `path`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """`library` is the user's own profile folder; `interface` serves outputs that name none."""

    state_dir: Path
    runtime_dir: Path
    library: Path
    bind: str = "127.0.0.1"
    port: int = 8080
    interface: str | None = None
    log: str = "info"


def load_settings(path: Path | None, environ: Mapping[str, str], read: Callable[[Path], Reading]) -> Settings:
    """The settings of `path`, else of the first usual file there is, else the defaults; DocumentError.

    `read` is `documents.load_document`: it stands on this floor, so the caller brings it.
    """
    path = path or settings_file(environ)
    defaults = _directories(environ)
    if path is None:
        return Settings(**defaults)
    reading = read(path)
    given: dict[str, Any] = {}
    faults: list[Fault] = []
    for key, value in reading.value.items():
        try:
            given[key] = _CHECKS[key](value)
        except KeyError:
            faults.append(reading.fault((key,), f"no such key; possible: {', '.join(_CHECKS)}"))
        except ValueError as error:
            faults.append(reading.fault((key,), str(error)))
    if faults:
        raise DocumentError(faults)
    home = _home(environ)
    for key in given.keys() & defaults.keys():
        given[key] = path.parent / (home / given[key][2:] if given[key].startswith("~/") else given[key])
    if "state_dir" in given:
        defaults = _directories(environ, given["state_dir"])
    return Settings(**{**defaults, **given})


def settings_file(environ: Mapping[str, str], system: Path = SYSTEM_FILE) -> Path | None:
    """The user's settings file, else the machine's, if there is one."""
    own = _xdg(environ, "XDG_CONFIG_HOME", ".config") / "lumad.yaml"
    return next((file for file in (own, system) if file.is_file()), None)


def _directories(environ: Mapping[str, str], state: Path | None = None) -> dict[str, Any]:
    """Default folders: systemd's where it gives them, else XDG's."""
    service = environ.get("STATE_DIRECTORY", "").split(":")[0]
    if state is None:
        state = Path(service) if service else _xdg(environ, "XDG_STATE_HOME", ".local/state")
    runtime = environ.get("RUNTIME_DIRECTORY", "").split(":")[0]
    session = environ.get("XDG_RUNTIME_DIR", "")
    library = state / "profiles" if service else _xdg(environ, "XDG_DATA_HOME", ".local/share") / "profiles"
    return {
        "state_dir": state,
        "runtime_dir": Path(runtime) if runtime else Path(session, "lumad") if session else state,
        "library": library,
    }


def _xdg(environ: Mapping[str, str], variable: str, usual: str) -> Path:
    """The folder of lumad in an XDG base folder; a relative one is ignored, as the specification says."""
    given = environ.get(variable, "")
    return (Path(given) if given.startswith("/") else _home(environ) / usual) / "lumad"


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or "/")


def _address(value: Any) -> str:
    if value != "localhost":
        try:
            ip_address(value if isinstance(value, str) else "")
        except ValueError:
            raise ValueError(f"{value!r} is no IP address; write for example 127.0.0.1") from None
    return str(value)


def _port(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 65535:
        return value
    raise ValueError(f"{value!r} is not a port; ports are 0 to 65535 (0: any free one)")


def _folder(value: Any) -> str:
    if isinstance(value, str) and value.strip() and "\0" not in value:
        return value
    raise ValueError(f"{value!r} is not a folder")


def _interface(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and 1 <= len(value) <= 15 and "/" not in value):
        return value
    raise ValueError(f"{value!r} is no name of a network interface; write for example eth0")


def _log(value: Any) -> str:
    if value in LOG_LEVELS:
        return str(value)
    raise ValueError(f"{value!r} is no log level; possible: {', '.join(LOG_LEVELS)}")


_CHECKS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "bind": _address,
    "port": _port,
    "state_dir": _folder,
    "runtime_dir": _folder,
    "library": _folder,
    "interface": _interface,
    "log": _log,
}
