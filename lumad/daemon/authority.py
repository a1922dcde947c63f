"""lumad's own certificate authority and the certificate it signs for the door (X.509, RFC 5280)."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from lumad.show.atomic import write_atomic

LEAF_LASTS: Final = timedelta(days=397)  # phones refuse server certificates of more than 398 days
AUTHORITY_LASTS: Final = timedelta(days=3650)
MARGIN: Final = timedelta(days=30)
_SKEW: Final = timedelta(days=1)  # a phone's clock is not ours
_DOMAINS: Final = ("local", "localhost", "home.arpa")
_IPV6: Final = ("::1/128", "fc00::/7", "fe80::/10")
_IPV4: Final = (
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
)
_USUAL: Final = frozenset((*_DOMAINS, *_IPV6, *_IPV4))

log = logging.getLogger(__name__)
Signed = tuple[x509.Certificate, EllipticCurvePrivateKey]


def certificates(folder: Path, hosts: Collection[str], now: datetime) -> tuple[bytes, Path]:
    """The authority's certificate (PEM) and the file of a chain and key good for `hosts`. Raises OSError.

    Kept in `folder`; what is missing, broken, runs out or lacks a host is made anew.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority = _read(folder / "ca.pem")
    if authority is None or not _is_good_authority(authority[0], hosts, now):
        authority = _new_authority(hosts, now)
        _write(folder / "ca.pem", authority)
        log.warning("a new certificate authority was made in %s; trust it once on each device", folder)
    leaf = _read(folder / "leaf.pem")
    if leaf is None or not _is_good_leaf(leaf[0], authority[0], hosts, now):
        _write(folder / "leaf.pem", _new_leaf(authority, hosts, now))
    return authority[0].public_bytes(Encoding.PEM), folder / "leaf.pem"


def _is_good_authority(certificate: x509.Certificate, hosts: Collection[str], now: datetime) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        return False
    permitted = {str(one.value) for one in constraints.permitted_subtrees or ()}
    return all(_is_within(host, permitted) for host in hosts) and _lasts(certificate, now, LEAF_LASTS)


def _is_good_leaf(
    certificate: x509.Certificate, authority: x509.Certificate, hosts: Collection[str], now: datetime
) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    has_all = set(hosts) <= {str(one.value) for one in names}
    return has_all and _is_signed_by(certificate, authority) and _lasts(certificate, now, MARGIN)


def _is_signed_by(certificate: x509.Certificate, authority: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(authority)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _lasts(certificate: x509.Certificate, now: datetime, margin: timedelta) -> bool:
    return certificate.not_valid_before_utc <= now and now + margin <= certificate.not_valid_after_utc


def _new_authority(hosts: Collection[str], now: datetime) -> Signed:
    """An authority for private addresses, `.local` and `hosts` alone (clause 4.2.1.10).

    Whoever steals its key cannot pose as anybody else to a phone that trusts it.
    """
    extra = {_subtree(host) for host in hosts if not _is_within(host, _USUAL)}
    permitted = [_general(each) for each in sorted(_USUAL | extra)]
    key = generate_private_key(SECP256R1())
    name = _name(f"lumad, made {now:%Y-%m-%d}")
    builder = (
        _builder(name, key, now, AUTHORITY_LASTS)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
    )
    return builder.sign(key, SHA256()), key


def _new_leaf(authority: Signed, hosts: Collection[str], now: datetime) -> Signed:
    signer, signing_key = authority
    key = generate_private_key(SECP256R1())
    names = x509.SubjectAlternativeName([_general(host) for host in sorted(hosts)])
    known_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key())
    builder = (
        _builder(_name("lumad"), key, now, LEAF_LASTS - _SKEW)
        .issuer_name(signer.subject)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(known_by, critical=False)
    )
    return builder.sign(signing_key, SHA256()), key


def _builder(
    name: x509.Name, key: EllipticCurvePrivateKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    """What both kinds of certificate share; the issuer is still missing."""
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _general(host: str) -> x509.GeneralName:
    """An address, a network (`10.0.0.0/8`) or a name."""
    try:
        return x509.IPAddress(ip_network(host) if "/" in host else ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _subtree(host: str) -> str:
    """The narrowest permission for a host: its address as a network, or its name."""
    try:
        return str(ip_network(host))
    except ValueError:
        return host


def _is_within(host: str, permitted: Collection[str]) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return any(host == each or host.endswith(f".{each}") for each in permitted)
    return any(address in ip_network(each) for each in permitted if "/" in each)


def _read(file: Path) -> Signed | None:
    """Certificate and key of a PEM file; None where there is none or it is broken."""
    try:
        data = file.read_bytes()
        certificate, key = x509.load_pem_x509_certificate(data), load_pem_private_key(data, None)
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return (certificate, key) if isinstance(key, EllipticCurvePrivateKey) else None


def _write(file: Path, signed: Signed) -> None:
    certificate, key = signed
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_atomic(file, certificate.public_bytes(Encoding.PEM) + secret, mode=0o600)
