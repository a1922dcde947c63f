"""Devices that were let in, in people.json of the state directory; their tokens only as SHA-256."""

import hashlib
import hmac
import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from lumad.api.devices import LASTS_S, LONGEST_NAME, Device, Offer
from lumad.api.roles import Role
from lumad.errors import UnknownNameError
from lumad.show.atomic import write_atomic

FORMAT = 1
CODE_LASTS_S = 300.0
MOST_OFFERS = 4  # each makes a PIN easier to guess
MOST_DEVICES = 500
MOST_GUESSES = 50  # wrong ones while an offer stands; then its PIN is none, the long code stays good
KEEP_SEEN_S = 24 * 3600.0  # when a device was seen is on the disk so exactly: a crash makes nobody a stranger

_PIN = re.compile(r"[0-9]{6}")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Standing:
    """An offer, when it ends, and how often somebody guessed wrong meanwhile."""

    offer: Offer
    until: float
    guesses: int = 0

    def opens(self, secret: str) -> bool:
        """Whether this is its code, or its PIN while that is not worn out by guesses."""
        given = secret.encode(errors="replace")
        is_code, is_pin = (
            hmac.compare_digest(given, each.encode()) for each in (self.offer.code, self.offer.pin)
        )
        return is_code or (is_pin and self.guesses < MOST_GUESSES)


class PeopleFile:
    """`api.devices.People` on the disk; where that takes nothing, devices are known until the end.

    `clock` measures codes, `date` stamps devices.
    """

    def __init__(
        self,
        path: Path,
        clock: Callable[[], float] = time.monotonic,
        date: Callable[[], float] = time.time,
    ) -> None:
        self._path, self._clock, self._date = path, clock, date
        self._by_hash: dict[str, Device] = _read(path)
        self._offers: list[_Standing] = []
        self._saved_at = date()

    @property
    def has_admin(self) -> bool:
        """Whether a device is admin."""
        return any(one.role is Role.ADMIN and self._lasts(one) for one in self._by_hash.values())

    def who(self, token: str) -> Device | None:
        """The device whose token this is; a guess is compared by its hash, so time tells nothing."""
        digest = _hash(token)
        device = self._by_hash.get(digest)
        if device is None or not self._lasts(device):
            return None
        return self._see(digest, device)

    def seen(self, name: str) -> None:
        """Its page was open until now; whoever was shown out meanwhile stays out."""
        for digest, device in self._by_hash.items():
            if device.id == name:
                self._see(digest, device)
                return

    def offer(self, role: Role | None) -> Offer:
        """A new code; without a role it makes an admin as long as there is none, then operators."""
        role = role or (Role.OPERATOR if self.has_admin else Role.ADMIN)
        offer = Offer(secrets.token_urlsafe(12), f"{secrets.randbelow(10**6):06}", role, CODE_LASTS_S)
        self._offers = [*self._standing(), _Standing(offer, self._clock() + CODE_LASTS_S)][-MOST_OFFERS:]
        return offer

    def pair(self, secret: str, name: str) -> tuple[Device, str] | None:
        """Lets a device in by code or PIN, each once; None where the secret is none."""
        standing = self._standing()
        found = next((one for one in standing if one.opens(secret)), None)
        if found is None:
            guessed = _PIN.fullmatch(secret) is not None
            self._offers = [replace(one, guesses=one.guesses + guessed) for one in standing]
            return None
        if len(self._by_hash) >= MOST_DEVICES:
            self._by_hash = {digest: one for digest, one in self._by_hash.items() if self._lasts(one)}
        if len(self._by_hash) >= MOST_DEVICES:
            return None
        self._offers = [one for one in standing if one is not found]
        now, token = self._date(), secrets.token_urlsafe(24)
        device = Device(secrets.token_hex(4), name, found.offer.role, now, now)
        self._by_hash[_hash(token)] = device
        self._save()
        log.info("%s was let in as %s", name, device.role)
        return device, token

    def devices(self) -> list[Device]:
        """Every device, oldest first."""
        return list(self._by_hash.values())

    def change(self, name: str, *, label: str | None = None, role: Role | None = None) -> Device:
        """Renames the device with id `name`, or gives it another role; UnknownNameError."""
        digest, device = self._named(name)
        device = replace(device, name=label or device.name, role=role or device.role)
        self._by_hash[digest] = device
        self._save()
        return device

    def revoke(self, name: str) -> None:
        """Its token opens nothing any more; UnknownNameError."""
        digest, device = self._named(name)
        del self._by_hash[digest]
        self._save()
        log.info("%s was shown out", device.name)

    def _lasts(self, device: Device) -> bool:
        return self._date() - device.seen <= LASTS_S

    def _see(self, digest: str, device: Device) -> Device:
        now = self._date()
        device = self._by_hash[digest] = replace(device, seen=now)
        if now - self._saved_at > KEEP_SEEN_S:
            self._save()
        return device

    def close(self) -> None:
        """Keeps when each was seen."""
        if self._by_hash:
            self._save()

    def _standing(self) -> list[_Standing]:
        now = self._clock()
        return [one for one in self._offers if one.until > now]

    def _named(self, name: str) -> tuple[str, Device]:
        for digest, device in self._by_hash.items():
            if device.id == name:
                return digest, device
        raise UnknownNameError(f"there is no device {name[:80]}")

    def _save(self) -> None:
        devices = [{**asdict(device), "sha256": digest} for digest, device in self._by_hash.items()]
        self._saved_at = self._date()
        data = json.dumps({"format": FORMAT, "devices": devices}, indent=1).encode() + b"\n"
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(self._path, data, mode=0o600)
        except OSError as error:
            log.warning("%s cannot be written (%s); who was let in is known until the end", self._path, error)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _read(path: Path) -> dict[str, Device]:
    """The devices of the file by hash; one that cannot be read is set aside, and everybody pairs again."""
    try:
        return _devices(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return {}
    except OSError as error:
        log.warning("%s cannot be read (%s); devices must be paired again", path, error.strerror)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        aside = path.with_name(f"{path.stem}.broken.json")
        log.warning("%s is broken (%r); devices must be paired again, it is kept as %s", path, error, aside)
        try:
            path.replace(aside)
        except OSError as fault:
            log.warning("it could not be moved: %s", fault)
    return {}


def _devices(body: Any) -> dict[str, Device]:
    if body["format"] != FORMAT:
        raise ValueError(f"its format is {body['format']}")
    return dict(_device(one) for one in body["devices"])


def _device(one: Any) -> tuple[str, Device]:
    name, digest = str(one["name"])[:LONGEST_NAME], str(one["sha256"])
    bytes.fromhex(digest)
    device = Device(str(one["id"]), name, Role(one["role"]), float(one["paired"]), float(one["seen"]))
    return digest, device
