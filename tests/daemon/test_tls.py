"""TLS of the door: lumad's own authority, or files that are given."""

import builtins
import shutil
import ssl
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509

from lumad.daemon.authority import certificates
from lumad.daemon.tls import Tls
from lumad.errors import LumadError

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
HOSTS = {"10.0.0.4", "lumad.local", "fd00::4"}


def names_of(file: Path) -> set[str]:
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    return {
        str(one.value)
        for one in certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    }


def shake_hands(context: ssl.SSLContext, ca: bytes, name: str) -> dict[str, Any]:
    """A client that trusts `ca` alone meets the door; the certificate it saw."""
    to_client, to_server = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context(cadata=ca.decode()).wrap_bio(
        to_client, to_server, server_hostname=name
    )
    server = context.wrap_bio(to_server, to_client, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    return client.getpeercert() or {}


def test_a_client_that_trusts_the_authority_meets_the_door_by_every_name(tmp_path: Path):
    tls = Tls("auto", tmp_path / "tls", HOSTS, datetime.now(UTC))
    assert tls.ca is not None
    for host in HOSTS:
        assert shake_hands(tls.context, tls.ca, host)["subject"]
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tls.context, tls.ca, "evil.example")


def test_keys_are_for_this_user_alone(tmp_path: Path):
    Tls("auto", tmp_path / "tls", HOSTS, NOW)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "tls").iterdir()}
    assert modes == {"ca.pem": 0o600, "leaf.pem": 0o600}


@pytest.mark.parametrize(
    ("later", "hosts", "anew"),
    [
        (timedelta(days=1), HOSTS, set[str]()),
        (timedelta(days=360), HOSTS, set[str]()),
        (timedelta(days=370), HOSTS, {"leaf.pem"}),
        (timedelta(days=1), HOSTS | {"192.168.3.3"}, {"leaf.pem"}),
        (timedelta(days=1), HOSTS - {"10.0.0.4"}, set[str]()),
        (timedelta(days=1), HOSTS | {"stage.studio.example"}, {"leaf.pem", "ca.pem"}),
        (timedelta(days=3300), HOSTS, {"leaf.pem", "ca.pem"}),
        (-timedelta(days=9000), HOSTS, {"leaf.pem", "ca.pem"}),
    ],
)
def test_what_runs_out_or_lacks_a_name_is_made_anew(
    tmp_path: Path, later: timedelta, hosts: set[str], anew: set[str]
):
    certificates(tmp_path, HOSTS, NOW)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    certificates(tmp_path, hosts, NOW + later)
    assert {name for name, data in before.items() if (tmp_path / name).read_bytes() != data} == anew
    assert hosts <= names_of(tmp_path / "leaf.pem")


@pytest.mark.parametrize("file", ["ca.pem", "leaf.pem"])
@pytest.mark.parametrize("data", [b"", b"no pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_broken_file_is_made_anew(tmp_path: Path, file: str, data: bytes):
    certificates(tmp_path, HOSTS, NOW)
    (tmp_path / file).write_bytes(data)
    assert Tls("auto", tmp_path, HOSTS, NOW).ca


def test_one_certificate_in_place_of_the_other_is_no_authority(tmp_path: Path):
    certificates(tmp_path, HOSTS, NOW)
    shutil.copy(tmp_path / "leaf.pem", tmp_path / "ca.pem")
    ca, leaf = certificates(tmp_path, HOSTS, NOW)
    assert ca not in leaf.read_bytes()


def test_the_authority_can_sign_for_nobody_but_this_network(tmp_path: Path):
    ca, _ = certificates(tmp_path, HOSTS | {"203.0.113.5", "stage.studio.example"}, NOW)
    extensions = x509.load_pem_x509_certificate(ca).extensions
    constraints = extensions.get_extension_for_class(x509.NameConstraints)
    permitted = {str(one.value) for one in constraints.value.permitted_subtrees or ()}
    assert constraints.critical
    assert {"local", "203.0.113.5/32", "stage.studio.example", "10.0.0.0/8"} <= permitted
    assert not {"example", "", "0.0.0.0/0"} & permitted
    assert extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0


def test_openssl_takes_the_chain(tmp_path: Path):
    ca, leaf = certificates(tmp_path, HOSTS, datetime.now(UTC))
    (tmp_path / "trusted").write_bytes(ca)
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver"]
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not here")
    done = subprocess.run(
        [*command, "-CAfile", str(tmp_path / "trusted"), str(leaf)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_given_files_are_used_and_read_again(tmp_path: Path):
    ca, leaf = certificates(tmp_path, HOSTS, datetime.now(UTC))
    tls = Tls(f"{leaf}, {leaf}", tmp_path / "unused", {"elsewhere"}, NOW)
    assert tls.ca is None
    assert shake_hands(tls.context, ca, "lumad.local")
    leaf.write_text("")
    with pytest.raises(LumadError, match=r"leaf\.pem cannot be used"):
        tls.renew(HOSTS, NOW)


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(LumadError, match="No such file"):
        Tls("/no/cert.pem,/no/key.pem", tmp_path, HOSTS, NOW)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path):
    (tmp_path / "tls").write_text("a file")
    with pytest.raises(LumadError, match="cannot be kept"):
        Tls("auto", tmp_path / "tls", HOSTS, NOW)


def test_without_cryptography_the_way_to_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    imported = builtins.__import__

    def refuse(name: str, *rest: Any) -> Any:
        if name == "lumad.daemon":
            raise ModuleNotFoundError(name)
        return imported(name, *rest)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(LumadError, match=r"pip install 'lumad\[tls\]'"):
        Tls("auto", tmp_path, HOSTS, NOW)
