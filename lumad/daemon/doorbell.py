"""Asking a running daemon through its socket in the runtime directory, as admin."""

import http.client
import json
import socket
from pathlib import Path
from typing import Any

from lumad.errors import LumadError, NetworkError

SOCKET = "door.sock"
PATIENCE_S = 5.0


class _Local(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=PATIENCE_S)
        self._path = path

    def connect(self) -> None:
        """Connects to the path."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE_S)
        self.sock.connect(str(self._path))


def ask(runtime: Path, method: str, path: str, body: Any) -> Any:
    """The daemon's JSON answer; LumadError with its words where it refuses, NetworkError without a daemon."""
    connection = _Local(runtime / SOCKET)
    try:
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (FileNotFoundError, ConnectionRefusedError):
        raise NetworkError(f"no lumad runs in {runtime}") from None
    except PermissionError:
        raise NetworkError(f"{runtime / SOCKET} is the daemon's; ask as its user, or with sudo") from None
    except (OSError, ValueError, http.client.HTTPException) as fault:
        raise NetworkError(f"the lumad in {runtime} does not answer: {fault}") from None
    finally:
        connection.close()
    if response.status >= 400:
        raise LumadError(str(answer["detail"]))
    return answer
