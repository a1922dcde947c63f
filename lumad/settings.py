"""Settings of a machine, not of a show: where to listen, where state lives, how much to log."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any, Final, Protocol

from lumad.errors import DocumentError, Fault

SYSTEM_FILE: Final = Path("/etc/lumad/lumad.yaml")
HANDBACKS: Final = ("never", "auto")
OSC_PORT: Final = 8000
MQTT_PORT: Final = 1883
MQTT_TLS_PORT: Final = 8883
LOG_LEVELS: Final = ("debug", "info", "warning", "error")
_HOST_NAME: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})*")
_TOPIC: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}(/[A-Za-z0-9_.-]{1,64}){0,3}")


class Reading(Protocol):
    """A settings file as read: a mapping, and faults with their place in it."""

    @property
    def value(self) -> Any:
        """The mapping."""

    def fault(self, path: tuple[str | int, ...], message: str) -> Fault:
        """A fault at `path`."""


@dataclass(frozen=True, slots=True)
class OscIn:
    """OSC is heard on UDP `port`, from these networks alone: OSC itself knows no sign-in."""

    port: int
    allow: tuple[IPv4Network | IPv6Network, ...]


@dataclass(frozen=True, slots=True)
class Broker:
    """The MQTT broker to speak to; lumad's topics lie below `prefix`.

    `tls`: whether the connection is encrypted, or the file with the certificate authority to trust;
    `discovery`: the topic below which Home Assistant looks, None for none; `name`: how it calls us.
    """

    host: str
    port: int
    username: str | None = None
    password_file: Path | None = None
    tls: bool | Path = False
    prefix: str = "lumad"
    discovery: str | None = "homeassistant"
    name: str = "lumad"

    @property
    def files(self) -> list[str]:
        """The keys that name files."""
        return [key for key in ("password_file", "tls") if isinstance(getattr(self, key), Path)]


@dataclass(frozen=True, slots=True)
class Settings:
    """`library` is the user's own profile folder; `interface` serves outputs that name none.

    `standby_of`: source name or CID of the primary whose standby this machine is; `handback`: auto or never.
    `artnet_address`: where Art-Net comes from, shared by primary and standby (`lumad vip`).
    `names`: host names under which others reach the page; `tls`: `auto` or `CERT,KEY`; `mdns`: whether
    a page beyond loopback is announced as lumad.local. `osc`: who may send OSC, None for nobody; `mqtt`: the
    broker, None for none.
    """

    state_dir: Path
    runtime_dir: Path
    library: Path
    bind: str = "127.0.0.1"
    port: int = 8080
    interface: str | None = None
    log: str = "info"
    standby_of: str | None = None
    handback: str = "never"
    artnet_address: str | None = None
    names: tuple[str, ...] = ()
    tls: str | None = None
    mdns: bool = True
    osc: OscIn | None = None
    mqtt: Broker | None = None


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
        given[key] = _beside(path, home, given[key])
    if broker := given.get("mqtt"):
        files = {key: _beside(path, home, str(getattr(broker, key))) for key in broker.files}
        given["mqtt"] = replace(broker, **files)
    if "state_dir" in given:
        defaults = _directories(environ, given["state_dir"])
    return Settings(**{**defaults, **given})


def _beside(path: Path, home: Path, name: str) -> Path:
    """The file or folder of that name, seen from the settings file `path`."""
    return path.parent / (home / name[2:] if name.startswith("~/") else name)


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


def tls_choice(value: Any) -> str:
    """`auto`, or the files of a certificate and its key as `CERT,KEY`; ValueError."""
    parts = value.split(",") if isinstance(value, str) else []
    if value == "auto" or (len(parts) == 2 and all(part.strip() for part in parts)):
        return str(value)
    raise ValueError(f"{value!r} is neither auto nor two files, CERT,KEY")


def _names(value: Any) -> tuple[str, ...]:
    names: list[Any] = value if isinstance(value, list) else [value]
    for name in names:
        if not (isinstance(name, str) and len(name) <= 253 and _HOST_NAME.fullmatch(name.lower())):
            raise ValueError(f"{name!r} is no host name; write for example [stage.studio.example]")
    return tuple(name.lower() for name in names)


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} is neither true nor false")


def _osc(value: Any) -> OscIn | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not value.keys() <= {"port", "allow"} or not value.get("allow"):
        raise ValueError("write {port: 8000, allow: [10.0.0.7]}, with the addresses that may send")
    allow = value["allow"] if isinstance(value["allow"], list) else [value["allow"]]
    try:
        networks = tuple(ip_network(each if isinstance(each, str) else "") for each in allow)
    except ValueError:
        raise ValueError(f"{allow} are no addresses; write for example [10.0.0.7, 10.1.0.0/24]") from None
    if not (port := _port(value.get("port", OSC_PORT))):
        raise ValueError("0 is no port for OSC; whoever sends must know it")
    return OscIn(port, networks)


def _mqtt(value: Any) -> Broker | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not value.keys() <= _MQTT.keys() or "host" not in value:
        raise ValueError(f"write {{host: 10.0.0.7}}; possible besides: {', '.join(_MQTT)}")
    given = {key: _MQTT[key](each) for key, each in value.items()}
    given.setdefault("port", MQTT_TLS_PORT if given.get("tls") else MQTT_PORT)
    if given.get("password_file") and not given.get("username"):
        raise ValueError("a password_file needs a username")
    return Broker(**given)


def _host(value: Any) -> str:
    try:
        return _address(value)
    except ValueError:
        return _names([value])[0]


def _known_port(value: Any) -> int:
    if port := _port(value):
        return port
    raise ValueError("0 is no port to connect to")


def _trust(value: Any) -> bool | Path:
    return value if isinstance(value, bool) else Path(_folder(value))


def _topic(value: Any) -> str:
    if isinstance(value, str) and _TOPIC.fullmatch(value):
        return value
    raise ValueError(f"{value!r} is no topic; write for example lumad, or stage/lumad")


def _word(value: Any) -> str:
    if isinstance(value, str) and 0 < len(value) <= 100:
        return value
    raise ValueError(f"{value!r} is no name of at most 100 characters")


def _log(value: Any) -> str:
    if value in LOG_LEVELS:
        return str(value)
    raise ValueError(f"{value!r} is no log level; possible: {', '.join(LOG_LEVELS)}")


def _primary(value: Any) -> str | None:
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    raise ValueError(
        f"{value!r} is no source name; write the primary's, for example lumad stage 2, or its CID"
    )


def _shared_address(value: Any) -> str | None:
    if value is not None and ip_address(_address(value)).version != 4:
        raise ValueError(f"{value!r} is no IPv4 address, which Art-Net needs")
    return value if value is None else str(value)


def _handback(value: Any) -> str:
    if value in HANDBACKS:
        return str(value)
    raise ValueError(f"{value!r} is no way to hand back; possible: {', '.join(HANDBACKS)}")


_MQTT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "host": _host,
    "port": _known_port,
    "username": _word,
    "password_file": lambda value: Path(_folder(value)),
    "tls": _trust,
    "prefix": _topic,
    "discovery": lambda value: _topic(value) if value else None,
    "name": _word,
}

_CHECKS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "bind": _address,
    "port": _port,
    "state_dir": _folder,
    "runtime_dir": _folder,
    "library": _folder,
    "interface": _interface,
    "log": _log,
    "osc": _osc,
    "mqtt": _mqtt,
    "standby_of": _primary,
    "handback": _handback,
    "artnet_address": _shared_address,
    "names": _names,
    "tls": tls_choice,
    "mdns": _switch,
}
