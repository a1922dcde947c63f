"""TLS of the door: certificates that are given, or lumad's own (`daemon.authority`)."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext, SSLError
from typing import Final

from lumad.errors import LumadError

AUTO: Final = "auto"


class Tls:
    """The context of the door; `choice` is `auto` or `CERT,KEY`, `folder` keeps what `auto` makes.

    Raises LumadError where the files cannot be used or the package `cryptography` is missing.
    """

    def __init__(self, choice: str, folder: Path, hosts: Collection[str], now: datetime) -> None:
        self.context = SSLContext(PROTOCOL_TLS_SERVER)
        self.context.set_alpn_protocols(["http/1.1"])
        self.ca: bytes | None = None
        self._choice, self._folder = choice, folder
        self.renew(hosts, now)

    def renew(self, hosts: Collection[str], now: datetime) -> None:
        """Reads given files again, or makes what is missing, runs out, or lacks one of `hosts`."""
        if self._choice == AUTO:
            self.ca, leaf = _own(self._folder, hosts, now)
            self._load(str(leaf))
        else:
            certificate, _, key = self._choice.partition(",")
            self._load(certificate.strip(), key.strip())

    def _load(self, certificate: str, key: str | None = None) -> None:
        try:
            self.context.load_cert_chain(certificate, key)
        except (OSError, SSLError) as error:
            reason = error.strerror or str(error)
            raise LumadError(f"the certificate {certificate} cannot be used: {reason}") from None


def _own(folder: Path, hosts: Collection[str], now: datetime) -> tuple[bytes, Path]:
    try:
        from lumad.daemon import authority  # noqa: PLC0415 - stands on an optional extra
    except ModuleNotFoundError:
        raise LumadError(
            "--tls auto needs the package cryptography; install it with: pip install 'lumad[tls]'"
        ) from None
    try:
        return authority.certificates(folder, hosts, now)
    except OSError as error:
        raise LumadError(f"certificates cannot be kept in {folder}: {error.strerror}") from None
